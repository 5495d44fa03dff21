//! Fields: a label, a hint, what to mend, and the place to type, tied together for those who listen.

use std::borrow::Cow;

use leptos::{html, prelude::*};

/// What a text field is for; decides the keyboard and what the browser offers to fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    Plain,
    Search,
    Number,
    Phone,
    Email,
    Password,
    NewPassword,
}

impl TextKind {
    fn input_type(self) -> &'static str {
        match self {
            Self::Plain | Self::Number => "text",
            Self::Search => "search",
            Self::Phone => "tel",
            Self::Email => "email",
            Self::Password | Self::NewPassword => "password",
        }
    }

    fn input_mode(self) -> Option<&'static str> {
        match self {
            Self::Number => Some("numeric"),
            Self::Email => Some("email"),
            Self::Plain | Self::Search | Self::Phone | Self::Password | Self::NewPassword => None,
        }
    }

    fn autocomplete(self) -> &'static str {
        match self {
            // It is a client's, and never the one of whoever types.
            Self::Plain | Self::Search | Self::Number | Self::Phone => "off",
            Self::Email => "username",
            Self::Password => "current-password",
            Self::NewPassword => "new-password",
        }
    }

    /// What is typed may be in another language than the page's; addresses of the network and numbers run from left to right in all.
    fn direction(self) -> &'static str {
        match self {
            Self::Plain | Self::Search => "auto",
            Self::Number | Self::Phone | Self::Email | Self::Password | Self::NewPassword => "ltr",
        }
    }

    fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::NewPassword)
    }
}

/// A field of one line.
#[component]
pub fn TextField(
    /// Id of the input; also its name in a plain form.
    #[prop(into)]
    id: Cow<'static, str>,
    /// The words above it, reused in messages.
    label: &'static str,
    /// What it is for.
    #[prop(default = TextKind::Plain)]
    kind: TextKind,
    /// What helps to fill it in.
    #[prop(default = None, into)]
    hint: Option<&'static str>,
    /// Marked as one that may stay empty.
    #[prop(optional)]
    optional: bool,
    /// Short, for a time or a number.
    #[prop(optional)]
    short: bool,
    /// What is typed.
    value: RwSignal<String>,
    /// What to mend.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let shown = RwSignal::new(false);
    Effect::new(move |first: Option<()>| {
        let wanted = value.get();
        let Some(input) = input.get() else { return };
        let typed = input.value();
        if typed != wanted {
            // What was typed before the app came alive counts; afterwards the signal does.
            match first {
                None if !typed.is_empty() => value.set(typed),
                _ => input.set_value(&wanted),
            }
        }
    });
    let input_type = move || if shown.get() { "text" } else { kind.input_type() };
    let control = view! {
        <input
            class=if short { "input input--short" } else { "input" }
            id=id.clone()
            name=id.clone()
            type=input_type
            inputmode=kind.input_mode()
            autocomplete=kind.autocomplete()
            autocapitalize=if kind == TextKind::Plain { "sentences" } else { "none" }
            spellcheck="false"
            dir=kind.direction()
            value=value.get_untracked()
            aria-describedby=described_by(id.clone(), hint.is_some(), error)
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            on:input:target=move |event| value.set(event.target().value())
            node_ref=input
        />
    };
    let control = match kind.is_secret() {
        false => control.into_any(),
        true => view! {
            <div class="secret">
                {control}
                <button
                    class="secret__toggle"
                    type="button"
                    aria-pressed=move || if shown.get() { "true" } else { "false" }
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {move || if shown.get() { words::common::hide() } else { words::common::show() }}
                </button>
            </div>
        }
        .into_any(),
    };
    frame(id, label, hint, optional, error, control)
}

