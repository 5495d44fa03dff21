//! The words for what a desk could not do.

use domain::{NarrativeError, Rejection};

use crate::desk::{DeskError, PasskeyProblem, ScreenLockProblem, StorageProblem, Weakness};

/// What happened and how to mend it. What was typed stays where it is.
pub fn desk_error_words(error: DeskError) -> &'static str {
    match error {
        DeskError::Rejected(rejection) => rejection_words(rejection),
        DeskError::Storage(StorageProblem::Full) => words::errors::this_device_has_no_room(),
        DeskError::Storage(StorageProblem::NewerBuild) => words::errors::a_newer_doorstep_was_opened(),
        DeskError::Storage(_) => words::errors::this_devices_storage_did(),
        DeskError::NotTheWriter => words::errors::doorstep_is_open_in_another(),
        DeskError::SignIn(_) => words::errors::your_session_has_ended_sign(),
        DeskError::WrongPassphrase => words::errors::this_passphrase_does_not_open(),
        DeskError::MustWait => words::errors::after_several_wrong_passphrases(),
        DeskError::SignInFirst => words::errors::there_were_too_many_wrong(),
        DeskError::ScreenLock(problem) => screen_lock_words(problem),
        DeskError::Passkey(problem) => passkey_words(problem),
        DeskError::PassphraseTooWeak(weakness) => weakness_words(weakness),
        DeskError::NoWords => words::common::that_language_is_not_here(),
        DeskError::NotAvailable => words::errors::this_does_not_work_right(),
    }
}

fn screen_lock_words(problem: ScreenLockProblem) -> &'static str {
    match problem {
        ScreenLockProblem::NotAble => words::errors::the_screen_lock(),
        ScreenLockProblem::NotGiven => words::errors::the_screen_lock_did(),
        ScreenLockProblem::Another => words::errors::the_screen_lock_of_this_device(),
    }
}

/// Why no passkey was made, or none answered. The password stays where it was.
pub fn passkey_words(problem: PasskeyProblem) -> &'static str {
    match problem {
        PasskeyProblem::NotSupported => words::errors::this_browser_cannot_use_passkeys(),
        PasskeyProblem::NotGiven => words::errors::no_passkey_was_used(),
        PasskeyProblem::TimedOut => words::errors::no_passkey_was_used_in_time(),
        PasskeyProblem::AlreadyHere => words::errors::this_device_has_a_passkey(),
        PasskeyProblem::NotKnown => words::errors::doorstep_does_not_know(),
    }
}

/// What is weak, and how to do better.
fn weakness_words(weakness: Weakness) -> &'static str {
    match weakness {
        Weakness::TooShort => words::errors::passphrase_must_be_12_characters(),
        Weakness::Common => words::errors::many_people_use_this_passphrase(),
        Weakness::Name => words::errors::names_are_guessed_first_use(),
        Weakness::Date => words::errors::dates_and_years_are_guessed(),
        Weakness::Repeated => words::errors::repeating_makes_a_passphrase_hardly(),
        Weakness::Sequence => words::errors::rows_such_as_abc(),
        Weakness::Keyboard => words::errors::keys_that_lie(),
        Weakness::Guessable => words::errors::passphrase_can_be_guessed_too(),
    }
}

/// Why nothing comes of a command.
pub fn rejection_words(rejection: Rejection) -> &'static str {
    match rejection {
        Rejection::NoSuchCase => words::errors::this_client_is_not_among(),
        Rejection::RoleMayNotWrite => words::errors::your_role_does_not_write(),
        Rejection::IdTaken => words::errors::this_was_signed_already_look(),
        Rejection::Narrative(NarrativeError::Empty) => words::errors::enter_what_happened(),
        Rejection::Narrative(NarrativeError::TooLong) => words::errors::narrative_must_be_20_000(),
        Rejection::DurationTooLong => words::errors::duration_must_be_24_hours(),
        Rejection::NoSuchGoal => words::errors::one_of_the_goals(),
        Rejection::NoSuchTask => words::errors::one_of_the_tasks(),
        Rejection::NoSuchVisit => words::errors::the_visit_is_no_longer(),
        Rejection::CaseClosed => words::errors::this_case_is_closed(),
        Rejection::TaskAlreadyDone => words::errors::somebody_did_this_task_already(),
        Rejection::NoSuchNote => words::errors::the_note_is_no_longer(),
        Rejection::NoSuchBlindNote => words::errors::what_you_wrote_while_locked(),
        Rejection::NoSuchReview => words::errors::there_is_no_such_matter(),
        Rejection::NoSuchWorker => words::errors::choose_somebody_who_can_take(),
        Rejection::NotTheAuthor => words::errors::only_the_author(),
        Rejection::ChangedMeanwhile => words::errors::somebody_else_has_changed(),
        Rejection::ReasonMissing => words::errors::enter_a_reason(),
        Rejection::TextTooLong => words::errors::text_must_be_500_characters(),
        Rejection::NameMissing => words::errors::enter_a_name(),
        Rejection::AttachmentNotTaken => words::errors::attach_a_photo_jpeg_png(),
        Rejection::TooMany => words::errors::there_are_too_many_entries(),
        Rejection::UnitsDoNotFit => words::errors::this_change_does_not_fit(),
    }
}
