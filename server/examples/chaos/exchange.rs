//! Sends what is unsent and fetches what is new, as frontend/src/sync_loop.rs does, in waits that are forty times shorter.

use std::time::Duration;

use serde::de::IgnoredAny;
use sync::{
    device::{Entry, Standing},
    wire::{DeviceId, Problem, ProblemCode, PullResponse, PushResponse},
};

use crate::{
    chance::Chance,
    http::Answer,
    letters,
    page::{Killed, Page, Taken},
    world::PASSWORD,
};

const DEVICES: &str = "/sync/v1/devices";
const PUSH: &str = "/sync/v1/push";
const PULL: &str = "/sync/v1/pull";

/// More refusals than this in one round are not about this device's bookkeeping.
const MAX_REFUSALS: u32 = 8;

/// How much to ask for at a time, in bytes of JSON: little, so that answers come in several pages.
const SLICE_BYTES: u32 = 64 * 1024;

/// Waits after a failure, the first and the longest, and after a round that went well, in milliseconds.
const FIRST_MS: u64 = 50;
const LONGEST_MS: u64 = 1_500;
const QUIET_MS: u64 = 750;

/// How a round of syncing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    UpToDate,
    /// Nobody answered, or somebody in between did.
    Offline,
    SignInNeeded,
    /// The server could not do it now.
    Trouble,
    /// What the server says is not for a device to mend.
    Refused(ProblemCode),
}

/// Why a round ended before its end.
enum Stopped {
    Killed,
    Early(Outcome),
}

impl From<Killed> for Stopped {
    fn from(_: Killed) -> Self {
        Self::Killed
    }
}

/// Keeps the device and the server in step until the page is killed.
pub(crate) async fn keep_in_step(page: &Page<'_>, mut chance: Chance) -> Killed {
    let mut failures = 0;
    loop {
        let outcome = match round(page).await {
            Ok(()) => Outcome::UpToDate,
            Err(Stopped::Early(outcome)) => outcome,
            Err(Stopped::Killed) => return Killed,
        };
        page.home.note_round(outcome);
        if dismiss_what_was_seen(page).await.is_err() {
            return Killed;
        }
        let base_ms = match outcome {
            Outcome::UpToDate => {
                failures = 0;
                QUIET_MS
            }
            _ => {
                failures += 1;
                LONGEST_MS.min(FIRST_MS << failures.min(6))
            }
        };
        if !page.home.weather.is_calm() && chance.per_mille(40) {
            // In the lift, in the cellar, on the road: saved notes pile up.
            tokio::time::sleep(chance.wait(500, 4_000)).await;
        }
        let spread_ms = (base_ms as f64 * chance.share()) as u64;
        tokio::select! {
            () = page.bell.notified() => {}
            () = tokio::time::sleep(Duration::from_millis(base_ms + spread_ms)) => {}
        }
    }
}

/// The person on the device looks at what needs them, and takes it off as soon as that is allowed.
async fn dismiss_what_was_seen(page: &Page<'_>) -> Result<(), Killed> {
    let device = page.device();
    for entry in device.entries().filter(|entry| device.standing(entry) == Standing::NeedsPerson) {
        page.change(|device| device.dismiss(entry.mutation.seq)).await?;
    }
    Ok(())
}

async fn round(page: &Page<'_>) -> Result<(), Stopped> {
    sign_in(page).await?;
    push_all(page).await?;
    pull_all(page).await
}

async fn sign_in(page: &Page<'_>) -> Result<(), Stopped> {
    if page.home.disk.cookie().is_some() {
        return Ok(());
    }
    match page.home.line.sign_in(&page.home.owner.email, PASSWORD).await {
        Answer::Ok(cookie) => {
            page.home.disk.keep_cookie(Some(cookie));
            Ok(())
        }
        Answer::Refused(problem) => Err(refused(page, &problem)),
        Answer::Nobody => Err(Stopped::Early(Outcome::Offline)),
    }
}

