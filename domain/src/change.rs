//! Changes to what is known of a client. Fields that mean something only together change together, and every change says what its author
//! saw, so that two people never overwrite each other without knowing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Address, Alert, Case, DateTime, Person, Phone, RecordRef, RelatedPerson, Risk, WorkerId, vocabulary::terms};

terms! {
    /// What changes together.
    UnitKind {
        Names = "names";
        Language = "language";
        Reach = "reach";
        Safety = "safety";
    }
}

impl UnitKind {
    /// Where a wrong merge could hurt somebody: with these a person decides, whatever else was changed meanwhile.
    pub fn is_safety_critical(self) -> bool {
        matches!(self, Self::Reach | Self::Safety)
    }

    /// The other safety-critical unit: whoever changes one must have seen both.
    pub fn beside(self) -> Option<Self> {
        match self {
            Self::Reach => Some(Self::Safety),
            Self::Safety => Some(Self::Reach),
            Self::Names | Self::Language => None,
        }
    }
}

/// How a client is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub given_name: String,
    pub family_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_name: Option<String>,
}

/// How one speaks with a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// BCP 47.
    pub language: String,
    pub interpreter_needed: bool,
}

/// How to reach a client without harm: a number without its rule, or an address without its mark, is dangerous.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reach {
    pub phones: Vec<Phone>,
    pub addresses: Vec<Address>,
}

/// What could go wrong soon, and what must be known before knocking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Safety {
    pub risk: Risk,
    pub alerts: Vec<Alert>,
}

/// A merge unit with its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    Names(Names),
    Language(Language),
    Reach(Reach),
    Safety(Safety),
}

impl Unit {
    pub fn kind(&self) -> UnitKind {
        match self {
            Self::Names(_) => UnitKind::Names,
            Self::Language(_) => UnitKind::Language,
            Self::Reach(_) => UnitKind::Reach,
            Self::Safety(_) => UnitKind::Safety,
        }
    }

    /// As it stands in a client's records.
    pub fn of(kind: UnitKind, person: &Person, case: &Case) -> Self {
        match kind {
            UnitKind::Names => Self::Names(Names {
                given_name: person.given_name.clone(),
                family_name: person.family_name.clone(),
                preferred_name: person.preferred_name.clone(),
            }),
            UnitKind::Language => {
                Self::Language(Language { language: person.language.clone(), interpreter_needed: person.interpreter_needed })
            }
            UnitKind::Reach => Self::Reach(Reach { phones: person.phones.clone(), addresses: person.addresses.clone() }),
            UnitKind::Safety => Self::Safety(Safety { risk: case.risk.clone(), alerts: case.alerts.clone() }),
        }
    }

    /// Puts the value into the record that it belongs to, with who wrote it.
    pub fn write_into(self, written: Written, person: &mut Person, case: &mut Case) {
        let writers = if self.is_of_case() { &mut case.written } else { &mut person.written };
        writers.insert(self.kind(), written);
        self.put_into(person, case);
    }

    /// Puts the value into the record that it belongs to.
    pub fn put_into(self, person: &mut Person, case: &mut Case) {
        match self {
            Self::Names(names) => {
                person.given_name = names.given_name;
                person.family_name = names.family_name;
                person.preferred_name = names.preferred_name;
            }
            Self::Language(language) => {
                person.language = language.language;
                person.interpreter_needed = language.interpreter_needed;
            }
            Self::Reach(reach) => {
                person.phones = reach.phones;
                person.addresses = reach.addresses;
            }
            Self::Safety(safety) => {
                case.risk = safety.risk;
                case.alerts = safety.alerts;
            }
        }
    }

    /// Whether the unit belongs to the case; otherwise it belongs to the person.
    pub fn is_of_case(&self) -> bool {
        matches!(self, Self::Safety(_))
    }
}

/// Who wrote a value, and when by their device's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub by: WorkerId,
    pub at: DateTime,
}

/// Who wrote what stands in a record, unit by unit; nothing of a unit that was never changed, or before this was written down.
pub type Writers = BTreeMap<UnitKind, Written>;

impl UnitKind {
    /// Who wrote the unit's value as it stands in a client's records.
    pub fn writer(self, person: &Person, case: &Case) -> Option<Written> {
        let writers = if self == Self::Safety { &case.written } else { &person.written };
        writers.get(&self).copied()
    }
}

/// A wish to change one unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitChange {
    /// What the author saw.
    pub from: Unit,
    pub to: Unit,
    /// The other safety-critical unit as the author saw it, where `from` is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Unit>,
}

/// People who came into a client's life or left it. A set: what others added meanwhile stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelatedChange {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<RelatedPerson>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<RelatedPerson>,
}

impl RelatedChange {
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty()
    }

    /// The set after the change.
    pub fn applied_to(&self, related: &[RelatedPerson]) -> Vec<RelatedPerson> {
        let kept = related.iter().filter(|one| !self.remove.contains(one)).cloned();
        let mut after: Vec<RelatedPerson> = kept.collect();
        for added in &self.add {
            if !after.contains(added) {
                after.push(added.clone());
            }
        }
        after
    }
}

/// A change that contradicts what somebody else had written meanwhile. It is kept until a person decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contradiction {
    pub record: RecordRef,
    /// What the author saw, what they want, and what stood there when it arrived.
    pub seen: Unit,
    pub wanted: Unit,
    pub found: Unit,
    /// Who wrote what stood there; absent where that was not written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found_by: Option<Written>,
}
