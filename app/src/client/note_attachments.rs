//! The photos and documents of a signed note: what each is, where it is, and a look at it.

use domain::Attachment;
use leptos::prelude::*;

use crate::{
    desk::DeskState,
    ui::{LookAtContent, content_kind, content_place},
};

/// The list below a note's words.
pub fn note_attachments(attachments: Vec<Attachment>, state: DeskState) -> Option<AnyView> {
    (!attachments.is_empty()).then(|| {
        let lines = attachments.into_iter().map(|attachment| line(attachment, state)).collect_view();
        view! { <ul class="note__attachments" aria-label=words::attachments::photos_and_documents()>{lines}</ul> }.into_any()
    })
}

fn line(attachment: Attachment, state: DeskState) -> AnyView {
    let place = content_place(&attachment, state);
    let Attachment { id, title, media_type, size_bytes, .. } = attachment;
    let name = if title.trim().is_empty() { words::attachments::untitled().to_owned() } else { title };
    view! {
        <li class="note__attachment">
            <span class="note__attachment-title">{name.clone()}</span>
            <span class="quiet">{content_kind(&media_type, size_bytes)}</span>
            {place}
            <LookAtContent attachment_id=id title=name />
        </li>
    }
    .into_any()
}
