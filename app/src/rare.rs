//! Pages that nobody opens on an ordinary day, as a part of the program of their own: a phone that opens a client neither fetches nor
//! prepares them. The service worker keeps the part with the rest, so that they open without a signal too.
//!
//! The build cuts the program at `draw` (docs/decisions/0005). On the server, and where the part is here already, everything answers at once.

use std::time::Duration;

use futures::FutureExt;
use leptos::{prelude::*, task::spawn_local, wasm_split::wasm_split};

use crate::{
    account::{EmergencyPage, LostDevicePage, NoticesPage, PasskeysPage, PasswordPage, RulesPage, SessionsPage},
    amend::AmendNotePage,
    caseload::CaseTablePage,
    client::{LetterPage, ReadAloudPage},
    device::SetUpPage,
    edit::EditClientPage,
    hand_over::HandOverPage,
    not_found::NotFound,
    place::Place,
    reviews::{ReviewPage, ReviewsPage},
    to_file::ToFilePage,
    ui::empty_state,
};

/// After how long it is tried again where the part did not come.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

#[wasm_split(rare, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_draw))]
fn draw(place: Place) -> Result<AnyView, leptos::wasm_split::SplitLoaderError> {
    Ok(match place {
        Place::CaseTable => view! { <CaseTablePage /> }.into_any(),
        Place::ReadAloud(case_id) => view! { <ReadAloudPage case_id=case_id /> }.into_any(),
        Place::Letter(case_id) => view! { <LetterPage case_id=case_id /> }.into_any(),
        Place::AmendNote(case_id, note_id) => view! { <AmendNotePage case_id=case_id note_id=note_id /> }.into_any(),
        Place::EditClient(case_id) => view! { <EditClientPage case_id=case_id /> }.into_any(),
        Place::HandOver(case_id) => view! { <HandOverPage case_id=case_id /> }.into_any(),
        Place::Reviews => view! { <ReviewsPage /> }.into_any(),
        Place::Review(review_id) => view! { <ReviewPage review_id=review_id /> }.into_any(),
        Place::ToFile => view! { <ToFilePage /> }.into_any(),
        Place::Sessions => view! { <SessionsPage /> }.into_any(),
        Place::LostDevice => view! { <LostDevicePage /> }.into_any(),
        Place::Password => view! { <PasswordPage /> }.into_any(),
        Place::Passkeys => view! { <PasskeysPage /> }.into_any(),
        Place::Notices => view! { <NoticesPage /> }.into_any(),
        Place::Emergency => view! { <EmergencyPage /> }.into_any(),
        Place::Rules => view! { <RulesPage /> }.into_any(),
        Place::SetUpDevice => view! { <SetUpPage /> }.into_any(),
        // The pages of an ordinary day are drawn where they are chosen.
        _ => view! { <NotFound /> }.into_any(),
    })
}

/// Loads the part. False where it did not come; asking again tries again.
pub async fn load() -> bool {
    load_draw().await.is_ok()
}

/// One of these pages, or what stands there until the part has come.
pub fn page(place: Place) -> AnyView {
    let here = RwSignal::new(load().now_or_never() == Some(true));
    if !here.get_untracked() {
        Effect::new(move |_| keep_loading(here));
    }
    let view = move || match here.get().then(|| draw(place).now_or_never()).flatten() {
        Some(Ok(view)) => view,
        _ => empty_state(words::inside::opening()),
    };
    view.into_any()
}

/// Until it is here, or the page is left.
fn keep_loading(here: RwSignal<bool>) {
    spawn_local(async move {
        if load().await {
            here.try_set(true);
        } else if here.try_get_untracked() == Some(false) {
            let _ = set_timeout(move || keep_loading(here), AGAIN_AFTER);
        }
    });
}
