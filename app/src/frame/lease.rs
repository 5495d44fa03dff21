//! How long this device may still show what it keeps, and what stands in the place of the pages when that time is over.

use domain::Standing;
use leptos::prelude::*;

use crate::{
    desk::{DeskState, use_desk},
    paths,
    ui::{Banner, BannerTone, moments},
};

/// From when on it is said, in minutes before the end.
const WARN_MIN: i64 = 12 * 60;

/// What is said of the lease above the pages.
#[derive(Clone, Copy, PartialEq)]
enum Said {
    Nothing,
    /// For so many more minutes.
    EndsSoon(i64),
    /// Restricted notes are closed; the rest for so many more minutes.
    RestrictedEnded(i64),
}

impl Said {
    fn of(standing: Option<Standing>) -> Self {
        match standing {
            Some(Standing::Good { left_min }) if left_min <= WARN_MIN => Self::EndsSoon(left_min),
            Some(Standing::RestrictedEnded { left_min }) => Self::RestrictedEnded(left_min),
            Some(Standing::Good { .. } | Standing::Ended) | None => Self::Nothing,
        }
    }
}

/// The banner that comes before the end.
#[component]
pub fn LeaseNotice() -> impl IntoView {
    let state = use_desk().state();
    let said = Memo::new(move |_| Said::of(state.standing()));
    move || {
        let (heading, left_min) = match said.get() {
            Said::Nothing => return ().into_any(),
            Said::EndsSoon(left_min) => (words::frame::connect_soon(), left_min),
            Said::RestrictedEnded(left_min) => (words::frame::restricted_notes_are_closed_until(), left_min),
        };
        view! {
            <Banner tone=BannerTone::Warning heading=heading>
                <p>
                    {words::frame::lease_ends(&moments::left(left_min))}
                </p>
            </Banner>
        }
        .into_any()
    }
}

/// Whether the time is over: clients are shown again after the next contact.
pub fn has_ended(state: DeskState) -> bool {
    state.standing() == Some(Standing::Ended)
}

/// What stands in the place of every page with clients' data.
#[component]
pub fn LeaseEndedPage() -> impl IntoView {
    let desk = use_desk();
    let state = desk.state();
    view! {
        <section class="page page--narrow">
            <h1>{words::frame::closed_until_the_next_contact()}</h1>
            <p>
                {move || words::frame::lease_ended(&words::time::hours(state.policy.get().lease_hours))}
            </p>
            <p>{words::frame::go_where()}</p>
            <p><button class="button button--primary" type="button" on:click=move |_| desk.sync_now()>{words::frame::try_now()}</button></p>
            <p><a href=paths::DEVICE>{words::frame::see_what_is_not_sent()}</a></p>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_before_the_end_and_not_all_the_time() {
        assert!(Said::of(Some(Standing::Good { left_min: 70 * 60 })) == Said::Nothing);
        assert!(Said::of(Some(Standing::Good { left_min: 90 })) == Said::EndsSoon(90));
        assert!(Said::of(Some(Standing::RestrictedEnded { left_min: 2_000 })) == Said::RestrictedEnded(2_000));
        assert!(Said::of(None) == Said::Nothing);
    }
}
