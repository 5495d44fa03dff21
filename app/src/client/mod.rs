//! A client's page: who they are, how to reach them safely, what matters, and what was done.

mod age;
mod before_visit;
mod done;
mod goals;
mod letter;
mod next;
mod note_attachments;
mod note_card;
mod read_aloud;
mod their_language;
mod timeline;
mod who;

use domain::{Case, CaseId, Permission, Person};
use leptos::prelude::*;

pub use before_visit::BeforeVisitPage;
pub use done::JustDoneBanner;
pub use letter::LetterPage;
pub use note_card::{note_as_signed, note_card, note_line};
pub use read_aloud::ReadAloudPage;

use self::{age::DataAge, goals::Goals, next::NextSteps, timeline::Timeline, who::who_header};
use crate::{
    desk::{Access, use_desk},
    not_found::NotFound,
    paths,
    reviews::UnderReview,
    ui::{Icon, Spoken, empty_state, moments, reach_card, risk_tag},
};

/// The page of one client.
#[component]
pub fn ClientPage(
    /// The client's case.
    case_id: CaseId,
) -> impl IntoView {
    let client = Memo::new(move |_| client_of(case_id));
    when_here(case_id, move || client_view(case_id, client))
}

/// Draws a page of a client as soon as the client is here. Not here, and not the worker's, are the same page.
pub fn when_here(case_id: CaseId, draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let desk = use_desk();
    let state = desk.state();
    Effect::new(move |_| desk.open(case_id));
    let is_here = Memo::new(move |_| state.caseload.with(|caseload| caseload.client(case_id).is_some()));
    // Of one that is here it is never so: a form on the page stays as it is while the rest of the caseload opens.
    let is_on_the_way = Memo::new(move |_| !is_here.get() && state.access.with(|access| *access == Access::Opening));
    let page = move || match (is_here.get(), is_on_the_way.get()) {
        (true, _) => draw(),
        (false, true) => empty_state(words::client::this_client()),
        (false, false) => view! { <NotFound /> }.into_any(),
    };
    view! { {page} }.into_any()
}

/// The link back to a client's page, with the client's name.
pub fn back_to_client(case_id: CaseId) -> AnyView {
    let name = move || client_of(case_id).map(|(person, _)| person.name());
    view! { <a class="back-link back-link--always" href=paths::client(case_id)>{Icon::Back.view()} {name}</a> }.into_any()
}

/// The person and the case, as far as they are here.
pub fn client_of(case_id: CaseId) -> Option<(Person, Case)> {
    use_desk().state().caseload.with(|caseload| {
        let line = caseload.client(case_id)?;
        Some((line.person.clone(), line.case.clone()))
    })
}

fn client_view(case_id: CaseId, client: Memo<Option<(Person, Case)>>) -> AnyView {
    let state = use_desk().state();
    let today = Memo::new(move |_| state.now.get().date());
    let top = move || client.get().map(|(person, case)| top_view(&person, &case, today.get()));
    view! {
        <section class="page client">
            <a class="back-link" href=paths::CASELOAD>{Icon::Back.view()} {words::client::all_clients()}</a>
            <JustDoneBanner case_id=Some(case_id) />
            {top}
            <DataAge />
            {changes(case_id)}
            <UnderReview case_id=case_id />
            <div class="client__columns">
                <div class="client__now">
                    {move || client.get().map(|(person, _)| reach_card(&person))}
                    <NextSteps case_id=case_id />
                    <Goals case_id=case_id />
                </div>
                <Timeline case_id=case_id />
            </div>
            {printed()}
            <div class="action-bar">
                <a class="button button--primary button--wide" href=paths::write_note(case_id)>{Icon::Pen.view()} {words::client::write_note()}</a>
            </div>
        </section>
    }
    .into_any()
}

/// What stands below a page on paper: paper is not locked.
fn printed() -> AnyView {
    let state = use_desk().state();
    let words = move || {
        let name = state.me().map(|me| me.name).unwrap_or_default();
        words::client::confidential_printed(&moments::moment(state.now.get(), state.now.get()), &name)
    };
    view! { <p class="print-only">{words}</p> }.into_any()
}

/// What can be changed about the client, by who may.
fn changes(case_id: CaseId) -> AnyView {
    let state = use_desk().state();
    let may_write = Memo::new(move |_| state.may(Permission::WriteInCases));
    let may_hand_over = Memo::new(move |_| state.may(Permission::HandOverCases));
    view! {
        <p class="client__changes">
            <a class="button button--small" href=paths::before_visit(case_id)>{words::visit::before_you_knock()}</a>
            <a class="button button--small" href=paths::read_aloud(case_id)>{words::aloud::read_to_the_client()}</a>
            <a class="button button--small" href=paths::letter(case_id)>{words::letter::letter()}</a>
            {move || may_write.get().then(|| view! { <a class="button button--small" href=paths::edit_client(case_id)>{words::client::edit_client()}</a> })}
            {move || may_hand_over.get().then(|| view! { <a class="button button--small" href=paths::hand_over(case_id)>{words::client::hand_over()}</a> })}
        </p>
    }
    .into_any()
}

fn top_view(person: &Person, case: &Case, today: domain::Date) -> AnyView {
    view! {
        {who_header(person, case, today)}
        {risk(case, today)}
        {alerts(case)}
    }
    .into_any()
}

/// What must be known before knocking.
fn alerts(case: &Case) -> Option<AnyView> {
    let alert = |alert: &domain::Alert| {
        let kind = alert.kind.words();
        view! { <li class="alert">{Icon::Alert.view()} <span><strong>{kind}": "</strong><bdi>{alert.text.clone()}</bdi></span></li> }
            .into_any()
    };
    (!case.alerts.is_empty()).then(|| {
        view! {
            <section class="banner banner--alert" aria-label=words::client::alerts()>
                <ul class="alerts">{case.alerts.iter().map(alert).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

fn risk(case: &Case, today: domain::Date) -> AnyView {
    let since = case.risk.since.map(|since| words::client::set_on(&moments::day(since, today)));
    view! {
        <p class="client__risk">
            {risk_tag(case.risk.level)}
            {case.risk.reason.clone().map(|reason| view! { <bdi class="client__reason">{reason}</bdi> })}
            {since.map(|since| view! { <span class="quiet">{since}</span> })}
        </p>
    }
    .into_any()
}
