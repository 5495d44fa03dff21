//! Tabs: one of several panels at a time. Arrow keys go from tab to tab, as the [ARIA pattern](https://www.w3.org/WAI/ARIA/apg/patterns/tabs/) wants.

use leptos::{ev, prelude::*};

use super::focus_field;

/// A row of tabs with the panel of the one that is chosen.
#[component]
pub fn Tabs(
    /// What the tabs are about.
    label: &'static str,
    /// Short names, which make the ids, and words.
    tabs: Vec<(&'static str, &'static str)>,
    /// The short name of the tab that is chosen.
    chosen: RwSignal<&'static str>,
    /// Draws the panel of a tab.
    panel: fn(&'static str) -> AnyView,
) -> impl IntoView {
    let names: Vec<&'static str> = tabs.iter().map(|(name, _)| *name).collect();
    let panel_id = ["panel-", names.first().copied().unwrap_or_default()].concat();
    let controlled = panel_id.clone();
    let names = StoredValue::new(names);
    let go = move |event: ev::KeyboardEvent| {
        // To the end of the line is to the left where one reads from the right.
        let forward = if words::current().direction() == words::Direction::LeftToRight { "ArrowRight" } else { "ArrowLeft" };
        let next = names.with_value(|names| {
            let here = names.iter().position(|name| *name == chosen.get_untracked()).unwrap_or_default();
            match event.key().as_str() {
                "Home" => names.first().copied(),
                "End" => names.last().copied(),
                key if key == forward => names.get((here + 1) % names.len()).copied(),
                "ArrowLeft" | "ArrowRight" => names.get((here + names.len() - 1) % names.len()).copied(),
                _ => None,
            }
        });
        if let Some(next) = next {
            event.prevent_default();
            chosen.set(next);
            focus_field(&tab_id(next));
        }
    };
    let tab = move |(name, words): (&'static str, &'static str)| {
        let is_chosen = move || chosen.get() == name;
        view! {
            <button
                class="tabs__tab"
                type="button"
                role="tab"
                id=tab_id(name)
                aria-controls=controlled.clone()
                aria-selected=move || if is_chosen() { "true" } else { "false" }
                tabindex=move || if is_chosen() { "0" } else { "-1" }
                on:click=move |_| chosen.set(name)
            >
                {words}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="tabs__row" role="tablist" aria-label=label on:keydown=go>{tabs.into_iter().map(tab).collect_view()}</div>
        <div class="tabs__panel" role="tabpanel" id=panel_id tabindex="0" aria-labelledby=move || tab_id(chosen.get())>
            {move || panel(chosen.get())}
        </div>
    }
    .into_any()
}

fn tab_id(name: &str) -> String {
    ["tab-", name].concat()
}
