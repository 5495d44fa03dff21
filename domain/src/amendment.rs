//! What is added to a signed note. The note itself never changes: what was signed stays readable, and so does each addition.

use serde::{Deserialize, Serialize};

use crate::{AmendmentId, CaseId, DateTime, Narrative, NoteId, WorkerId};

/// What an amendment does to the note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AmendmentKind {
    /// More to tell, or a correction in words.
    Addendum(Narrative),
    /// The note belongs elsewhere or nowhere (FHIR entered-in-error): it is hidden with this reason, never deleted.
    EnteredInError(Narrative),
}

impl AmendmentKind {
    pub fn text(&self) -> &Narrative {
        match self {
            Self::Addendum(text) | Self::EnteredInError(text) => text,
        }
    }
}

/// One amendment of a note (FHIR DocumentReference.relatesTo, `appends`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amendment {
    pub id: AmendmentId,
    pub note_id: NoteId,
    pub case_id: CaseId,
    pub author_id: WorkerId,
    pub kind: AmendmentKind,
    pub signed_at: DateTime,
    /// By the server's clock; absent until the server has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<DateTime>,
    /// Somebody else had amended the note meanwhile, and the author had not seen it. Both are kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub concurrent: bool,
}

impl Amendment {
    /// Whether the note is hidden by it.
    pub fn hides_note(&self) -> bool {
        matches!(self.kind, AmendmentKind::EnteredInError(_))
    }
}
