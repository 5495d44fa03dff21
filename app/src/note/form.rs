//! What a worker types on the note form, and how it becomes commands. Pure: the same text always gives the same commands.

use domain::{
    BlindNoteId, CaseId, Command, ContactMode, Date, DateTime, GoalTouched, Narrative, NarrativeError, NewAttachment, NoteId, PlanVisit,
    Purpose, Reached, Rejection, Sensitivity, SignNote, TaskId, Term, VisitId,
};
use serde::{Deserialize, Serialize};
use words::DayOrder;

use crate::{
    typed::{parse_day, parse_minutes, parse_time, typed_date},
    ui::rejection_words,
};

/// The text of every field, as it is kept in a draft. Fields that a draft of another version lacks are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoteForm {
    /// The note's identity from the first letter on, so that signing twice makes one note.
    pub note_id: Option<NoteId>,
    pub next_visit_id: Option<VisitId>,
    pub written_at: Option<DateTime>,
    pub mode: String,
    pub reached: String,
    pub purpose: String,
    pub date: String,
    pub time: String,
    pub duration: String,
    pub narrative: String,
    pub goals: Vec<GoalTouched>,
    pub tasks_done: Vec<TaskId>,
    /// The planned visit that this note tells of; empty for none.
    pub visit: String,
    pub next_date: String,
    pub next_time: String,
    /// In its dates the day comes before the month.
    pub day_first: bool,
    /// Photos and documents, whose contents this device keeps already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<NewAttachment>,
    /// The words written while locked that this note files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blind_note: Option<BlindNoteId>,
}

/// A field of the form; its code is the id of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteField {
    Mode,
    Reached,
    Date,
    Time,
    Duration,
    Purpose,
    Narrative,
    Attachments,
    NextDate,
    NextTime,
}

impl NoteField {
    pub fn id(self) -> &'static str {
        match self {
            Self::Mode => "mode",
            Self::Reached => "reached",
            Self::Date => "date",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::Purpose => "purpose",
            Self::Narrative => "narrative",
            Self::Attachments => "attachments",
            Self::NextDate => "next-date",
            Self::NextTime => "next-time",
        }
    }
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    Missing,
    NotReadable,
    InTheFuture,
    InThePast,
    Rule(Rejection),
}

impl Flaw {
    /// What to do about it, in the words of the field's label.
    pub fn words(self, field: NoteField) -> &'static str {
        match (self, field) {
            (Self::Rule(rejection), _) => rejection_words(rejection),
            (_, NoteField::Mode) => words::note::choose_how(),
            (_, NoteField::Reached) => words::note::choose_who_was_reached(),
            (_, NoteField::Purpose) => words::note::choose_the_purpose(),
            (_, NoteField::Attachments) => words::note::remove_a_photo_or_document(),
            (_, NoteField::Narrative) => words::note::enter_what_happened(),
            (Self::InTheFuture, _) => words::note::date_and_time(),
            (Self::InThePast, _) => words::note::the_next_visit(),
            (Self::Missing, NoteField::Date) => words::note::enter_the_date(),
            (Self::Missing, NoteField::Time) => words::note::enter_the_time(),
            (Self::Missing, NoteField::Duration) => words::note::enter_the_duration_in_minutes(),
            (Self::Missing, NoteField::NextDate) => words::note::enter_the_date_of_the_next(),
            (Self::Missing, NoteField::NextTime) => words::note::enter_the_time_of_the_next(),
            (_, NoteField::Date | NoteField::NextDate) => words::note::date_must_be_a_day(),
            (_, NoteField::Time | NoteField::NextTime) => words::note::time_must_be_a_time(),
            (_, NoteField::Duration) => words::note::duration_must_be_a_number(),
        }
    }
}

/// Fields with what is wrong, in the order of the form.
pub type Flaws = Vec<(NoteField, Flaw)>;

