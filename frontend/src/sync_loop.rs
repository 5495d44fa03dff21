//! Sends what is unsent and fetches what is new, for as long as the page lives.
//!
//! What an answer means for an entry only [`sync::device`] decides, and only from JSON of this server. Whatever else comes back, nothing is
//! dropped and it is tried again.

use std::rc::Rc;

use app::{
    desk::{Access, DeskError, SyncState},
    page_data::{FailedSignIn, Me, SignInProblem},
};
use domain::WorkerId;
use leptos::prelude::*;
use serde::de::IgnoredAny;
use sync::{
    portions::{Portions, UnreadPull},
    wire::{DeviceId, Problem, ProblemCode, PushResponse, RegisterDevice},
};
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;

use crate::{
    backoff::{Backoff, Outcome},
    bell::Ring,
    clock, contents,
    core::{Core, Taken},
    hand_in::{self, Load, Order},
    http::{self, Answer, Patience},
    read_log,
    slice::Slice,
    wipe, withdrawal,
};

pub(crate) const SESSION: &str = "/session";
const DEVICES: &str = "/sync/v1/devices";
const PUSH: &str = "/sync/v1/push";
const PULL: &str = "/sync/v1/pull";

/// More refusals than this in one round are not about this device's bookkeeping.
const MAX_REFUSALS: u32 = 8;

/// Why a round ended before its end.
struct Stopped(Outcome);

/// Keeps the desk and the server in step until this tab is no longer the writer.
pub(crate) async fn run(core: Rc<Core>) {
    let mut backoff = Backoff::default();
    let life = core.life.get();
    spawn_local(contents::run(Rc::clone(&core)));
    while core.life.get() == life {
        // What is wrong stays on the page until it is mended: a form to sign in must not vanish at every try.
        if matches!(core.state.sync.get_untracked(), SyncState::Idle | SyncState::UpToDate { .. }) {
            core.state.sync.set(SyncState::Syncing);
        }
        let outcome = round(&core).await;
        spawn_local(prepare_search(Rc::clone(&core)));
        let shown = shown(outcome);
        if core.state.sync.get_untracked() != shown {
            core.state.sync.set(shown);
        }
        core.poke.follow(outcome, &core);
        if outcome != Outcome::Offline {
            contents::wake(&core);
        }
        let packing = Rc::clone(&core);
        spawn_local(async move { packing.make_visits_ready().await });
        match outcome {
            Outcome::UpToDate => {
                core.set_room_aside().await;
                withdrawal::obey(&core).await;
            }
            outcome if is_lost(&core, outcome).await && wipe::obey(&core).await => break,
            _ => {}
        }
        let wait_ms = backoff.wait_ms(outcome, js_sys::Math::random());
        // Who was asked to wait does not come back for every note that is saved.
        let at_least = if matches!(outcome, Outcome::Trouble { retry_after_ms: Some(_) }) { Ring::Now } else { Ring::Hint };
        if !core.bell.wait(at_least, wait_ms).await {
            break;
        }
    }
    core.poke.close();
}

/// Whether the device was reported as lost. Its sessions have ended then, so one without asks in the way that needs none.
async fn is_lost(core: &Core, outcome: Outcome) -> bool {
    match outcome {
        Outcome::Lost => true,
        Outcome::SignInNeeded => hand_in::ask(core, Load::Nothing).await == Order::Wipe,
        Outcome::Revoked => hand_in::ask(core, Load::Everything).await == Order::Wipe,
        _ => false,
    }
}

/// Makes search quick, in small steps: somebody may be typing.
pub(crate) async fn prepare_search(core: Rc<Core>) {
    const NOTES: usize = 200;
    const BREATH_MS: u32 = 16;
    while core.state.caseload.try_update_untracked(|caseload| caseload.prepare_search(NOTES)) == Some(true) {
        clock::sleep(BREATH_MS).await;
    }
}

/// One round: everything that is unsent goes up, then everything that is new comes down.
pub(crate) async fn round(core: &Core) -> Outcome {
    let _one_at_a_time = core.round.lock().await;
    match exchange(core).await {
        Ok(()) => Outcome::UpToDate,
        Err(Stopped(outcome)) => outcome,
    }
}

async fn exchange(core: &Core) -> Result<(), Stopped> {
    check_session(core).await?;
    push_all(core).await?;
    pull_all(core).await?;
    read_log::tell(core).await;
    Ok(())
}

/// Whether whoever is signed in now is the worker of this desk, as far as it can be told. What is asked next says so otherwise.
pub(crate) async fn is_own_session(core: &Core) -> bool {
    check_session(core).await.is_ok()
        || !matches!(core.state.failed_sign_in.get_untracked(), Some(failed) if failed.problem == SignInProblem::AnotherWorker)
}

