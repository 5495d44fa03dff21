//! One matter: who wrote what and when, why it waits, and the decision.

use domain::{Caseload, Contradiction, DateTime, Decided, Matter, Permission, Review, ReviewId, Skipped, Unit, Written};
use leptos::prelude::*;

use super::{
    decide::DecideForm,
    matter::{client_name, facts_of_unit, facts_view, held_view, name_of, title_of, why},
};
use crate::{
    desk::{Access, DeskState, use_desk},
    device::skipped_words,
    not_found::NotFound,
    paths,
    ui::{Banner, BannerTone, Icon, Spoken, empty_state, moments},
};

/// The page of one matter.
#[component]
pub fn ReviewPage(
    /// Which.
    review_id: ReviewId,
) -> impl IntoView {
    let state = use_desk().state();
    let review = Memo::new(move |_| state.caseload.with(|caseload| caseload.review(review_id).cloned()));
    let place = Memo::new(move |_| match review.with(|review| review.as_ref().map(|review| review.decided.is_some())) {
        Some(is_decided) => Place::Here { is_decided },
        None if state.access.with(|access| *access == Access::Opening) || !state.complete.get() => Place::OnTheWay,
        None => Place::Nowhere,
    });
    move || match place.get() {
        // What is being typed into the form stays as it is while the caseload around it changes.
        Place::Here { .. } => untrack(|| review_view(review, state)).into_any(),
        Place::OnTheWay => empty_state(words::reviews::this_matter()),
        Place::Nowhere => view! { <NotFound /> }.into_any(),
    }
}

/// Whether a matter can be shown.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Here { is_decided: bool },
    OnTheWay,
    Nowhere,
}

fn review_view(review: Memo<Option<Review>>, state: DeskState) -> Option<AnyView> {
    let first = review.get()?;
    let end = match &first.decided {
        Some(decided) => decided_view(decided, state),
        None if state.may(Permission::DecideReviews) => {
            let author = state.caseload.with(|all| name_of(all, first.author_id));
            view! { <DecideForm review=first.clone() author /> }.into_any()
        }
        None => view! { <p>{words::reviews::a_supervisor_decides_nothing()}</p> }.into_any(),
    };
    let page = view! {
        <section class="page review">
            <a class="back-link back-link--always" href=paths::REVIEWS>{Icon::Back.view()} {words::reviews::all_reviews()}</a>
            <h1>{title_of(&first)}</h1>
            {move || review.get().map(|review| origin_view(&review, state))}
            <p class="review__why">{why(&first)}</p>
            {move || review.get().map(|review| matter_view(&review, state))}
            {move || not_possible(first.id, state)}
            {end}
        </section>
    };
    Some(page.into_any())
}

/// Whom it is about, who wrote it, and when.
fn origin_view(review: &Review, state: DeskState) -> AnyView {
    let now = state.now.get_untracked();
    let (author, client) = state.caseload.with(|all| (name_of(all, review.author_id), client_name(all, review.case_id)));
    let whom = match (review.case_id, client) {
        (Some(case_id), Some(client)) => view! { <a href=paths::client(case_id)>{client}</a> }.into_any(),
        (Some(_), None) => words::reviews::a_client_whom().into_any(),
        (None, _) => words::reviews::no_client().into_any(),
    };
    view! {
        <dl class="facts">
            <div class="facts__fact"><dt>{words::reviews::client()}</dt><dd>{whom}</dd></div>
            <div class="facts__fact"><dt>{words::reviews::written_by()}</dt><dd>{author}</dd></div>
            <div class="facts__fact"><dt>{words::reviews::written()}</dt><dd>{moments::moment(review.recorded_at, now)}</dd></div>
            <div class="facts__fact"><dt>{words::reviews::received()}</dt><dd>{moments::moment(review.received_at, now)}</dd></div>
        </dl>
    }
    .into_any()
}

fn matter_view(review: &Review, state: DeskState) -> AnyView {
    let now = state.now.get_untracked();
    match &review.matter {
        Matter::Held(held) => {
            let body = state.caseload.with(|caseload| held_view(held, caseload, now));
            view! { <section class="card" aria-labelledby="held-title"><h2 id="held-title">{words::reviews::as_it_was_written()}</h2>{body}</section> }
                .into_any()
        }
        Matter::Contradiction(contradiction) => {
            let written = state.caseload.with(|all| written_words(Written { by: review.author_id, at: review.recorded_at }, all, now));
            let names = |written: Written| state.caseload.with(|all| written_words(written, all, now));
            values_view(contradiction, written, standing(review, state), names)
        }
    }
}

