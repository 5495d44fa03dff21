//! What is typed on the form to amend a note, and the command that it becomes.

use domain::{AmendNote, Amending, AmendmentId, CaseId, Caseload, Command, DateTime, Narrative, NarrativeError, NoteId, Rejection};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    desk::{Desk, Draft},
    draft::{Fields, TakenUp, read_draft},
    ui::{FieldError, rejection_words},
};

pub const WHAT: &str = "what";
pub const TEXT: &str = "added";
pub const REASON: &str = "reason";

/// What the worker wants to do to the note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Add,
    Correct,
    /// It belongs elsewhere, or nowhere.
    Error,
}

impl What {
    const ALL: [(Self, &'static str); 3] = [(Self::Add, "add"), (Self::Correct, "correct"), (Self::Error, "error")];

    fn words(self) -> &'static str {
        match self {
            Self::Add => words::amend::add_something(),
            Self::Correct => words::amend::correct_something(),
            Self::Error => words::amend::mark_the_note_as_entered(),
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, its_code)| *its_code == code).map(|(what, _)| *what)
    }

    /// Codes and words of what may be chosen.
    pub fn options(may_hide: bool) -> Vec<(&'static str, &'static str)> {
        Self::ALL.iter().filter(|(what, _)| may_hide || *what != Self::Error).map(|(what, code)| (*code, what.words())).collect()
    }
}

/// The text of every field, as it is kept in a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AmendForm {
    /// The amendment's identity from the first letter on, so that signing twice makes one.
    pub amendment_id: Option<AmendmentId>,
    pub written_at: Option<DateTime>,
    pub what: String,
    pub text: String,
    pub reason: String,
}

impl Default for AmendForm {
    fn default() -> Self {
        Self { amendment_id: None, written_at: None, what: "add".to_owned(), text: String::new(), reason: String::new() }
    }
}

impl AmendForm {
    /// What must be mended, in the order of the form.
    pub fn flaws(&self) -> Vec<FieldError> {
        let Some(what) = What::of(&self.what) else { return vec![FieldError::new(WHAT, words::amend::choose_what_you_want())] };
        let mut flaws = Vec::new();
        if what != What::Error && self.text.trim().is_empty() {
            flaws.push(FieldError::new(
                TEXT,
                if what == What::Add { words::amend::enter_what_you_add() } else { words::amend::enter_what_is_right() },
            ));
        }
        if what != What::Add && self.reason.trim().is_empty() {
            flaws.push(FieldError::new(
                REASON,
                if what == What::Error { words::amend::enter_why_the_note() } else { words::amend::enter_why() },
            ));
        }
        if flaws.is_empty() && Narrative::parse(&self.words(what)) == Err(NarrativeError::TooLong) {
            flaws.push(FieldError::new(TEXT, rejection_words(Rejection::Narrative(NarrativeError::TooLong))));
        }
        flaws
    }

    /// The command of this form; none where something is to be mended.
    pub fn command(&self, case_id: CaseId, note_id: NoteId, seen: usize) -> Option<Command> {
        let what = What::of(&self.what)?;
        let kind = if what == What::Error { Amending::EnteredInError } else { Amending::Addendum };
        let (amendment_id, seen) = (self.amendment_id?, u32::try_from(seen).unwrap_or(u32::MAX));
        Some(Command::AmendNote(AmendNote { amendment_id, note_id, case_id, kind, text: self.words(what), seen }))
    }

    /// What is signed: a correction says why in a paragraph of its own.
    fn words(&self, what: What) -> String {
        match what {
            What::Add => self.text.clone(),
            What::Correct => [words::amend::correction_text(self.text.trim()), words::amend::reason_text(self.reason.trim())].join("\n\n"),
            What::Error => self.reason.clone(),
        }
    }
}

