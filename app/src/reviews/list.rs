//! The list of what waits, what came late, and what was decided.

use domain::{CaseId, Caseload, DateTime, NoteId, Permission, Review, ReviewId};
use leptos::prelude::*;

use super::matter::{client_name, name_of, title_of, why};
use crate::{
    client::JustDoneBanner,
    desk::use_desk,
    paths,
    ui::{Spoken, Tone, empty_state, moments, tag},
};

/// How many decided matters and late notes are shown.
const MOST: usize = 20;

/// One matter, ready to be drawn. Equal lines look the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Line {
    id: ReviewId,
    title: String,
    why: &'static str,
    author: String,
    client: Option<String>,
    written: String,
    decided: Option<String>,
}

impl Line {
    fn of(review: &Review, caseload: &Caseload, now: DateTime) -> Self {
        Self {
            id: review.id,
            title: title_of(review),
            why: why(review),
            author: name_of(caseload, review.author_id),
            client: client_name(caseload, review.case_id),
            written: moments::moment(review.recorded_at, now),
            decided: review.decided.as_ref().map(|decided| [decided.outcome.words(), " – ", &name_of(caseload, decided.by)].concat()),
        }
    }
}

/// A note that came after its author had lost the case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct LateNote {
    case_id: CaseId,
    note_id: NoteId,
    client: Option<String>,
    author: String,
    occurred: String,
}

/// The page with everything that waits.
#[component]
pub fn ReviewsPage() -> impl IntoView {
    let state = use_desk().state();
    let decides = Memo::new(move |_| state.may(Permission::DecideReviews));
    let lines = move |reviews: for<'a> fn(&'a Caseload) -> Vec<&'a Review>, most: usize| {
        Memo::new(move |_| {
            let now = state.now.get();
            state.caseload.with(|all| reviews(all).into_iter().take(most).map(|review| Line::of(review, all, now)).collect::<Vec<Line>>())
        })
    };
    let open = lines(Caseload::open_reviews, usize::MAX);
    let decided = lines(Caseload::decided_reviews, MOST);
    let late = Memo::new(move |_| {
        let now = state.now.get();
        state.caseload.with(|all| {
            let late = all.late_notes().into_iter().take(MOST).map(|note| LateNote {
                case_id: note.case_id,
                note_id: note.id,
                client: client_name(all, Some(note.case_id)),
                author: name_of(all, note.author_id),
                occurred: moments::moment(note.occurred_at, now),
            });
            late.collect::<Vec<LateNote>>()
        })
    });
    let lead = move || match decides.get() {
        true => words::reviews::the_server_keeps_all(),
        false => words::reviews::what_you_wrote_and_could(),
    };
    view! {
        <section class="page reviews">
            <h1>{move || if decides.get() { words::reviews::reviews() } else { words::reviews::under_review() }}</h1>
            <JustDoneBanner case_id=None />
            <p>{lead}</p>
            <section class="stack" aria-labelledby="open-title">
                <h2 id="open-title">{words::reviews::waiting_for_a_decision()}</h2>
                {move || open.with(Vec::is_empty).then(|| empty_state(words::reviews::nothing_waits()))}
                <ul class="stack">{move || open.get().into_iter().map(line_view).collect_view()}</ul>
            </section>
            {move || late.with(|late| !late.is_empty()).then(|| late_view(late.get()))}
            {move || decided.with(|decided| !decided.is_empty()).then(|| view! {
                <section class="stack" aria-labelledby="decided-title">
                    <h2 id="decided-title">{words::reviews::decided()}</h2>
                    <ul class="stack">{decided.get().into_iter().map(line_view).collect_view()}</ul>
                </section>
            })}
        </section>
    }
    .into_any()
}

fn line_view(line: Line) -> AnyView {
    let about = match line.client {
        Some(client) => words::reviews::about_and_by(&client, &line.author),
        None => words::reviews::by(&line.author),
    };
    view! {
        <li class="card review-line">
            <h3><a href=paths::review(line.id)>{line.title}</a></h3>
            <p>{about}</p>
            <p class="quiet">{words::reviews::written_at(&line.written)}</p>
            {match line.decided {
                Some(decided) => view! { <p>{tag(Tone::Good, words::reviews::decided())} " " {decided}</p> }.into_any(),
                None => view! { <p class="review-line__why">{line.why}</p> }.into_any(),
            }}
        </li>
    }
    .into_any()
}

fn late_view(late: Vec<LateNote>) -> AnyView {
    let lines = late.into_iter().map(|note| {
        let client = note.client.unwrap_or_else(|| words::reviews::a_client().to_owned());
        view! {
            <li class="card review-line">
                <h3><a href=paths::note(note.case_id, note.note_id)>{client}</a></h3>
                <p>{words::reviews::by_and_contact(&note.author, &note.occurred)}</p>
                <p>{tag(Tone::Due, words::reviews::arrived_after_the_case_changed())}</p>
            </li>
        }
        .into_any()
    });
    view! {
        <section class="stack" aria-labelledby="late-title">
            <h2 id="late-title">{words::reviews::late_notes()}</h2>
            <p class="quiet">{words::reviews::filed_with_their_client()}</p>
            <ul class="stack">{lines.collect_view()}</ul>
        </section>
    }
    .into_any()
}
