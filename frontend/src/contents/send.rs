//! Sending contents. No session is needed for it, so a locked device goes on.

use std::rc::Rc;

use app::desk::StorageProblem;
use js_sys::Uint8Array;
use sync::{
    device::{Answer, Lane, LaneWrites, Next, Step},
    wire::{ATTACHMENT_HEADER, Base64, BeginUpload, CHUNK_HEADER, ProblemCode, UploadState},
};
use wasm_bindgen::JsCast;
use web_sys::CryptoKey;

use super::{Contents, chunk_key, show::open_key};
use crate::{
    bell::Ring,
    clock,
    core::Core,
    hand_in::Door,
    http::{self, Patience},
    keeper::{Disk, Keeper},
    store::{Open, Shelf, Store},
    vault::sign_begin,
};

const BEGIN: &str = "/sync/v1/attachments/begin";
const CHUNK: &str = "/sync/v1/attachments/chunk";

/// How long to wait where nothing is to be done: a round of syncing rings before that.
const REST_MS: u32 = 600_000;

/// How long to wait where the disk did not take what the server said.
const DISK_MS: u32 = 60_000;

/// Sends contents for as long as this tab is the writer. It begins when a round of syncing is over: notes go first.
pub(crate) async fn run(core: Rc<Core>) {
    let life = core.life.get();
    let mut wait_ms = REST_MS;
    while core.contents_bell.wait(Ring::Hint, wait_ms).await && core.life.get() == life {
        wait_ms = match core.keeper() {
            Keeper::Disk(disk) => send_all(&core, &disk, life).await,
            Keeper::Memory(_) => REST_MS,
        };
    }
}

/// Somebody of the server's answered: what waits for the connection goes on.
pub(crate) fn wake(core: &Core) {
    if let Keeper::Disk(disk) = core.keeper() {
        disk.contents().lane.borrow_mut().line_is_back();
        core.contents_bell.ring(Ring::Hint);
    }
}

/// Sends what can be sent now; says how long to wait then.
async fn send_all(core: &Core, disk: &Disk, life: u32) -> u32 {
    let contents = disk.contents();
    while core.life.get() == life {
        let next = contents.lane.borrow().next(now_ms(), true);
        let step = match next {
            Next::Do(step) => step,
            Next::WaitUntil(until_ms) => return u32::try_from(until_ms - now_ms()).unwrap_or(0).min(REST_MS),
            Next::Rest => return REST_MS,
        };
        contents.sending.set(Some(step.attachment_id()));
        core.show_contents();
        let taken = match step {
            Step::Seal(_) => seal_anew(core, disk, &step).await,
            Step::Begin(_) | Step::Chunk(..) => take(contents, disk.store(), &step).await,
        };
        contents.sending.set(None);
        core.show_contents();
        match taken {
            // Its note says so with the next pull.
            Ok(Taken::Received) => core.bell.ring(Ring::Hint),
            Ok(Taken::Step) => {}
            Err(_) => return DISK_MS,
        }
    }
    REST_MS
}

/// Sends what can be sent without a key, once.
pub(crate) async fn send_while_locked(store: &Store) {
    let Ok(contents) = Contents::read(store).await else { return };
    loop {
        let next = contents.lane.borrow().next(now_ms(), false);
        let Next::Do(step) = next else { return };
        if take(&contents, store, &step).await.is_err() {
            return;
        }
    }
}

/// What a step came to.
enum Taken {
    Step,
    /// The server has all of it.
    Received,
}

