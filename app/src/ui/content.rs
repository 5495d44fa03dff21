//! Photos and documents: where each is, why one needs a person, and a look at it, in the same words everywhere.

use domain::{Attachment, AttachmentId};
use leptos::{prelude::*, task::spawn_local};
use sync::{device::DAMAGED, wire::refusal};

use super::words;
use crate::desk::{ContentPlace, ContentProblem, DeskState, ShownContent, use_desk};

/// The words for where a content of this device is.
pub fn content_words(place: &ContentPlace) -> String {
    let parts = |sent: u32, of: u32| [&sent.to_string(), " of ", &of.to_string()].concat();
    match place {
        ContentPlace::Saved { sent: 0, .. } => "Saved on this phone".to_owned(),
        ContentPlace::Saved { sent, of } => ["Saved on this phone – ", &parts(*sent, *of), " sent"].concat(),
        ContentPlace::Sending { sent, of } => ["Sending ", &parts((*sent + 1).min(*of), *of)].concat(),
        ContentPlace::Received => "Received".to_owned(),
        ContentPlace::NeedsPerson(_) => "Needs you".to_owned(),
    }
}

/// Why a content is not taken, and what to do about it.
pub fn content_reason_words(code: &str) -> (&'static str, &'static str) {
    match code {
        refusal::TOO_LARGE => ("It is larger than 25 MB.", "Remove it here, and attach a smaller one with an addition to the note."),
        refusal::NOT_READABLE => {
            ("The server cannot read it as a photo or PDF.", "Look at it. If you can see it, try again; if not, remove it.")
        }
        refusal::HAS_METADATA => ("The photo still says where or when it was taken.", "Update Doorstep and try again."),
        refusal::NOT_AS_THE_NOTE_SAYS | refusal::ANNOUNCED_OTHERWISE => {
            ("The server knows something else under its number.", "Try again. If it stays here, tell your supervisor.")
        }
        refusal::HASH_DIFFERS | refusal::SIZE_DIFFERS | DAMAGED => (
            "It did not arrive as it was taken: part of it is damaged on this phone.",
            "Try again. If it stays here, remove it and take it anew.",
        ),
        _ => ("The server did not take it.", "Try again. If it stays here, tell your supervisor."),
    }
}

/// Why a photo or document was not attached, or is not shown, and what to do.
pub fn content_problem_words(problem: ContentProblem) -> &'static str {
    match problem {
        ContentProblem::NotReadable => "This is no photo or PDF that can be read here. Choose a JPEG, PNG or WebP picture or a PDF",
        ContentProblem::TooLarge => "This is larger than 25 MB. Choose a smaller one",
        ContentProblem::NoRoom => "This phone has no room left for it. The note can be signed without it; free some space and try again",
        ContentProblem::NoConnection => "It is not on this phone any more, and there is no connection. Try again when you are online",
        ContentProblem::NotThere => "It has not arrived on the server yet",
        ContentProblem::Damaged => "It is damaged: it is not what was attached to the note",
        ContentProblem::NotAvailable => "This phone could not do it now. Try again",
    }
}

/// What a content is, beside its title: "Photo, 240 KB".
pub fn content_kind(media_type: &str, size_bytes: u64) -> String {
    let kind = if media_type == "application/pdf" { "PDF" } else { "Photo" };
    [kind, ", ", &words::size(size_bytes)].concat()
}

/// Where a content is, as a line that follows it on its way. What other devices sent says only whether it is here.
pub fn content_place(attachment: &Attachment, state: DeskState) -> AnyView {
    let (attachment_id, is_received) = (attachment.id, attachment.received_at.is_some());
    let place = Memo::new(move |_| {
        let here = |items: &Vec<crate::desk::ContentItem>| {
            items.iter().find(|item| item.attachment_id == attachment_id).map(|item| item.place.clone())
        };
        state.contents.with(here)
    });
    let line = move || match place.get() {
        _ if is_received => ("whereabouts whereabouts--received", "Received".to_owned()),
        Some(place) => (class_of(&place), content_words(&place)),
        None => ("whereabouts", "On its way".to_owned()),
    };
    view! { <span class=move || line().0>{move || line().1}</span> }.into_any()
}

