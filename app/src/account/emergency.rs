//! Emergencies: opening a case that is not one's own, and judging what others opened.

use domain::{CaseId, Caseload, Permission, WorkerId};
use leptos::{ev, prelude::*};
use sync::questions::{
    BreakGlass, FindCase, GlassBroken, GlassEntry, ListBreakGlass, MAX_REASON_CHARACTERS, MIN_REASON_CHARACTERS, ReviewBreakGlass,
};

use crate::{
    ask::{Asking, AskingStatus},
    desk::{DeskState, use_desk},
    paths,
    ui::{Banner, BannerTone, ErrorSummary, FieldError, TextArea, TextField, Tone, empty_state, error_of, tag, words},
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
            <h1>"Emergency access"</h1>
            <AskingStatus asking=asking />
            {move || may_open.get().then(|| view! { <OpenForm asking=asking opened=load /> })}
            <section class="stack" aria-labelledby="opened-title">
                <h2 id="opened-title">"What was opened"</h2>
                {move || match entries.get() {
                    None => empty_state("Asking the office…"),
                    Some(entries) if entries.is_empty() => empty_state("Nothing was opened in an emergency."),
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
    Effect::new(move |_| {
        let is_typed = number.with(|typed| !typed.is_empty()) || reason.with(|typed| !typed.is_empty());
        state.unkept.set(is_typed);
    });
    on_cleanup(move || {
        state.unkept.try_set(false);
    });
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
                return errors.set(vec![FieldError::new(NUMBER, "No client of your agency has this number. Check it and try again")]);
            };
            let case_id = case.case_id;
            asking.ask(BreakGlass { case_id, reason: words.clone() }, move |glass| {
                number.set(String::new());
                reason.set(String::new());
                open.set(Some((case_id, glass)));
                desk.with_value(|desk| desk.sync_now());
                opened.run(());
            });
        });
    };
    let mend = errors.into();
    let banner = move || {
        open.get().map(|(case_id, glass)| {
            let until = words::moment(glass.expires_at, state.now.get());
            view! {
                <Banner tone=BannerTone::Warning heading="The case is open to you">
                    <p>"Until " {until} ". Your supervisors know. It comes with the next contact and is kept in this page's memory only."</p>
                    <p><a class="button" href=paths::client(case_id)>"Open the case"</a></p>
                </Banner>
            }
            .into_any()
        })
    };
    view! {
        <section class="card" aria-labelledby="open-title">
            <h2 id="open-title">"Open a case that is not yours"</h2>
            <p>
                "For an emergency only. You see the case for a limited time, every supervisor hears of it at once, and one of them judges it "
                "afterwards."
            </p>
            <div role="status" class="signed-place">{banner}</div>
            <ErrorSummary errors=errors />
            <form class="form" novalidate on:submit=submit>
                <TextField
                    id=NUMBER
                    label="Client number"
                    hint="It stands on papers and in the client's file"
                    value=number
                    error=error_of(mend, NUMBER)
                />
                <TextArea id=REASON label="What is the emergency?" short=true value=reason error=error_of(mend, REASON) />
                <button class="button button--primary" type="submit" aria-disabled=move || asking.busy.get().then_some("true")>
                    "Open the case"
                </button>
            </form>
        </section>
    }
    .into_any()
}

fn flaws(number: &str, reason: &str) -> Vec<FieldError> {
    let mut flaws = Vec::new();
    if number.trim().is_empty() {
        flaws.push(FieldError::new(NUMBER, "Enter the client's number"));
    }
    match reason.trim().chars().count() {
        ..MIN_REASON_CHARACTERS => flaws.push(FieldError::new(REASON, "Say what the emergency is, in a sentence")),
        MIN_REASON_CHARACTERS..=MAX_REASON_CHARACTERS => {}
        _ => flaws.push(FieldError::new(REASON, "The reason must be 1,000 characters or less")),
    }
    flaws
}

#[component]
fn Entry(entry: GlassEntry, asking: Asking, may_judge: bool, judged: Callback<()>) -> impl IntoView {
    let state = use_desk().state();
    let now = state.now.get_untracked();
    let (who, client) = state.caseload.with_untracked(|all| (name(all, entry.worker_id), client(all, entry.case_id)));
    let is_mine = untrack(|| state.me()).is_some_and(|me| me.worker_id == entry.worker_id);
    let title = [who.as_str(), " opened ", &client].concat();
    let (opened, until) = (words::moment(entry.opened_at, now), words::moment(entry.expires_at, now));
    let end = match &entry.review {
        Some(review) => {
            let by = state.caseload.with_untracked(|all| name(all, review.by));
            let (tone, what) = if review.justified { (Tone::Good, "Justified") } else { (Tone::Late, "Not justified") };
            let at = words::moment(review.at, now);
            view! {
                <p>{tag(tone, what)} " " {by} ", " {at}</p>
                {(!review.remark.is_empty()).then(|| view! { <p class="quiet">{review.remark.clone()}</p> })}
            }
            .into_any()
        }
        None if may_judge && !is_mine => judge_form(&entry, asking, state, judged),
        None => view! { <p>{tag(Tone::Due, "Waits for a supervisor's judgement")}</p> }.into_any(),
    };
    view! {
        <li class="card">
            <h3>{title}</h3>
            <p>{entry.reason.clone()}</p>
            <p class="quiet">{opened} ", open until " {until}</p>
            {end}
        </li>
    }
    .into_any()
}

fn judge_form(entry: &GlassEntry, asking: Asking, state: DeskState, judged: Callback<()>) -> AnyView {
    let break_glass_id = entry.break_glass_id;
    let remark = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if remark.with(|typed| !typed.is_empty()) {
            state.unkept.set(true);
        }
    });
    let judge = move |justified: bool| {
        let remark = remark.get_untracked();
        if remark.chars().count() > MAX_REASON_CHARACTERS {
            return error.set(Some("The remark must be 1,000 characters or less".to_owned()));
        }
        asking.ask(ReviewBreakGlass { break_glass_id, justified, remark }, move |_| {
            state.unkept.set(false);
            judged.run(());
        });
    };
    let id = [REMARK, "-", &break_glass_id.0.to_string()].concat();
    view! {
        <TextField id=id label="Your remark" optional=true value=remark error=error />
        <p class="client__changes">
            <button class="button" type="button" on:click=move |_| judge(true)>"It was justified"</button>
            <button class="button" type="button" on:click=move |_| judge(false)>"It was not: end it now"</button>
        </p>
    }
    .into_any()
}

fn name(caseload: &Caseload, worker_id: WorkerId) -> String {
    caseload.worker(worker_id).map_or_else(|| "A colleague".to_owned(), |worker| worker.name.clone())
}

fn client(caseload: &Caseload, case_id: CaseId) -> String {
    caseload.client(case_id).map_or_else(|| "a case that is not yours".to_owned(), |client| client.person.name())
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