/// Makes sure that the session is this worker's. Another tab may have signed somebody else in.
async fn check_session(core: &Core) -> Result<(), Stopped> {
    if core.session_checked.get() {
        return Ok(());
    }
    let me = match http::get::<Me>(SESSION).await {
        Answer::Ok(me) => me,
        Answer::Refused { problem, retry_after_ms } => return Err(refused(core, &problem, retry_after_ms)),
        Answer::Nobody => return Err(offline(core)),
    };
    let Some(here) = core.me() else { return Err(Stopped(Outcome::SignInNeeded)) };
    if here.worker_id != me.worker_id {
        return Err(met_another_worker(core));
    }
    if here != me {
        kept(core.keeper().keep_owner(&me).await.map_err(DeskError::Storage))?;
        if matches!(core.state.access.get_untracked(), Access::Open(_)) {
            core.state.access.set(Access::Open(me));
        }
    }
    core.session_checked.set(is_in_front());
    Ok(())
}

/// As whom this desk speaks. The session may become somebody else's between any two requests; the server compares the two.
fn speaker(core: &Core) -> Result<WorkerId, Stopped> {
    core.me().map(|me| me.worker_id).ok_or(Stopped(Outcome::SignInNeeded))
}

/// Nothing of one worker's desk is sent or shown under another worker's session.
fn met_another_worker(core: &Core) -> Stopped {
    if !core.keeper().is_disk() && core.unsent() == 0 {
        // Nothing here would be lost: the server draws the page for whoever is signed in now.
        let _ = window().location().reload();
    }
    let failed = FailedSignIn { email: String::new(), problem: SignInProblem::AnotherWorker };
    core.state.failed_sign_in.set(Some(failed));
    Stopped(Outcome::SignInNeeded)
}

async fn push_all(core: &Core) -> Result<(), Stopped> {
    for _ in 0..MAX_REFUSALS {
        register(core).await?;
        let sent = push_until_refused(core).await;
        core.set_sending(0);
        match sent? {
            None => return Ok(()),
            Some(problem) => {
                let fresh = DeviceId(Uuid::now_v7());
                kept(core.change(|device| device.push_refused(&problem, fresh)).await)?;
            }
        }
    }
    Err(Stopped(Outcome::Trouble { retry_after_ms: None }))
}

/// Pushes until nothing is left; gives back the problem where the device has to change something first.
async fn push_until_refused(core: &Core) -> Result<Option<Problem>, Stopped> {
    loop {
        let device = core.device();
        let Some(request) = device.next_push() else { return Ok(None) };
        core.set_sending(request.mutations.last().map_or(0, |mutation| mutation.seq));
        match http::post_as::<PushResponse>(speaker(core)?, PUSH, &request, Patience::Long).await {
            Answer::Ok(response) => {
                kept(core.change(|device| device.pushed(&request, &response)).await)?;
                let device = core.device();
                let is_sent = |seq| device.entry(seq).is_none_or(sync::device::Entry::is_received);
                if !request.mutations.iter().any(|mutation| is_sent(mutation.seq)) {
                    // A passing fault: the server took none of them. Not again at once.
                    return Err(Stopped(Outcome::Trouble { retry_after_ms: None }));
                }
            }
            Answer::Refused { problem, .. } if concerns_device(&problem) => return Ok(Some(problem)),
            Answer::Refused { problem, retry_after_ms } => return Err(refused(core, &problem, retry_after_ms)),
            Answer::Nobody => return Err(offline(core)),
        }
    }
}

/// Makes the device known, if it is not and if it keeps or sends anything.
async fn register(core: &Core) -> Result<(), Stopped> {
    let device = core.device();
    let enrolled = core.keeper().is_disk();
    let is_known = device.meta().registered && !core.keeper().has_keys_to_tell();
    if is_known || (!enrolled && device.unsent() == 0) {
        return Ok(());
    }
    register_as(core, enrolled).await
}

/// Tells the server that this device keeps a sealed caseload from now on.
pub(crate) async fn register_enrolled(core: &Core) {
    let _one_at_a_time = core.round.lock().await;
    // Where it fails, the next round registers a device that is not known yet; to a known one it is only a note.
    let _ = register_as(core, true).await;
}

/// Tells the server that this device keeps nothing any more.
pub(crate) async fn register_unenrolled(core: &Core) {
    let _one_at_a_time = core.round.lock().await;
    let _ = register_as(core, false).await;
}

/// Tells the server what this device is.
async fn register_as(core: &Core, enrolled: bool) -> Result<(), Stopped> {
    let request = RegisterDevice {
        device_id: core.device().meta().device_id,
        enrolled,
        app_build: core.build.clone(),
        label: core.device().meta().label.clone(),
        keys: core.keeper().public_keys(),
    };
    match http::post_as::<IgnoredAny>(speaker(core)?, DEVICES, &request, Patience::Short).await {
        Answer::Ok(_) => {
            core.keeper().note_keys_told();
            kept(core.change(|device| device.mark_registered()).await)
        }
        Answer::Refused { problem, .. } if concerns_device(&problem) => {
            let fresh = DeviceId(Uuid::now_v7());
            kept(core.change(|device| device.push_refused(&problem, fresh)).await)?;
            Err(Stopped(Outcome::Trouble { retry_after_ms: None }))
        }
        Answer::Refused { problem, retry_after_ms } => Err(refused(core, &problem, retry_after_ms)),
        Answer::Nobody => Err(offline(core)),
    }
}