/// The class of a line that says where a content is.
pub fn class_of(place: &ContentPlace) -> &'static str {
    match place {
        ContentPlace::Saved { .. } | ContentPlace::Sending { .. } => "whereabouts whereabouts--here",
        ContentPlace::Received => "whereabouts whereabouts--received",
        ContentPlace::NeedsPerson(_) => "whereabouts whereabouts--attention",
    }
}

/// A button that opens a content in the page and closes it again.
#[component]
pub fn LookAtContent(
    /// Which.
    attachment_id: AttachmentId,
    /// What it shows.
    title: String,
) -> impl IntoView {
    let desk = use_desk();
    let shown = RwSignal::new(None::<Result<ShownContent, ContentProblem>>);
    let busy = RwSignal::new(false);
    let desk = StoredValue::new(desk);
    let close = move || {
        if let Some(Some(Ok(content))) = shown.try_update(Option::take) {
            desk.with_value(|desk| desk.close_content(content.url));
        }
    };
    on_cleanup(close);
    let toggle = move |_| {
        if busy.get_untracked() {
            return;
        }
        if matches!(shown.get_untracked(), Some(Ok(_))) {
            return close();
        }
        busy.set(true);
        let reply = desk.with_value(|desk| desk.show_content(attachment_id));
        spawn_local(async move {
            let content = reply.await;
            // Where the page went on meanwhile, nobody looks at it any more.
            if let Some(Some(Ok(content))) = shown.try_set(Some(content)) {
                desk.with_value(|desk| desk.close_content(content.url));
            }
            busy.try_set(false);
        });
    };
    let is_open = move || matches!(shown.get(), Some(Ok(_)));
    let name = title.clone();
    view! {
        <button class="button button--quiet button--small" type="button" aria-expanded=move || is_open().to_string() on:click=toggle>
            {move || if is_open() { "Close" } else { "Open" }} <span class="visually-hidden">" " {name}</span>
        </button>
        <div class="content" aria-live="polite">
            {move || shown.get().map(|shown| content_view(shown, title.clone()))}
        </div>
    }
    .into_any()
}

fn content_view(shown: Result<ShownContent, ContentProblem>, title: String) -> AnyView {
    match shown {
        Err(problem) => view! { <p class="content__problem">{content_problem_words(problem)} "."</p> }.into_any(),
        Ok(ShownContent { url, media_type }) if media_type.starts_with("image/") => {
            view! { <img class="content__picture" src=url alt=title /> }.into_any()
        }
        Ok(ShownContent { url, .. }) => view! {
            <p>
                <a class="button button--small" href=url download=[title.as_str(), ".pdf"].concat()>"Save a copy of the PDF"</a>
            </p>
            <p class="field__hint">"The copy lies unsealed among this device's downloads. Delete it when you have read it."</p>
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_says_where_it_is() {
        assert_eq!(content_words(&ContentPlace::Saved { sent: 0, of: 3 }), "Saved on this phone");
        assert_eq!(content_words(&ContentPlace::Saved { sent: 1, of: 3 }), "Saved on this phone – 1 of 3 sent");
        assert_eq!(content_words(&ContentPlace::Sending { sent: 1, of: 3 }), "Sending 2 of 3");
        assert_eq!(content_words(&ContentPlace::Sending { sent: 3, of: 3 }), "Sending 3 of 3");
    }

    #[test]
    fn every_reason_of_the_protocol_has_words_of_its_own() {
        let general = content_reason_words("");
        for code in [
            refusal::TOO_LARGE,
            refusal::ANNOUNCED_OTHERWISE,
            refusal::SIZE_DIFFERS,
            refusal::HASH_DIFFERS,
            refusal::NOT_READABLE,
            refusal::HAS_METADATA,
            refusal::NOT_AS_THE_NOTE_SAYS,
            DAMAGED,
        ] {
            assert_ne!(content_reason_words(code), general, "{code}");
        }
    }
}
