//! Emergencies: opening a case that is not one's own, and judging what others opened.

use domain::{CaseId, Caseload, Permission, WorkerId};
use leptos::{ev, prelude::*};
use sync::questions::{
    BreakGlass, FindCase, GlassBroken, GlassEntry, ListBreakGlass, MAX_REASON_CHARACTERS, MIN_REASON_CHARACTERS, ReviewBreakGlass,
};
use uuid::Uuid;

use crate::{
    ask::{Asking, AskingStatus},
    desk::{DeskState, use_desk},
    draft::{DraftKeeper, PlainFields, draft_line},
    paths,
    ui::{Banner, BannerTone, ErrorSummary, FieldError, TextArea, TextField, Tone, empty_state, error_of, moments, tag},
};

const NUMBER: &str = "client-number";
const REASON: &str = "reason";
const REMARK: &str = "remark";

/// The page for emergencies.
#[component]
pub fn EmergencyPage() -> impl IntoView {
    let state = use_desk().state();
    let asking = Asking::new();
    let entries = RwSignal::new(None::<Vec<GlassEntry>>);
    let load = Callback::new(move |()| asking.ask(ListBreakGlass::default(), move |answer| entries.set(Some(answer.entries))));
    Effect::new(move |_| load.run(()));
    let may_open = Memo::new(move |_| state.may(Permission::BreakGlass));
    let may_judge = Memo::new(move |_| state.may(Permission::ReviewBreakGlass));
    view! {
        <section class="page page--narrow">
            <h1>{words::account::emergency_access()}</h1>
            <AskingStatus asking=asking />
            {move || may_open.get().then(|| view! { <OpenForm asking=asking opened=load /> })}
            <section class="stack" aria-labelledby="opened-title">
                <h2 id="opened-title">{words::account::what_was_opened()}</h2>
                {move || match entries.get() {
                    None => empty_state(words::account::asking_the_office()),
                    Some(entries) if entries.is_empty() => empty_state(words::account::nothing_was_opened()),
                    Some(entries) => {
                        let lines = entries.into_iter().map(|entry| view! {
                            <Entry entry=entry asking=asking may_judge=may_judge.get() judged=load />
                        });
                        view! { <ul class="stack">{lines.collect_view()}</ul> }.into_any()
                    }
                }}
            </section>
        </section>
    }
    .into_any()
}

#[component]
fn OpenForm(asking: Asking, opened: Callback<()>) -> impl IntoView {
    let desk = use_desk();
    let state = desk.state();
    let (number, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let errors = RwSignal::new(Vec::<FieldError>::new());
    let open = RwSignal::new(None::<(CaseId, GlassBroken)>);
    let fields = PlainFields::new("emergency", [(NUMBER, number), (REASON, reason)]);
    let keeper = DraftKeeper::new(me(state), fields.clone());
    keeper.begin();
    let sent = StoredValue::new((keeper.clone(), fields.clone()));
    let desk = StoredValue::new(desk);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let flaws = untrack(|| flaws(&number.get(), &reason.get()));
        errors.set(flaws.clone());
        if !flaws.is_empty() {
            return;
        }
        let words = reason.get_untracked().trim().to_owned();
        asking.ask(FindCase { client_number: number.get_untracked() }, move |found| {
            let Some(case) = found.cases.first() else {
                return errors.set(vec![FieldError::new(NUMBER, words::account::no_client_of_your_agency())]);
            };
            let case_id = case.case_id;
            asking.ask(BreakGlass { case_id, reason: words.clone() }, move |glass| {
                sent.with_value(|(keeper, fields)| {
                    fields.empty();
                    keeper.begin_again();
                });
                open.set(Some((case_id, glass)));
                desk.with_value(|desk| desk.sync_now());
                opened.run(());
            });
        });
    };
    let mend = errors.into();
    let blur = keeper.clone();
    let banner = move || {
        open.get().map(|(case_id, glass)| {
            let until = moments::moment(glass.expires_at, state.now.get());
            view! {
                <Banner tone=BannerTone::Warning heading=words::account::the_case_is_open()>
                    <p>{words::account::what_is_open_until(&until)}</p>
                    <p><a class="button" href=paths::client(case_id)>{words::account::open_the_case()}</a></p>
                </Banner>
            }
            .into_any()
        })
    };
    view! {
        <section class="card" aria-labelledby="open-title">
            <h2 id="open-title">{words::account::open_a_case()}</h2>
            <p>
                {words::account::for_an_emergency()}
            </p>
            <div role="status" class="signed-place">{banner}</div>
            <ErrorSummary errors=errors />
            <form class="form" novalidate on:submit=submit on:focusout=move |_| blur.keep()>
                <TextField
                    id=NUMBER
                    label=words::account::client_number()
                    hint=words::account::it_stands_on_papers()
                    value=number
                    error=error_of(mend, NUMBER)
                />
                <TextArea id=REASON label=words::account::what_is_the_emergency() short=true value=reason error=error_of(mend, REASON) />
                {draft_line(keeper, move || fields.empty())}
                <button class="button button--primary" type="submit" aria-disabled=move || asking.busy.get().then_some("true")>
                    {words::account::open_the_case()}
                </button>
            </form>
        </section>
    }
    .into_any()
}

