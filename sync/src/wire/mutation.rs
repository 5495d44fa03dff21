//! One command on its way from a device to the server.

use domain::{
    AmendNote, ChangeClient, Command, CompleteTask, DateTime, DecideReview, HandOver, LogReads, PlanVisit, ScopeId, Sensitivity, SignNote,
    WriteBlind,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{GroupId, Mid};

/// One command on its way from a device to the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mutation {
    pub mid: Mid,
    /// Order on this device, from 1 without gaps.
    pub seq: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<GroupId>,
    /// Name of the command, such as `note.sign`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Version of the body's shape.
    pub v: u16,
    pub scope_id: ScopeId,
    pub entity_id: Uuid,
    /// When the worker acted, by the device's clock, with its offset from UTC.
    pub recorded_at: DateTime,
    pub app_build: String,
    /// The command as JSON; its bytes are never rewritten.
    pub body: Box<RawValue>,
}

/// Why the body of a mutation is not a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    #[error("this server does not know this type of mutation")]
    UnknownType,
    #[error("the body does not have the shape of its type")]
    Malformed,
}

impl BodyError {
    /// The code that stands in a result.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownType => "unknown-type",
            Self::Malformed => "malformed-body",
        }
    }
}

impl Mutation {
    /// The name and version under which a command travels, and its body.
    ///
    /// # Panics
    /// Never: commands are plain data, and plain data is JSON.
    pub fn wrap(command: &Command) -> (&'static str, u16, Box<RawValue>) {
        use serde_json::value::to_raw_value;
        let (kind, v, json) = match command {
            Command::SignNote(sign) => ("note.sign", 2, to_raw_value(sign)),
            Command::AmendNote(amend) => ("note.amend", 1, to_raw_value(amend)),
            Command::WriteBlind(blind) => ("note.blind", 1, to_raw_value(blind)),
            Command::PlanVisit(plan) => ("visit.plan", 1, to_raw_value(plan)),
            Command::CompleteTask(complete) => ("task.complete", 1, to_raw_value(complete)),
            Command::ChangeClient(change) => ("client.change", 1, to_raw_value(change)),
            Command::HandOver(hand_over) => ("case.hand-over", 1, to_raw_value(hand_over)),
            Command::DecideReview(decide) => ("review.decide", 1, to_raw_value(decide)),
            Command::LogReads(log) => ("reads.log", 1, to_raw_value(log)),
        };
        (kind, v, json.expect("commands are plain data"))
    }

    /// Reads the body as the command that its type and version name. Older versions are brought up to date here.
    ///
    /// # Errors
    /// The type or version is unknown, or the body has another shape.
    pub fn command(&self) -> Result<Command, BodyError> {
        read_command(&self.kind, self.v, self.body.get())
    }

    /// SHA-256 over type, version and body: a known `mid` with another hash is another mutation.
    pub fn body_hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.kind.as_bytes());
        hash.update(self.v.to_be_bytes());
        hash.update(self.body.get().as_bytes());
        hash.finalize().into()
    }
}

/// Reads a body as the command that its type and version name.
///
/// # Errors
/// As for [`Mutation::command`].
pub fn read_command(kind: &str, v: u16, body: &str) -> Result<Command, BodyError> {
    fn read<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, BodyError> {
        serde_json::from_slice(body.as_bytes()).map_err(|_| BodyError::Malformed)
    }
    match (kind, v) {
        ("note.sign", 1) => read::<SignNote>(body).and_then(as_first_version).map(Command::SignNote),
        ("note.sign", 2) => read::<SignNote>(body).map(Command::SignNote),
        ("note.amend", 1) => read::<AmendNote>(body).map(Command::AmendNote),
        ("note.blind", 1) => read::<WriteBlind>(body).map(Command::WriteBlind),
        ("visit.plan", 1) => read::<PlanVisit>(body).map(Command::PlanVisit),
        ("task.complete", 1) => read::<CompleteTask>(body).map(Command::CompleteTask),
        ("client.change", 1) => read::<ChangeClient>(body).map(Command::ChangeClient),
        ("case.hand-over", 1) => read::<HandOver>(body).map(Command::HandOver),
        ("review.decide", 1) => read::<DecideReview>(body).map(Command::DecideReview),
        ("reads.log", 1) => read::<LogReads>(body).map(Command::LogReads),
        _ => Err(BodyError::UnknownType),
    }
}

/// The first version of a signed note had no sensitivity, no attachments, and filed nothing.
fn as_first_version(sign: SignNote) -> Result<SignNote, BodyError> {
    let has_later_fields = sign.sensitivity != Sensitivity::Ordinary || !sign.attachments.is_empty() || sign.blind_note_id.is_some();
    if has_later_fields { Err(BodyError::Malformed) } else { Ok(sign) }
}
