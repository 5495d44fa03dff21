//! A signed contact note: written once, never overwritten (FHIR Encounter with its DocumentReference).

use serde::{Deserialize, Serialize};

use crate::{CaseId, ContactMode, DateTime, GoalTouched, NoteId, Purpose, Reached, TaskId, VisitId, WorkerId, vocabulary::terms};

terms! {
    /// Who may read a note, and how long a device may keep it (FHIR Meta.security). All but the first live in the case's restricted
    /// compartment.
    Sensitivity {
        Ordinary = "ordinary";
        BehaviouralHealth = "behavioural-health";
        SubstanceUse = "substance-use";
        PartnerViolence = "partner-violence";
        Legal = "legal";
    }
}

impl Sensitivity {
    /// Whether the note belongs into the restricted compartment.
    pub fn is_restricted(self) -> bool {
        self != Self::Ordinary
    }

    fn is_ordinary(&self) -> bool {
        !self.is_restricted()
    }
}

#[expect(clippy::derivable_impls, reason = "the vocabulary's macro makes the type")]
impl Default for Sensitivity {
    fn default() -> Self {
        Self::Ordinary
    }
}

/// Why a text is not a narrative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum NarrativeError {
    #[error("the narrative is empty")]
    Empty,
    #[error("the narrative is longer than {} characters", Narrative::MAX_CHARS)]
    TooLong,
}

/// What happened, in the worker's words: not blank, at most [`Narrative::MAX_CHARS`] characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Narrative(String);

impl Narrative {
    /// Some fifteen pages; beyond it a text is an attachment.
    pub const MAX_CHARS: usize = 20_000;

    /// Takes a text as typed; spaces and line ends around it are dropped.
    ///
    /// # Errors
    /// It is blank or too long.
    pub fn parse(text: &str) -> Result<Self, NarrativeError> {
        Self::check(text.trim()).map(|text| Self(text.to_owned()))
    }

    fn check(trimmed: &str) -> Result<&str, NarrativeError> {
        // No character is shorter than a byte: most texts need not be counted.
        let is_too_long = trimmed.len() > Self::MAX_CHARS && trimmed.chars().count() > Self::MAX_CHARS;
        match () {
            () if trimmed.is_empty() => Err(NarrativeError::Empty),
            () if is_too_long => Err(NarrativeError::TooLong),
            () => Ok(trimmed),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Narrative {
    type Error = NarrativeError;

    /// What was stored is trimmed already and need not be copied.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.trim().len() < text.len() {
            return Self::parse(&text);
        }
        Self::check(&text)?;
        Ok(Self(text))
    }
}

impl From<Narrative> for String {
    fn from(narrative: Narrative) -> Self {
        narrative.0
    }
}

/// A signed note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    pub id: NoteId,
    pub case_id: CaseId,
    pub author_id: WorkerId,
    /// When the contact began.
    pub occurred_at: DateTime,
    pub duration_min: u16,
    pub mode: ContactMode,
    pub reached: Reached,
    pub purpose: Purpose,
    pub narrative: Narrative,
    #[serde(default, skip_serializing_if = "Sensitivity::is_ordinary")]
    pub sensitivity: Sensitivity,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<GoalTouched>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks_done: Vec<TaskId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_id: Option<VisitId>,
    /// By the clock of the device it was signed on.
    pub signed_at: DateTime,
    /// By the server's clock; absent until the server has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<DateTime>,
    /// The author no longer held the case when the note arrived.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late_after_reassignment: bool,
}

impl Note {
    /// Signed more than a day after the contact: shown as late, never hidden or refused.
    pub fn is_late(&self) -> bool {
        const LIMIT_MS: i64 = 24 * 60 * 60 * 1000;
        self.signed_at.unix_ms() - self.occurred_at.unix_ms() > LIMIT_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_narrative_is_refused() {
        assert_eq!(Narrative::parse(" \n\t"), Err(NarrativeError::Empty));
    }

    #[test]
    fn a_narrative_is_counted_in_characters_and_not_in_bytes() {
        let longest = "é".repeat(Narrative::MAX_CHARS);
        assert!(Narrative::parse(&longest).is_ok());
        assert_eq!(Narrative::parse(&format!("{longest}x")), Err(NarrativeError::TooLong));
    }

    #[test]
    fn a_stored_narrative_is_checked_when_it_is_read() {
        assert!(serde_json::from_str::<Narrative>("\"  \"").is_err());
    }
}
