//! Photos and documents that are on this device and not at the server: where each is, and what a person can decide where one is not taken.

use domain::Caseload;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    desk::{ContentItem, ContentPlace, use_desk},
    paths,
    ui::{LookAtContent, Progress, content_class, content_reason_words, content_words, with_hidden},
};

/// One, with what it is called and whose it is.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    item: ContentItem,
    title: String,
    client: Option<(domain::CaseId, String)>,
}

/// The list; nothing where there is none.
#[component]
pub fn ContentList() -> impl IntoView {
    let state = use_desk().state();
    let lines = Memo::new(move |_| {
        let items = state.contents.get().into_iter().filter(|item| item.signed && item.place != ContentPlace::Received);
        state.caseload.with(|caseload| items.map(|item| line(item, caseload)).collect::<Vec<Line>>())
    });
    let list = move || lines.get().into_iter().map(line_view).collect_view();
    move || {
        (!lines.with(Vec::is_empty)).then(|| {
            view! {
                <section aria-labelledby="contents-title">
                    <h2 id="contents-title">{words::attachments::photos_and_documents_not_sent()}</h2>
                    <ul class="stack">{list}</ul>
                </section>
            }
            .into_any()
        })
    }
}

fn line(item: ContentItem, caseload: &Caseload) -> Line {
    let attachment = caseload.attachment(item.attachment_id);
    let title = attachment.map(|attachment| attachment.title.clone()).filter(|title| !title.trim().is_empty());
    let client = attachment.and_then(|attachment| Some((attachment.case_id, caseload.client(attachment.case_id)?.person.name())));
    Line { item, title: title.unwrap_or_else(|| words::attachments::photo_or_document().to_owned()), client }
}

fn line_view(Line { item, title, client }: Line) -> AnyView {
    let whom = match client {
        Some((case_id, name)) => view! { <a href=paths::client(case_id)>{name}</a> }.into_any(),
        None => view! { <span>{words::attachments::a_client()}</span> }.into_any(),
    };
    let needs_person = matches!(item.place, ContentPlace::NeedsPerson(_));
    let class = if needs_person { "card outbox outbox--attention" } else { "card outbox" };
    let decision = match &item.place {
        ContentPlace::NeedsPerson(code) => Some(decision(&item, code, &title)),
        _ => None,
    };
    view! {
        <li class=class>
            <p class="outbox__what">{title.clone()} " · " {whom}</p>
            {place_view(&item.place)}
            {decision}
            <LookAtContent attachment_id=item.attachment_id title=title />
        </li>
    }
    .into_any()
}

fn place_view(place: &ContentPlace) -> AnyView {
    match *place {
        ContentPlace::Sending { sent, of } => view! {
            <Progress
                words=Signal::stored(content_words(place))
                done=Signal::stored(f64::from(sent))
                of=Signal::stored(Some(f64::from(of)))
            />
        }
        .into_any(),
        _ => view! { <p class="outbox__state"><span class=content_class(place)>{content_words(place)}</span></p> }.into_any(),
    }
}

/// Why it is not taken, and the two ways on. The second asks once more.
fn decision(item: &ContentItem, code: &str, title: &str) -> AnyView {
    let attachment_id = item.attachment_id;
    let desk = StoredValue::new(use_desk());
    let (reason, remedy) = content_reason_words(code);
    let asked = RwSignal::new(false);
    let failed = RwSignal::new(false);
    let again = move |_| {
        let reply = desk.with_value(|desk| desk.send_again(attachment_id));
        spawn_local(async move {
            failed.try_set(reply.await.is_err());
        });
    };
    let remove = move |_| {
        if !asked.get_untracked() {
            return asked.set(true);
        }
        let reply = desk.with_value(|desk| desk.remove_content(attachment_id));
        spawn_local(async move {
            failed.try_set(reply.await.is_err());
        });
    };
    let name = StoredValue::new(title.to_owned());
    view! {
        <p class="outbox__reason"><strong>{reason}</strong> " " {remedy} " " {words::attachments::the_note_is_not_touched()}</p>
        {move || asked.get().then(|| view! {
            <p role="alert" class="field__error">
                {words::attachments::this_phone()}
            </p>
        })}
        {move || failed.get().then(|| view! { <p role="alert" class="field__error">{words::attachments::this_phone_could()}</p> })}
        <p class="outbox__actions">
            <button class="button button--small" type="button" on:click=again>
                {with_hidden(&words::common::with_name(words::attachments::try_again(), &name.get_value()))}
            </button>
            <button class="button button--quiet button--small" type="button" on:click=remove>
                {move || {
                    let action = if asked.get() { words::attachments::remove_the_only_copy() } else { words::attachments::remove() };
                    with_hidden(&words::common::with_name(action, &name.get_value()))
                }}
            </button>
        </p>
    }
    .into_any()
}
