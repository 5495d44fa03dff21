//! What is read aloud to a client, in the worker's language and in the client's side by side: who reads and who listens see the same lines.

use domain::CaseId;
use leptos::prelude::*;
use words::Catalogue;

use super::{back_to_client, their_language::TheirLanguage, when_here};

/// The lines, each as a function: in whichever language it is asked for.
const LINES: [fn() -> &'static str; 7] = [
    words::aloud::we_write_down_what_we_talk_about,
    words::aloud::who_can_read_it,
    words::aloud::on_this_phone_it_is_locked,
    words::aloud::you_can_ask_to_see_it,
    words::aloud::you_need_not_answer,
    words::aloud::if_somebody_is_in_danger,
    words::aloud::do_you_have_questions,
];

/// The page that is read aloud.
#[component]
pub fn ReadAloudPage(
    /// The client's case.
    case_id: CaseId,
) -> impl IntoView {
    when_here(case_id, move || view! { <ReadAloud case_id=case_id /> }.into_any())
}

#[component]
fn ReadAloud(case_id: CaseId) -> impl IntoView {
    let language = TheirLanguage::of(case_id);
    view! {
        <section class="page read-aloud">
            {back_to_client(case_id)}
            <h1>{words::aloud::read_to_the_client()}</h1>
            {language.chooser("read-in")}
            {move || lines_view(language.words.get())}
        </section>
    }
    .into_any()
}

fn lines_view(other: Option<&'static Catalogue>) -> AnyView {
    let mine = words::current();
    // Both columns say the same where both speak the same.
    let other = other.filter(|other| other.language() != mine);
    let line = |text: fn() -> &'static str| {
        let theirs = other.map(|catalogue| {
            let language = catalogue.language();
            let words = words::with(catalogue, text);
            view! { <p class="read-aloud__line" lang=language.tag() dir=language.direction().code()>{words}</p> }.into_any()
        });
        view! {
            <li class="read-aloud__pair">
                <p class="read-aloud__line">{text()}</p>
                {theirs}
            </li>
        }
        .into_any()
    };
    view! { <ol class="read-aloud__lines">{LINES.map(line).collect_view()}</ol> }.into_any()
}
