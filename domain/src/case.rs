//! One person's time in one programme (FHIR EpisodeOfCare).

use serde::{Deserialize, Serialize};

use crate::{CaseId, Date, PersonId, ScopeId, WorkerId, Writers, vocabulary::terms};

terms! {
    /// Where the case stands.
    CaseState {
        Referred = "referred";
        Waitlist = "waitlist";
        Intake = "intake";
        Assessment = "assessment";
        Planning = "planning";
        Active = "active";
        OnHold = "on-hold";
        Closing = "closing";
        Closed = "closed";
    }
}

terms! {
    /// How much could go wrong soon, as the team judges it.
    RiskLevel {
        Low = "low";
        Medium = "medium";
        High = "high";
    }
}

terms! {
    /// What an alert is about (FHIR Flag.category).
    AlertKind {
        Safety = "safety";
        Health = "health";
        Contact = "contact";
        Legal = "legal";
    }
}

/// A risk level with the reason and the day it was set: they mean something only together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Risk {
    pub level: RiskLevel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
}

/// What a worker must know before knocking (FHIR Flag).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    pub kind: AlertKind,
    pub text: String,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub id: CaseId,
    /// The compartment in which this case and its records are synced.
    pub scope_id: ScopeId,
    /// The compartment of its restricted notes; absent in what older builds wrote down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restricted_scope_id: Option<ScopeId>,
    pub person_id: PersonId,
    pub programme: String,
    pub primary_worker_id: WorkerId,
    pub state: CaseState,
    pub risk: Risk,
    pub opened_on: Date,
    /// The last day on which the client themself was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_contact_on: Option<Date>,
    /// The client is to be reached at least every so many days.
    pub contact_every_days: u16,
    #[serde(default)]
    pub alerts: Vec<Alert>,
    #[serde(default, skip_serializing_if = "Writers::is_empty")]
    pub written: Writers,
}

impl Case {
    /// The day by which the client is to be reached again; nothing is due while on hold or closed.
    pub fn contact_due_on(&self) -> Option<Date> {
        let paused = matches!(self.state, CaseState::OnHold | CaseState::Closed | CaseState::Waitlist | CaseState::Referred);
        let from = self.last_contact_on.unwrap_or(self.opened_on);
        (!paused).then(|| from.plus_days(i32::from(self.contact_every_days)))
    }
}
