//! For whom something is done.

use domain::{Actor, AgencyId, Role, WorkerId};

/// The worker for whom a request acts. Every query on client data runs in a transaction that names one ([`crate::db::begin_as`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    pub agency_id: AgencyId,
    pub worker_id: WorkerId,
    pub role: Role,
}

/// What some roles may do and others may not, beside the rules of the rulebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// See and end the sessions of other workers of the agency.
    ManageSessions,
    /// Open a case that is not one's own, in an emergency.
    BreakGlass,
    /// Judge what others opened.
    ReviewBreakGlass,
}

impl Identity {
    /// Whether the worker may do it. The one place where roles are asked; the database asks again by itself (`app_manages_sessions` …).
    pub fn may(&self, power: Power) -> bool {
        match power {
            Power::ManageSessions => matches!(self.role, Role::Supervisor | Role::Administrator),
            Power::BreakGlass => matches!(self.role, Role::CaseManager | Role::Supervisor),
            Power::ReviewBreakGlass => self.role == Role::Supervisor,
        }
    }

    /// The same worker as the rules know them.
    pub fn actor(&self) -> Actor {
        Actor { worker_id: self.worker_id, role: self.role }
    }
}
