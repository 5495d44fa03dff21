//! A sheet over the page: from below on a phone, at the side where there is room. The browser's own dialog keeps the focus in it, closes it
//! with Escape, and gives the focus back to where it came from.

use leptos::{html, prelude::*};

/// A sheet with a title and a way to close it.
#[component]
pub fn Sheet(
    /// Id of its title, which names it.
    id: &'static str,
    /// What it is about.
    title: &'static str,
    /// Whether it is shown; it becomes false when somebody closes it.
    open: RwSignal<bool>,
    /// What is in it, drawn while it is shown.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let wanted = open.get();
        let Some(dialog) = dialog.get() else { return };
        if wanted && !dialog.open() {
            // Where a browser refuses, the page goes on without it.
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog class="sheet" aria-labelledby=id node_ref=dialog closedby="any" on:close=move |_| open.set(false)>
            <div class="sheet__top">
                <h2 id=id>{title}</h2>
                <button class="button button--quiet" type="button" on:click=move |_| open.set(false)>{words::common::close()}</button>
            </div>
            {move || open.get().then(|| children.with_value(|children| children()))}
        </dialog>
    }
    .into_any()
}
