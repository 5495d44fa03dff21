//! In front of the door: signing in, unlocking, and what else may stand in the way.

mod blind;
mod form;
mod obstacles;
mod unlock;
mod who;

use domain::Role;
use leptos::prelude::*;

pub use form::SignInForm;
pub use obstacles::{BrokenPage, EmptiedPage, OpenElsewherePage};
pub use unlock::UnlockPage;

use self::who::BackToUnlocking;
use crate::{
    desk::use_desk,
    ui::{LanguageChooser, Spoken, pause},
};

/// The page for somebody who is not signed in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let state = use_desk().state();
    view! {
        <DoorPage>
            <h1>{words::door::sign_in()}</h1>
            <SignInForm />
            <BackToUnlocking />
            {move || state.demo.get().then(demo_accounts)}
        </DoorPage>
    }
    .into_any()
}

/// The frame of every page in front of the door.
#[component]
pub fn DoorPage(children: Children) -> impl IntoView {
    view! {
        <div class="door">
            <header class="door__header">
                <p class="door__name">{words::door::doorstep()}</p>
                <p class="door__claim">{words::door::your_notes_are_safe()}</p>
            </header>
            <main class="door__card" id="content">{children()}</main>
            <LanguageChooser />
        </div>
    }
    .into_any()
}

fn demo_accounts() -> AnyView {
    const ACCOUNTS: [(&str, Role); 5] = [
        ("maria@demo.example", Role::CaseManager),
        ("omar@demo.example", Role::CaseManager),
        ("lin@demo.example", Role::CaseManager),
        ("ruth@demo.example", Role::Supervisor),
        ("ada@demo.example", Role::Administrator),
    ];
    let (before, after) = words::around(words::door::everybody_here_is_made_up);
    let rows = ACCOUNTS.map(|(account, role)| {
        view! {
            <li>
                <span class="demo__account">{account}</span>
                {pause()}
                <span class="demo__role">{role.words()}</span>
            </li>
        }
        .into_any()
    });
    view! {
        <section class="demo" aria-labelledby="demo-title">
            <h2 class="demo__title" id="demo-title">{words::door::demo_agency()}</h2>
            <p>{before} <code>"doorstep-demo"</code> {after}</p>
            <ul class="demo__list">{Vec::from(rows)}</ul>
        </section>
    }
    .into_any()
}
