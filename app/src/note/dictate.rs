//! Dictating instead of typing, where the browser can write down what it hears; with plain words where others would hear it too.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    desk::{Dictation, use_desk},
    ui::{Banner, BannerTone},
};

/// The button below the narrative; nothing where the browser has no such thing.
#[component]
pub fn Dictate(
    /// Where the words go.
    text: RwSignal<String>,
) -> impl IntoView {
    let desk = StoredValue::new(use_desk());
    let dictating = desk.with_value(|desk| desk.state()).dictating;
    let kind = RwSignal::new(Dictation::NotThere);
    let is_asking = RwSignal::new(false);
    Effect::new(move |_| {
        let reply = desk.with_value(|desk| desk.dictation());
        spawn_local(async move {
            kind.try_set(reply.await);
        });
    });
    on_cleanup(move || desk.with_value(|desk| desk.stop_dictating()));
    let start = move || {
        is_asking.set(false);
        desk.with_value(|desk| desk.dictate(kind.get_untracked(), text));
    };
    let press = move |_| match kind.get_untracked() {
        _ if dictating.get_untracked() => desk.with_value(|desk| desk.stop_dictating()),
        Dictation::StaysHere => start(),
        Dictation::GoesToItsMaker | Dictation::NotThere => is_asking.set(true),
    };
    let question = move || {
        view! {
            <Banner tone=BannerTone::Warning heading=words::note::others_would_hear_this()>
                <p>{words::note::your_browser_sends_your_voice()}</p>
                <p class="dictate__ways">
                    <button class="button" type="button" on:click=move |_| start()>{words::note::dictate_all_the_same()}</button>
                    <button class="button" type="button" on:click=move |_| is_asking.set(false)>{words::note::type_instead()}</button>
                </p>
            </Banner>
        }
        .into_any()
    };
    let whole = move || {
        (kind.get() != Dictation::NotThere).then(|| {
            view! {
                <div class="dictate">
                    <button class="button button--small" type="button" on:click=press>
                        {move || if dictating.get() { words::note::stop_dictating() } else { words::note::dictate() }}
                    </button>
                    <div role="status">
                        {move || dictating.get().then(words::note::listening)}
                        {move || is_asking.get().then(question)}
                    </div>
                </div>
            }
            .into_any()
        })
    };
    view! { {whole} }.into_any()
}
