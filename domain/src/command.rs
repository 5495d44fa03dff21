//! What a worker can do, and what can come of it. What does come of it, [`crate::decide`] says.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    AmendmentId, BlindNoteId, CaseId, ContactMode, DateTime, GoalId, GoalTouched, NarrativeError, NewAttachment, NoteId, Outcome,
    Permissions, Purpose, Reached, Record, RelatedChange, ReviewId, Sensitivity, TaskId, UnitChange, VisitId, WorkerId,
    change::Contradiction,
};

/// The longest contact that one note can describe, in minutes.
pub const MAX_DURATION_MIN: u16 = 24 * 60;

/// The longest reason, title or other short text, in characters.
pub const MAX_SHORT_CHARS: usize = 500;

/// Something a worker wants done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    SignNote(SignNote),
    AmendNote(AmendNote),
    WriteBlind(WriteBlind),
    PlanVisit(PlanVisit),
    CompleteTask(CompleteTask),
    ChangeClient(ChangeClient),
    HandOver(HandOver),
    DecideReview(DecideReview),
    LogReads(LogReads),
}

/// Signs a note with all that it changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignNote {
    pub note_id: NoteId,
    pub case_id: CaseId,
    pub occurred_at: DateTime,
    pub duration_min: u16,
    pub mode: ContactMode,
    pub reached: Reached,
    pub purpose: Purpose,
    pub narrative: String,
    #[serde(default)]
    pub sensitivity: Sensitivity,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<GoalTouched>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks_done: Vec<TaskId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_id: Option<VisitId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<NewAttachment>,
    /// The words written while locked out that this note files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blind_note_id: Option<BlindNoteId>,
}

/// Adds to a signed note, or marks it as entered in error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmendNote {
    pub amendment_id: AmendmentId,
    pub note_id: NoteId,
    pub case_id: CaseId,
    pub kind: Amending,
    pub text: String,
    /// How many amendments the author saw; with more on the server, this one is marked as written at the same time.
    pub seen: u32,
}

crate::vocabulary::terms! {
    /// What an amendment does to its note.
    Amending {
        Addendum = "addendum";
        EnteredInError = "entered-in-error";
    }
}

/// Keeps words that were written while the device was locked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteBlind {
    pub blind_note_id: BlindNoteId,
    /// Whom it is about, in the author's words.
    pub about: String,
    pub narrative: String,
}

/// Plans a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanVisit {
    pub visit_id: VisitId,
    pub case_id: CaseId,
    pub planned_at: DateTime,
    pub mode: ContactMode,
}

/// Ticks a task off outside of a note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompleteTask {
    pub task_id: TaskId,
    pub case_id: CaseId,
}

/// Changes what is known of a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeClient {
    pub case_id: CaseId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitChange>,
    #[serde(default, skip_serializing_if = "RelatedChange::is_empty")]
    pub related: RelatedChange,
}

/// Gives a case to another worker, with its open tasks and planned visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    pub case_id: CaseId,
    /// Who had it, as the supervisor saw it.
    pub from: WorkerId,
    pub to: WorkerId,
    pub reason: String,
}

/// Decides a matter that waited for a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideReview {
    pub review_id: ReviewId,
    pub outcome: Outcome,
    pub reason: String,
    /// For a contradiction: what stood in the record when the person decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<crate::Unit>,
}

/// Tells the office which clients' pages were opened on a device without its knowing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogReads {
    /// Identity of this list.
    pub log_id: Uuid,
    pub reads: Vec<Read>,
}

/// One page of one client that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    pub case_id: CaseId,
    pub at: DateTime,
}

impl LogReads {
    /// The most that one list may hold.
    pub const MAX: usize = 500;
}

impl Command {
    /// The case that the command is about, where it is about one.
    pub fn case_id(&self) -> Option<CaseId> {
        match self {
            Self::SignNote(sign) => Some(sign.case_id),
            Self::AmendNote(amend) => Some(amend.case_id),
            Self::PlanVisit(plan) => Some(plan.case_id),
            Self::CompleteTask(complete) => Some(complete.case_id),
            Self::ChangeClient(change) => Some(change.case_id),
            Self::HandOver(hand_over) => Some(hand_over.case_id),
            Self::WriteBlind(_) | Self::DecideReview(_) | Self::LogReads(_) => None,
        }
    }

