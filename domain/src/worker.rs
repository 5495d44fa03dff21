//! Somebody who works for the agency.

use serde::{Deserialize, Serialize};

use crate::{WorkerId, vocabulary::terms};

terms! {
    /// What a worker may do in the agency.
    Role {
        CaseManager = "case-manager";
        Supervisor = "supervisor";
        Administrator = "administrator";
    }
}

/// A worker as colleagues see them (FHIR Practitioner).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Worker {
    pub id: WorkerId,
    pub name: String,
    pub role: Role,
}