/// The live fields.
#[derive(Clone, Copy)]
pub struct AmendFields {
    id: RwSignal<Option<AmendmentId>>,
    pub what: RwSignal<String>,
    pub text: RwSignal<String>,
    pub reason: RwSignal<String>,
}

impl AmendFields {
    pub fn of(form: &AmendForm) -> Self {
        Self {
            id: RwSignal::new(form.amendment_id),
            what: RwSignal::new(form.what.clone()),
            text: RwSignal::new(form.text.clone()),
            reason: RwSignal::new(form.reason.clone()),
        }
    }

    pub fn read(self) -> AmendForm {
        AmendForm { amendment_id: self.id.get(), written_at: None, what: self.what.get(), text: self.text.get(), reason: self.reason.get() }
    }

    pub fn fill_with(self, form: AmendForm) {
        self.id.set(form.amendment_id);
        self.what.set(form.what);
        self.text.set(form.text);
        self.reason.set(form.reason);
    }

    /// Gives the amendment its identity, once.
    pub fn name(self, amendment_id: AmendmentId) {
        self.id.update(|id| {
            id.get_or_insert(amendment_id);
        });
    }
}

impl Fields for AmendFields {
    fn form(&self) -> &'static str {
        "amend"
    }

    fn name_records(&self, desk: &dyn Desk) {
        self.name(AmendmentId(desk.new_id()));
    }

    fn draft(&self, written_at: Option<DateTime>) -> Draft {
        serde_json::to_string(&AmendForm { written_at, ..self.read() }).expect("a form is plain data")
    }

    fn take_up(&self, draft: &str, caseload: &Caseload) -> TakenUp {
        let Some(form) = read_draft::<AmendForm>(draft) else { return TakenUp::LeftAlone };
        if form.amendment_id.is_some_and(|id| caseload.amendment(id).is_some()) {
            return TakenUp::IsDone;
        }
        let is_blank = untrack(|| self.text.with(String::is_empty) && self.reason.with(String::is_empty));
        if !is_blank {
            return TakenUp::LeftAlone;
        }
        let written_at = form.written_at;
        self.fill_with(form);
        TakenUp::Restored { written_at }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::samples;

    fn filled(what: &str) -> AmendForm {
        let (text, reason) = ("The visit was on Monday.".to_owned(), "I mixed up the days.".to_owned());
        AmendForm { amendment_id: Some(AmendmentId(Uuid::from_u128(1))), written_at: None, what: what.to_owned(), text, reason }
    }

    fn amend(form: &AmendForm) -> AmendNote {
        let command = form.command(samples::case_id(), NoteId(Uuid::from_u128(2)), 3);
        let Some(Command::AmendNote(amend)) = command else { panic!("an amendment: {command:?}") };
        amend
    }

    #[test]
    fn a_correction_says_why_and_an_addition_need_not() {
        assert_eq!(amend(&filled("correct")).text, "Correction: The visit was on Monday.\n\nReason: I mixed up the days.");
        assert_eq!(amend(&filled("add")).text, "The visit was on Monday.");
        assert_eq!(
            (amend(&filled("error")).kind, amend(&filled("error")).text.as_str()),
            (Amending::EnteredInError, "I mixed up the days.")
        );
        assert_eq!(amend(&filled("add")).seen, 3);
    }

    #[test]
    fn what_is_missing_is_asked_for() {
        let blank = |what: &str| AmendForm { what: what.to_owned(), ..AmendForm::default() }.flaws();
        assert_eq!(blank("add"), [FieldError::new(TEXT, "Enter what you add")]);
        assert_eq!(blank("correct").len(), 2);
        assert_eq!(blank("error"), [FieldError::new(REASON, "Enter why the note is wrong here")]);
        assert!(filled("correct").flaws().is_empty());
    }

    #[test]
    fn only_who_may_is_offered_to_mark_a_note_as_entered_in_error() {
        assert_eq!(What::options(true).len(), 3);
        assert!(What::options(false).iter().all(|(code, _)| *code != "error"));
    }
}
