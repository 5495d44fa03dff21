//! Coming in and going out: sign in, sign out, unlock, lock, and which tab is the writer.

use std::rc::Rc;

use app::{
    desk::{Access, DeskError, PasskeyProblem, ScreenLockProblem, StorageProblem},
    page_data::{Me, SignInProblem},
    paths,
};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::IgnoredAny;
use sync::{
    questions::{BeginProof, Question, SignInWithPasskey},
    wire::ProblemCode,
};
use wasm_bindgen_futures::spawn_local;

use crate::{
    bell::Ring,
    clock, contents,
    core::Core,
    hand_in,
    http::{self, Answer, Patience},
    keeper::{Closed, Disk, Keeper},
    lease, locked, locks, office, places, screen_lock, service_worker,
    store::{Place, Store},
    sync_loop,
    upgrade::{self, UpgradeError},
    vault::{FirstKeyring, KeyringError, PasskeyError, Stored, Vault, VaultError},
    webauthn::{self, WebAuthnError},
};

/// Signs in. Where a caseload is open already, only its own worker may.
///
/// # Errors
/// Why the server did not let the worker in, or that the caseload here is somebody else's.
pub(crate) async fn sign_in(core: &Rc<Core>, email: String, password: String) -> Result<(), DeskError> {
    #[derive(Serialize)]
    struct SignIn {
        email: String,
        password: String,
    }
    let me = match http::post::<Me>(paths::SIGN_IN, &SignIn { email, password }, Patience::Short).await {
        Answer::Ok(me) => me,
        Answer::Nobody => return Err(DeskError::SignIn(SignInProblem::NoConnection)),
        Answer::Refused { problem, .. } => return Err(DeskError::SignIn(sign_in_problem(problem.code))),
    };
    come_in(core, me).await
}

/// Signs in with a passkey, which also says who it is.
///
/// # Errors
/// No passkey answered, why the server did not let the worker in, or that the caseload here is somebody else's.
pub(crate) async fn sign_in_with_passkey(core: &Rc<Core>) -> Result<(), DeskError> {
    let challenge = answer_to(&BeginProof {}).await?;
    let credential = webauthn::get_for_office(&challenge.options.to_string()).await;
    let credential = credential.map_err(|error| DeskError::Passkey(passkey_problem(error)))?;
    let credential = serde_json::from_slice(credential.as_bytes()).map_err(|_| DeskError::Passkey(PasskeyProblem::NotSupported))?;
    answer_to(&SignInWithPasskey { ceremony_id: challenge.ceremony_id, credential }).await?;
    match http::get::<Me>(sync_loop::SESSION).await {
        Answer::Ok(me) => come_in(core, me).await,
        Answer::Nobody => Err(DeskError::SignIn(SignInProblem::NoConnection)),
        Answer::Refused { problem, .. } => Err(DeskError::SignIn(sign_in_problem(problem.code))),
    }
}

/// A question of somebody who is not signed in yet.
async fn answer_to<Q: Question>(question: &Q) -> Result<Q::Answer, DeskError> {
    match office::ask_as_anybody(question).await {
        Answer::Ok(answer) => Ok(answer),
        Answer::Nobody => Err(DeskError::SignIn(SignInProblem::NoConnection)),
        Answer::Refused { problem, .. } => Err(match problem.code {
            ProblemCode::WrongPassword => DeskError::Passkey(PasskeyProblem::NotKnown),
            code => DeskError::SignIn(sign_in_problem(code)),
        }),
    }
}

/// Why no passkey answered, as pages know it.
pub(crate) fn passkey_problem(error: WebAuthnError) -> PasskeyProblem {
    match error {
        WebAuthnError::Unable => PasskeyProblem::NotSupported,
        WebAuthnError::Refused => PasskeyProblem::NotGiven,
        WebAuthnError::TimedOut => PasskeyProblem::TimedOut,
        WebAuthnError::HasOne => PasskeyProblem::AlreadyHere,
    }
}

