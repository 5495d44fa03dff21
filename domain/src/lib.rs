//! The rulebook: records, commands and the rules that turn one into the other.
//!
//! Everybody may use it; it uses nobody. **It does not know** leptos, SQL, HTTP, the browser, a clock, randomness or any I/O:
//! times, ids and chance come in as arguments, so the phone and the server decide alike.

mod case;
mod caseload;
mod command;
mod date_time;
mod due;
mod goal;
mod id;
mod note;
mod order;
mod person;
mod record;
mod search;
mod task;
mod visit;
mod vocabulary;
mod worker;

pub use case::{Alert, AlertKind, Case, CaseState, Risk, RiskLevel};
pub use caseload::{Caseload, ClientLine, SortBy, TimelineItem};
pub use command::{Actor, Command, CompleteTask, Decision, Occasion, PlanVisit, Rejection, SignNote, Skipped, decide};
pub use date_time::{Date, DateTime, DateTimeError};
pub use due::{Due, DueKind};
pub use goal::{Achievement, Goal, GoalLifecycle, GoalTouched};
pub use id::*;
pub use note::{Narrative, NarrativeError, Note};
pub use order::in_order;
pub use person::{Address, Person, Phone, RelatedPerson, SafeContact};
pub use record::{Record, RecordKind, RecordRef};
pub use search::{Hit, HitKind, fold};
pub use task::{Task, TaskState};
pub use visit::{Visit, VisitState};
pub use vocabulary::{ContactMode, Purpose, Reached, Term};
pub use worker::{Role, Worker};
