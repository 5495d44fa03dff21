//! The words for what a desk could not do.

use domain::{NarrativeError, Rejection};

use crate::desk::{DeskError, StorageProblem};

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
        DeskError::PassphraseTooWeak => "Passphrase must be longer: four or more words that do not belong together are good",
        DeskError::NotAvailable => "This does not work right now. Try again in a minute",
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
