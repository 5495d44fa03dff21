//! What a worker can do, and the one place that decides what comes of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    CaseId, CaseState, Caseload, ContactMode, DateTime, GoalId, GoalLifecycle, GoalTouched, Narrative, NarrativeError, Note, NoteId,
    Purpose, Reached, Record, Role, Task, TaskId, TaskState, Visit, VisitId, VisitState, WorkerId,
};

/// The longest contact that one note can describe, in minutes.
pub const MAX_DURATION_MIN: u16 = 24 * 60;

/// Something a worker wants done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    SignNote(SignNote),
    PlanVisit(PlanVisit),
    CompleteTask(CompleteTask),
}

/// Signs a note with all that it changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignNote {
    pub note_id: NoteId,
    pub case_id: CaseId,
    pub occurred_at: DateTime,
    pub duration_min: u16,
    pub mode: ContactMode,
    pub reached: Reached,
    pub purpose: Purpose,
    pub narrative: String,
    #[serde(default)]
    pub goals: Vec<GoalTouched>,
    #[serde(default)]
    pub tasks_done: Vec<TaskId>,
    #[serde(default)]
    pub visit_id: Option<VisitId>,
}

/// Plans a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanVisit {
    pub visit_id: VisitId,
    pub case_id: CaseId,
    pub planned_at: DateTime,
    pub mode: ContactMode,
}

/// Ticks a task off outside of a note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompleteTask {
    pub task_id: TaskId,
    pub case_id: CaseId,
}

impl Command {
    /// The case that the command is about.
    pub fn case_id(&self) -> CaseId {
        match self {
            Self::SignNote(sign) => sign.case_id,
            Self::PlanVisit(plan) => plan.case_id,
            Self::CompleteTask(complete) => complete.case_id,
        }
    }

    /// The record that the command makes or changes first.
    pub fn entity_id(&self) -> uuid::Uuid {
        match self {
            Self::SignNote(sign) => sign.note_id.0,
            Self::PlanVisit(plan) => plan.visit_id.0,
            Self::CompleteTask(complete) => complete.task_id.0,
        }
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub worker_id: WorkerId,
    pub role: Role,
}

/// By whom and when a command is carried out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Occasion {
    pub actor: Actor,
    /// When the worker pressed the button, by the device's clock.
    pub recorded_at: DateTime,
    /// When the server took it; absent while it is on the device only.
    pub received_at: Option<DateTime>,
    /// The author held the case when it happened, but holds it no longer.
    pub late_after_reassignment: bool,
}

/// What comes of a command: the records as they are afterwards, and what was left alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    pub changed: Vec<Record>,
    pub skipped: Vec<Skipped>,
}

/// A side effect that was left out because somebody else had been there first. The note itself still tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Skipped {
    GoalMovedMeanwhile(GoalId),
    TaskAlreadyDone(TaskId),
    VisitAlreadyEnded(VisitId),
}

/// Why nothing comes of a command. A fact, not a sentence: the words are chosen where it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Rejection {
    #[error("the case is not among those the worker may see")]
    NoSuchCase,
    #[error("the worker's role does not write in cases")]
    RoleMayNotWrite,
    #[error("a record with this id exists already")]
    IdTaken,
    #[error(transparent)]
    Narrative(NarrativeError),
    #[error("a contact lasts at most {MAX_DURATION_MIN} minutes")]
    DurationTooLong,
    #[error("the goal is not one of this case")]
    NoSuchGoal,
    #[error("the task is not one of this case")]
    NoSuchTask,
    #[error("the visit is not one of this case")]
    NoSuchVisit,
    #[error("the case is closed")]
    CaseClosed,
    #[error("the task was done already")]
    TaskAlreadyDone,
}

/// Decides what comes of `command`, given the records that the actor may see.
///
/// # Errors
/// The command breaks a rule; nothing changes.
pub fn decide(command: &Command, occasion: &Occasion, records: &Caseload) -> Result<Decision, Rejection> {
    if !matches!(occasion.actor.role, Role::CaseManager | Role::Supervisor) {
        return Err(Rejection::RoleMayNotWrite);
    }
    match command {
        Command::SignNote(sign) => sign_note(sign, occasion, records),
        Command::PlanVisit(plan) => plan_visit(plan, occasion, records),
        Command::CompleteTask(complete) => complete_task(complete, occasion, records),
    }
}

fn sign_note(sign: &SignNote, occasion: &Occasion, records: &Caseload) -> Result<Decision, Rejection> {
    let case = records.case(sign.case_id).ok_or(Rejection::NoSuchCase)?;
    if records.note(sign.note_id).is_some() {
        return Err(Rejection::IdTaken);
    }
    if sign.duration_min > MAX_DURATION_MIN {
        return Err(Rejection::DurationTooLong);
    }
    let narrative = Narrative::parse(&sign.narrative).map_err(Rejection::Narrative)?;

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
        narrative,
        goals: sign.goals.clone(),
        tasks_done: sign.tasks_done.clone(),
        visit_id: sign.visit_id,
        signed_at: occasion.recorded_at,
        received_at: occasion.received_at,
        late_after_reassignment: occasion.late_after_reassignment,
    }));
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
    Ok(decision)
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

fn plan_visit(plan: &PlanVisit, occasion: &Occasion, records: &Caseload) -> Result<Decision, Rejection> {
    let case = records.case(plan.case_id).ok_or(Rejection::NoSuchCase)?;
    if case.state == CaseState::Closed {
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
    Ok(Decision { changed: vec![Record::Visit(visit)], skipped: Vec::new() })
}

fn complete_task(complete: &CompleteTask, occasion: &Occasion, records: &Caseload) -> Result<Decision, Rejection> {
    records.case(complete.case_id).ok_or(Rejection::NoSuchCase)?;
    let task = task_of_case(complete.task_id, complete.case_id, records)?;
    if !task.is_open() {
        return Err(Rejection::TaskAlreadyDone);
    }
    Ok(Decision { changed: vec![done(task, occasion, None)], skipped: Vec::new() })
}

fn task_of_case(task_id: TaskId, case_id: CaseId, records: &Caseload) -> Result<&Task, Rejection> {
    records.task(task_id).filter(|task| task.case_id == case_id).ok_or(Rejection::NoSuchTask)
}

fn done(task: &Task, occasion: &Occasion, note_id: Option<NoteId>) -> Record {
    let mut task = task.clone();
    task.state = TaskState::Done { at: occasion.recorded_at, by: occasion.actor.worker_id, note_id };
    Record::Task(task)
}

#[cfg(test)]
#[path = "command_tests.rs"]
mod tests;
