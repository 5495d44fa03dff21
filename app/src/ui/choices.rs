//! Lists to choose from: one of several (radios), or several (checkboxes).

use leptos::prelude::*;

use super::field::error_line;

/// How a list of radios is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceLayout {
    /// One below the other.
    Lines,
    /// As short buttons that flow.
    Chips,
}

/// One choice out of several.
#[component]
pub fn Radios(
    /// Name of the group; the first radio carries it as its id too, so that a message can lead to it.
    name: &'static str,
    /// The question.
    legend: &'static str,
    /// Codes and words.
    options: Vec<(&'static str, &'static str)>,
    /// Lines or chips.
    #[prop(default = ChoiceLayout::Lines)]
    layout: ChoiceLayout,
    /// The code that is chosen.
    value: RwSignal<String>,
    /// What to mend.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let class = match layout {
        ChoiceLayout::Lines => "choices",
        ChoiceLayout::Chips => "choices choices--chips",
    };
    let radios = options.into_iter().enumerate().map(|(index, (code, words))| radio(name, index, code, words, value));
    view! {
        <fieldset class=move || if error.with(Option::is_some) { "field field--error" } else { "field" }>
            <legend class="field__label">{legend}</legend>
            {error_line(name.into(), error)}
            <div class=class>{radios.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

fn radio(name: &'static str, index: usize, code: &'static str, words: &'static str, value: RwSignal<String>) -> AnyView {
    let id = match index {
        0 => name.to_owned(),
        _ => [name, "-", code].concat(),
    };
    let chosen = move || value.with(|value| value == code);
    view! {
        <label class="choice">
            <input
                class="choice__control"
                type="radio"
                id=id
                name=name
                value=code
                checked=chosen
                prop:checked=chosen
                on:change=move |_| value.set(code.to_owned())
            />
            <span class="choice__words">{words}</span>
        </label>
    }
    .into_any()
}

/// Something that is so or not so.
#[component]
pub fn Checkbox(
    /// Id of the box.
    id: String,
    /// The words beside it.
    #[prop(into)]
    label: String,
    /// More, below the words.
    #[prop(optional, into)]
    remark: Option<String>,
    /// Whether it is ticked.
    #[prop(into)]
    checked: Signal<bool>,
    /// Takes the new state.
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                class="choice__control"
                type="checkbox"
                id=id
                checked=move || checked.get()
                prop:checked=move || checked.get()
                on:change:target=move |event| on_change.run(event.target().checked())
            />
            <span class="choice__words">
                {label}
                {remark.map(|remark| view! { <span class="choice__remark">{remark}</span> })}
            </span>
        </label>
    }
    .into_any()
}
