//! On a client's page: what waits for a decision about this client, as far as the reader may know.

use domain::{CaseId, Review};
use leptos::prelude::*;

use super::matter::title_of;
use crate::{
    desk::use_desk,
    paths,
    ui::{Banner, BannerTone},
};

/// The open matters of a case.
#[component]
pub fn UnderReview(
    /// The case.
    case_id: CaseId,
) -> impl IntoView {
    let state = use_desk().state();
    let open = Memo::new(move |_| {
        let of_case = |review: &&Review| review.case_id == Some(case_id);
        state.caseload.with(|caseload| caseload.open_reviews().into_iter().filter(of_case).cloned().collect::<Vec<Review>>())
    });
    let me = Memo::new(move |_| state.me().map(|me| me.worker_id));
    let banner = move || {
        let open = open.get();
        (!open.is_empty()).then(|| {
            let line = |review: &Review| {
                let title = title_of(review);
                let title = if Some(review.author_id) == me.get() { words::reviews::yours(&title) } else { title };
                view! { <li><a href=paths::review(review.id)>{title}</a></li> }.into_any()
            };
            let lines = open.iter().map(line).collect_view();
            view! {
                <Banner tone=BannerTone::Warning heading=words::reviews::under_review()>
                    <p>{words::reviews::this_waits_for_a_supervisors()}</p>
                    <ul class="bullets">{lines}</ul>
                </Banner>
            }
            .into_any()
        })
    };
    view! { <div class="signed-place">{banner}</div> }.into_any()
}
