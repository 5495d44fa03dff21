//! What is said after something was done: that it is done, and where it is now.

use domain::CaseId;
use leptos::prelude::*;

use crate::{
    desk::{Whereabouts, use_desk},
    page_memory::use_page_memory,
    ui::{Banner, BannerTone, whereabouts_line},
};

/// The confirmation of what was done a moment ago; gone when the page is left.
#[component]
pub fn JustDoneBanner(
    /// The client whose page it is; absent on the page of a list.
    case_id: Option<CaseId>,
) -> impl IntoView {
    let state = use_desk().state();
    let memory = use_page_memory();
    on_cleanup(move || {
        memory.just_done.try_set(None);
    });
    let done = Memo::new(move |_| memory.just_done.get().filter(|done| done.case_id == case_id));
    let place = Memo::new(move |_| {
        let done = done.get()?;
        let found = state.outbox.with(|outbox| outbox.iter().rfind(|item| item.entity_id == done.entity_id).map(|item| item.whereabouts));
        // What this page saw leave the outbox left it because it was safe.
        Some(found.unwrap_or(Whereabouts::Safe { at: done.at }))
    });
    let banner = move || {
        let tone = match place.get()? {
            Whereabouts::NeedsPerson => BannerTone::Warning,
            _ => BannerTone::Good,
        };
        done.get().map(|done| {
            view! {
                <Banner tone=tone heading=done.heading>
                    <p class="signed">{move || place.get().map(|place| whereabouts_line(place, state))}</p>
                </Banner>
            }
        })
    };
    view! { <div class="signed-place" role="status">{banner}</div> }.into_any()
}
