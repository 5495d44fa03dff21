//! The light that says whether a visit can do without a signal.

use domain::CaseId;
use leptos::prelude::*;

use super::{Icon, Tone};
use crate::desk::{DeskState, PackState};

/// Green only once all that the visit needs was found on this device's disk. Nothing where the device keeps nothing, or for another day.
pub fn pack_light(case_id: CaseId, state: DeskState) -> AnyView {
    let pack = Memo::new(move |_| state.packs.with(|packs| packs.get(&case_id).copied()));
    let light = move || {
        pack.get().map(|pack| {
            let (tone, words) = words_of(pack);
            view! { <p class="pack"><span class=tone.class()>{(tone == Tone::Good).then(|| Icon::Check.view())} {words}</span></p> }
                .into_any()
        })
    };
    view! { {light} }.into_any()
}

fn words_of(pack: PackState) -> (Tone, &'static str) {
    match pack {
        PackState::Ready => (Tone::Good, words::visit::ready_without_a_signal()),
        PackState::Fetching => (Tone::Quiet, words::visit::still_on_its_way()),
        PackState::NotKept => (Tone::Late, words::visit::not_whole_on_this_device()),
    }
}
