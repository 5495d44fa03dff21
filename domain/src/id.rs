//! Identities. Each is a UUIDv7 made by the caller (RFC 9562 section 5.7), so that a phone can make one without a network.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    )+};
}

ids! {
    /// The organisation that employs the workers; the outermost wall between data.
    AgencyId,
    /// Somebody who signs in.
    WorkerId,
    /// A client or somebody else the agency works with (FHIR Patient).
    PersonId,
    /// One person's time in one programme (FHIR EpisodeOfCare).
    CaseId,
    /// A compartment of records that are seen, synced and forgotten together.
    ScopeId,
    /// What a client wants to reach (FHIR Goal).
    GoalId,
    /// A signed contact note (FHIR Encounter with its DocumentReference).
    NoteId,
    /// Something somebody has to do by a day (FHIR Task).
    TaskId,
    /// A planned meeting (FHIR Appointment).
    VisitId,
    /// What is added to a signed note.
    AmendmentId,
    /// A photo or document of a note.
    AttachmentId,
    /// A note written while the device was locked.
    BlindNoteId,
    /// A matter that waits for a person's decision.
    ReviewId,
}
