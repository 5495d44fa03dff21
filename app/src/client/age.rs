//! How old what is shown is.

use domain::DateTime;
use leptos::prelude::*;

use crate::{
    desk::{DeskState, SyncState, use_desk},
    ui::moments,
};

/// When this device last had everything from the office. Its line is there from the beginning, so that nothing moves when it is known.
#[component]
pub fn DataAge() -> impl IntoView {
    let state = use_desk().state();
    let words = move || last_contact(state).map(|at| words::client::as_of(&moments::moment(at, state.now.get())));
    view! { <p class="client__age">{words}</p> }.into_any()
}

fn last_contact(state: DeskState) -> Option<DateTime> {
    match state.sync.get() {
        SyncState::UpToDate { at } => Some(at),
        _ => state.lease.get().map(|lease| lease.renewed_at),
    }
}

#[cfg(test)]
mod tests {
    use domain::{Lease, Role};

    use super::*;
    use crate::samples::{self, QuietDesk};

    #[test]
    fn the_age_is_that_of_the_last_contact_also_without_a_signal() {
        let owner = Owner::new_root(None);
        owner.with(|| {
            let state = QuietDesk::provide(&samples::page(Role::CaseManager));
            assert_eq!(last_contact(state), None);
            state.lease.set(Some(Lease::renew(samples::now(), samples::now())));
            state.sync.set(SyncState::Offline);
            assert_eq!(last_contact(state), Some(samples::now()));
        });
        owner.cleanup();
    }
}
