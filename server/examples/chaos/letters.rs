//! The few places where the run makes the protocol's own shapes by name.

use domain::{
    CaseId, Command, ContactMode, DateTime, GoalTouched, NoteId, Purpose, Reached, ScopeId, Sensitivity, SignNote, TaskId, VisitId,
    WorkerId,
};
use sync::wire::{DeviceId, RegisterDevice};

/// The build that all simulated devices run.
pub(crate) const BUILD: &str = "chaos";

/// What a device says of itself before its first push.
pub(crate) fn registration(device_id: DeviceId) -> RegisterDevice {
    RegisterDevice { device_id, enrolled: true, app_build: BUILD.to_owned(), label: "Simulated".to_owned(), keys: None }
}

/// The scope of what is about no case: the worker's own, which bears the worker's id.
pub(crate) fn own_scope(worker_id: WorkerId) -> ScopeId {
    ScopeId(worker_id.0)
}

/// What varies from note to note.
pub(crate) struct NoteParts {
    pub(crate) note_id: NoteId,
    pub(crate) case_id: CaseId,
    pub(crate) occurred_at: DateTime,
    pub(crate) duration_min: u16,
    pub(crate) reached: Reached,
    pub(crate) narrative: String,
    pub(crate) sensitivity: Sensitivity,
    pub(crate) goals: Vec<GoalTouched>,
    pub(crate) tasks_done: Vec<TaskId>,
    pub(crate) visit_id: Option<VisitId>,
}

pub(crate) fn sign(parts: NoteParts) -> Command {
    Command::SignNote(SignNote {
        note_id: parts.note_id,
        case_id: parts.case_id,
        occurred_at: parts.occurred_at,
        duration_min: parts.duration_min,
        mode: ContactMode::HomeVisit,
        reached: parts.reached,
        purpose: Purpose::Monitoring,
        narrative: parts.narrative,
        sensitivity: parts.sensitivity,
        goals: parts.goals,
        tasks_done: parts.tasks_done,
        visit_id: parts.visit_id,
        attachments: Vec::new(),
        blind_note_id: None,
    })
}
