//! Photos and documents of a note that is being written: taken, named, looked at, taken off again.

use std::sync::Arc;

use domain::{Attachment, AttachmentId, NewAttachment};
use leptos::{ev, prelude::*, task::spawn_local};

use super::{fields::NoteFields, form::NoteField};
use crate::{
    desk::{Desk, Keeping, ShownContent, use_desk},
    paths,
    ui::{content_kind, content_problem_words, with_hidden},
};

/// What a phone offers to choose from.
const ACCEPT: &str = "image/*,application/pdf,.pdf";

/// The field for photos and documents. Where nothing can be kept sealed, a sentence in its place.
pub fn attachments_section(fields: NoteFields) -> AnyView {
    let desk = use_desk();
    let state = desk.state();
    let lines = move || fields.attachments.get();
    let refused = RwSignal::new(Vec::<String>::new());
    drop_what_is_gone(fields, refused);
    let place = desk.clone();
    let (before, after) = words::around(words::attachments::set_up_to_attach);
    let body = move || match state.keeping.get() {
        Keeping::Device => inputs(place.clone(), fields, refused),
        Keeping::Memory => view! {
            <p class="field__hint">
                {before.clone()}
                <a href=paths::SET_UP_DEVICE>{words::attachments::set_up_this_device()}</a>
                {after.clone()}
            </p>
        }
        .into_any(),
    };
    view! {
        <fieldset class="field form__group attach" id=NoteField::Attachments.id()>
            <legend class="field__label">{words::attachments::photos_and_documents()} <span class="field__optional">" " {words::common::optional()}</span></legend>
            <ul class="attach__list">
                <For each=lines key=|attachment| attachment.attachment_id children=move |attachment| line(attachment, fields) />
            </ul>
            <div role="status" class="attach__state">
                {move || (fields.attaching.get() > 0).then(|| view! { <p class="field__hint">{words::attachments::sealing_it_on_this_phone()}</p> })}
                {move || refused.get().into_iter().map(|words| view! { <p class="field__error">{words}</p> }.into_any()).collect_view()}
            </div>
            {body}
        </fieldset>
    }
    .into_any()
}

/// The two ways to add one: a phone's camera, or what is there already.
fn inputs(desk: Arc<dyn Desk>, fields: NoteFields, refused: RwSignal<Vec<String>>) -> AnyView {
    let taken = {
        let desk = desk.clone();
        move |event: ev::Event| take_files(&desk, &event, fields, refused)
    };
    let waiting = desk.state().shared;
    let shared = {
        let desk = desk.clone();
        let add = StoredValue::new(move || add_files(&desk, desk.take_shared(), fields, refused));
        move || {
            (waiting.get() > 0).then(|| {
                let words = words::attachments::add_what_was_shared(waiting.get());
                view! { <button class="button" type="button" on:click=move |_| add.with_value(|add| add())>{words}</button> }.into_any()
            })
        }
    };
    let chosen = move |event: ev::Event| take_files(&desk, &event, fields, refused);
    view! {
        <div class="attach__inputs">
            <input class="visually-hidden" type="file" id="take-photo" accept="image/*" capture="environment" on:change=taken />
            <label class="button" for="take-photo">{words::attachments::take_photo()}</label>
            <input class="visually-hidden" type="file" id="add-file" accept=ACCEPT multiple on:change=chosen />
            <label class="button" for="add-file">{words::attachments::add_photo_or_document()}</label>
            {shared}
        </div>
        <p class="field__hint">{words::attachments::where_and_when_a_photo()}</p>
    }
    .into_any()
}

fn take_files(desk: &Arc<dyn Desk>, event: &ev::Event, fields: NoteFields, refused: RwSignal<Vec<String>>) {
    let input = event_target::<web_sys::HtmlInputElement>(event);
    let Some(files) = input.files() else { return };
    add_files(desk, (0..files.length()).filter_map(|at| files.get(at)).collect(), fields, refused);
    // The same file can be chosen again.
    input.set_value("");
}

