//! What the client wants to reach, in their own words, and how far they are.

use domain::{Achievement, CaseId, Date, Goal, GoalLifecycle};
use leptos::prelude::*;

use crate::{
    desk::use_desk,
    ui::{Spoken, Tone, empty_state, moments, tag},
};

/// The goals of a case.
#[component]
pub fn Goals(
    /// The case.
    case_id: CaseId,
) -> impl IntoView {
    let state = use_desk().state();
    let goals = Memo::new(move |_| state.caseload.with(|caseload| caseload.goals_of(case_id).into_iter().cloned().collect::<Vec<Goal>>()));
    let today = Memo::new(move |_| state.now.get().date());
    view! {
        <section class="card" aria-labelledby="goals-title">
            <h2 id="goals-title">{words::client::goals()}</h2>
            {move || goals.with(Vec::is_empty).then(|| empty_state(words::client::no_goals_yet()))}
            <ul class="goals">{move || goals.get().into_iter().map(|goal| goal_view(goal, today.get())).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn goal_view(goal: Goal, today: Date) -> AnyView {
    let standing = match goal.lifecycle {
        GoalLifecycle::Active => tag(tone_of(goal.achievement), goal.achievement.words()),
        lifecycle => tag(Tone::Quiet, lifecycle.words()),
    };
    let target = goal.target_on.map(|on| words::client::by_date(&moments::short_date(on, today)));
    view! {
        <li class="goal">
            <p class="goal__statement"><bdi>{goal.statement}</bdi></p>
            {goal.measure.map(|measure| view! { <p class="quiet"><bdi>{measure}</bdi></p> })}
            <p class="goal__standing">
                {standing}
                {target.map(|target| view! { <span class="quiet">{target}</span> })}
            </p>
        </li>
    }
    .into_any()
}

fn tone_of(achievement: Achievement) -> Tone {
    match achievement {
        Achievement::Improving | Achievement::Achieved | Achievement::Sustaining => Tone::Good,
        Achievement::Worsening => Tone::Late,
        Achievement::InProgress | Achievement::NoChange | Achievement::NotAchieved | Achievement::NotAttainable => Tone::Quiet,
    }
}
