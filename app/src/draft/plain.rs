//! Drafts of forms that are nothing but fields of text.

use std::collections::BTreeMap;

use domain::{Caseload, DateTime};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Fields, TakenUp, read_draft};
use crate::desk::Draft;

/// What was typed, by the id of the field.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct PlainForm {
    written_at: Option<DateTime>,
    typed: BTreeMap<String, String>,
}

/// The live fields; all of them begin empty.
#[derive(Clone)]
pub struct PlainFields {
    form: &'static str,
    fields: Vec<(&'static str, RwSignal<String>)>,
}

impl PlainFields {
    /// Fields by their ids, of the form with this short name.
    pub fn new(form: &'static str, fields: impl Into<Vec<(&'static str, RwSignal<String>)>>) -> Self {
        Self { form, fields: fields.into() }
    }

    pub fn empty(&self) {
        self.fields.iter().for_each(|(_, value)| value.set(String::new()));
    }
}

impl Fields for PlainFields {
    fn form(&self) -> &'static str {
        self.form
    }

    fn draft(&self, written_at: Option<DateTime>) -> Draft {
        let typed = self.fields.iter().map(|(id, value)| ((*id).to_owned(), value.get())).collect();
        serde_json::to_string(&PlainForm { written_at, typed }).expect("a form is plain data")
    }

    fn take_up(&self, draft: &str, _: &Caseload) -> TakenUp {
        let Some(form) = read_draft::<PlainForm>(draft) else { return TakenUp::LeftAlone };
        if self.fields.iter().any(|(_, value)| value.with_untracked(|value| !value.is_empty())) {
            return TakenUp::LeftAlone;
        }
        for (id, value) in &self.fields {
            if let Some(typed) = form.typed.get(*id) {
                value.set(typed.clone());
            }
        }
        TakenUp::Restored { written_at: form.written_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_fills_empty_fields_and_never_goes_over_what_is_typed() {
        let owner = Owner::new_root(None);
        owner.with(|| {
            let (number, reason) = (RwSignal::new("HC-7".to_owned()), RwSignal::new("A leak".to_owned()));
            let fields = PlainFields::new("emergency", [("number", number), ("reason", reason)]);
            let draft = fields.draft(None);
            assert_eq!(fields.take_up(&draft, &Caseload::default()), TakenUp::LeftAlone);
            fields.empty();
            assert_eq!(fields.take_up(&draft, &Caseload::default()), TakenUp::Restored { written_at: None });
            assert_eq!((number.get_untracked(), reason.get_untracked()), ("HC-7".to_owned(), "A leak".to_owned()));
            assert_eq!(fields.take_up("no draft", &Caseload::default()), TakenUp::LeftAlone);
        });
        owner.cleanup();
    }
}