fn flaws(number: &str, reason: &str) -> Vec<FieldError> {
    let mut flaws = Vec::new();
    if number.trim().is_empty() {
        flaws.push(FieldError::new(NUMBER, words::account::enter_the_clients_number()));
    }
    match reason.trim().chars().count() {
        ..MIN_REASON_CHARACTERS => flaws.push(FieldError::new(REASON, words::account::say_what_the_emergency())),
        MIN_REASON_CHARACTERS..=MAX_REASON_CHARACTERS => {}
        _ => flaws.push(FieldError::new(REASON, words::account::the_reason_must_be_1())),
    }
    flaws
}

#[component]
fn Entry(entry: GlassEntry, asking: Asking, may_judge: bool, judged: Callback<()>) -> impl IntoView {
    let state = use_desk().state();
    let now = state.now.get_untracked();
    let (who, client) = state.caseload.with_untracked(|all| (name_of(all, entry.worker_id), client(all, entry.case_id)));
    let is_mine = untrack(|| state.me()).is_some_and(|me| me.worker_id == entry.worker_id);
    let title = words::account::who_opened(&who, &client);
    let (opened, until) = (moments::moment(entry.opened_at, now), moments::moment(entry.expires_at, now));
    let end = match &entry.review {
        Some(review) => {
            let by = state.caseload.with_untracked(|all| name_of(all, review.by));
            let (tone, what) =
                if review.justified { (Tone::Good, words::account::justified()) } else { (Tone::Late, words::account::not_justified()) };
            let at = moments::moment(review.at, now);
            view! {
                <p>{tag(tone, what)} " " {by} ", " {at}</p>
                {(!review.remark.is_empty()).then(|| view! { <p class="quiet">{review.remark.clone()}</p> })}
            }
            .into_any()
        }
        None if may_judge && !is_mine => judge_form(&entry, asking, judged),
        None => view! { <p>{tag(Tone::Due, words::account::waits_for_a_supervisors_judgement())}</p> }.into_any(),
    };
    view! {
        <li class="card">
            <h3>{title}</h3>
            <p>{entry.reason.clone()}</p>
            <p class="quiet">{words::account::opened_until(&opened, &until)}</p>
            {end}
        </li>
    }
    .into_any()
}

fn judge_form(entry: &GlassEntry, asking: Asking, judged: Callback<()>) -> AnyView {
    let break_glass_id = entry.break_glass_id;
    let remark = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let fields = PlainFields::new("emergency-remark", [(REMARK, remark)]);
    let keeper = DraftKeeper::new(break_glass_id.0, fields.clone());
    keeper.begin();
    let line = draft_line(keeper.clone(), move || fields.empty());
    let judge = StoredValue::new(move |justified: bool| {
        let remark = remark.get_untracked();
        if remark.chars().count() > MAX_REASON_CHARACTERS {
            error.set(Some(words::account::the_remark_must_be_1().to_owned()));
            return;
        }
        let keeper = keeper.clone();
        asking.ask(ReviewBreakGlass { break_glass_id, justified, remark }, move |_| {
            keeper.end();
            judged.run(());
        });
    });
    let judge = move |justified| judge.with_value(|judge| judge(justified));
    let id = [REMARK, "-", &break_glass_id.0.to_string()].concat();
    view! {
        <TextField id=id label=words::account::your_remark() optional=true value=remark error=error />
        {line}
        <p class="client__changes">
            <button class="button" type="button" on:click=move |_| judge(true)>{words::account::it_was_justified()}</button>
            <button class="button" type="button" on:click=move |_| judge(false)>{words::account::it_was_not_end()}</button>
        </p>
    }
    .into_any()
}

/// Drafts of what is about nothing else are about the one who writes.
pub fn me(state: DeskState) -> Uuid {
    untrack(|| state.me()).map_or(Uuid::nil(), |me| me.worker_id.0)
}

fn name_of(caseload: &Caseload, worker_id: WorkerId) -> String {
    caseload.worker(worker_id).map_or_else(|| words::account::a_colleague().to_owned(), |worker| worker.name.clone())
}

fn client(caseload: &Caseload, case_id: CaseId) -> String {
    caseload.client(case_id).map_or_else(|| words::account::a_case_that_is_not_yours().to_owned(), |client| client.person.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emergency_is_told_in_a_sentence() {
        assert!(flaws("HC-1042", "A gas leak was reported.").is_empty());
        assert_eq!(flaws("", "leak").len(), 2);
        assert_eq!(flaws("1", &"x".repeat(MAX_REASON_CHARACTERS + 1))[0].field_id, REASON);
    }
}