    /// The record that the command makes or changes first.
    pub fn entity_id(&self) -> Uuid {
        match self {
            Self::SignNote(sign) => sign.note_id.0,
            Self::AmendNote(amend) => amend.amendment_id.0,
            Self::WriteBlind(blind) => blind.blind_note_id.0,
            Self::PlanVisit(plan) => plan.visit_id.0,
            Self::CompleteTask(complete) => complete.task_id.0,
            Self::ChangeClient(change) => change.case_id.0,
            Self::HandOver(hand_over) => hand_over.case_id.0,
            Self::DecideReview(decide) => decide.review_id.0,
            Self::LogReads(log) => log.log_id,
        }
    }

    /// Whether it may still be taken from somebody who lost the case a while ago: what happened, happened.
    pub fn may_come_late(&self) -> bool {
        matches!(self, Self::SignNote(_))
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    pub worker_id: WorkerId,
    pub may: Permissions,
}

/// By whom and when a command is carried out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Occasion {
    pub actor: Actor,
    /// When the worker pressed the button, by the device's clock.
    pub recorded_at: DateTime,
    /// When the server took it; absent while it is on the device only.
    pub received_at: Option<DateTime>,
    /// The author held the case when it happened, but holds it no longer.
    pub late_after_reassignment: bool,
}

/// What comes of a command: the records as they are afterwards, what was left alone, and what a person must decide.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    pub changed: Vec<Record>,
    pub skipped: Vec<Skipped>,
    pub contradictions: Vec<Contradiction>,
}

/// A side effect that was left out because somebody else had been there first. The note itself still tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Skipped {
    GoalMovedMeanwhile(GoalId),
    TaskAlreadyDone(TaskId),
    VisitAlreadyEnded(VisitId),
    /// The words were filed in another note already.
    BlindNoteAlreadyFiled(BlindNoteId),
    ReviewAlreadyDecided(ReviewId),
    /// What was held still cannot be filed; the review stays open.
    StillNotPossible(ReviewId),
}

/// Why nothing comes of a command. A fact, not a sentence: the words are chosen where it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Rejection {
    #[error("the case is not among those the worker may see")]
    NoSuchCase,
    #[error("the worker does not have the permission for it")]
    RoleMayNotWrite,
    #[error("a record with this id exists already")]
    IdTaken,
    #[error(transparent)]
    Narrative(NarrativeError),
    #[error("a contact lasts at most {MAX_DURATION_MIN} minutes")]
    DurationTooLong,
    #[error("the goal is not one of this case")]
    NoSuchGoal,
    #[error("the task is not one of this case")]
    NoSuchTask,
    #[error("the visit is not one of this case")]
    NoSuchVisit,
    #[error("the note is not one of this case")]
    NoSuchNote,
    #[error("the words written while locked are not the worker's")]
    NoSuchBlindNote,
    #[error("there is no such matter to decide")]
    NoSuchReview,
    #[error("nobody with this id can take cases")]
    NoSuchWorker,
    #[error("the case is closed")]
    CaseClosed,
    #[error("the task was done already")]
    TaskAlreadyDone,
    #[error("only the author or whoever decides reviews can mark a note as entered in error")]
    NotTheAuthor,
    #[error("the record has changed since")]
    ChangedMeanwhile,
    #[error("a reason is missing")]
    ReasonMissing,
    #[error("a text is longer than {MAX_SHORT_CHARS} characters")]
    TextTooLong,
    #[error("a name is missing")]
    NameMissing,
    #[error("what is attached is of a kind or size that is not taken")]
    AttachmentNotTaken,
    #[error("a list is longer than it may be")]
    TooMany,
    #[error("the change is not of a kind that fits together")]
    UnitsDoNotFit,
}
