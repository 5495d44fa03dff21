//! A date: typed first, for that is quicker; a calendar beside it for those who think in weeks.

use domain::Date;
use leptos::prelude::*;

use super::{TextField, moments};
use crate::{desk::use_desk, typed::parse_partial_day};

/// A field for a day, or, where its reader allows it, for a month or a year. Below it stands what was understood.
#[component]
pub fn DateField(
    /// Id of the field in which one types.
    id: &'static str,
    /// The words above it.
    label: &'static str,
    /// An example in figures.
    #[prop(default = None, into)]
    hint: Option<&'static str>,
    /// Marked as one that may stay empty.
    #[prop(optional)]
    optional: bool,
    /// What is typed.
    value: RwSignal<String>,
    /// What to mend.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let chosen = move |day: String| {
        if let Ok(day) = Date::parse(&day) {
            value.set(moments::typed_date(day));
        }
    };
    let now = use_desk().state().now;
    let understood = move || {
        let today = now.get().date();
        value.with(|typed| parse_partial_day(typed, today, words::current().day_order())).map(moments::understood)
    };
    view! {
        <div class="date">
            <TextField id=id label=label hint=hint optional=optional value=value error=error />
            // Only its calendar is to be seen: what is chosen there is written into the field.
            <input
                class="date__calendar"
                type="date"
                aria-label=words::common::choose_from_a_calendar()
                on:change:target=move |event| chosen(event.target().value())
            />
            <p class="field__hint date__understood">{understood}</p>
        </div>
    }
    .into_any()
}