fn add_files(desk: &Arc<dyn Desk>, files: Vec<web_sys::File>, fields: NoteFields, refused: RwSignal<Vec<String>>) {
    refused.set(Vec::new());
    for file in files {
        let name = file.name();
        if fields.attachments.with_untracked(Vec::len) + fields.attaching.get_untracked() >= Attachment::MAX_PER_NOTE {
            let words = words::attachments::at_most_10(&name);
            refused.update(|refused| refused.push(words));
            continue;
        }
        fields.attaching.update(|attaching| *attaching += 1);
        let reply = desk.attach(file);
        spawn_local(async move {
            match reply.await {
                Ok(attachment) => drop(fields.attachments.try_update(|attachments| attachments.push(attachment))),
                Err(problem) => {
                    let words = words::attachments::not_taken(&name, content_problem_words(problem));
                    refused.try_update(|refused| refused.push(words));
                }
            }
            fields.attaching.try_update(|attaching| *attaching -= 1);
        });
    }
}

/// One that is attached: what it shows in small, its title, and the way to take it off.
fn line(attachment: NewAttachment, fields: NoteFields) -> AnyView {
    let desk = use_desk();
    let NewAttachment { attachment_id, title, media_type, size_bytes, .. } = attachment;
    let label_id = ["title-", &attachment_id.to_string()].concat();
    let rename = move |event: ev::Event| {
        let title = event_target_value(&event);
        fields.attachments.update(|all| {
            all.iter_mut().filter(|one| one.attachment_id == attachment_id).for_each(|one| one.title.clone_from(&title));
        });
    };
    let remove = {
        let desk = desk.clone();
        move |_| {
            fields.attachments.update(|all| all.retain(|one| one.attachment_id != attachment_id));
            spawn_local(async_drop(desk.remove_content(attachment_id)));
        }
    };
    let name = title.clone();
    view! {
        <li class="attach__one">
            {media_type.starts_with("image/").then(|| small_picture(desk, attachment_id))}
            <div class="attach__words">
                <label class="field__label" for=label_id.clone()>{words::attachments::title()}</label>
                <input class="input" id=label_id type="text" maxlength="200" autocomplete="off" value=title on:input=rename />
                <div class="attach__foot">
                    <p class="field__hint">{content_kind(&media_type, size_bytes)}</p>
                    <button class="button button--quiet button--small" type="button" on:click=remove>
                        {with_hidden(&words::common::with_name(words::attachments::remove(), &name))}
                    </button>
                </div>
            </div>
        </li>
    }
    .into_any()
}

/// What stays behind is removed at the next unlock.
async fn async_drop<T>(reply: impl Future<Output = T>) {
    drop(reply.await);
}

fn small_picture(desk: Arc<dyn Desk>, attachment_id: AttachmentId) -> AnyView {
    let shown = RwSignal::new(None::<ShownContent>);
    let closing = StoredValue::new(desk.clone());
    on_cleanup(move || {
        if let Some(Some(content)) = shown.try_update(Option::take) {
            closing.with_value(|desk| desk.close_content(content.url));
        }
    });
    Effect::new(move |_| {
        let reply = desk.show_content(attachment_id);
        let desk = desk.clone();
        spawn_local(async move {
            let Ok(content) = reply.await else { return };
            // Where it was taken off meanwhile, nobody looks at it any more.
            if let Some(Some(content)) = shown.try_set(Some(content)) {
                desk.close_content(content.url);
            }
        });
    });
    view! { {move || shown.get().map(|content| view! { <img class="attach__picture" src=content.url alt="" /> })} }.into_any()
}

/// A draft may name what is not on this device any more.
fn drop_what_is_gone(fields: NoteFields, refused: RwSignal<Vec<String>>) {
    let state = use_desk().state();
    Effect::new(move |_| {
        if state.keeping.get() == Keeping::Memory {
            return;
        }
        let kept: Vec<AttachmentId> = state.contents.with(|items| items.iter().map(|item| item.attachment_id).collect());
        let is_gone = |one: &NewAttachment| !kept.contains(&one.attachment_id);
        let gone: Vec<NewAttachment> = fields.attachments.with(|all| all.iter().filter(|one| is_gone(one)).cloned().collect());
        if gone.is_empty() {
            return;
        }
        fields.attachments.update(|all| all.retain(|one| !is_gone(one)));
        refused.set(gone.iter().map(|one| words::attachments::not_here_any_more(&one.title)).collect());
    });
}
