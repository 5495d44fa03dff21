//! The rulebook: records, commands and the rules that turn one into the other.
//!
//! Everybody may use it; it uses nobody. **It does not know** leptos, SQL, HTTP, the browser, a clock, randomness or any I/O:
//! times, ids and chance come in as arguments, so the phone and the server decide alike.

mod amendment;
mod attachment;
mod blind_note;
mod case;
mod caseload;
mod change;
mod command;
mod content;
mod date_time;
mod decide;
mod due;
mod goal;
mod id;
mod note;
mod order;
mod partial_date;
mod permission;
mod person;
mod policy;
mod readability;
mod record;
mod reminder;
mod review;
mod search;
mod task;
mod visit;
mod visit_pack;
mod vocabulary;
mod worker;

pub use amendment::{Amendment, AmendmentKind};
pub use attachment::{Attachment, ContentHash, NewAttachment};
pub use blind_note::BlindNote;
pub use case::{Alert, AlertKind, Case, CaseState, Risk, RiskLevel};
pub use caseload::{Caseload, ClientLine, SortBy, TimelineItem};
pub use change::{Contradiction, Language, Names, Reach, RelatedChange, Safety, Unit, UnitChange, UnitKind, Writers, Written};
pub use command::{
    Actor, AmendNote, Amending, ChangeClient, Command, CompleteTask, DecideReview, Decision, HandOver, LogReads, MAX_DURATION_MIN,
    MAX_SHORT_CHARS, Occasion, PlanVisit, Read, Rejection, SignNote, Skipped, WriteBlind,
};
pub use content::{Content, NotReadable};
pub use date_time::{Date, DateTime, DateTimeError};
pub use decide::decide;
pub use due::{Due, DueKind};
pub use goal::{Achievement, Goal, GoalLifecycle, GoalTouched};
pub use id::*;
pub use note::{Narrative, NarrativeError, Note, Sensitivity};
pub use order::in_order;
pub use partial_date::PartialDate;
pub use permission::{Permission, Permissions};
pub use person::{Address, Person, Phone, RelatedPerson, SafeContact};
pub use policy::{DevicePolicy, Lease, Standing};
pub use readability::school_grade;
pub use record::{Record, RecordKind, RecordRef};
pub use reminder::HalfDay;
pub use review::{Decided, HeldCommand, Matter, Outcome, Review};
pub use search::{Hit, HitKind, fold};
pub use task::{Task, TaskState};
pub use visit::{Visit, VisitState};
pub use visit_pack::BeforeVisit;
pub use vocabulary::{ContactMode, Purpose, Reached, Term};
pub use worker::{Role, Worker};
