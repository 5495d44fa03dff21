//! Photos and documents: where each is, why one needs a person, and a look at it, in the same words everywhere.

use domain::{Attachment, AttachmentId};
use leptos::{prelude::*, task::spawn_local};
use sync::{device::DAMAGED, wire::refusal};

use super::{moments, with_hidden};
use crate::desk::{ContentPlace, ContentProblem, DeskState, ShownContent, use_desk};

/// The words for where a content of this device is.
pub fn content_words(place: &ContentPlace) -> String {
    match place {
        ContentPlace::Saved { sent: 0, .. } => words::attachments::saved_on_this_phone().to_owned(),
        ContentPlace::Saved { sent, of } => words::attachments::saved_and_partly_sent(*sent, *of),
        ContentPlace::Sending { sent, of } => words::attachments::sending_part((*sent + 1).min(*of), *of),
        ContentPlace::Received => words::attachments::received().to_owned(),
        ContentPlace::NeedsPerson(_) => words::attachments::needs_you().to_owned(),
    }
}

/// Why a content is not taken, and what to do about it.
pub fn content_reason_words(code: &str) -> (&'static str, &'static str) {
    match code {
        refusal::TOO_LARGE => (words::attachments::it_is_larger_than_25(), words::attachments::remove_it_here_and_attach()),
        refusal::NOT_READABLE => (words::attachments::the_server_cannot_read(), words::attachments::look_at()),
        refusal::HAS_METADATA => (words::attachments::the_photo_still_says(), words::attachments::update_doorstep_and_try_again()),
        refusal::NOT_AS_THE_NOTE_SAYS | refusal::ANNOUNCED_OTHERWISE => {
            (words::attachments::the_server_knows_something_else(), words::attachments::try_again_if_it_stays())
        }
        refusal::HASH_DIFFERS | refusal::SIZE_DIFFERS | DAMAGED => {
            (words::attachments::it_did_not_arrive(), words::attachments::try_again_if_it_stays_here())
        }
        _ => (words::attachments::the_server_did_not_take(), words::attachments::try_again_if_it_stays()),
    }
}

/// Why a photo or document was not attached, or is not shown, and what to do.
pub fn content_problem_words(problem: ContentProblem) -> &'static str {
    match problem {
        ContentProblem::NotReadable => words::attachments::this_is_no_photo(),
        ContentProblem::TooLarge => words::attachments::this_is_larger_than_25(),
        ContentProblem::NoRoom => words::attachments::this_phone_has_no_room(),
        ContentProblem::NoConnection => words::attachments::it_is(),
        ContentProblem::NotThere => words::attachments::it_has_not_arrived(),
        ContentProblem::Damaged => words::attachments::it_is_damaged(),
        ContentProblem::NotAvailable => words::attachments::this_phone_could_not_do_it_now(),
    }
}

/// What a content is, beside its title: "Photo, 240 KB".
pub fn content_kind(media_type: &str, size_bytes: u64) -> String {
    let kind = if media_type == "application/pdf" { "PDF" } else { words::attachments::photo() };
    words::attachments::kind_and_size(kind, &moments::size(size_bytes))
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
        _ if is_received => ("whereabouts whereabouts--received", words::attachments::received().to_owned()),
        Some(place) => (class_of(&place), content_words(&place)),
        None => ("whereabouts", words::attachments::on_its_way().to_owned()),
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
            {move || {
                let action = if is_open() { words::attachments::close() } else { words::attachments::open() };
                with_hidden(&words::common::with_name(action, &name))
            }}
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
                <a class="button button--small" href=url download=[title.as_str(), ".pdf"].concat()>{words::attachments::save_a_copy()}</a>
            </p>
            <p class="field__hint">{words::attachments::the_copy_lies_unsealed_among()}</p>
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
