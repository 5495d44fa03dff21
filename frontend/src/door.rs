//! Coming in and going out: sign in, sign out, unlock, lock, and which tab is the writer.

use std::rc::Rc;

use app::{
    desk::{Access, DeskError, StorageProblem},
    page_data::{Me, SignInProblem},
    paths,
};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::IgnoredAny;
use sync::wire::ProblemCode;
use wasm_bindgen_futures::spawn_local;

use crate::{
    bell::Ring,
    clock,
    core::Core,
    http::{self, Answer, Patience},
    keeper::{Closed, Disk, Keeper},
    keyring::{Keyring, KeyringError},
    lease, locks, service_worker,
    store::Store,
    sync_loop,
    vault::{Vault, VaultError},
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
    match core.me() {
        Some(here) if here.worker_id != me.worker_id => {
            end_session().await;
            return Err(DeskError::SignIn(SignInProblem::AnotherWorker));
        }
        Some(_) => core.bell.ring(Ring::Now),
        None if is_set_up().await => {
            // The device has a caseload of its own, and whoever it belongs to opens it with the passphrase.
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

/// Opens the sealed caseload.
///
/// # Errors
/// It is the wrong passphrase, another tab is the writer, or the storage cannot be read.
pub(crate) async fn unlock(core: &Rc<Core>, passphrase: String) -> Result<(), DeskError> {
    let found = Store::open_enrolled().await;
    let Some((store, keyring)) = found.map_err(|problem| broken(core, problem))? else {
        core.state.access.set(Access::SignedOut);
        return Err(DeskError::NotAvailable);
    };
    let keyring = Keyring::parse(&keyring).map_err(|error| broken(core, keyring_problem(error)))?;
    if !become_writer(core).await {
        stand_by(core);
        return Err(DeskError::NotTheWriter);
    }
    // The browser reads the disk while the worker derives the key.
    let (vault, closed) = futures::join!(Vault::open_with(&keyring, &passphrase), Closed::read(&store));
    let vault = match vault {
        Ok(vault) => vault,
        Err(VaultError::WrongPassphrase) => return Err(wrong_passphrase(core)),
        Err(VaultError::Keyring(error)) => return Err(broken(core, keyring_problem(error))),
        Err(_) => return Err(DeskError::NotAvailable),
    };
    clock::mark("unlock-start");
    let disk = Disk::new(store, vault);
    let found = disk.open(closed.map_err(|problem| broken(core, problem))?).await.map_err(|problem| broken(core, problem))?;
    core.take_found(found, Keeper::Disk(disk.clone()));
    // One turn of the browser's own loop later the pages have drawn it.
    clock::sleep(0).await;
    clock::mark("caseload-usable");
    spawn_local(sync_loop::prepare_search(Rc::clone(core)));
    service_worker::mark_enrolled().await;
    spawn_local(sync_loop::run(Rc::clone(core)));
    spawn_local(lease::keep_watch(Rc::clone(core)));
    spawn_local(async move {
        // An earlier life of the page may have given it up. Where the disk is still full, the next write says so.
        let _ = disk.set_room_aside().await;
    });
    Ok(())
}

/// Locks an enrolled device: the page starts anew, so that nothing of the caseload stays in its memory.
pub(crate) fn lock(core: &Rc<Core>) {
    if !core.keeper().is_disk() {
        return;
    }
    stop_writing(core);
    let _ = window().location().reload();
}

/// Takes the writer's place from the other tab. The passphrase is asked for anew.
pub(crate) async fn use_here(core: &Rc<Core>) {
    let on_loss = on_loss(core);
    let has_it = locks::steal(on_loss).await;
    core.holds_lock.set(has_it);
    core.is_writer.set(has_it);
    if has_it {
        core.state.access.set(Access::Locked { wrong_tries: 0 });
    }
}

/// Another tab is the writer. When it is gone, this one can be unlocked.
pub(crate) fn stand_by(core: &Rc<Core>) {
    core.state.access.set(Access::OpenElsewhere);
    let core = Rc::clone(core);
    spawn_local(async move {
        locks::until_free().await;
        if core.state.access.get_untracked() == Access::OpenElsewhere {
            core.state.access.set(Access::Locked { wrong_tries: 0 });
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

async fn is_set_up() -> bool {
    Store::open_enrolled().await.is_ok_and(|found| found.is_some())
}

async fn end_session() {
    // Whatever it answers: without a connection the session ends by itself.
    drop(http::post::<IgnoredAny>(paths::SIGN_OUT, &serde_json::json!({}), Patience::Short).await);
}

fn wrong_passphrase(core: &Core) -> DeskError {
    let tried = match core.state.access.get_untracked() {
        Access::Locked { wrong_tries } => wrong_tries,
        _ => 0,
    };
    core.state.access.set(Access::Locked { wrong_tries: tried + 1 });
    DeskError::WrongPassphrase
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
