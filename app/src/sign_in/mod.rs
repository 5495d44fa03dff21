//! In front of the door: signing in, unlocking, and what else may stand in the way.

mod blind;
mod form;
mod obstacles;
mod unlock;
mod who;

use leptos::prelude::*;

pub use form::SignInForm;
pub use obstacles::{BrokenPage, EmptiedPage, OpenElsewherePage};
pub use unlock::UnlockPage;

use self::who::BackToUnlocking;
use crate::desk::use_desk;

/// The page for somebody who is not signed in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let state = use_desk().state();
    view! {
        <DoorPage>
            <h1>"Sign in"</h1>
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
                <p class="door__name">"Doorstep"</p>
                <p class="door__claim">"Your notes are safe, with or without a signal."</p>
            </header>
            <main class="door__card" id="content">{children()}</main>
        </div>
    }
    .into_any()
}

fn demo_accounts() -> AnyView {
    const ACCOUNTS: [(&str, &str); 5] = [
        ("maria@demo.example", "case manager"),
        ("omar@demo.example", "case manager"),
        ("lin@demo.example", "case manager"),
        ("ruth@demo.example", "supervisor"),
        ("ada@demo.example", "administrator"),
    ];
    let rows = ACCOUNTS.map(|(account, role)| {
        view! {
            <li>
                <span class="demo__account">{account}</span>
                <span class="demo__role">{role}</span>
            </li>
        }
        .into_any()
    });
    view! {
        <section class="demo" aria-labelledby="demo-title">
            <h2 class="demo__title" id="demo-title">"Demo agency"</h2>
            <p>"Everybody here is made up. The password of each account is " <code>"doorstep-demo"</code> "."</p>
            <ul class="demo__list">{Vec::from(rows)}</ul>
        </section>
    }
    .into_any()
}
