//! A choice with its reason: the two fields with which a case is handed over, a matter is decided, or an emergency is judged.

use domain::{Caseload, DateTime, MAX_SHORT_CHARS, Rejection};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    desk::Draft,
    draft::{Fields, TakenUp, read_draft},
    ui::{FieldError, rejection_words},
};

pub const CHOICE: &str = "choice";
pub const REASON: &str = "reason";

/// The text of both fields, as it is kept in a draft.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct DecisionForm {
    written_at: Option<DateTime>,
    choice: String,
    reason: String,
}

/// The live fields.
#[derive(Clone, Copy)]
pub struct DecisionFields {
    form: &'static str,
    /// A code; empty while nothing was chosen.
    pub choice: RwSignal<String>,
    pub reason: RwSignal<String>,
}

impl DecisionFields {
    /// Empty fields of the form with this short name.
    pub fn new(form: &'static str) -> Self {
        Self { form, choice: RwSignal::new(String::new()), reason: RwSignal::new(String::new()) }
    }

    pub fn empty(self) {
        self.choice.set(String::new());
        self.reason.set(String::new());
    }

    /// What must be mended; `no_choice` and `no_reason` say what to do where something is missing.
    pub fn flaws(self, no_choice: &str, no_reason: &str) -> Vec<FieldError> {
        untrack(|| flaws(&self.choice.get(), &self.reason.get(), no_choice, no_reason))
    }
}

fn flaws(choice: &str, reason: &str, no_choice: &str, no_reason: &str) -> Vec<FieldError> {
    let mut flaws = Vec::new();
    if choice.is_empty() {
        flaws.push(FieldError::new(CHOICE, no_choice));
    }
    if reason.trim().is_empty() {
        flaws.push(FieldError::new(REASON, no_reason));
    } else if reason.trim().chars().count() > MAX_SHORT_CHARS {
        flaws.push(FieldError::new(REASON, rejection_words(Rejection::TextTooLong)));
    }
    flaws
}

impl Fields for DecisionFields {
    fn form(&self) -> &'static str {
        self.form
    }

    fn draft(&self, written_at: Option<DateTime>) -> Draft {
        let form = DecisionForm { written_at, choice: self.choice.get(), reason: self.reason.get() };
        serde_json::to_string(&form).expect("a form is plain data")
    }

    fn take_up(&self, draft: &str, _: &Caseload) -> TakenUp {
        let Some(form) = read_draft::<DecisionForm>(draft) else { return TakenUp::LeftAlone };
        if untrack(|| self.choice.with(|it| !it.is_empty()) || self.reason.with(|it| !it.is_empty())) {
            return TakenUp::LeftAlone;
        }
        self.choice.set(form.choice);
        self.reason.set(form.reason);
        TakenUp::Restored { written_at: form.written_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_a_choice_with_a_reason_that_is_not_too_long() {
        assert!(flaws("file", "It is hers.", "Choose", "Say why").is_empty());
        let missing = flaws("", " \n", "Choose", "Say why");
        assert_eq!(missing, [FieldError::new(CHOICE, "Choose"), FieldError::new(REASON, "Say why")]);
        assert_eq!(flaws("file", &"x".repeat(MAX_SHORT_CHARS + 1), "", "")[0].field_id, REASON);
    }
}
