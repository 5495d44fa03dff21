//! Steps in their order, and which of them are done.

use leptos::prelude::*;

use super::Icon;

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Done,
    /// It is the one to take now.
    Now,
    Later,
}

/// The list; the step to take now is marked for those who listen too.
pub fn step_list(steps: Vec<(Step, &'static str)>) -> AnyView {
    let line = |(step, words): (Step, &'static str)| {
        let class = match step {
            Step::Done => "steps__step steps__step--done",
            Step::Now => "steps__step steps__step--now",
            Step::Later => "steps__step",
        };
        let is_done = (step == Step::Done)
            .then(|| view! { {Icon::Check.view()} <span class="visually-hidden">{words::common::done_step()}" "</span> });
        view! { <li class=class aria-current=(step == Step::Now).then_some("step")>{is_done} {words}</li> }.into_any()
    };
    view! { <ol class="steps">{steps.into_iter().map(line).collect_view()}</ol> }.into_any()
}
