//! The one place that decides what comes of a command: the same on the phone, at once, and on the server, for good.

mod client;
mod note;
mod office;

use crate::{
    Caseload, Command, CompleteTask, Decision, NarrativeError, NoteId, Occasion, Permission, PlanVisit, Record, Rejection, Task, TaskId,
    TaskState, Visit, VisitState, command::MAX_SHORT_CHARS,
};

/// Decides what comes of `command`, given the records that the actor may see.
///
/// # Errors
/// The command breaks a rule; nothing changes.
pub fn decide(command: &Command, occasion: &Occasion, records: &Caseload) -> Result<Decision, Rejection> {
    let needed = match command {
        Command::HandOver(_) => Some(Permission::HandOverCases),
        Command::DecideReview(_) => Some(Permission::DecideReviews),
        // Whoever could open a page may say so.
        Command::LogReads(_) => None,
        _ => Some(Permission::WriteInCases),
    };
    if needed.is_some_and(|needed| !occasion.actor.may.has(needed)) {
        return Err(Rejection::RoleMayNotWrite);
    }
    match command {
        Command::SignNote(sign) => note::sign(sign, occasion, records),
        Command::AmendNote(amend) => note::amend(amend, occasion, records),
        Command::WriteBlind(blind) => note::write_blind(blind, occasion, records),
        Command::PlanVisit(plan) => plan_visit(plan, occasion, records),
        Command::CompleteTask(complete) => complete_task(complete, occasion, records),
        Command::ChangeClient(change) => client::change(change, occasion, records),
        Command::HandOver(hand_over) => office::hand_over(hand_over, records),
        Command::DecideReview(decide) => office::decide_review(decide, occasion, records),
        Command::LogReads(log) => office::log_reads(log),
    }
}

fn plan_visit(plan: &PlanVisit, occasion: &Occasion, records: &Caseload) -> Result<Decision, Rejection> {
    let case = records.case(plan.case_id).ok_or(Rejection::NoSuchCase)?;
    if case.state == crate::CaseState::Closed {
        return Err(Rejection::CaseClosed);
    }
    if records.visit(plan.visit_id).is_some() {
        return Err(Rejection::IdTaken);
    }
    let visit = Visit {
        id: plan.visit_id,
        case_id: plan.case_id,
        worker_id: occasion.actor.worker_id,
        planned_at: plan.planned_at,
        mode: plan.mode,
        state: VisitState::Planned,
    };
    Ok(Decision { changed: vec![Record::Visit(visit)], ..Decision::default() })
}

fn complete_task(complete: &CompleteTask, occasion: &Occasion, records: &Caseload) -> Result<Decision, Rejection> {
    records.case(complete.case_id).ok_or(Rejection::NoSuchCase)?;
    let task = task_of_case(complete.task_id, complete.case_id, records)?;
    if !task.is_open() {
        return Err(Rejection::TaskAlreadyDone);
    }
    Ok(Decision { changed: vec![done(task, occasion, None)], ..Decision::default() })
}

fn task_of_case(task_id: TaskId, case_id: crate::CaseId, records: &Caseload) -> Result<&Task, Rejection> {
    records.task(task_id).filter(|task| task.case_id == case_id).ok_or(Rejection::NoSuchTask)
}

fn done(task: &Task, occasion: &Occasion, note_id: Option<NoteId>) -> Record {
    let mut task = task.clone();
    task.state = TaskState::Done { at: occasion.recorded_at, by: occasion.actor.worker_id, note_id };
    Record::Task(task)
}

/// A reason or another short text, as it is kept: without the space around it.
fn short_text(text: &str, missing: Rejection) -> Result<String, Rejection> {
    let text = text.trim();
    match () {
        () if text.is_empty() => Err(missing),
        () if text.chars().count() > MAX_SHORT_CHARS => Err(Rejection::TextTooLong),
        () => Ok(text.to_owned()),
    }
}

fn narrative(text: &str) -> Result<crate::Narrative, Rejection> {
    crate::Narrative::parse(text).map_err(|error: NarrativeError| Rejection::Narrative(error))
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
