//! One record of any kind, as it travels and as it is stored.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Amendment, Attachment, BlindNote, Case, CaseId, Goal, Note, Person, Review, Task, Visit, Worker, vocabulary::terms};

terms! {
    /// The kinds of record that sync knows.
    RecordKind {
        Worker = "worker";
        Person = "person";
        Case = "case";
        Goal = "goal";
        Note = "note";
        Visit = "visit";
        Task = "task";
        Amendment = "amendment";
        Attachment = "attachment";
        BlindNote = "blind-note";
        Review = "review";
    }
}

/// Names one record of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordRef {
    pub kind: RecordKind,
    pub id: Uuid,
}

/// A record of any kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    Worker(Worker),
    Person(Person),
    Case(Case),
    Goal(Goal),
    Note(Note),
    Visit(Visit),
    Task(Task),
    Amendment(Amendment),
    Attachment(Attachment),
    BlindNote(BlindNote),
    Review(Review),
}

impl Record {
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Worker(_) => RecordKind::Worker,
            Self::Person(_) => RecordKind::Person,
            Self::Case(_) => RecordKind::Case,
            Self::Goal(_) => RecordKind::Goal,
            Self::Note(_) => RecordKind::Note,
            Self::Visit(_) => RecordKind::Visit,
            Self::Task(_) => RecordKind::Task,
            Self::Amendment(_) => RecordKind::Amendment,
            Self::Attachment(_) => RecordKind::Attachment,
            Self::BlindNote(_) => RecordKind::BlindNote,
            Self::Review(_) => RecordKind::Review,
        }
    }

    pub fn id(&self) -> Uuid {
        match self {
            Self::Worker(worker) => worker.id.0,
            Self::Person(person) => person.id.0,
            Self::Case(case) => case.id.0,
            Self::Goal(goal) => goal.id.0,
            Self::Note(note) => note.id.0,
            Self::Visit(visit) => visit.id.0,
            Self::Task(task) => task.id.0,
            Self::Amendment(amendment) => amendment.id.0,
            Self::Attachment(attachment) => attachment.id.0,
            Self::BlindNote(blind_note) => blind_note.id.0,
            Self::Review(review) => review.id.0,
        }
    }

    pub fn record_ref(&self) -> RecordRef {
        RecordRef { kind: self.kind(), id: self.id() }
    }

    /// The case whose page shows the record; none for workers, persons, notes without a client, and reviews.
    pub fn case_id(&self) -> Option<CaseId> {
        match self {
            Self::Worker(_) | Self::Person(_) | Self::BlindNote(_) | Self::Review(_) => None,
            Self::Case(case) => Some(case.id),
            Self::Goal(goal) => Some(goal.case_id),
            Self::Note(note) => Some(note.case_id),
            Self::Visit(visit) => Some(visit.case_id),
            Self::Task(task) => Some(task.case_id),
            Self::Amendment(amendment) => Some(amendment.case_id),
            Self::Attachment(attachment) => Some(attachment.case_id),
        }
    }
}
