//! What a client wants to reach (FHIR Goal), and how far they are.

use serde::{Deserialize, Serialize};

use crate::{CaseId, Date, DateTime, GoalId, NoteId, vocabulary::terms};

terms! {
    /// Whether the goal is being worked on (FHIR Goal.lifecycleStatus).
    GoalLifecycle {
        Proposed = "proposed";
        Active = "active";
        OnHold = "on-hold";
        Completed = "completed";
        Cancelled = "cancelled";
    }
}

terms! {
    /// How far the client is (FHIR Goal.achievementStatus).
    Achievement {
        InProgress = "in-progress";
        Improving = "improving";
        NoChange = "no-change";
        Worsening = "worsening";
        Achieved = "achieved";
        Sustaining = "sustaining";
        NotAchieved = "not-achieved";
        NotAttainable = "not-attainable";
    }
}

/// A goal in the client's own words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    pub id: GoalId,
    pub case_id: CaseId,
    pub statement: String,
    /// How one would see that it is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_on: Option<Date>,
    pub lifecycle: GoalLifecycle,
    pub achievement: Achievement,
    /// The note that last moved the goal, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_by: Option<NoteId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_at: Option<DateTime>,
}

/// A goal that a note is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GoalTouched {
    pub goal_id: GoalId,
    /// What the worker saw before writing; the goal moves only if it still stands there.
    pub from: Achievement,
    pub to: Achievement,
}