/// A field of many lines, which grows with its text.
#[component]
pub fn TextArea(
    /// Id of the textarea.
    #[prop(into)]
    id: Cow<'static, str>,
    /// The words above it.
    label: &'static str,
    /// What helps to fill it in.
    #[prop(default = None, into)]
    hint: Option<&'static str>,
    /// For a few sentences.
    #[prop(optional)]
    short: bool,
    /// What is typed.
    value: RwSignal<String>,
    /// What to mend.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let area = NodeRef::<html::Textarea>::new();
    Effect::new(move |first: Option<()>| {
        let wanted = value.get();
        let Some(area) = area.get() else { return };
        let typed = area.value();
        if typed != wanted {
            match first {
                None if !typed.is_empty() => value.set(typed),
                _ => area.set_value(&wanted),
            }
        }
    });
    let control = view! {
        <textarea
            class=if short { "input input--area input--few" } else { "input input--area" }
            id=id.clone()
            name=id.clone()
            rows=if short { "3" } else { "9" }
            // Otherwise browsers write what is typed into the file from which they restore their tabs.
            autocomplete="off"
            autocapitalize="sentences"
            dir="auto"
            aria-describedby=described_by(id.clone(), hint.is_some(), error)
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            on:input:target=move |event| value.set(event.target().value())
            node_ref=area
        ></textarea>
    }
    .into_any();
    frame(id, label, hint, false, error, control)
}

/// A field with one choice out of a closed list.
#[component]
pub fn Select<T: Into<Cow<'static, str>>>(
    /// Id of the select.
    id: String,
    /// The words above it.
    #[prop(into)]
    label: String,
    /// Codes and words, in the order of the list.
    options: Vec<(T, T)>,
    /// The code that is chosen.
    #[prop(into)]
    value: Signal<String>,
    /// What to mend.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Takes a new choice.
    on_choice: Callback<String>,
) -> impl IntoView {
    let choices = options.into_iter().map(move |(code, words)| {
        let (code, words): (Cow<'static, str>, Cow<'static, str>) = (code.into(), words.into());
        let mine = code.clone();
        let chosen = move || value.with(|value| *value == mine);
        view! { <option value=code selected=chosen>{words}</option> }.into_any()
    });
    view! {
        <div class=move || if error.with(Option::is_some) { "field field--error" } else { "field" }>
            <label class="field__label" for=id.clone()>{label}</label>
            {error_line(id.clone().into(), error)}
            <select
                class="input input--select"
                id=id.clone()
                aria-describedby=described_by(id.into(), false, error)
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                autocomplete="off"
                prop:value=move || value.get()
                on:change:target=move |event| on_choice.run(event.target().value())
            >
                {choices.collect_view()}
            </select>
        </div>
    }
    .into_any()
}

fn frame(
    id: Cow<'static, str>,
    label: &'static str,
    hint: Option<&'static str>,
    optional: bool,
    error: Signal<Option<String>>,
    control: AnyView,
) -> AnyView {
    view! {
        <div class=move || if error.with(Option::is_some) { "field field--error" } else { "field" }>
            <label class="field__label" for=id.clone()>
                {label}
                {optional.then(|| view! { <span class="field__optional">" " {words::common::optional()}</span> })}
            </label>
            {hint.map(|hint| view! { <p class="field__hint" id=hint_id(&id)>{hint}</p> })}
            {error_line(id, error)}
            {control}
        </div>
    }
    .into_any()
}

/// The words beside a field that must be mended.
pub fn error_line(id: Cow<'static, str>, error: Signal<Option<String>>) -> AnyView {
    let line = move || error.get().map(|text| view! { <p class="field__error" id=error_id(&id)>{text}</p> });
    view! { {line} }.into_any()
}

fn described_by(id: Cow<'static, str>, has_hint: bool, error: Signal<Option<String>>) -> impl Fn() -> Option<String> + Send + Sync + Clone {
    move || {
        let mut ids = String::new();
        if has_hint {
            ids.push_str(&hint_id(&id));
        }
        if error.with(Option::is_some) {
            if has_hint {
                ids.push(' ');
            }
            ids.push_str(&error_id(&id));
        }
        (!ids.is_empty()).then_some(ids)
    }
}

pub(super) fn hint_id(id: &str) -> String {
    let mut text = String::from(id);
    text.push_str("-hint");
    text
}

pub(super) fn error_id(id: &str) -> String {
    let mut text = String::from(id);
    text.push_str("-error");
    text
}
