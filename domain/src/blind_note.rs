//! A note that was written while the device was locked: words without a case, until their author files them.

use serde::{Deserialize, Serialize};

use crate::{BlindNoteId, DateTime, Narrative, NoteId, WorkerId};

/// What a locked-out worker wrote. Only its author, and who decides reviews, may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlindNote {
    pub id: BlindNoteId,
    pub author_id: WorkerId,
    /// Whom it is about, in the author's words.
    pub about: String,
    pub narrative: Narrative,
    pub written_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<DateTime>,
    /// The signed note that it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed_in: Option<NoteId>,
}
