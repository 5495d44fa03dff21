//! A message above the page, and the words for when there is nothing to show.

use leptos::prelude::*;

/// How a message stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerTone {
    Calm,
    Good,
    Warning,
}

impl BannerTone {
    fn class(self) -> &'static str {
        match self {
            Self::Calm => "banner",
            Self::Good => "banner banner--good",
            Self::Warning => "banner banner--warning",
        }
    }
}

/// A message with a heading of its own.
#[component]
pub fn Banner(
    /// How it stands out.
    tone: BannerTone,
    /// What happened, in a few words.
    #[prop(into)]
    heading: String,
    /// More, and what to do.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=tone.class()>
            <p class="banner__heading">{heading}</p>
            {children()}
        </div>
    }
    .into_any()
}

/// What stands where a list would be empty.
pub fn empty_state(text: &'static str) -> AnyView {
    view! { <p class="empty">{text}</p> }.into_any()
}
