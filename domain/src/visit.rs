//! A planned meeting (FHIR Appointment).

use serde::{Deserialize, Serialize};

use crate::{CaseId, ContactMode, DateTime, NoteId, VisitId, WorkerId};

/// Where a visit stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisitState {
    Planned,
    /// It took place, or it was tried; the note says which.
    Ended {
        note_id: NoteId,
    },
}

/// A visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    pub id: VisitId,
    pub case_id: CaseId,
    pub worker_id: WorkerId,
    pub planned_at: DateTime,
    pub mode: ContactMode,
    pub state: VisitState,
}

impl Visit {
    pub fn is_planned(&self) -> bool {
        self.state == VisitState::Planned
    }
}
