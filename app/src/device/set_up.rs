//! Making this browser a device that works without a signal.

use leptos::{ev, prelude::*, task::spawn_local};

use super::{screen_lock::ScreenLockOffer, storage::promise};
use crate::{
    desk::{DeskError, DeskState, Keeping, NewDevice, StorageProblem, use_desk},
    paths,
    ui::{Banner, BannerTone, ErrorSummary, FieldError, Icon, Progress, TextField, TextKind, desk_error_words, error_of},
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
            <a class="back-link back-link--always" href=paths::DEVICE>{Icon::Back.view()} {words::device::on_this_device()}</a>
            <h1>{words::device::set_up_this_device()}</h1>
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
        <Banner tone=BannerTone::Good heading=words::device::this_device_is_set_up()>
            <p>{words::device::it_starts_and_works()}</p>
        </Banner>
        <ScreenLockOffer />
        {move || state.storage.with(|storage| promise(storage.persisted))}
        <p><a class="button button--primary" href=paths::CASELOAD>{words::device::go_to_your_clients()}</a></p>
    }
    .into_any()
}

fn install_first() -> AnyView {
    view! {
        <p>
            {words::device::on_iphone_and_ipad()}
        </p>
        <ol class="steps">
            <li>{words::device::tap_the_share_button()}</li>
            <li>{words::device::choose_add_to_home_screen()}</li>
            <li>{words::device::open_doorstep_from_the_home()}</li>
        </ol>
    }
    .into_any()
}

fn unsupported() -> AnyView {
    view! {
        <p>
            {words::device::this_browser_lacks_what_safe()}
        </p>
    }
    .into_any()
}

fn not_allowed() -> AnyView {
    view! {
        <p>
            {words::device::your_agency_does_not_let()}
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
                None => drop(errors.try_set(vec![FieldError::new(PASSPHRASE, words::device::the_list_of_words_did())])),
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
        <p>{words::device::after_this_doorstep_opens()}</p>
        <ul class="bullets">
            <li>{words::device::choose_a_passphrase_of_four()}</li>
            <li>{words::device::nobody_can_look_it_up()}</li>
            <li>{words::device::use_your_own_device()}</li>
        </ul>
        <ErrorSummary errors=errors />
        <form class="form" novalidate on:submit=submit>
            <button class="button" type="button" on:click=make>{words::device::make_one_for_me()}</button>
            <div aria-live="polite">{move || made.get().map(made_words)}</div>
            <TextField
                id=PASSPHRASE
                label=words::device::passphrase()
                kind=TextKind::NewPassword
                hint=words::device::at_least_12_characters()
                value=passphrase
                error=error_of(errors.into(), PASSPHRASE)
            />
            <TextField
                id=CONFIRM
                label=words::device::confirm_passphrase()
                kind=TextKind::NewPassword
                value=confirmed
                error=error_of(errors.into(), CONFIRM)
            />
            <TextField
                id=NAME
                label=words::device::name_of_this_device()
                hint=words::device::you_and_your_supervisor_find()
                optional=true
                value=name
                error=error_of(errors.into(), NAME)
            />
            <TextField
                id=LOCK_PAGE_NAME
                label=words::device::your_name_on_the_lock()
                hint=words::device::where_several_workers_use()
                optional=true
                value=lock_page_name
                error=error_of(errors.into(), LOCK_PAGE_NAME)
            />
            <div class="form__progress" role="status">
                {move || busy.get().then(|| {
                    let words = words::device::making_keys_fetching_your_caseload().to_owned();
                    view! { <Progress words=Signal::stored(words) done=Signal::stored(0.0) of=Signal::stored(None) /> }
                })}
            </div>
            <button class="button button--primary button--wide" type="submit" aria-disabled=move || busy.get().then_some("true")>
                {words::device::set_up_this_device()}
            </button>
        </form>
    }
    .into_any()
}

fn made_words(words: String) -> AnyView {
    view! {
        <Banner tone=BannerTone::Calm heading=words::device::your_passphrase()>
            <p class="passphrase">{words}</p>
            <p>
                {words::device::six_words_drawn_by_chance()}
            </p>
        </Banner>
    }
    .into_any()
}

fn flaws(device: &NewDevice, confirmed: &str) -> Vec<FieldError> {
    let mut flaws = passphrase_flaws(&device.passphrase, confirmed);
    if device.name.chars().count() > LONGEST_NAME {
        flaws.push(FieldError::new(NAME, words::device::name_of_this_device_must_be_100()));
    }
    if device.lock_page_name.chars().count() > LONGEST_LOCK_PAGE_NAME {
        flaws.push(FieldError::new(LOCK_PAGE_NAME, words::device::your_name_on_the_lock_page()));
    }
    flaws
}

fn passphrase_flaws(passphrase: &str, confirmed: &str) -> Vec<FieldError> {
    let length = passphrase.chars().count();
    let flaw = match (length, confirmed == passphrase) {
        (0, _) => FieldError::new(PASSPHRASE, words::device::enter_a_passphrase()),
        (..SHORTEST, _) => FieldError::new(PASSPHRASE, words::device::passphrase_must_be_12_characters()),
        (_, false) if confirmed.is_empty() => FieldError::new(CONFIRM, words::device::enter_the_passphrase_again()),
        (_, false) => FieldError::new(CONFIRM, words::device::the_two_passphrases()),
        (_, true) => return Vec::new(),
    };
    vec![flaw]
}

fn error_words(error: DeskError) -> &'static str {
    match error {
        DeskError::Storage(StorageProblem::Full) => words::device::this_device_has_no_room(),
        DeskError::Storage(_) => words::device::the_browsers_storage_did(),
        DeskError::NotAvailable => words::device::setting_up_needs_a_connection(),
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
