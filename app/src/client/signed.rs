//! What is said after signing: that it is done, and where the note is now.

use domain::CaseId;
use leptos::prelude::*;

use crate::{
    desk::use_desk,
    page_memory::use_page_memory,
    ui::{Banner, BannerTone, NoteWhereabouts},
};

/// The confirmation of the note that was signed a moment ago; gone when the page is left.
#[component]
pub fn JustSigned(
    /// The client whose page it is.
    case_id: CaseId,
) -> impl IntoView {
    let state = use_desk().state();
    let memory = use_page_memory();
    on_cleanup(move || {
        memory.just_signed.try_set(None);
    });
    let note_id = Memo::new(move |_| memory.just_signed.get().filter(|(signed, _)| *signed == case_id).map(|(_, note_id)| note_id));
    let banner = move || {
        note_id.get().map(|note_id| {
            let received_at =
                Signal::derive(move || state.caseload.with(|caseload| caseload.note(note_id).and_then(|note| note.received_at)));
            view! {
                <Banner tone=BannerTone::Good heading="Note signed">
                    <p class="signed"><NoteWhereabouts note_id=note_id received_at=received_at was_here=true /></p>
                </Banner>
            }
        })
    };
    view! { <div class="signed-place" role="status">{banner}</div> }.into_any()
}
