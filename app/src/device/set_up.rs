//! Making this browser a device that works without a signal.

use leptos::{ev, prelude::*, task::spawn_local};

use super::{screen_lock::ScreenLockOffer, storage::promise};
use crate::{
    desk::{DeskError, DeskState, Keeping, NewDevice, StorageProblem, use_desk},
    paths,
    ui::{Banner, BannerTone, ErrorSummary, FieldError, Icon, TextField, TextKind, desk_error_words, error_of},
};

const PASSPHRASE: &str = "new-passphrase";
const CONFIRM: &str = "confirm-passphrase";
const LOCK_PAGE_NAME: &str = "lock-page-name";
const NAME: &str = "device-name";

/// The longest name of a device, in characters; the server has the same.
const LONGEST_NAME: usize = 100;

/// The longest name on the lock page, in characters.
const LONGEST_LOCK_PAGE_NAME: usize = 20;

/// The shortest passphrase, in characters.
const SHORTEST: usize = 12;

/// What the page offers.
#[derive(Clone, Copy, PartialEq)]
enum Offer {
    Done,
    InstallFirst,
    Unsupported,
    /// The agency lets no device keep anything.
    NotAllowed,
    Form,
}

impl Offer {
    fn of(state: DeskState) -> Self {
        let (install_first, unsupported) = state.storage.with(|storage| (storage.install_first, storage.unsupported));
        match state.keeping.get() {
            Keeping::Device => Self::Done,
            Keeping::Memory if !state.policy.get().offline_storage => Self::NotAllowed,
            Keeping::Memory if unsupported => Self::Unsupported,
            Keeping::Memory if install_first => Self::InstallFirst,
            Keeping::Memory => Self::Form,
        }
    }
}

/// The page that sets a device up.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let state = use_desk().state();
    let offer = Memo::new(move |_| Offer::of(state));
    view! {
        <section class="page page--narrow">
            <a class="back-link back-link--always" href=paths::DEVICE>{Icon::Back.view()} "On this device"</a>
            <h1>"Set up this device"</h1>
            {move || match offer.get() {
                Offer::Done => done(state),
                Offer::InstallFirst => install_first(),
                Offer::Unsupported => unsupported(),
                Offer::NotAllowed => not_allowed(),
                Offer::Form => view! { <SetUpForm /> }.into_any(),
            }}
        </section>
    }
    .into_any()
}

fn done(state: DeskState) -> AnyView {
    view! {
        <Banner tone=BannerTone::Good heading="This device is set up">
            <p>"It starts and works without a signal. Your passphrase opens it."</p>
        </Banner>
        <ScreenLockOffer />
        {move || state.storage.with(|storage| promise(storage.persisted))}
        <p><a class="button button--primary" href=paths::CASELOAD>"Go to your clients"</a></p>
    }
    .into_any()
}

fn install_first() -> AnyView {
    view! {
        <p>
            "On iPhone and iPad a browser tab loses what it stores after some days. Install Doorstep first; the installed app keeps it. "
            "It takes a minute:"
        </p>
        <ol class="steps">
            <li>"Tap the Share button of Safari."</li>
            <li>"Choose Add to Home Screen, then Add."</li>
            <li>"Open Doorstep from the home screen, sign in, and come back to this page."</li>
        </ol>
    }
    .into_any()
}

fn unsupported() -> AnyView {
    view! {
        <p>
            "This browser lacks what safe storage needs, so nothing is kept here. You can work in it with a connection. "
            "Use a current Chrome, Edge, Firefox or Safari, not in a private window, to work without a signal."
        </p>
    }
    .into_any()
}

fn not_allowed() -> AnyView {
    view! {
        <p>
            "Your agency does not let devices keep clients' data, so nothing is kept here. Doorstep works in this browser while there is a "
            "connection. Ask your administrator if you need to work without a signal."
        </p>
    }
    .into_any()
}