impl NoteForm {
    /// The commands of this form: the note, and the next visit where one is planned.
    ///
    /// # Errors
    /// Every field that must be mended.
    pub fn commands(&self, case_id: CaseId, now: DateTime) -> Result<Vec<Command>, Flaws> {
        let mut flaws = Flaws::new();
        let mode = self.chosen::<ContactMode>(&self.mode, NoteField::Mode, &mut flaws);
        let reached = self.chosen::<Reached>(&self.reached, NoteField::Reached, &mut flaws);
        let occurred_at = self.occurred_at(now, &mut flaws);
        let duration_min = self.duration_min(&mut flaws);
        let purpose = self.chosen::<Purpose>(&self.purpose, NoteField::Purpose, &mut flaws);
        match Narrative::parse(&self.narrative) {
            Ok(_) => {}
            Err(NarrativeError::Empty) => flaws.push((NoteField::Narrative, Flaw::Missing)),
            Err(error) => flaws.push((NoteField::Narrative, Flaw::Rule(Rejection::Narrative(error)))),
        }
        let next = self.next_visit(case_id, now, &mut flaws);
        let (Some(note_id), Some(mode), Some(reached), Some(occurred_at), Some(duration_min), Some(purpose), true) =
            (self.note_id, mode, reached, occurred_at, duration_min, purpose, flaws.is_empty())
        else {
            return Err(flaws);
        };
        let sign = SignNote {
            note_id,
            case_id,
            occurred_at,
            duration_min,
            mode,
            reached,
            purpose,
            narrative: self.narrative.clone(),
            goals: self.goals.clone(),
            tasks_done: self.tasks_done.clone(),
            visit_id: self.visit.parse().ok(),
            sensitivity: Sensitivity::Ordinary,
            attachments: self.attachments.clone(),
            blind_note_id: self.blind_note,
        };
        Ok([Command::SignNote(sign)].into_iter().chain(next.map(Command::PlanVisit)).collect())
    }

    fn day_order(&self) -> DayOrder {
        if self.day_first { DayOrder::DayFirst } else { DayOrder::MonthFirst }
    }

    /// The same form with its dates in the order of the language that is spoken now: it may have been begun in another.
    pub fn in_spoken_order(mut self, today: Date) -> Self {
        let (before, now) = (self.day_order(), words::current().day_order());
        if before != now {
            for typed in [&mut self.date, &mut self.next_date] {
                if let Some(day) = parse_day(typed, today, before) {
                    *typed = typed_date(day, now);
                }
            }
            self.day_first = now == DayOrder::DayFirst;
        }
        self
    }

    fn chosen<T: Term>(&self, code: &str, field: NoteField, flaws: &mut Flaws) -> Option<T> {
        let term = T::from_code(code);
        if term.is_none() {
            flaws.push((field, Flaw::Missing));
        }
        term
    }

    fn occurred_at(&self, now: DateTime, flaws: &mut Flaws) -> Option<DateTime> {
        let day = read(parse_day(&self.date, now.date(), self.day_order()), &self.date, NoteField::Date, flaws);
        let time = read(parse_time(&self.time), &self.time, NoteField::Time, flaws);
        let (hour, minute) = time?;
        let moment = DateTime::from_local(day?, hour, minute, now.offset_min())?;
        // A clock that is a few minutes off is no reason to argue.
        if moment > now.plus_minutes(15) {
            flaws.push((NoteField::Date, Flaw::InTheFuture));
            return None;
        }
        Some(moment)
    }

    fn duration_min(&self, flaws: &mut Flaws) -> Option<u16> {
        let minutes = read(parse_minutes(&self.duration), &self.duration, NoteField::Duration, flaws)?;
        if minutes > 24 * 60 {
            flaws.push((NoteField::Duration, Flaw::Rule(Rejection::DurationTooLong)));
            return None;
        }
        Some(minutes)
    }

    fn next_visit(&self, case_id: CaseId, now: DateTime, flaws: &mut Flaws) -> Option<PlanVisit> {
        if self.next_date.trim().is_empty() && self.next_time.trim().is_empty() {
            return None;
        }
        let day = read(parse_day(&self.next_date, now.date(), self.day_order()), &self.next_date, NoteField::NextDate, flaws);
        let time = read(parse_time(&self.next_time), &self.next_time, NoteField::NextTime, flaws);
        let (hour, minute) = time?;
        let planned_at = DateTime::from_local(day?, hour, minute, now.offset_min())?;
        if planned_at < now {
            flaws.push((NoteField::NextDate, Flaw::InThePast));
            return None;
        }
        Some(PlanVisit { visit_id: self.next_visit_id?, case_id, planned_at, mode: ContactMode::HomeVisit })
    }
}

fn read<T>(value: Option<T>, typed: &str, field: NoteField, flaws: &mut Flaws) -> Option<T> {
    if value.is_none() {
        flaws.push((field, if typed.trim().is_empty() { Flaw::Missing } else { Flaw::NotReadable }));
    }
    value
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