/// Does one step and keeps what came of it.
async fn take(contents: &Contents, store: &Store, step: &Step) -> Result<Taken, StorageProblem> {
    let answer = match step {
        Step::Begin(_) => begin(contents, store, step).await?,
        Step::Chunk(attachment_id, chunk) => match store.read(Shelf::Chunks, &chunk_key(*attachment_id, *chunk)).await? {
            Some(sealed) => {
                let bytes = Uint8Array::new_with_length(sealed.iv.length() + sealed.ct.length());
                bytes.set(&sealed.iv, 0);
                bytes.set(&sealed.ct, sealed.iv.length());
                let headers = [(ATTACHMENT_HEADER, attachment_id.to_string()), (CHUNK_HEADER, chunk.to_string())];
                read(http::post_bytes::<UploadState>(CHUNK, &bytes, &headers).await)
            }
            // It is gone from the disk: where the server has it, it says so when the upload begins again.
            None => Answer::NotFound,
        },
        Step::Seal(_) => return Ok(Taken::Step),
    };
    let is_received = matches!(&answer, Answer::State(state) if state.received);
    contents.change(store, Vec::new(), answered(step, answer)).await?;
    if is_received {
        contents.received.borrow_mut().insert(step.attachment_id());
        return Ok(Taken::Received);
    }
    Ok(Taken::Step)
}

/// Announces a content; signed with the key that lies open, so that no vault is needed.
async fn begin(contents: &Contents, store: &Store, step: &Step) -> Result<Answer, StorageProblem> {
    let parcel = contents.lane.borrow().parcel(step.attachment_id()).cloned();
    let device_key = store.read_open(Open::DeviceKey).await?.and_then(|key| key.dyn_into::<CryptoKey>().ok());
    let (Some(parcel), Some(door), Some(device_key)) = (parcel, Door::read(store).await?, device_key) else { return Ok(NOT_NOW) };
    let Some(key) = parcel.key else { return Ok(NOT_NOW) };
    let announced = BeginUpload {
        device_id: door.device_id,
        attachment_id: parcel.attachment_id,
        size_bytes: parcel.size_bytes,
        sha256: parcel.sha256,
        key,
        signature: Base64(String::new()),
    };
    match sign_begin(&device_key, announced).await {
        Ok(announced) => Ok(read(http::post::<UploadState>(BEGIN, &announced, Patience::Long).await)),
        Err(_) => Ok(NOT_NOW),
    }
}

const NOT_NOW: Answer = Answer::Later { retry_after_ms: None };

fn read(answer: http::Answer<UploadState>) -> Answer {
    match answer {
        http::Answer::Ok(state) => Answer::State(state),
        http::Answer::Refused { problem, .. } if matches!(problem.code, ProblemCode::NotFound | ProblemCode::DeviceUnknown) => {
            Answer::NotFound
        }
        http::Answer::Refused { retry_after_ms, .. } => Answer::Later { retry_after_ms },
        http::Answer::Nobody => Answer::Nobody,
    }
}

/// The change that an answer makes, the same each time.
fn answered(step: &Step, answer: Answer) -> impl Fn(&mut Lane) -> LaneWrites {
    let (now_ms, chance) = (now_ms(), js_sys::Math::random());
    move |lane| lane.answered(step, answer.clone(), now_ms, chance)
}

/// Seals the key of a content to the server's key in use; where that is the one which it does not open, another has to be fetched first.
async fn seal_anew(core: &Core, disk: &Disk, step: &Step) -> Result<Taken, StorageProblem> {
    let (contents, attachment_id) = (disk.contents(), step.attachment_id());
    let known = contents.lane.borrow().parcel(attachment_id).and_then(|parcel| parcel.key.as_ref().map(|key| key.key_id.clone()));
    let server = disk.outgoing().seal_key().filter(|server| Some(&server.key_id) != known.as_ref());
    let sealed = match (server, open_key(disk, attachment_id).await) {
        (Some(server), Ok((_, key))) => key.seal_to(&server).await.ok(),
        _ => None,
    };
    match sealed {
        Some(key) => contents.change(disk.store(), Vec::new(), |lane| lane.sealed(attachment_id, key.clone())).await?,
        None => {
            contents.change(disk.store(), Vec::new(), answered(step, NOT_NOW)).await?;
            core.bell.ring(Ring::Hint);
        }
    }
    Ok(Taken::Step)
}

fn now_ms() -> i64 {
    clock::stopwatch_ms() as i64
}