#[component]
fn SetUpForm() -> impl IntoView {
    let desk = use_desk();
    let passphrase = RwSignal::new(String::new());
    let confirmed = RwSignal::new(String::new());
    let lock_page_name = RwSignal::new(String::new());
    let name = RwSignal::new(String::new());
    let guess = desk.clone();
    Effect::new(move |_| {
        if name.with_untracked(String::is_empty) {
            name.set(guess.device_kind().to_owned());
        }
    });
    let made = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let errors = RwSignal::new(Vec::new());
    let make_desk = desk.clone();
    let make = move |_| {
        let reply = make_desk.make_passphrase();
        spawn_local(async move {
            match reply.await {
                Some(words) => {
                    errors.try_set(Vec::new());
                    passphrase.try_set(words.clone());
                    confirmed.try_set(words.clone());
                    made.try_set(Some(words));
                }
                None => drop(errors.try_set(vec![FieldError::new(
                    PASSPHRASE,
                    "The list of words did not come. Choose a passphrase yourself, or try again",
                )])),
            }
        });
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let device = NewDevice {
            passphrase: passphrase.get_untracked(),
            name: name.get_untracked().trim().to_owned(),
            lock_page_name: lock_page_name.get_untracked().trim().to_owned(),
        };
        let flaws = flaws(&device, &confirmed.get_untracked());
        errors.set(flaws.clone());
        if !flaws.is_empty() {
            return;
        }
        busy.set(true);
        let reply = desk.enrol(device);
        spawn_local(async move {
            let outcome = reply.await;
            busy.try_set(false);
            if let Err(error) = outcome {
                errors.try_set(vec![FieldError::new(PASSPHRASE, error_words(error))]);
            }
        });
    };
    view! {
        <p>"After this, Doorstep opens on this device without a signal, with all your clients and notes. They are stored sealed: only your passphrase opens them."</p>
        <ul class="bullets">
            <li>"Choose a passphrase of four or more words that do not belong together. It is not your sign-in password."</li>
            <li>"Nobody can look it up or change it for you. Without it this device has to be set up again."</li>
            <li>"Use your own device, or one that only your team uses. Each worker sets it up for themselves, with a passphrase of their own."</li>
        </ul>
        <ErrorSummary errors=errors />
        <form class="form" novalidate on:submit=submit>
            <button class="button" type="button" on:click=make>"Make one for me"</button>
            <div aria-live="polite">{move || made.get().map(made_words)}</div>
            <TextField
                id=PASSPHRASE
                label="Passphrase"
                kind=TextKind::NewPassword
                hint="At least 12 characters, for example four words"
                value=passphrase
                error=error_of(errors.into(), PASSPHRASE)
            />
            <TextField
                id=CONFIRM
                label="Confirm passphrase"
                kind=TextKind::NewPassword
                value=confirmed
                error=error_of(errors.into(), CONFIRM)
            />
            <TextField
                id=NAME
                label="Name of this device"
                hint="You and your supervisor find it by this name when it is lost"
                optional=true
                value=name
                error=error_of(errors.into(), NAME)
            />
            <TextField
                id=LOCK_PAGE_NAME
                label="Your name on the lock page"
                hint="Where several workers use this device, for example your initials. Whoever holds it can read them"
                optional=true
                value=lock_page_name
                error=error_of(errors.into(), LOCK_PAGE_NAME)
            />
            <p class="form__progress" role="status">
                {move || if busy.get() { "Making keys, fetching your caseload and sealing it. This can take half a minute; keep this page open." } else { "" }}
            </p>
            <button class="button button--primary button--wide" type="submit" aria-disabled=move || busy.get().then_some("true")>
                "Set up this device"
            </button>
        </form>
    }
    .into_any()
}

fn made_words(words: String) -> AnyView {
    view! {
        <Banner tone=BannerTone::Calm heading="Your passphrase">
            <p class="passphrase">{words}</p>
            <p>
                "Six words drawn by chance: nobody guesses them. It stands in both fields already. Write it on paper and keep that where "
                "nobody finds it together with this device; after a week or so you know it by heart."
            </p>
        </Banner>
    }
    .into_any()
}

fn flaws(device: &NewDevice, confirmed: &str) -> Vec<FieldError> {
    let mut flaws = passphrase_flaws(&device.passphrase, confirmed);
    if device.name.chars().count() > LONGEST_NAME {
        flaws.push(FieldError::new(NAME, "Name of this device must be 100 characters or less"));
    }
    if device.lock_page_name.chars().count() > LONGEST_LOCK_PAGE_NAME {
        flaws.push(FieldError::new(LOCK_PAGE_NAME, "Your name on the lock page must be 20 characters or less"));
    }
    flaws
}

fn passphrase_flaws(passphrase: &str, confirmed: &str) -> Vec<FieldError> {
    let length = passphrase.chars().count();
    let flaw = match (length, confirmed == passphrase) {
        (0, _) => FieldError::new(PASSPHRASE, "Enter a passphrase"),
        (..SHORTEST, _) => FieldError::new(PASSPHRASE, "Passphrase must be 12 characters or more"),
        (_, false) if confirmed.is_empty() => FieldError::new(CONFIRM, "Enter the passphrase again"),
        (_, false) => FieldError::new(CONFIRM, "The two passphrases must be the same"),
        (_, true) => return Vec::new(),
    };
    vec![flaw]
}

fn error_words(error: DeskError) -> &'static str {
    match error {
        DeskError::Storage(StorageProblem::Full) => "This device has no room for your caseload. Free some space, then try again",
        DeskError::Storage(_) => "The browser's storage did not take it. Private windows keep nothing; use a normal one and try again",
        DeskError::NotAvailable => "Setting up needs a connection, for your caseload is fetched. Try again where there is a signal",
        error => desk_error_words(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, passphrase: &str) -> NewDevice {
        NewDevice { passphrase: passphrase.to_owned(), name: name.to_owned(), lock_page_name: String::new() }
    }

    #[test]
    fn a_passphrase_is_long_and_typed_twice() {
        assert!(flaws(&named("", "velvet harbor monsoon"), "velvet harbor monsoon").is_empty());
        assert_eq!(flaws(&named("", ""), "")[0].text, "Enter a passphrase");
        assert_eq!(flaws(&named("", "123456"), "123456")[0].field_id, PASSPHRASE);
        assert_eq!(flaws(&named("", "velvet harbor monsoon"), "velvet harbor")[0].field_id, CONFIRM);
    }

    #[test]
    fn a_device_may_have_a_name_of_reasonable_length() {
        assert!(flaws(&named("Maria's phone", "velvet harbor monsoon"), "velvet harbor monsoon").is_empty());
        assert_eq!(flaws(&named(&"x".repeat(LONGEST_NAME + 1), ""), "").len(), 2);
        let whole_name = NewDevice { lock_page_name: "M".repeat(LONGEST_LOCK_PAGE_NAME + 1), ..named("", "velvet harbor monsoon") };
        assert_eq!(flaws(&whole_name, "velvet harbor monsoon")[0].field_id, LOCK_PAGE_NAME);
    }
}