/// The server knows who it is. Where a caseload is open already, only its own worker may come in.
async fn come_in(core: &Rc<Core>, me: Me) -> Result<(), DeskError> {
    match core.me() {
        Some(here) if here.worker_id != me.worker_id => {
            end_session().await;
            return Err(DeskError::SignIn(SignInProblem::AnotherWorker));
        }
        Some(_) => core.bell.ring(Ring::Now),
        None if has_device(core, &me).await => {
            // There is a sealed caseload for this worker, who opens it with the passphrase.
            let _ = window().location().replace(paths::TODAY);
        }
        None => {
            core.arriving.replace(Some(me));
            core.state.access.set(Access::Opening);
            spawn_local(sync_loop::run(Rc::clone(core)));
        }
    }
    core.state.failed_sign_in.set(None);
    Ok(())
}

/// Ends the session. What is in memory only goes to the server first; if it cannot, the worker stays signed in.
pub(crate) async fn sign_out(core: &Rc<Core>) {
    let is_disk = core.keeper().is_disk();
    if !is_disk && core.unsent() > 0 {
        sync_loop::round(core).await;
        if core.unsent() > 0 {
            return;
        }
    }
    end_session().await;
    if is_disk {
        lock(core);
    } else {
        core.forget_all();
        let _ = window().location().replace(paths::SIGN_IN);
    }
}

/// How a device is opened.
pub(crate) enum Way {
    Passphrase(String),
    ScreenLock,
}

/// Opens the sealed caseload.
///
/// # Errors
/// It is the wrong passphrase or there were too many, the screen lock did not answer, another tab is the writer, or the storage cannot be
/// read.
pub(crate) async fn unlock(core: &Rc<Core>, way: Way) -> Result<(), DeskError> {
    let found = Store::open_enrolled(&core.place().await).await;
    let Some((store, keyring)) = found.map_err(|problem| broken(core, problem))? else {
        core.state.access.set(Access::SignedOut);
        return Err(DeskError::NotAvailable);
    };
    let keyring = Stored::parse(&keyring).map_err(|error| broken(core, keyring_problem(error)))?;
    if !become_writer(core).await {
        stand_by(core);
        return Err(DeskError::NotTheWriter);
    }
    let opened = match way {
        Way::Passphrase(passphrase) => try_passphrase(&store, &keyring, &passphrase).await,
        Way::ScreenLock => try_screen_lock(&store, &keyring).await,
    };
    let (vault, closed) = match opened {
        Ok(opened) => opened,
        Err(DeskError::Storage(problem @ (StorageProblem::NewerBuild | StorageProblem::Unreadable))) => return Err(broken(core, problem)),
        Err(error) => {
            locked::show_lock(core).await;
            return Err(error);
        }
    };
    clock::mark("unlock-start");
    let disk = Disk::new(store, vault);
    let mut found = disk.open(closed).await.map_err(|problem| broken(core, problem))?;
    let hand_in = std::mem::take(&mut found.hand_in);
    core.take_found(found, Keeper::Disk(Box::new(disk.clone())));
    // One turn of the browser's own loop later the pages have drawn it.
    clock::sleep(0).await;
    clock::mark("caseload-usable");
    locked::note_opened(disk.store()).await;
    hand_in::adopt_blind(core, disk.vault(), hand_in).await;
    spawn_local(sync_loop::prepare_search(Rc::clone(core)));
    service_worker::mark_enrolled().await;
    spawn_local(sync_loop::run(Rc::clone(core)));
    spawn_local(lease::keep_watch(Rc::clone(core)));
    screen_lock::refresh(core).await;
    disk.outgoing().warm_up().await;
    spawn_local(async move {
        // An earlier life of the page may have given it up. Where the disk is still full, the next write says so.
        let _ = disk.set_room_aside().await;
    });
    spawn_local(contents::forget_orphans(Rc::clone(core)));
    Ok(())
}

