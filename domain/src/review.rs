//! What waits for a person's decision: a text that could not be filed, or a change that contradicts another. Nothing here is ever deleted.

use serde::{Deserialize, Serialize};

use crate::{CaseId, Contradiction, DateTime, ReviewId, WorkerId, vocabulary::terms};

/// A command that was not applied, as it came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldCommand {
    /// Why, as a code of docs/sync-protocol.md.
    pub code: String,
    /// Name and version of the command, and its body as JSON, byte for byte.
    #[serde(rename = "type")]
    pub kind: String,
    pub v: u16,
    pub body: String,
}

/// What is to be decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matter {
    Held(HeldCommand),
    Contradiction(Contradiction),
}

terms! {
    /// What a person decided.
    Outcome {
        File = "file";
        Keep = "keep";
    }
}

/// A decision, by whom and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    pub by: WorkerId,
    pub at: DateTime,
    pub outcome: Outcome,
    pub reason: String,
}

/// One matter with its author, and the decision once there is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    pub id: ReviewId,
    pub author_id: WorkerId,
    /// The case that the author named; they may not have had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
    /// When the author wrote it, by their device's clock.
    pub recorded_at: DateTime,
    pub received_at: DateTime,
    pub matter: Matter,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
}

impl Review {
    pub fn is_open(&self) -> bool {
        self.decided.is_none()
    }
}
