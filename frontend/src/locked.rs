//! A locked device: the count of wrong passphrases, what too many of them do, and what the lock page shows.

use std::rc::Rc;

use app::desk::{Access, DeskError, LockState, StorageProblem};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{
    clock,
    core::Core,
    hand_in::{Door, Row},
    keeper::{opened, reserve_key},
    places,
    store::{Change, Open, Place, Shelf, Store},
    vault::{Stored, Tries},
};

/// Reads how the lock stands and shows it; from then on the wait goes down by itself.
pub(crate) async fn show_lock(core: &Rc<Core>) {
    // Where the storage does not answer, the try to unlock says so.
    let place = core.place().await;
    let Ok(Some((store, keyring))) = Store::open_enrolled(&place).await else { return };
    let Ok(tries) = settled_tries(&store).await else { return };
    let rows = Row::read_all(&store).await.unwrap_or_default();
    let door = Door::read(&store).await.ok().flatten();
    let keyring = Stored::parse(&keyring);
    let now_ms = clock::now().unix_ms();
    let was_waiting = core.state.lock.with_untracked(|lock| lock.wait_s > 0);
    let lock = LockState {
        wrong_tries: tries.wrong,
        wait_s: whole_seconds(tries.wait_ms(now_ms)),
        closed: tries.are_over(),
        emptied: tries.destroyed,
        withdrawn: store.read_open(Open::Withdrawn).await.is_ok_and(|mark| mark.is_some()),
        by_screen_lock: matches!(&keyring, Ok(Stored::Now(keyring)) if keyring.passkey().is_some()),
        waiting: u32::try_from(rows.iter().filter(|row| row.is_waiting()).count()).unwrap_or(u32::MAX),
        takes_blind_notes: door.is_some(),
    };
    if core.place.borrow().as_ref() != Some(&place) {
        // Somebody has chosen another worker meanwhile.
        return;
    }
    core.state.workers.set(places::known(&place).await);
    core.state.lock.set(lock);
    if lock.wait_s > 0 && !was_waiting {
        spawn_local(count_down(Rc::clone(core), place, tries));
    }
}

/// Lets the wait go down, second by second.
async fn count_down(core: Rc<Core>, place: Place, tries: Tries) {
    const SECOND_MS: u32 = 1_000;
    while core.state.access.get_untracked() == Access::Locked {
        clock::sleep(SECOND_MS).await;
        if core.place.borrow().as_ref() != Some(&place) {
            return;
        }
        let wait_s = whole_seconds(tries.wait_ms(clock::now().unix_ms()));
        core.state.lock.update(|lock| lock.wait_s = wait_s);
        if wait_s == 0 {
            return;
        }
    }
}

/// Counts a try before it is made: whoever ends the page while the passphrase is checked gains nothing.
///
/// # Errors
/// It has to wait, or none is taken any more.
pub(crate) async fn begin_try(store: &Store) -> Result<(), DeskError> {
    let now_ms = clock::now().unix_ms();
    let tries = settled_tries(store).await.map_err(DeskError::Storage)?;
    if tries.are_over() {
        return Err(DeskError::SignInFirst);
    }
    if tries.wait_ms(now_ms) > 0 {
        return Err(DeskError::MustWait);
    }
    let tries = tries.one_more(now_ms);
    match tries.keep(store).await {
        // Nobody is locked out by a full disk: the room set aside takes the count.
        Err(StorageProblem::Full) => {
            let in_reserve = store.write(&[Change::Delete(Shelf::Meta, reserve_key()), tries.change()]).await;
            in_reserve.or_else(|problem| if problem == StorageProblem::Full { Ok(()) } else { Err(problem) })
        }
        kept => kept,
    }
    .map_err(DeskError::Storage)
}

/// Takes back the count of a try that could not be made.
pub(crate) async fn undo_try(store: &Store) {
    if let Ok(tries) = Tries::read(store).await {
        let before = Tries { wrong: tries.wrong.saturating_sub(1), ..tries };
        // Where it is not written, one more try counts as wrong.
        let _ = before.keep(store).await;
    }
}

/// The try was a wrong one: too many of them destroy the keys of the caseload.
pub(crate) async fn end_wrong_try(store: &Store) {
    // Where the browser refuses, the next look at the lock does it.
    let _ = settled_tries(store).await;
}

/// The device is open: the count begins anew, and the next lock page turns to this worker first.
pub(crate) async fn note_opened(store: &Store) {
    // A count that stays behind is one wrong try too many, no more.
    let _ = store.write(&[Change::DeleteOpen(Open::Tries), Change::DeleteOpen(Open::Withdrawn), opened(clock::now())]).await;
}

/// The worker has signed in: the passphrase may be tried again, and the lock page turns to this worker first.
///
/// # Errors
/// The browser refuses.
pub(crate) async fn forgive_tries(store: &Store) -> Result<(), StorageProblem> {
    let tries = Tries::read(store).await?.forgiven();
    store.write(&[tries.change(), opened(clock::now())]).await
}

/// The agency lets no device keep records any more: keys and rows of the caseload go. What was written here stays, until it is unlocked.
///
/// # Errors
/// The browser refuses.
pub(crate) async fn drop_caseload(store: &Store) -> Result<(), StorageProblem> {
    if store.read_open(Open::Withdrawn).await?.is_some() {
        return Ok(());
    }
    store.write(&[Change::Clear(Shelf::Keys), Change::Clear(Shelf::Rows), Change::PutOpen(Open::Withdrawn, "yes".into())]).await
}

/// How many tries there were; after too many the keys and rows of the caseload are destroyed here. The outbox is not touched.
async fn settled_tries(store: &Store) -> Result<Tries, StorageProblem> {
    let found = Tries::read(store).await?;
    let tries = found.at(clock::now().unix_ms());
    if tries.are_over() && !tries.destroyed {
        let tries = Tries { destroyed: true, ..tries };
        store.write(&[Change::Clear(Shelf::Keys), Change::Clear(Shelf::Rows), tries.change()]).await?;
        return Ok(tries);
    }
    if tries != found {
        tries.keep(store).await?;
    }
    Ok(tries)
}

impl Tries {
    async fn read(store: &Store) -> Result<Self, StorageProblem> {
        Ok(store.read_open_text(Open::Tries).await?.map_or_else(Self::default, |json| Self::parse(&json)))
    }

    async fn keep(self, store: &Store) -> Result<(), StorageProblem> {
        store.write(&[self.change()]).await
    }

    fn change(self) -> Change {
        Change::PutOpen(Open::Tries, self.to_json().into())
    }
}

fn whole_seconds(ms: i64) -> u32 {
    u32::try_from((ms + 999) / 1_000).unwrap_or(0)
}