/// Opens the vault with a passphrase, and reads the disk meanwhile. The try is counted before it is made.
async fn try_passphrase(store: &Store, keyring: &Stored, passphrase: &str) -> Result<(Vault, Closed), DeskError> {
    locked::begin_try(store).await?;
    let opened = match keyring {
        Stored::Now(keyring) => {
            // The browser reads the disk while the worker derives the key.
            let (vault, closed) = futures::join!(Vault::open_with_passphrase(keyring, passphrase), Closed::read(store));
            vault.map_err(vault_problem).and_then(|vault| Ok((vault, closed.map_err(DeskError::Storage)?)))
        }
        Stored::First(first) => upgrade(store, first, passphrase).await,
    };
    match &opened {
        Ok(_) => {}
        Err(DeskError::WrongPassphrase) => locked::end_wrong_try(store).await,
        Err(_) => locked::undo_try(store).await,
    }
    opened
}

/// Brings a device of the first version up to date, and reads it then.
async fn upgrade(store: &Store, first: &FirstKeyring, passphrase: &str) -> Result<(Vault, Closed), DeskError> {
    let vault = upgrade::upgrade(store, first, passphrase).await.map_err(|error| match error {
        UpgradeError::Vault(error) => vault_problem(error),
        UpgradeError::Storage(problem) => DeskError::Storage(problem),
    })?;
    Ok((vault, Closed::read(store).await.map_err(DeskError::Storage)?))
}

/// Opens the vault with the device's screen lock. Whoever passes that has not guessed a passphrase, so no try is counted.
async fn try_screen_lock(store: &Store, keyring: &Stored) -> Result<(Vault, Closed), DeskError> {
    let Stored::Now(keyring) = keyring else { return Err(DeskError::ScreenLock(ScreenLockProblem::NotAble)) };
    let (vault, closed) = futures::join!(Vault::open_with_passkey(keyring), Closed::read(store));
    let vault = vault.map_err(|error| match error {
        VaultError::WrongPassphrase => DeskError::ScreenLock(ScreenLockProblem::Another),
        error => vault_problem(error),
    })?;
    Ok((vault, closed.map_err(DeskError::Storage)?))
}

/// Why a vault was not opened, as pages know it.
pub(crate) fn vault_problem(error: VaultError) -> DeskError {
    match error {
        VaultError::WrongPassphrase => DeskError::WrongPassphrase,
        VaultError::Keyring(error) => DeskError::Storage(keyring_problem(error)),
        VaultError::Passkey(PasskeyError::Refused) => DeskError::ScreenLock(ScreenLockProblem::NotGiven),
        VaultError::Passkey(_) => DeskError::ScreenLock(ScreenLockProblem::NotAble),
        VaultError::Newer => DeskError::Storage(StorageProblem::NewerBuild),
        VaultError::Damaged => DeskError::Storage(StorageProblem::Unreadable),
        VaultError::Kdf | VaultError::Crypto => DeskError::NotAvailable,
    }
}

/// Locks an enrolled device: the page starts anew, so that nothing of the caseload stays in its memory.
pub(crate) fn lock(core: &Rc<Core>) {
    if !core.keeper().is_disk() || core.state.access.get_untracked() == Access::Leaving {
        return;
    }
    // The pages go at once; going, they keep what is being typed.
    core.state.access.set(Access::Leaving);
    let core = Rc::clone(core);
    spawn_local(async move {
        close(&core).await;
        start_anew();
    });
}

/// Lets the pages go, which keep what is being typed, and stops writing.
pub(crate) async fn close(core: &Core) {
    const PAGES_GO_MS: u32 = 20;
    core.state.access.set(Access::Leaving);
    clock::sleep(PAGES_GO_MS).await;
    core.settled().await;
    stop_writing(core);
}

/// The same place again, without leaving the open one in the browser's history: nothing of the caseload stays in the page's memory.
pub(crate) fn start_anew() {
    let location = window().location();
    let here = location.pathname().unwrap_or_else(|_| paths::TODAY.to_owned());
    let _ = location.replace(&here);
}