/// What stands in the client's record now.
pub fn current(review: &Review, state: DeskState) -> Option<Unit> {
    standing(review, state).map(|(unit, _)| unit)
}

/// The same with who wrote it.
fn standing(review: &Review, state: DeskState) -> Option<(Unit, Option<Written>)> {
    let Matter::Contradiction(contradiction) = &review.matter else { return None };
    let kind = contradiction.wanted.kind();
    state.caseload.with(|caseload| {
        let client = caseload.client(review.case_id?)?;
        Some((Unit::of(kind, client.person, client.case), kind.writer(client.person, client.case)))
    })
}

/// "Omar Haddad, Today 09:12".
fn written_words(written: Written, caseload: &Caseload, now: DateTime) -> String {
    words::reviews::written_by_at(&name_of(caseload, written.by), &moments::moment(written.at, now))
}

/// What is said of who wrote the value that stands there now.
fn about_standing(has_moved: bool, writer: Option<String>) -> String {
    match (has_moved, writer) {
        (false, Some(writer)) => writer,
        (true, Some(writer)) => words::reviews::changed_once_more(&writer),
        (false, None) => words::reviews::it_stood_there_before().to_owned(),
        (true, None) => words::reviews::changed_once_more_since().to_owned(),
    }
}

/// Both values side by side, and what the author had seen.
fn values_view(
    contradiction: &Contradiction,
    written: String,
    now: Option<(Unit, Option<Written>)>,
    names: impl Fn(Written) -> String,
) -> AnyView {
    let value = |id: &'static str, heading: &'static str, about: String, unit: &Unit| {
        view! {
            <section class="card" aria-labelledby=id>
                <h2 id=id>{heading}</h2>
                <p class="quiet">{about}</p>
                {facts_view(facts_of_unit(unit))}
            </section>
        }
        .into_any()
    };
    let moved = now.filter(|(unit, _)| *unit != contradiction.found);
    let has_moved = moved.is_some();
    let (stands, writer) = moved.unwrap_or_else(|| (contradiction.found.clone(), contradiction.found_by));
    let about = about_standing(has_moved, writer.map(names));
    view! {
        <div class="review__values">
            {value("wanted-title", words::reviews::what_the_author_wants(), written, &contradiction.wanted)}
            {value("now-title", words::reviews::what_stands_there_now(), about, &stands)}
        </div>
        <details class="review__seen">
            <summary>{words::reviews::what_the_author_had_seen()}</summary>
            {facts_view(facts_of_unit(&contradiction.seen))}
        </details>
    }
    .into_any()
}

fn decided_view(decided: &Decided, state: DeskState) -> AnyView {
    let now = state.now.get_untracked();
    let by = state.caseload.with(|caseload| name_of(caseload, decided.by));
    let (at, reason) = (moments::moment(decided.at, now), decided.reason.clone());
    view! {
        <Banner tone=BannerTone::Good heading=decided.outcome.words()>
            <p>{by} ", " {at}</p>
            <p>{words::reviews::the_reason(&reason)}</p>
        </Banner>
    }
    .into_any()
}

/// A decision of this device that the server could not carry out.
fn not_possible(review_id: ReviewId, state: DeskState) -> Option<AnyView> {
    let skipped = Skipped::StillNotPossible(review_id);
    let is_so = state.outbox.with(|outbox| outbox.iter().any(|item| item.skipped.contains(&skipped)));
    is_so.then(|| {
        view! { <Banner tone=BannerTone::Warning heading=words::reviews::not_filed()><p>{skipped_words(&skipped)}</p></Banner> }.into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn the_value_that_stands_there_has_an_author_and_a_time_or_says_that_nobody_wrote_them_down() {
        let written = Written { by: samples::me(domain::Role::CaseManager).worker_id, at: samples::now().plus_minutes(-180) };
        let writer = written_words(written, &samples::caseload(), samples::now());
        assert_eq!(writer, "Maria Santos, Today 11:30");
        assert_eq!(about_standing(false, Some(writer.clone())), writer);
        assert!(about_standing(true, Some(writer.clone())).starts_with(&writer));
        assert!(about_standing(false, None).ends_with("was not recorded."));
    }
}