async fn pull_all(core: &Core) -> Result<(), Stopped> {
    let mut slice = Slice::default();
    loop {
        let device = core.device();
        let request = device.next_pull(core.wanted_scope(), slice.bytes());
        let asked_ms = clock::stopwatch_ms();
        let answer = http::post_as::<UnreadPull>(speaker(core)?, PULL, &request, Patience::Long).await;
        slice.fit(clock::stopwatch_ms() - asked_ms);
        let response = match answer {
            Answer::Ok(response) => response,
            Answer::Refused { problem, .. } if concerns_device(&problem) => {
                kept(core.change(|device| device.pull_refused(&problem)).await)?;
                return Err(Stopped(Outcome::Trouble { retry_after_ms: None }));
            }
            Answer::Refused { problem, retry_after_ms } => return Err(refused(core, &problem, retry_after_ms)),
            Answer::Nobody => return Err(offline(core)),
        };
        let is_lost = response.wipe;
        let taken = take_in_portions(core, Portions::of(response)).await?;
        if is_lost {
            return Err(Stopped(Outcome::Lost));
        }
        if taken == Taken::Last {
            return Ok(());
        }
        // A note that is written meanwhile does not wait for the rest of a big caseload.
        if core.unsent() > 0 {
            push_all(core).await?;
        }
    }
}

/// Takes an answer piece by piece. Between two of them the page answers its reader, and not every piece is drawn at once.
async fn take_in_portions(core: &Core, mut portions: Portions) -> Result<Taken, Stopped> {
    const DRAWN_EVERY_MS: f64 = 250.0;
    let mut drawn_ms = 0.0;
    let mut taken = Taken::Some;
    // What cannot be read came from somebody in between.
    while let Some(portion) = portions.read_next().map_err(|_| offline(core))? {
        let now_ms = clock::stopwatch_ms();
        let draw = portions.is_empty() || now_ms - drawn_ms > DRAWN_EVERY_MS;
        taken = kept(core.take_pull(portion, draw).await)?;
        if draw {
            drawn_ms = now_ms;
            let_in(core);
        }
        if !portions.is_empty() {
            clock::sleep(0).await;
        }
    }
    Ok(taken)
}

/// The first records are here: the worker who signed in may come in.
fn let_in(core: &Core) {
    if let Some(me) = core.arriving.take() {
        core.state.access.set(Access::Open(me));
    }
}

/// The caseload does not come now. Whoever signed in comes in all the same, unless a passkey has to be shown first.
fn let_in_anyhow(core: &Core) {
    if core.state.access.get_untracked() != Access::PasskeyNeeded {
        let_in(core);
    }
}

/// The agency wants more than a password from this worker: nothing is answered until a passkey was shown.
fn passkey_needed(core: &Core) -> Stopped {
    if core.arriving.borrow().is_some() {
        core.state.access.set(Access::PasskeyNeeded);
    }
    Stopped(Outcome::PasskeyNeeded)
}

/// Problems after which the device's own bookkeeping has to change before it goes on.
fn concerns_device(problem: &Problem) -> bool {
    matches!(problem.code, ProblemCode::DeviceUnknown | ProblemCode::DeviceForked | ProblemCode::SeqGap | ProblemCode::TooLarge)
}

fn refused(core: &Core, problem: &Problem, retry_after_ms: Option<u32>) -> Stopped {
    if problem.code == ProblemCode::StepUpNeeded {
        return passkey_needed(core);
    }
    let_in_anyhow(core);
    Stopped(match problem.code {
        ProblemCode::SignInNeeded => {
            core.session_checked.set(false);
            Outcome::SignInNeeded
        }
        ProblemCode::UpgradeRequired => Outcome::UpdateNeeded,
        ProblemCode::DeviceRevoked => Outcome::Revoked,
        _ => Outcome::Trouble { retry_after_ms },
    })
}

fn offline(core: &Core) -> Stopped {
    let_in_anyhow(core);
    Stopped(Outcome::Offline)
}

/// What could not be kept does not count, and is tried again later.
fn kept<T>(kept: Result<T, DeskError>) -> Result<T, Stopped> {
    kept.map_err(|error| match error {
        DeskError::NotTheWriter => Stopped(Outcome::NotTheWriter),
        _ => Stopped(Outcome::Trouble { retry_after_ms: None }),
    })
}

fn shown(outcome: Outcome) -> SyncState {
    match outcome {
        Outcome::UpToDate => SyncState::UpToDate { at: clock::now() },
        Outcome::Offline => SyncState::Offline,
        Outcome::SignInNeeded => SyncState::SignInNeeded,
        Outcome::PasskeyNeeded => SyncState::PasskeyNeeded,
        Outcome::UpdateNeeded => SyncState::UpdateNeeded,
        Outcome::Revoked | Outcome::Lost => SyncState::Revoked,
        Outcome::Trouble { .. } => SyncState::ServerTrouble,
        Outcome::NotTheWriter => SyncState::Idle,
    }
}

/// While this page is in front, no other tab is being used to sign somebody else in.
fn is_in_front() -> bool {
    document().has_focus().unwrap_or(false)
}
