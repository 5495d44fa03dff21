//! A client: who they are and how to reach them without harm (FHIR Patient).

use serde::{Deserialize, Serialize};

use crate::{Date, PersonId, Writers, vocabulary::terms};

terms! {
    /// What is safe to do with one phone number.
    SafeContact {
        Anything = "anything";
        NoMessages = "no-messages";
        TextOnly = "text-only";
        DoNotUse = "do-not-use";
    }
}

/// A phone number with the rule for using it (FHIR ContactPoint).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Phone {
    pub number: String,
    pub safe_contact: SafeContact,
    /// More to the rule in words: "after 5 pm", "ask for Ana".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

/// Where somebody lives or can be met (FHIR Address).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Address {
    /// As one line, ready for an envelope or a map.
    pub text: String,
    /// Must not be told to others in the household or to callers.
    #[serde(default)]
    pub confidential: bool,
}

/// Somebody in the client's life (FHIR RelatedPerson).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelatedPerson {
    pub name: String,
    /// In words: "daughter", "neighbour", "legal guardian".
    pub relationship: String,
    /// Lives in the same household.
    pub household: bool,
}

/// A client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    /// The agency's own number for the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_number: Option<String>,
    pub given_name: String,
    pub family_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// BCP 47 tag of the language the client wants to speak.
    pub language: String,
    pub interpreter_needed: bool,
    #[serde(default)]
    pub phones: Vec<Phone>,
    #[serde(default)]
    pub addresses: Vec<Address>,
    #[serde(default)]
    pub related: Vec<RelatedPerson>,
    #[serde(default, skip_serializing_if = "Writers::is_empty")]
    pub written: Writers,
}

impl Person {
    /// Given and family name as on paper.
    pub fn legal_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name).trim().to_owned()
    }

    /// The name to say at the door: the preferred name where there is one.
    pub fn name(&self) -> String {
        let given = self.preferred_name.as_deref().unwrap_or(&self.given_name);
        format!("{given} {}", self.family_name).trim().to_owned()
    }

    /// The order of a register: family name, then the name that is used.
    pub fn sort_name(&self) -> String {
        crate::fold(&format!("{} {}", self.family_name, self.preferred_name.as_deref().unwrap_or(&self.given_name)))
    }
}
