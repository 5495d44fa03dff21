//! `POST /sync/v1/sealed`: the lane that needs neither a session nor a key. It also says what a device has to do that was reported as lost.

use std::rc::Rc;

use app::desk::Access;
use leptos::prelude::*;
use sync::wire::{Base64, DeviceId, DeviceSays, SealedRequest, SealedResponse};

use super::{Door, Row};
use crate::{
    backoff::{Backoff, Outcome},
    bell::Ring,
    contents,
    core::Core,
    http::{self, Answer, Patience},
    keeper::Keeper,
    locked, places,
    store::Store,
    vault, wipe,
};

const SEALED: &str = "/sync/v1/sealed";

/// The most mutations, and bytes of them, that one request carries.
const BATCH: usize = 100;
const BATCH_BYTES: usize = 1024 * 1024;

/// How much is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    Everything,
    /// The device only asks what it has to do.
    Nothing,
}

/// What the server wants of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// It goes on as it is; also where nobody answered.
    GoOn,
    /// The agency lets no device keep records any more.
    DropCaseload,
    /// It was reported as lost: it hands in everything, and then removes everything.
    Wipe,
}

impl Order {
    fn of(response: &SealedResponse) -> Self {
        match response {
            SealedResponse { wipe: true, .. } => Self::Wipe,
            SealedResponse { offline_storage: false, .. } => Self::DropCaseload,
            _ => Self::GoOn,
        }
    }
}

/// Hands in everything that waits on the devices that are locked here, whoever works in this page, for as long as it lives. What is unlocked
/// sends by itself.
pub(crate) async fn carry(core: Rc<Core>) {
    let mut backoff = Backoff::default();
    loop {
        let outcome = round(&core).await;
        if core.state.access.get_untracked() == Access::Locked {
            locked::show_lock(&core).await;
        }
        if !core.carrier.wait(Ring::Now, backoff.wait_ms(outcome, js_sys::Math::random())).await {
            return;
        }
    }
}

/// Asks for an unlocked device that the server speaks with in no other way any more.
pub(crate) async fn ask(core: &Core, load: Load) -> Order {
    let Keeper::Disk(disk) = core.keeper() else { return Order::GoOn };
    // What was not taken is offered again the next time.
    contact(disk.store(), load).await.1
}

/// One after the other. Says what the one came to that went worst.
async fn round(core: &Rc<Core>) -> Outcome {
    let mut worst = Outcome::NotTheWriter;
    // Where another page has one open, that page does it.
    if core.state.access.get_untracked() == Access::OpenElsewhere {
        return worst;
    }
    for device in places::set_up().await {
        if core.has_open(device.place()) {
            continue;
        }
        let (outcome, order) = contact(&device.store, Load::Everything).await;
        if outcome == Outcome::UpToDate {
            contents::send_while_locked(&device.store).await;
        }
        match order {
            Order::GoOn => {}
            // Where the browser refuses, it is tried again at the next contact.
            Order::DropCaseload => drop(locked::drop_caseload(&device.store).await),
            Order::Wipe => wipe::obey_locked(core, &device.store).await,
        }
        worst = worse(worst, outcome);
    }
    worst
}

/// The one of two after which it is tried again sooner.
fn worse(one: Outcome, other: Outcome) -> Outcome {
    let rank = |outcome| match outcome {
        Outcome::Offline | Outcome::Trouble { .. } => 2,
        Outcome::UpToDate => 1,
        _ => 0,
    };
    if rank(other) > rank(one) { other } else { one }
}

async fn contact(store: &Store, load: Load) -> (Outcome, Order) {
    const TROUBLE: Outcome = Outcome::Trouble { retry_after_ms: None };
    let Ok(Some(door)) = Door::read(store).await else { return (Outcome::UpToDate, Order::GoOn) };
    let presence = presence(store, door.device_id).await;
    let mut heard = None;
    loop {
        let order = heard.unwrap_or(Order::GoOn);
        let Ok(rows) = Row::read_all(store).await else { return (TROUBLE, order) };
        let batch = match load {
            Load::Everything => next_batch(rows.into_iter().filter(Row::is_waiting)),
            Load::Nothing => Vec::new(),
        };
        let has_asked = heard.is_some() || presence.is_none();
        if batch.is_empty() && has_asked {
            return (Outcome::UpToDate, order);
        }
        let mutations = batch.iter().map(|row| row.mutation.clone()).collect();
        let request = SealedRequest { device_id: door.device_id, mutations, presence: presence.clone() };
        let response = match http::post::<SealedResponse>(SEALED, &request, Patience::Long).await {
            Answer::Ok(response) => response,
            Answer::Refused { retry_after_ms, .. } => return (Outcome::Trouble { retry_after_ms }, order),
            Answer::Nobody => return (Outcome::Offline, order),
        };
        heard = Some(Order::of(&response));
        if batch.is_empty() {
            continue;
        }
        let answered = settle(batch, &response);
        let changes: Vec<_> = answered.iter().map(Row::change).collect();
        // A passing fault: the server took none of them, or the disk does not keep what it said. Not again at once.
        if answered.is_empty() || store.write(&changes).await.is_err() {
            return (TROUBLE, Order::of(&response));
        }
    }
}