async fn push_all(page: &Page<'_>) -> Result<(), Stopped> {
    for _ in 0..MAX_REFUSALS {
        register(page).await?;
        let Some(problem) = push_until_refused(page).await? else { return Ok(()) };
        take_refusal(page, &problem).await?;
    }
    Err(Stopped::Early(Outcome::Trouble))
}

/// Pushes until nothing is left; gives back the problem where the device has to change something first.
async fn push_until_refused(page: &Page<'_>) -> Result<Option<Problem>, Stopped> {
    loop {
        let Some(request) = page.device().next_push() else { return Ok(None) };
        match page.home.line.post::<PushResponse>(PUSH, &request, page.home.disk.cookie().as_deref()).await {
            Answer::Ok(response) => {
                page.change(|device| device.pushed(&request, &response)).await?;
                let device = page.device();
                let is_sent = |seq| device.entry(seq).is_none_or(Entry::is_received);
                if !request.mutations.iter().any(|mutation| is_sent(mutation.seq)) {
                    // A passing fault: the server took none of them. Not again at once.
                    return Err(Stopped::Early(Outcome::Trouble));
                }
            }
            Answer::Refused(problem) if concerns_device(&problem) => return Ok(Some(problem)),
            Answer::Refused(problem) => return Err(refused(page, &problem)),
            Answer::Nobody => return Err(Stopped::Early(Outcome::Offline)),
        }
    }
}

/// Makes the device known, if it is not.
async fn register(page: &Page<'_>) -> Result<(), Stopped> {
    let device = page.device();
    if device.meta().registered {
        return Ok(());
    }
    let request = letters::registration(device.meta().device_id);
    match page.home.line.post::<IgnoredAny>(DEVICES, &request, page.home.disk.cookie().as_deref()).await {
        Answer::Ok(_) => Ok(page.change(|device| device.mark_registered()).await?),
        Answer::Refused(problem) if concerns_device(&problem) => {
            take_refusal(page, &problem).await?;
            Err(Stopped::Early(Outcome::Trouble))
        }
        Answer::Refused(problem) => Err(refused(page, &problem)),
        Answer::Nobody => Err(Stopped::Early(Outcome::Offline)),
    }
}

async fn take_refusal(page: &Page<'_>, problem: &Problem) -> Result<(), Killed> {
    page.home.weather.count("refusals that concern a device");
    let fresh = DeviceId(page.new_id());
    page.change(|device| device.push_refused(problem, fresh)).await
}

async fn pull_all(page: &Page<'_>) -> Result<(), Stopped> {
    loop {
        let request = page.device().next_pull(None, SLICE_BYTES);
        let response = match page.home.line.post::<PullResponse>(PULL, &request, page.home.disk.cookie().as_deref()).await {
            Answer::Ok(response) => response,
            Answer::Refused(problem) if concerns_device(&problem) => {
                page.change(|device| device.pull_refused(&problem)).await?;
                return Err(Stopped::Early(Outcome::Trouble));
            }
            Answer::Refused(problem) => return Err(refused(page, &problem)),
            Answer::Nobody => return Err(Stopped::Early(Outcome::Offline)),
        };
        if page.take_pull(response).await? == Taken::Last {
            return Ok(());
        }
        // A note that is written meanwhile does not wait for the rest of a big caseload.
        if page.unsent() > 0 {
            push_all(page).await?;
        }
    }
}

/// Problems after which the device's own bookkeeping has to change before it goes on.
fn concerns_device(problem: &Problem) -> bool {
    matches!(problem.code, ProblemCode::DeviceUnknown | ProblemCode::DeviceForked | ProblemCode::SeqGap | ProblemCode::TooLarge)
}

fn refused(page: &Page<'_>, problem: &Problem) -> Stopped {
    Stopped::Early(match problem.code {
        ProblemCode::SignInNeeded => {
            page.home.disk.keep_cookie(None);
            Outcome::SignInNeeded
        }
        ProblemCode::Unavailable => Outcome::Trouble,
        code => Outcome::Refused(code),
    })
}
