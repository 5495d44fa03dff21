//! Why something needs a person, and what that person does, in words for every code of the sync protocol.

use domain::Skipped;

use crate::desk::{OutboxItem, Whereabouts};

/// What the kind of a mutation is called.
pub fn kind_words(kind: &str) -> &'static str {
    match kind {
        "note.sign" => "Note",
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
        "task-already-done" => ("Somebody had done the task before.", "Nothing to do."),
        "unknown-type" | "malformed-body" => {
            ("The server could not read it.", "The server keeps the text. Update Doorstep, and tell your supervisor if it stays here.")
        }
        "blocked" | "depends" => ("It belongs to something else that needs attention.", "Take care of that first."),
        _ => ("The server did not take it as it is.", "The server keeps the text. Tell your supervisor, who can see it."),
    }
}

/// What was left alone because somebody else had been there first.
pub fn skipped_words(skipped: &Skipped) -> &'static str {
    match skipped {
        Skipped::GoalMovedMeanwhile(_) => {
            "A goal was moved by somebody else meanwhile and stays as they left it. Your note tells what you saw."
        }
        Skipped::TaskAlreadyDone(_) => "A task had been done already.",
        Skipped::VisitAlreadyEnded(_) => "The visit had been written up already.",
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
        ];
        for rejection in rejections {
            let json = serde_json::to_value(rejection).expect("a rejection is plain data");
            let code = json.as_str().map(str::to_owned).or_else(|| json.as_object()?.keys().next().cloned());
            assert_ne!(reason_words(code.as_deref()), general, "{code:?}");
        }
    }
}
