//! A short label that says something about the thing beside it. The words carry the meaning; the colour only helps.

use domain::RiskLevel;
use leptos::prelude::*;

use super::Spoken;

/// How loud a label is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    Quiet,
    Good,
    Due,
    Late,
}

impl Tone {
    pub fn class(self) -> &'static str {
        match self {
            Self::Quiet => "tag tag--quiet",
            Self::Good => "tag tag--good",
            Self::Due => "tag tag--due",
            Self::Late => "tag tag--late",
        }
    }

    pub fn of_risk(level: RiskLevel) -> Self {
        match level {
            RiskLevel::Low => Self::Quiet,
            RiskLevel::Medium => Self::Due,
            RiskLevel::High => Self::Late,
        }
    }

    /// For something that is due in so many days; negative is late.
    pub fn of_days_left(days: i32) -> Self {
        match days {
            ..0 => Self::Late,
            0..3 => Self::Due,
            _ => Self::Quiet,
        }
    }
}

/// A label.
pub fn tag(tone: Tone, text: impl Into<String>) -> AnyView {
    view! { <span class=tone.class()>{text.into()}</span> }.into_any()
}

/// The label of a risk level.
pub fn risk_tag(level: RiskLevel) -> AnyView {
    tag(Tone::of_risk(level), level.words())
}
