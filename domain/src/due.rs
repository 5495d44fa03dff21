//! What has to be done by when.

use crate::{CaseId, Caseload, Date, TaskId, WorkerId, in_order};

/// One thing that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub case_id: CaseId,
    pub on: Date,
    pub kind: DueKind,
}

/// Why it is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueKind {
    /// Somebody set a task.
    Task { task_id: TaskId, title: String },
    /// The programme wants the client reached by then.
    Contact,
}

impl Due {
    /// Days past its day; zero or less while there is time.
    pub fn days_overdue(&self, today: Date) -> i32 {
        today.days_since(self.on)
    }
}

impl Caseload {
    /// What `worker_id` owes up to and including `until`, the oldest first.
    pub fn due(&self, worker_id: WorkerId, until: Date) -> Vec<Due> {
        let tasks = self.tasks().filter(|task| task.owner_id == worker_id && task.is_open()).map(|task| Due {
            case_id: task.case_id,
            on: task.due_on,
            kind: DueKind::Task { task_id: task.id, title: task.title.clone() },
        });
        let contacts = self
            .cases()
            .filter(|case| case.primary_worker_id == worker_id)
            .filter_map(|case| Some(Due { case_id: case.id, on: case.contact_due_on()?, kind: DueKind::Contact }));
        in_order(tasks.chain(contacts).filter(|due| due.on <= until), |due| (due.on.ordinal(), due.case_id.0))
    }
}
