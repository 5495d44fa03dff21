//! How long this device may still show what it keeps, and what stands in the place of the pages when that time is over.

use domain::Standing;
use leptos::prelude::*;

use crate::{
    desk::{DeskState, use_desk},
    paths,
    ui::{Banner, BannerTone, words},
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
            Said::EndsSoon(left_min) => ("Connect soon", left_min),
            Said::RestrictedEnded(left_min) => ("Restricted notes are closed until you connect", left_min),
        };
        view! {
            <Banner tone=BannerTone::Warning heading=heading>
                <p>
                    "This device may be used without the server for " {words::left(left_min)}
                    " more. Then your clients are closed until the next contact; what you wrote stays safe. "
                    "Go where there is a signal, and sign in if you are asked to."
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
            <h1>"Closed until the next contact"</h1>
            <p>
                "This device was without contact for longer than your agency allows ("
                {move || words::count(u32::from(state.policy.get().lease_hours), "hour", "hours")} "). "
                "Your clients are closed to protect them. What you wrote and did not send yet is kept."
            </p>
            <p>"Go where there is a signal. If you are asked to, sign in above. Your clients are back as soon as the server has answered."</p>
            <p><button class="button button--primary" type="button" on:click=move |_| desk.sync_now()>"Try now"</button></p>
            <p><a href=paths::DEVICE>"See what is not sent yet"</a></p>
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
