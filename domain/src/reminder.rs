//! When a worker is reminded to open the app, and when it is better to keep still.

use crate::{Caseload, DateTime, WorkerId};

/// Half of a day, by the clock of the place where the worker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HalfDay {
    /// Before noon: what is to be done today.
    Morning,
    /// After noon: what is to be made ready for tomorrow.
    Evening,
}

impl HalfDay {
    /// The half that `now` is in.
    pub fn of(now: DateTime) -> Self {
        if now.hour_minute().0 < 12 { Self::Morning } else { Self::Evening }
    }
}

impl Caseload {
    /// Whether `worker_id` is reminded now: in the morning if something is due or somebody is to be visited today, in the evening if
    /// somebody is to be visited tomorrow, because a device makes visits ready while there is a connection.
    pub fn is_worth_a_reminder(&self, worker_id: WorkerId, now: DateTime) -> bool {
        let (today, offset) = (now.date(), now.offset_min());
        match HalfDay::of(now) {
            HalfDay::Morning => !self.due(worker_id, today).is_empty() || !self.visits_on(worker_id, today, offset).is_empty(),
            HalfDay::Evening => !self.visits_on(worker_id, today.plus_days(1), offset).is_empty(),
        }
    }
}
