//! Notes: signing one with all that it changes, adding to one, and words that wait for a client.

use std::collections::BTreeSet;

use super::{done, narrative, short_text, task_of_case};
use crate::{
    AmendNote, Amending, Amendment, AmendmentKind, Attachment, BlindNote, BlindNoteId, Caseload, Decision, GoalLifecycle, GoalTouched,
    MAX_DURATION_MIN, MAX_SHORT_CHARS, NewAttachment, Note, Occasion, Permission, Reached, Record, Rejection, SignNote, Skipped, TaskId,
    VisitId, VisitState, WriteBlind,
};

pub(super) fn sign(sign: &SignNote, occasion: &Occasion, records: &Caseload) -> Result<Decision, Rejection> {
    let case = records.case(sign.case_id).ok_or(Rejection::NoSuchCase)?;
    if records.note(sign.note_id).is_some() {
        return Err(Rejection::IdTaken);
    }
    if sign.duration_min > MAX_DURATION_MIN {
        return Err(Rejection::DurationTooLong);
    }
    let mut decision = Decision::default();
    decision.changed.push(Record::Note(Note {
        id: sign.note_id,
        case_id: sign.case_id,
        author_id: occasion.actor.worker_id,
        occurred_at: sign.occurred_at,
        duration_min: sign.duration_min,
        mode: sign.mode,
        reached: sign.reached,
        purpose: sign.purpose,
        narrative: narrative(&sign.narrative)?,
        sensitivity: sign.sensitivity,
        goals: sign.goals.clone(),
        tasks_done: sign.tasks_done.clone(),
        visit_id: sign.visit_id,
        signed_at: occasion.recorded_at,
        received_at: occasion.received_at,
        late_after_reassignment: occasion.late_after_reassignment,
    }));
    attach(sign, occasion, records, &mut decision)?;
    if sign.reached == Reached::Client {
        let day = sign.occurred_at.date();
        if case.last_contact_on.is_none_or(|last| last < day) {
            let mut case = case.clone();
            case.last_contact_on = Some(day);
            decision.changed.push(Record::Case(case));
        }
    }
    for (at, touched) in sign.goals.iter().enumerate() {
        // Named twice, a goal moves as it is said first.
        let said_before = sign.goals[..at].iter().any(|before| before.goal_id == touched.goal_id);
        if !said_before {
            move_goal(touched, sign, occasion, records, &mut decision)?;
        }
    }
    let tasks_done: BTreeSet<TaskId> = sign.tasks_done.iter().copied().collect();
    for task_id in &tasks_done {
        let task = task_of_case(*task_id, sign.case_id, records)?;
        match task.is_open() {
            true => decision.changed.push(done(task, occasion, Some(sign.note_id))),
            false => decision.skipped.push(Skipped::TaskAlreadyDone(*task_id)),
        }
    }
    if let Some(visit_id) = sign.visit_id {
        end_visit(visit_id, sign, records, &mut decision)?;
    }
    if let Some(blind_note_id) = sign.blind_note_id {
        file_blind_note(blind_note_id, sign, occasion, records, &mut decision)?;
    }
    Ok(decision)
}

fn attach(sign: &SignNote, occasion: &Occasion, records: &Caseload, decision: &mut Decision) -> Result<(), Rejection> {
    if sign.attachments.len() > Attachment::MAX_PER_NOTE {
        return Err(Rejection::TooMany);
    }
    for (at, new) in sign.attachments.iter().enumerate() {
        let named_before = sign.attachments[..at].iter().any(|before| before.attachment_id == new.attachment_id);
        if named_before || records.attachment(new.attachment_id).is_some() {
            return Err(Rejection::IdTaken);
        }
        if !is_taken(new) {
            return Err(Rejection::AttachmentNotTaken);
        }
        decision.changed.push(Record::Attachment(Attachment {
            id: new.attachment_id,
            note_id: sign.note_id,
            case_id: sign.case_id,
            author_id: occasion.actor.worker_id,
            title: new.title.trim().to_owned(),
            media_type: new.media_type.clone(),
            size_bytes: new.size_bytes,
            sha256: new.sha256.clone(),
            received_at: None,
        }));
    }
    Ok(())
}

fn is_taken(new: &NewAttachment) -> bool {
    Attachment::MEDIA_TYPES.contains(&new.media_type.as_str())
        && (1..=Attachment::MAX_BYTES).contains(&new.size_bytes)
        && new.title.chars().count() <= MAX_SHORT_CHARS
}

