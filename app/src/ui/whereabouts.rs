//! Where something that the worker wrote is, in the same words everywhere.

use domain::DateTime;
use leptos::prelude::*;
use uuid::Uuid;

use super::moments;
use crate::desk::{DeskState, Keeping, OutboxItem, Whereabouts, use_desk};

/// The words for a state, without its time.
pub fn state_words(whereabouts: Whereabouts, keeping: Keeping) -> &'static str {
    match (whereabouts, keeping) {
        (Whereabouts::Saved, Keeping::Device) => words::common::saved_on_this_phone(),
        (Whereabouts::Saved, Keeping::Memory) => words::common::waiting_to_be_sent_keep(),
        (Whereabouts::Sending, Keeping::Device) => words::common::saved_on_this_phone_sending(),
        (Whereabouts::Sending, Keeping::Memory) => words::common::sending_keep_this_page_open(),
        (Whereabouts::Received { .. }, _) => words::common::received(),
        (Whereabouts::Safe { .. }, _) => words::common::safe(),
        (Whereabouts::NeedsPerson, _) => words::common::needs_attention(),
    }
}

/// The words for a state with its time: "Received Today 14:31".
pub fn words_of(whereabouts: Whereabouts, keeping: Keeping, now: DateTime) -> String {
    let mut text = String::from(state_words(whereabouts, keeping));
    if let Whereabouts::Received { at } | Whereabouts::Safe { at } = whereabouts {
        text.push(' ');
        text.push_str(&moments::moment(at, now));
    }
    text
}

fn class_of(whereabouts: Whereabouts) -> &'static str {
    match whereabouts {
        Whereabouts::Saved | Whereabouts::Sending => "whereabouts whereabouts--here",
        Whereabouts::Received { .. } => "whereabouts whereabouts--received",
        Whereabouts::Safe { .. } => "whereabouts whereabouts--safe",
        Whereabouts::NeedsPerson => "whereabouts whereabouts--attention",
    }
}

/// A state as a line of text with its mark.
pub fn whereabouts_line(whereabouts: Whereabouts, state: DeskState) -> AnyView {
    let text = words_of(whereabouts, state.keeping.get(), state.now.get());
    view! { <span class=class_of(whereabouts)>{text}</span> }.into_any()
}

/// Where a note or an amendment is: what the outbox says, or else what the record itself says.
///
/// One that left the outbox left it because it was safe; only what this page saw leave is called so.
fn whereabouts_of(entity_id: Uuid, received_at: Option<DateTime>, was_here: bool, outbox: &[OutboxItem]) -> Whereabouts {
    match outbox.iter().find(|item| item.entity_id == entity_id) {
        Some(item) => item.whereabouts,
        None => match received_at {
            Some(at) if was_here => Whereabouts::Safe { at },
            Some(at) => Whereabouts::Received { at },
            None => Whereabouts::Saved,
        },
    }
}

/// Where a note or an amendment is, as a line that follows it on its way.
#[component]
pub fn RecordWhereabouts(
    /// The note or amendment.
    entity_id: Uuid,
    /// When the server took it, as its record here says.
    received_at: Option<DateTime>,
    /// Whether it was written in this page.
    was_here: bool,
) -> impl IntoView {
    let state = use_desk().state();
    let place = Memo::new(move |_| state.outbox.with(|outbox| whereabouts_of(entity_id, received_at, was_here, outbox)));
    move || whereabouts_line(place.get(), state)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: Uuid = Uuid::from_u128(1);

    fn item(whereabouts: Whereabouts) -> OutboxItem {
        OutboxItem {
            seq: 1,
            entity_id: NOTE,
            case_id: None,
            kind: "note.sign".to_owned(),
            written_at: DateTime::from_unix_ms(0, 0),
            whereabouts,
            status: None,
            code: None,
            skipped: Vec::new(),
        }
    }

    #[test]
    fn the_outbox_knows_best_where_a_note_is() {
        let at = DateTime::from_unix_ms(5, 0);
        assert_eq!(whereabouts_of(NOTE, None, true, &[item(Whereabouts::Sending)]), Whereabouts::Sending);
        assert_eq!(whereabouts_of(NOTE, Some(at), true, &[item(Whereabouts::Saved)]), Whereabouts::Saved);
        assert_eq!(whereabouts_of(NOTE, Some(at), true, &[]), Whereabouts::Safe { at });
        assert_eq!(whereabouts_of(NOTE, Some(at), false, &[]), Whereabouts::Received { at });
    }

    #[test]
    fn a_note_in_memory_only_is_never_called_saved() {
        let now = DateTime::from_unix_ms(0, 0);
        assert_eq!(words_of(Whereabouts::Saved, Keeping::Device, now), "Saved on this phone");
        assert_eq!(words_of(Whereabouts::Saved, Keeping::Memory, now), "Waiting to be sent – keep this page open");
        assert_eq!(words_of(Whereabouts::Received { at: now }, Keeping::Memory, now), "Received Today 00:00");
    }
}