/// With this the device proves that it asks. None on one of an older build, which has no key of its own.
async fn presence(store: &Store, device_id: DeviceId) -> Option<Base64> {
    let key = wipe::device_key(store).await?;
    vault::sign_as_device(&key, DeviceSays::Here, device_id).await.ok()
}

/// The oldest rows that fit into one request: ids begin with the time at which they were made. No group is cut in two, as the server takes all
/// of it or nothing.
fn next_batch(rows: impl Iterator<Item = Row>) -> Vec<Row> {
    let mut rows: Vec<Row> = rows.collect();
    rows.sort_by_key(|row| row.mutation.mid);
    let is_one_group = |row: &Row, next: &Row| row.group_id.is_some() && row.group_id == next.group_id;
    let (mut count, mut bytes) = (0, 0);
    for group in rows.chunk_by(is_one_group) {
        bytes += group.iter().map(|row| row.mutation.ct.0.len()).sum::<usize>();
        let fits = count + group.len() <= BATCH && bytes <= BATCH_BYTES;
        if count > 0 && !fits {
            break;
        }
        count += group.len();
    }
    rows.truncate(count);
    rows
}

/// The rows about which the server has decided for good.
fn settle(batch: Vec<Row>, response: &SealedResponse) -> Vec<Row> {
    let status = |row: &Row| {
        let result = response.results.iter().find(|result| result.mid == row.mutation.mid)?;
        result.status.is_terminal().then_some(result.status)
    };
    batch.into_iter().filter_map(|row| Some(Row { status: Some(status(&row)?), taken_at: Some(response.server_time), ..row })).collect()
}

#[cfg(test)]
mod tests {
    use domain::DateTime;
    use sync::wire::{Base64, GroupId, IncarnationId, Mid, Proof, SealedMutation, SealedResult, Status};
    use uuid::Uuid;

    use super::*;

    fn row(id: u128, bytes: usize) -> Row {
        let text = |text: &str| Base64(text.to_owned());
        Row::new(SealedMutation {
            mid: Mid(Uuid::from_u128(id)),
            key_id: "k1".to_owned(),
            sender_key: text("s"),
            iv: text("i"),
            ct: Base64("c".repeat(bytes)),
            proof: Proof::Author,
            signature: text("g"),
        })
    }

    #[test]
    fn what_was_written_first_is_handed_in_first_and_one_always_fits() {
        let order = |rows: Vec<Row>| next_batch(rows.into_iter()).iter().map(|row| row.mutation.mid.0.as_u128()).collect::<Vec<_>>();
        assert_eq!(order(vec![row(3, 10), row(1, 10), row(2, 10)]), [1, 2, 3]);
        assert_eq!(order(vec![row(2, 10), row(1, 2 * BATCH_BYTES)]), [1]);
        assert_eq!(order((1..=150).map(|id| row(id, 1)).collect()).len(), BATCH);
    }

    #[test]
    fn a_group_is_handed_in_whole() {
        let of_group = |id: u128, group: u128| Row { group_id: Some(GroupId(Uuid::from_u128(group))), ..row(id, 1) };
        let alone = (1..BATCH as u128).map(|id| row(id, 1));
        let first = next_batch(alone.chain([of_group(200, 7), of_group(201, 7)]));
        assert_eq!(first.len(), BATCH - 1, "the group waits for the next request");
        let group = next_batch((1..=BATCH as u128 + 5).map(|id| of_group(id, 7)).chain([of_group(500, 8)]));
        assert_eq!(group.len(), BATCH + 5, "where it is larger than a request, it still goes whole and alone");
    }

    #[test]
    fn only_a_final_word_of_the_server_settles_a_row() {
        let result = |id, status| SealedResult { mid: Mid(Uuid::from_u128(id)), status };
        let response = SealedResponse {
            incarnation: IncarnationId(Uuid::nil()),
            server_time: DateTime::from_unix_ms(0, 0),
            results: vec![
                result(1, Status::Applied),
                result(2, Status::NotAttempted),
                result(3, Status::Quarantined),
                result(4, Status::Unknown),
                result(9, Status::Applied),
            ],
            wipe: false,
            offline_storage: true,
        };
        let settled = settle((1..=5).map(|id| row(id, 1)).collect(), &response);
        let settled: Vec<_> = settled.iter().map(|row| (row.mutation.mid.0.as_u128(), row.status)).collect();
        assert_eq!(settled, [(1, Some(Status::Applied)), (3, Some(Status::Quarantined))]);
    }
}