fn move_goal(
    touched: &GoalTouched,
    sign: &SignNote,
    occasion: &Occasion,
    records: &Caseload,
    decision: &mut Decision,
) -> Result<(), Rejection> {
    let goal = records.goal(touched.goal_id).filter(|goal| goal.case_id == sign.case_id).ok_or(Rejection::NoSuchGoal)?;
    if touched.from == touched.to {
        return Ok(());
    }
    if goal.achievement != touched.from || goal.lifecycle != GoalLifecycle::Active {
        decision.skipped.push(Skipped::GoalMovedMeanwhile(goal.id));
        return Ok(());
    }
    let mut goal = goal.clone();
    goal.achievement = touched.to;
    goal.moved_by = Some(sign.note_id);
    goal.moved_at = Some(occasion.recorded_at);
    decision.changed.push(Record::Goal(goal));
    Ok(())
}

fn end_visit(visit_id: VisitId, sign: &SignNote, records: &Caseload, decision: &mut Decision) -> Result<(), Rejection> {
    let visit = records.visit(visit_id).filter(|visit| visit.case_id == sign.case_id).ok_or(Rejection::NoSuchVisit)?;
    if !visit.is_planned() {
        decision.skipped.push(Skipped::VisitAlreadyEnded(visit_id));
        return Ok(());
    }
    let mut visit = visit.clone();
    visit.state = VisitState::Ended { note_id: sign.note_id };
    decision.changed.push(Record::Visit(visit));
    Ok(())
}

fn file_blind_note(
    blind_note_id: BlindNoteId,
    sign: &SignNote,
    occasion: &Occasion,
    records: &Caseload,
    decision: &mut Decision,
) -> Result<(), Rejection> {
    let blind_note = records.blind_note(blind_note_id).ok_or(Rejection::NoSuchBlindNote)?;
    if blind_note.author_id != occasion.actor.worker_id {
        return Err(Rejection::NoSuchBlindNote);
    }
    if blind_note.filed_in.is_some() {
        decision.skipped.push(Skipped::BlindNoteAlreadyFiled(blind_note_id));
        return Ok(());
    }
    let mut blind_note = blind_note.clone();
    blind_note.filed_in = Some(sign.note_id);
    decision.changed.push(Record::BlindNote(blind_note));
    Ok(())
}

pub(super) fn amend(amend: &AmendNote, occasion: &Occasion, records: &Caseload) -> Result<Decision, Rejection> {
    records.case(amend.case_id).ok_or(Rejection::NoSuchCase)?;
    let note = records.note(amend.note_id).filter(|note| note.case_id == amend.case_id).ok_or(Rejection::NoSuchNote)?;
    if records.amendment(amend.amendment_id).is_some() {
        return Err(Rejection::IdTaken);
    }
    let text = narrative(&amend.text)?;
    let kind = match amend.kind {
        Amending::Addendum => AmendmentKind::Addendum(text),
        Amending::EnteredInError => {
            let may_hide = note.author_id == occasion.actor.worker_id || occasion.actor.may.has(Permission::DecideReviews);
            if !may_hide {
                return Err(Rejection::NotTheAuthor);
            }
            AmendmentKind::EnteredInError(text)
        }
    };
    let amendment = Amendment {
        id: amend.amendment_id,
        note_id: amend.note_id,
        case_id: amend.case_id,
        author_id: occasion.actor.worker_id,
        kind,
        signed_at: occasion.recorded_at,
        received_at: occasion.received_at,
        concurrent: records.amendments_of(amend.note_id).len() > amend.seen as usize,
    };
    Ok(Decision { changed: vec![Record::Amendment(amendment)], ..Decision::default() })
}

pub(super) fn write_blind(blind: &WriteBlind, occasion: &Occasion, records: &Caseload) -> Result<Decision, Rejection> {
    if records.blind_note(blind.blind_note_id).is_some() {
        return Err(Rejection::IdTaken);
    }
    let blind_note = BlindNote {
        id: blind.blind_note_id,
        author_id: occasion.actor.worker_id,
        about: short_text(&blind.about, Rejection::NameMissing)?,
        narrative: narrative(&blind.narrative)?,
        written_at: occasion.recorded_at,
        received_at: occasion.received_at,
        filed_in: None,
    };
    Ok(Decision { changed: vec![Record::BlindNote(blind_note)], ..Decision::default() })
}
