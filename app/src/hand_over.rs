//! Handing a case over to another worker, with its open tasks and planned visits.

use domain::{CaseId, Command, HandOver, Permission, Role, WorkerId};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    client::{back_to_client, when_here},
    decision::{CHOICE, DecisionFields, REASON},
    desk::{DeskState, use_desk},
    draft::{DraftKeeper, draft_line},
    not_found::not_for_you,
    page_memory::{JustDone, use_page_memory},
    paths,
    sending::Sending,
    ui::{ErrorSummary, FieldError, Icon, Select, TextArea, error_of},
};

/// The page on which a case is handed over.
#[component]
pub fn HandOverPage(
    /// The case.
    case_id: CaseId,
) -> impl IntoView {
    let state = use_desk().state();
    let may = Memo::new(move |_| state.may(Permission::HandOverCases));
    when_here(case_id, move || match may.get() {
        true => view! { <HandOverForm case_id=case_id /> }.into_any(),
        false => not_for_you(words::hand_over::a_supervisor_hands_cases_over()),
    })
}

#[component]
fn HandOverForm(case_id: CaseId) -> impl IntoView {
    let state = use_desk().state();
    let from = Memo::new(move |_| state.caseload.with(|caseload| caseload.case(case_id).map(|case| case.primary_worker_id)));
    let fields = DecisionFields::new("hand-over");
    let keeper = DraftKeeper::new(case_id.0, fields);
    keeper.begin();
    let sending = Sending::new();
    let memory = use_page_memory();
    let navigate = use_navigate();
    let ending = keeper.clone();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !sending.may_go(fields.flaws(words::hand_over::choose_who_takes_the_case(), words::hand_over::enter_a_reason())) {
            return;
        }
        let to = fields.choice.get_untracked().parse::<WorkerId>().ok();
        let (Some(to), Some(from)) = (to, from.get_untracked()) else {
            return sending.errors.set(vec![FieldError::new(CHOICE, words::hand_over::choose_who_takes_the_case())]);
        };
        let reason = fields.reason.get_untracked().trim().to_owned();
        let (ending, navigate, now) = (ending.clone(), navigate.clone(), state.now.get_untracked());
        sending.submit(vec![Command::HandOver(HandOver { case_id, from, to, reason })], CHOICE, move || {
            ending.end();
            let done = JustDone { case_id: Some(case_id), heading: words::hand_over::case_handed_over(), entity_id: case_id.0, at: now };
            memory.just_done.try_set(Some(done));
            navigate(&paths::client(case_id), NavigateOptions { replace: true, ..NavigateOptions::default() });
        });
    };
    let blur = keeper.clone();
    let errors = sending.errors.into();
    let select = move || {
        view! {
            <Select
                id=CHOICE.to_owned()
                label=words::hand_over::new_worker()
                options=takers(state, from.get())
                value=fields.choice
                error=error_of(errors, CHOICE)
                on_choice=Callback::new(move |choice| fields.choice.set(choice))
            />
        }
        .into_any()
    };
    view! {
        <section class="page page--narrow">
            {back_to_client(case_id)}
            <h1>{words::hand_over::hand_over()}</h1>
            {move || from.get().map(|from| what_goes_along(case_id, from, state))}
            <ErrorSummary errors=sending.errors />
            <form class="form" novalidate on:submit=submit on:focusout=move |_| blur.keep()>
                {select}
                <TextArea id=REASON label=words::hand_over::reason() short=true value=fields.reason error=error_of(errors, REASON) />
                {draft_line(keeper, move || fields.empty())}
                <div class="action-bar">
                    <button class="button button--primary button--wide" type="submit">{Icon::Check.view()} {words::hand_over::hand_over()}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

/// Everybody who can take the case, by name.
fn takers(state: DeskState, from: Option<WorkerId>) -> Vec<(String, String)> {
    let mut options = vec![(String::new(), words::hand_over::choose_somebody().to_owned())];
    state.caseload.with(|caseload| {
        let takers = caseload.workers().into_iter().filter(|worker| worker.role != Role::Administrator && Some(worker.id) != from);
        options.extend(takers.map(|worker| (worker.id.to_string(), worker.name.clone())));
    });
    options
}

/// Who has the case, and what changes hands with it.
fn what_goes_along(case_id: CaseId, from: WorkerId, state: DeskState) -> AnyView {
    let (name, tasks, visits) = state.caseload.with(|caseload| {
        let name = caseload.worker(from).map_or_else(|| words::hand_over::a_colleague().to_owned(), |worker| worker.name.clone());
        let tasks = caseload.open_tasks_of(case_id).into_iter().filter(|task| task.owner_id == from).count();
        let visits = caseload.planned_visits_of(case_id).into_iter().filter(|visit| visit.worker_id == from).count();
        (name, tasks, visits)
    });
    view! {
        <p>{words::hand_over::now_with(&name, &words::hand_over::open_tasks(tasks), &words::hand_over::planned_visits(visits))}</p>
        <p class="quiet">
            {words::hand_over::the_case_leaves_the_former()}
        </p>
    }
    .into_any()
}
