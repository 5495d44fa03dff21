//! Why something needs a person, and what that person does, in words for every code of the sync protocol.

use domain::Skipped;

use crate::desk::{OutboxItem, Whereabouts};

/// What the kind of a mutation is called.
pub fn kind_words(kind: &str) -> &'static str {
    match kind {
        "note.sign" => "Note",
        "note.amend" => "Addition to a note",
        "note.blind" => "Note written while locked",
        "client.change" => "Change of a client's details",
        "case.hand-over" => "Hand-over of a case",
        "review.decide" => "Decision",
        "reads.log" => "List of opened pages",
        "visit.plan" => "Planned visit",
        "task.complete" => "Task done",
        _ => "Entry of another version",
    }
}

/// The state word of an item: what waits for a person is told apart from what is under way.
pub fn needs_person(item: &OutboxItem) -> bool {
    item.whereabouts == Whereabouts::NeedsPerson
}

/// The reason and what to do, for an item that needs a person.
pub fn reason_words(code: Option<&str>) -> (&'static str, &'static str) {
    match code.unwrap_or_default() {
        "no-such-case" => {
            ("The case was not yours when this arrived.", "The server keeps the text. Tell your supervisor, who can file it.")
        }
        "role-may-not-write" => ("Your role does not write in cases.", "The server keeps the text. Ask your supervisor to file it."),
        "id-taken" => {
            ("Something with the same number was there already.", "Look in the timeline whether it is there. If not, tell your supervisor.")
        }
        "narrative" => ("The narrative was empty or too long.", "The server keeps the text. Write it again in two notes."),
        "duration-too-long" => {
            ("The contact was longer than 24 hours.", "The server keeps the text. Write the note again with the right duration.")
        }
        "no-such-goal" => {
            ("A goal of the note is not in the case any more.", "The server keeps the text. Write the note again without that goal.")
        }
        "no-such-task" => ("The task is not in the case any more.", "Nothing to do, if somebody else took care of it."),
        "no-such-visit" => {
            ("The planned visit is not in the case any more.", "The server keeps the text. Write the note again without the visit.")
        }
        "case-closed" => ("The case is closed.", "Talk to your supervisor: a visit needs an open case."),
        "no-such-note" => ("The note is not in the case any more.", "The server keeps the text. Tell your supervisor."),
        "no-such-blind-note" => ("What you wrote while locked was not found.", "The server keeps the text. Tell your supervisor."),
        "no-such-review" => ("The matter to decide is not there any more.", "Look at the list of reviews again."),
        "no-such-worker" => ("Nobody with this name can take cases.", "Choose somebody else."),
        "not-the-author" => (
            "Only the author, or a supervisor, can mark a note as entered in error.",
            "Write an addition to the note instead, or tell your supervisor.",
        ),
        "changed-meanwhile" => {
            ("Somebody else had changed it meanwhile.", "Open it again, look at what stands there now, and decide anew.")
        }
        "reason-missing" => ("A reason was missing.", "Do it again, and say why."),
        "text-too-long" => ("A text was longer than 500 characters.", "The server keeps it. Do it again with fewer words."),
        "name-missing" => ("A name was missing.", "Do it again with a name."),
        "attachment-not-taken" => {
            ("A photo or document was of a kind or size that is not taken.", "The server keeps the text. Write the note again without it.")
        }
        "too-many" => ("A list was longer than it may be.", "Do it again with fewer entries."),
        "units-do-not-fit" => ("The change did not fit together.", "Update Doorstep, and tell your supervisor if it stays here."),
        "device-revoked" => ("This device had been locked out.", "The server keeps the text. Your supervisor decides about it."),
        "not-proven" => ("It came from a locked device, and nothing proves who wrote it.", "Your supervisor decides about it."),
        "task-already-done" => ("Somebody had done the task before.", "Nothing to do."),
        "unknown-type" | "malformed-body" => {
            ("The server could not read it.", "The server keeps the text. Update Doorstep, and tell your supervisor if it stays here.")
        }
        "blocked" | "depends" => ("It belongs to something else that needs attention.", "Take care of that first."),
        _ => ("The server did not take it as it is.", "The server keeps the text. Tell your supervisor, who can see it."),
    }
}

/// The same for a change that contradicts another.
pub fn conflict_words() -> (&'static str, &'static str) {
    ("Somebody else had changed the same thing meanwhile.", "Both are kept. A supervisor chooses; until then nothing changes.")
}

/// What was left alone because somebody else had been there first.
pub fn skipped_words(skipped: &Skipped) -> &'static str {
    match skipped {
        Skipped::GoalMovedMeanwhile(_) => {
            "A goal was moved by somebody else meanwhile and stays as they left it. Your note tells what you saw."
        }
        Skipped::TaskAlreadyDone(_) => "A task had been done already.",
        Skipped::VisitAlreadyEnded(_) => "The visit had been written up already.",
        Skipped::BlindNoteAlreadyFiled(_) => "What was written while locked had been filed in another note already.",
        Skipped::ReviewAlreadyDecided(_) => "Somebody else had decided it already.",
        Skipped::StillNotPossible(_) => "It still could not be filed as it was written. The matter stays open.",
    }
}

#[cfg(test)]
mod tests {
    use domain::{NarrativeError, Rejection};

    use super::*;

    #[test]
    fn every_rejection_of_the_rulebook_has_words_of_its_own() {
        let general = reason_words(None);
        let rejections = [
            Rejection::NoSuchCase,
            Rejection::RoleMayNotWrite,
            Rejection::IdTaken,
            Rejection::Narrative(NarrativeError::Empty),
            Rejection::DurationTooLong,
            Rejection::NoSuchGoal,
            Rejection::NoSuchTask,
            Rejection::NoSuchVisit,
            Rejection::CaseClosed,
            Rejection::TaskAlreadyDone,
            Rejection::NoSuchNote,
            Rejection::NoSuchBlindNote,
            Rejection::NoSuchReview,
            Rejection::NoSuchWorker,
            Rejection::NotTheAuthor,
            Rejection::ChangedMeanwhile,
            Rejection::ReasonMissing,
            Rejection::TextTooLong,
            Rejection::NameMissing,
            Rejection::AttachmentNotTaken,
            Rejection::TooMany,
            Rejection::UnitsDoNotFit,
        ];
        for rejection in rejections {
            let json = serde_json::to_value(rejection).expect("a rejection is plain data");
            let code = json.as_str().map(str::to_owned).or_else(|| json.as_object()?.keys().next().cloned());
            assert_ne!(reason_words(code.as_deref()), general, "{code:?}");
        }
    }
}
