//! Why something needs a person, and what that person does, in words for every code of the sync protocol.

use domain::Skipped;

use crate::desk::{OutboxItem, Whereabouts};

/// What the kind of a mutation is called.
pub fn kind_words(kind: &str) -> &'static str {
    match kind {
        "note.sign" => words::reasons::note(),
        "note.amend" => words::reasons::addition_to_a_note(),
        "note.blind" => words::reasons::note_written_while_locked(),
        "client.change" => words::reasons::change_of_a_clients_details(),
        "case.hand-over" => words::reasons::hand_over_of_a_case(),
        "review.decide" => words::reasons::decision(),
        "reads.log" => words::reasons::list_of_opened_pages(),
        "visit.plan" => words::reasons::planned_visit(),
        "task.complete" => words::reasons::task_done(),
        _ => words::reasons::entry_of_another_version(),
    }
}

/// The state word of an item: what waits for a person is told apart from what is under way.
pub fn needs_person(item: &OutboxItem) -> bool {
    item.whereabouts == Whereabouts::NeedsPerson
}

/// The reason and what to do, for an item that needs a person.
pub fn reason_words(code: Option<&str>) -> (&'static str, &'static str) {
    match code.unwrap_or_default() {
        "no-such-case" => (words::reasons::the_case_was_not_yours(), words::reasons::the_server_keeps_the_text()),
        "role-may-not-write" => (words::reasons::your_role_does_not_write(), words::reasons::the_server_keeps_the_text_ask()),
        "id-taken" => (words::reasons::something_with_the_same_number(), words::reasons::look_in_the_timeline_whether()),
        "narrative" => (words::reasons::the_narrative_was_empty(), words::reasons::the_server_keeps_the_text_write()),
        "duration-too-long" => (words::reasons::the_contact_was_longer(), words::reasons::the_server_keeps_the_text_write_the_note()),
        "no-such-goal" => (words::reasons::a_goal_of_the_note(), words::reasons::the_server_keeps_the_text_write_the_note_again()),
        "no-such-task" => (words::reasons::the_task(), words::reasons::nothing_to_do_if_somebody()),
        "no-such-visit" => {
            (words::reasons::the_planned_visit(), words::reasons::the_server_keeps_the_text_write_the_note_again_without_the_visit())
        }
        "case-closed" => (words::reasons::the_case_is_closed(), words::reasons::talk_to_your_supervisor()),
        "no-such-note" => (words::reasons::the_note(), words::reasons::the_server_keeps_the_text_tell()),
        "no-such-blind-note" => (words::reasons::what_you_wrote_while_locked(), words::reasons::the_server_keeps_the_text_tell()),
        "no-such-review" => (words::reasons::the_matter_to_decide(), words::reasons::look_at_the_list()),
        "no-such-worker" => (words::reasons::nobody_with_this_name(), words::reasons::choose_somebody_else()),
        "not-the-author" => (words::reasons::only_the_author(), words::reasons::write_an_addition()),
        "changed-meanwhile" => (words::reasons::somebody_else_had_changed(), words::reasons::open_it_again_look()),
        "reason-missing" => (words::reasons::a_reason_was_missing(), words::reasons::do_it_again_and_say()),
        "text-too-long" => (words::reasons::a_text_was_longer(), words::reasons::the_server_keeps()),
        "name-missing" => (words::reasons::a_name_was_missing(), words::reasons::do_it_again()),
        "attachment-not-taken" => {
            (words::reasons::a_photo_or_document(), words::reasons::the_server_keeps_the_text_write_the_note_again_without_it())
        }
        "too-many" => (words::reasons::a_list_was_longer(), words::reasons::do_it_again_with_fewer()),
        "units-do-not-fit" => (words::reasons::the_change_did_not_fit(), words::reasons::update_doorstep_and_tell()),
        "device-revoked" => (words::reasons::this_device_had_been_locked(), words::reasons::the_server_keeps_the_text_your_supervisor()),
        "not-proven" => (words::reasons::it_came_from_a_locked(), words::reasons::your_supervisor_decides_about_it()),
        "task-already-done" => (words::reasons::somebody_had_done_the_task(), words::reasons::nothing_to_do()),
        "unknown-type" | "malformed-body" => {
            (words::reasons::the_server_could_not_read(), words::reasons::the_server_keeps_the_text_update())
        }
        "blocked" | "depends" => (words::reasons::it_belongs_to_something_else(), words::reasons::take_care_of_that_first()),
        _ => (words::reasons::the_server_did_not_take(), words::reasons::the_server_keeps_the_text_tell_your_supervisor()),
    }
}

/// The same for a change that contradicts another.
pub fn conflict_words() -> (&'static str, &'static str) {
    (words::reasons::somebody_else_had_changed_the_same(), words::reasons::both_are_kept_a_supervisor())
}

/// What was left alone because somebody else had been there first.
pub fn skipped_words(skipped: &Skipped) -> &'static str {
    match skipped {
        Skipped::GoalMovedMeanwhile(_) => words::reasons::a_goal_was_moved(),
        Skipped::TaskAlreadyDone(_) => words::reasons::a_task_had_been_done(),
        Skipped::VisitAlreadyEnded(_) => words::reasons::the_visit_had_been_written(),
        Skipped::BlindNoteAlreadyFiled(_) => words::reasons::what_was_written_while_locked(),
        Skipped::ReviewAlreadyDecided(_) => words::reasons::somebody_else_had_decided(),
        Skipped::StillNotPossible(_) => words::reasons::it_still_could(),
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
