//! Something somebody has to do by a day (FHIR Task).

use serde::{Deserialize, Serialize};

use crate::{CaseId, Date, DateTime, NoteId, TaskId, WorkerId};

/// Where a task stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskState {
    Open,
    Done {
        at: DateTime,
        by: WorkerId,
        /// The note in which it was done, if it was done in one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note_id: Option<NoteId>,
    },
}

/// A task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskId,
    pub case_id: CaseId,
    pub owner_id: WorkerId,
    pub title: String,
    pub due_on: Date,
    pub state: TaskState,
}

impl Task {
    pub fn is_open(&self) -> bool {
        self.state == TaskState::Open
    }
}
