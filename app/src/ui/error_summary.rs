//! All that must be mended before a form can go on, with a link to each field.

use std::borrow::Cow;

use leptos::{ev, html, prelude::*, web_sys};
use web_sys::wasm_bindgen::JsCast;

/// One thing to mend: which field, and the words, which stand beside the field too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field_id: Cow<'static, str>,
    pub text: String,
}

impl FieldError {
    pub fn new(field_id: impl Into<Cow<'static, str>>, text: &str) -> Self {
        Self { field_id: field_id.into(), text: text.to_owned() }
    }
}

/// The words for one field, if it has something to mend.
pub fn error_of(errors: Signal<Vec<FieldError>>, field_id: impl Into<Cow<'static, str>>) -> Signal<Option<String>> {
    let field_id = field_id.into();
    Signal::derive(move || errors.with(|errors| errors.iter().find(|error| error.field_id == field_id).map(|error| error.text.clone())))
}

/// The summary; it takes the focus whenever the list changes to something to mend.
#[component]
pub fn ErrorSummary(
    /// What to mend; nothing is shown while it is empty.
    #[prop(into)]
    errors: Signal<Vec<FieldError>>,
) -> impl IntoView {
    let summary = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if !errors.with(Vec::is_empty)
            && let Some(summary) = summary.get()
        {
            // Without focus the worker would not learn why nothing happened.
            let _ = summary.focus();
        }
    });
    move || {
        let errors = errors.get();
        (!errors.is_empty()).then(|| {
            view! {
                <div class="error-summary" tabindex="-1" node_ref=summary>
                    <div role="alert">
                        <h2 class="error-summary__title">{words::common::there_is_a_problem()}</h2>
                        <ul>{errors.into_iter().map(error_link).collect_view()}</ul>
                    </div>
                </div>
            }
            .into_any()
        })
    }
}

fn error_link(error: FieldError) -> AnyView {
    let mut href = String::from("#");
    href.push_str(&error.field_id);
    let go = move |event: ev::MouseEvent| {
        if focus_field(&error.field_id) {
            event.prevent_default();
        }
    };
    view! { <li><a href=href on:click=go>{error.text}</a></li> }.into_any()
}

/// Moves the focus to a field and brings its label into view.
pub fn focus_field(id: &str) -> bool {
    let Some(field) = document().get_element_by_id(id) else { return false };
    let label = field.closest(".field").ok().flatten();
    label.as_ref().unwrap_or(&field).scroll_into_view();
    field.dyn_into::<web_sys::HtmlElement>().is_ok_and(|field| field.focus().is_ok())
}
