//! What somebody should look at: notices of the office, the unseen first.

use leptos::prelude::*;
use sync::questions::{ListNotices, MarkNoticeSeen, Notice, NoticeKind};

use crate::{
    ask::{Asking, AskingStatus},
    desk::{DeskState, use_desk},
    paths,
    ui::{Tone, empty_state, moments, tag, with_hidden},
};

/// The page with the worker's notices.
#[component]
pub fn NoticesPage() -> impl IntoView {
    let state = use_desk().state();
    let asking = Asking::new();
    let notices = RwSignal::new(None::<Vec<Notice>>);
    let load = Callback::new(move |()| {
        asking.ask(ListNotices { seen_too: true }, move |answer| {
            state.unseen_notices.set(answer.notices.iter().filter(|notice| notice.seen_at.is_none()).count());
            notices.set(Some(answer.notices));
        });
    });
    Effect::new(move |_| load.run(()));
    view! {
        <section class="page page--narrow">
            <h1>{words::account::notices()}</h1>
            <AskingStatus asking=asking />
            {move || match notices.get() {
                None => empty_state(words::account::asking_the_office()),
                Some(notices) if notices.is_empty() => empty_state(words::account::there_is_nothing()),
                Some(notices) => {
                    let lines = notices.into_iter().map(|notice| notice_view(&notice, asking, state, load)).collect_view();
                    view! { <ul class="stack">{lines}</ul> }.into_any()
                }
            }}
        </section>
    }
    .into_any()
}

fn notice_view(notice: &Notice, asking: Asking, state: DeskState, changed: Callback<()>) -> AnyView {
    let notice_id = notice.notice_id;
    let (what, text, way) = words_of(notice.kind);
    let at = moments::moment(notice.created_at, state.now.get_untracked());
    let about = at.clone();
    let see = move |_| asking.ask(MarkNoticeSeen { notice_id }, move |_| changed.run(()));
    let is_new = notice.seen_at.is_none();
    view! {
        <li class="card">
            <h3>{what}</h3>
            {is_new.then(|| view! { <p>{tag(Tone::Due, words::account::new())}</p> })}
            <p>{text}</p>
            <p class="quiet">{at}</p>
            {way.map(|(href, name)| view! { <a class="button button--small" href=href>{name}</a> })}
            {is_new.then(|| view! {
                <button class="button button--small" type="button" on:click=see>
                    {with_hidden(&words::common::with_what(words::account::mark_as_seen(), &[what, &about].join(", ")))}
                </button>
            })}
        </li>
    }
    .into_any()
}

/// What happened, what it means, and where to go on.
type Words = (&'static str, &'static str, Option<(&'static str, &'static str)>);

fn words_of(kind: NoticeKind) -> Words {
    match kind {
        NoticeKind::BreakGlass => (
            words::account::a_case_was_opened(),
            words::account::a_colleague_opened_a_case(),
            Some((paths::EMERGENCY, words::account::see_what_was_opened())),
        ),
        NoticeKind::Unknown => (words::account::something_new(), words::account::this_version_of_doorstep(), None),
    }
}
