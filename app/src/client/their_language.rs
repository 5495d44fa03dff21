//! The language of the client, beside the worker's own: what is read aloud or printed for them stands in it.

use domain::CaseId;
use leptos::{prelude::*, task::spawn_local};
use words::{Catalogue, Language};

use super::client_of;
use crate::{
    desk::use_desk,
    ui::{Select, language_name},
};

/// The words in which a client is spoken to; none until they have come.
#[derive(Clone, Copy)]
pub struct TheirLanguage {
    pub words: RwSignal<Option<&'static Catalogue>>,
    chosen: RwSignal<String>,
    /// What the client speaks, where Doorstep does not.
    not_spoken: StoredValue<Option<String>>,
}

impl TheirLanguage {
    /// Begins with the client's own language, where Doorstep speaks it.
    pub fn of(case_id: CaseId) -> Self {
        let desk = StoredValue::new(use_desk());
        let wanted = untrack(|| client_of(case_id)).map(|(person, _)| person.language).unwrap_or_default();
        let known = Language::of_tag(&wanted);
        let chosen = RwSignal::new(known.unwrap_or_default().tag().to_owned());
        let words = RwSignal::new(None::<&'static Catalogue>);
        Effect::new(move |_| {
            let Some(language) = Language::of_tag(&chosen.get()) else { return };
            let reply = desk.with_value(|desk| desk.words_of(language));
            spawn_local(async move {
                words.try_set(reply.await);
            });
        });
        Self { words, chosen, not_spoken: StoredValue::new(known.is_none().then_some(wanted)) }
    }

    /// The field to choose it, and what is said where Doorstep does not speak the client's own.
    pub fn chooser(self, id: &str) -> AnyView {
        let not_spoken = self.not_spoken.get_value().map(|tag| {
            let words = words::aloud::not_spoken_yet(&language_name(&tag));
            view! { <p class="banner banner--warning">{words}</p> }.into_any()
        });
        let options = Language::ALL.iter().map(|language| (language.tag(), language.own_name())).collect();
        let chosen = self.chosen;
        view! {
            {not_spoken}
            <Select
                id=id.to_owned()
                label=words::aloud::language_of_the_client()
                options=options
                value=chosen
                on_choice=Callback::new(move |code| chosen.set(code))
            />
        }
        .into_any()
    }
}