/// Takes the writer's place from the other tab. The passphrase is asked for anew.
pub(crate) async fn use_here(core: &Rc<Core>) {
    let on_loss = on_loss(core);
    let has_it = locks::steal(on_loss).await;
    core.holds_lock.set(has_it);
    core.is_writer.set(has_it);
    if has_it {
        core.state.access.set(Access::Locked);
        attend_lock(core);
    }
}

/// Shows how the lock stands, and lets what is locked be handed in.
pub(crate) fn attend_lock(core: &Rc<Core>) {
    let core = Rc::clone(core);
    spawn_local(async move {
        locked::show_lock(&core).await;
        core.carrier.ring(Ring::Now);
    });
}

/// The lock page turns to the device of another worker.
pub(crate) fn choose_worker(core: &Rc<Core>, place: &str) {
    let Some(place) = Place::parse(place) else { return };
    core.place.replace(Some(place));
    if core.state.access.get_untracked() != Access::Locked {
        core.state.access.set(Access::Locked);
    }
    attend_lock(core);
}

/// Somebody else wants to work here: they sign in, in this page.
pub(crate) fn welcome_another(core: &Core) {
    if core.state.access.get_untracked() == Access::Locked {
        core.state.access.set(Access::SignedOut);
    }
}

/// Another tab is the writer. When it is gone, this one can be unlocked.
pub(crate) fn stand_by(core: &Rc<Core>) {
    core.state.access.set(Access::OpenElsewhere);
    let core = Rc::clone(core);
    spawn_local(async move {
        locks::until_free().await;
        if core.state.access.get_untracked() == Access::OpenElsewhere {
            core.state.access.set(Access::Locked);
            attend_lock(&core);
        }
    });
}

/// Takes the lock unless this tab has it. False if another tab has it.
pub(crate) async fn become_writer(core: &Rc<Core>) -> bool {
    if core.holds_lock.get() {
        return true;
    }
    let has_it = locks::acquire(on_loss(core)).await;
    core.holds_lock.set(has_it);
    core.is_writer.set(has_it);
    has_it
}

fn on_loss(core: &Rc<Core>) -> impl FnOnce() + 'static {
    let core = Rc::clone(core);
    move || {
        stop_writing(&core);
        core.forget_all();
        stand_by(&core);
    }
}

fn stop_writing(core: &Core) {
    core.holds_lock.set(false);
    core.is_writer.set(false);
    core.life.set(core.life.get() + 1);
    core.bell.ring(Ring::Now);
}

/// Whether the worker who has signed in has a device here. If so, its lock page comes first, and the passphrase may be tried again.
async fn has_device(core: &Core, me: &Me) -> bool {
    let devices = places::set_up().await;
    let own = devices.iter().find(|device| device.owner() == Some(me.worker_id));
    // The first version did not say whose it is. Whoever came by way of the lock page says that it is not theirs.
    let is_newcomer = core.state.workers.with_untracked(|workers| !workers.is_empty());
    let nobodys = || devices.iter().find(|device| device.owner().is_none() && !is_newcomer);
    let Some(device) = own.or_else(nobodys) else { return false };
    // Where the browser refuses, the lock page says so still.
    let _ = locked::forgive_tries(&device.store).await;
    true
}

async fn end_session() {
    // Whatever it answers: without a connection the session ends by itself.
    drop(http::post::<IgnoredAny>(paths::SIGN_OUT, &serde_json::json!({}), Patience::Short).await);
}

fn broken(core: &Core, problem: StorageProblem) -> DeskError {
    core.state.access.set(Access::Broken(problem));
    DeskError::Storage(problem)
}

fn keyring_problem(error: KeyringError) -> StorageProblem {
    match error {
        KeyringError::Newer => StorageProblem::NewerBuild,
        KeyringError::Damaged => StorageProblem::Unreadable,
    }
}

fn sign_in_problem(code: ProblemCode) -> SignInProblem {
    match code {
        ProblemCode::WrongPassword | ProblemCode::SignInNeeded => SignInProblem::WrongPassword,
        ProblemCode::TooManyTries => SignInProblem::TooManyTries,
        _ => SignInProblem::Unavailable,
    }
}
