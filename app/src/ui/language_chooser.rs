//! The way to another language.

use leptos::{ev, prelude::*, task::spawn_local};
use words::Language;

use super::desk_error_words;
use crate::{desk::use_desk, paths};

/// The languages that Doorstep speaks, each by its own name. Before the page is alive they are links to the page to sign in.
#[component]
pub fn LanguageChooser() -> impl IntoView {
    let desk = StoredValue::new(use_desk());
    let problem = RwSignal::new(None::<&'static str>);
    let spoken = words::current();
    let line = move |language: Language| {
        let choose = move |event: ev::MouseEvent| {
            event.prevent_default();
            let reply = desk.with_value(|desk| desk.speak(language));
            spawn_local(async move {
                if let Err(error) = reply.await {
                    problem.try_set(Some(desk_error_words(error)));
                }
            });
        };
        let tag = language.tag();
        view! {
            <li>
                <a
                    class="languages__one"
                    href=paths::sign_in_in(tag)
                    rel="external"
                    lang=tag
                    hreflang=tag
                    aria-current=(language == spoken).then_some("true")
                    on:click=choose
                >
                    {language.own_name()}
                </a>
            </li>
        }
        .into_any()
    };
    view! {
        <nav class="languages" aria-label=words::common::language()>
            <ul class="languages__list">{Vec::from(Language::ALL.map(line))}</ul>
            {move || problem.get().map(|words| view! { <p class="field__error" role="alert">{words}</p> })}
        </nav>
    }
    .into_any()
}
