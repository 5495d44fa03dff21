//! For whom something is done.

use domain::{Actor, AgencyId, Permission, Permissions, Role, WorkerId};

/// The worker for whom a request acts. Every query on client data runs in a transaction that names one ([`crate::db::begin_as`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    pub agency_id: AgencyId,
    pub worker_id: WorkerId,
    pub role: Role,
    pub may: Permissions,
}

impl Identity {
    /// Whether the worker's role has a permission. The database asks again by itself (`app_may`).
    pub fn may(&self, permission: Permission) -> bool {
        self.may.has(permission)
    }

    /// The same worker as the rules know them.
    pub fn actor(&self) -> Actor {
        Actor { worker_id: self.worker_id, may: self.may }
    }
}
