//! The words for what a desk could not do.

use domain::{NarrativeError, Rejection};

use crate::desk::{DeskError, PasskeyProblem, ScreenLockProblem, StorageProblem, Weakness};

/// What happened and how to mend it. What was typed stays where it is.
pub fn desk_error_words(error: DeskError) -> &'static str {
    match error {
        DeskError::Rejected(rejection) => rejection_words(rejection),
        DeskError::Storage(StorageProblem::Full) => {
            "This device has no room left, so nothing was saved. Free some space, photos and videos take most, then try again"
        }
        DeskError::Storage(StorageProblem::NewerBuild) => {
            "A newer Doorstep was opened in another tab, so this one cannot save any more. Copy what you wrote, close this tab and go on there"
        }
        DeskError::Storage(_) => "This device's storage did not take it. Keep this page open and try again",
        DeskError::NotTheWriter => {
            "Doorstep is open in another tab, and that one writes. Go there, or choose \"Use it here\" when it is offered"
        }
        DeskError::SignIn(_) => "Your session has ended. Sign in above, then try again",
        DeskError::WrongPassphrase => "This passphrase does not open this device. Check capital letters and spaces, then try again",
        DeskError::MustWait => "After several wrong passphrases the next one has to wait. Wait as long as the page says, then try again",
        DeskError::SignInFirst => "There were too many wrong passphrases. Sign in first, then unlock",
        DeskError::ScreenLock(problem) => screen_lock_words(problem),
        DeskError::Passkey(problem) => passkey_words(problem),
        DeskError::PassphraseTooWeak(weakness) => weakness_words(weakness),
        DeskError::NotAvailable => "This does not work right now. Try again in a minute",
    }
}

fn screen_lock_words(problem: ScreenLockProblem) -> &'static str {
    match problem {
        ScreenLockProblem::NotAble => "The screen lock of this device cannot open Doorstep. Your passphrase does",
        ScreenLockProblem::NotGiven => {
            "The screen lock did not answer: it was cancelled, or it was set up anew since. Try again, or use your passphrase"
        }
        ScreenLockProblem::Another => "The screen lock of this device was set up anew and opens Doorstep no longer. Use your passphrase",
    }
}

/// Why no passkey was made, or none answered. The password stays where it was.
pub fn passkey_words(problem: PasskeyProblem) -> &'static str {
    match problem {
        PasskeyProblem::NotSupported => "This browser cannot use passkeys here. Use your password, or a current browser",
        PasskeyProblem::NotGiven => "No passkey was used: it was cancelled, or there is none of yours on this device",
        PasskeyProblem::TimedOut => "No passkey was used in time. Try again when you are ready",
        PasskeyProblem::AlreadyHere => "This device has a passkey of yours already. Use that one",
        PasskeyProblem::NotKnown => {
            "Doorstep does not know this passkey: it was removed, or it only unlocks this device. Choose the one with your name"
        }
    }
}

/// What is weak, and how to do better.
fn weakness_words(weakness: Weakness) -> &'static str {
    match weakness {
        Weakness::TooShort => "Passphrase must be 12 characters or more",
        Weakness::Common => "Many people use this passphrase, so it is tried first. Use four words that do not belong together",
        Weakness::Name => "Names are guessed first. Use four words that do not belong together",
        Weakness::Date => "Dates and years are guessed first. Use four words that do not belong together",
        Weakness::Repeated => "Repeating makes a passphrase hardly stronger. Use four different words",
        Weakness::Sequence => "Rows such as abc or 6543 are guessed first. Use four words that do not belong together",
        Weakness::Keyboard => "Keys that lie in a row are guessed first. Use four words that do not belong together",
        Weakness::Guessable => "Passphrase can be guessed too soon. Add one or two more words that do not belong together",
    }
}

/// Why nothing comes of a command.
pub fn rejection_words(rejection: Rejection) -> &'static str {
    match rejection {
        Rejection::NoSuchCase => "This client is not among yours any more. Ask your supervisor who has the case now",
        Rejection::RoleMayNotWrite => "Your role does not write in cases. Ask a case manager or a supervisor to do it",
        Rejection::IdTaken => "This was signed already. Look for it in the client's timeline",
        Rejection::Narrative(NarrativeError::Empty) => "Enter what happened in the narrative",
        Rejection::Narrative(NarrativeError::TooLong) => "Narrative must be 20,000 characters or less",
        Rejection::DurationTooLong => "Duration must be 24 hours or less",
        Rejection::NoSuchGoal => "One of the goals is no longer in this case. Look at the goals again",
        Rejection::NoSuchTask => "One of the tasks is no longer in this case. Look at the tasks again",
        Rejection::NoSuchVisit => "The visit is no longer in this case. Choose another one or none",
        Rejection::CaseClosed => "This case is closed, so no visit can be planned in it",
        Rejection::TaskAlreadyDone => "Somebody did this task already",
        Rejection::NoSuchNote => "The note is no longer in this case. Look at the timeline again",
        Rejection::NoSuchBlindNote => "What you wrote while locked is not here any more. Look at Today again",
        Rejection::NoSuchReview => "There is no such matter any more. Look at the list again",
        Rejection::NoSuchWorker => "Choose somebody who can take cases",
        Rejection::NotTheAuthor => "Only the author, or a supervisor, can mark a note as entered in error. Write an addition instead",
        Rejection::ChangedMeanwhile => "Somebody else has changed this meanwhile. Look at what stands there now, then decide anew",
        Rejection::ReasonMissing => "Enter a reason",
        Rejection::TextTooLong => "Text must be 500 characters or less",
        Rejection::NameMissing => "Enter a name",
        Rejection::AttachmentNotTaken => "Attach a photo (JPEG, PNG, WebP) or a PDF of at most 25 MB",
        Rejection::TooMany => "There are too many entries. Take some out",
        Rejection::UnitsDoNotFit => "This change does not fit together. Load Doorstep anew and try again",
    }
}
