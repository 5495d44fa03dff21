//! What waits for a person's decision: late notes, texts that could not be filed, and changes that contradict each other. Nothing here
//! vanishes without somebody's decision.

mod decide;
mod detail;
mod list;
mod matter;
mod under_review;

pub use detail::ReviewPage;
pub use list::ReviewsPage;
pub use under_review::UnderReview;

use domain::Permission;
use leptos::prelude::*;

use crate::desk::DeskState;

/// How many matters wait for this worker's decision.
pub fn waiting(state: DeskState) -> usize {
    if state.may(Permission::DecideReviews) { state.caseload.with(|caseload| caseload.open_reviews().len()) } else { 0 }
}
