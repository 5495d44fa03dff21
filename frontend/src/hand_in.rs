//! What a locked device hands in: copies of unsent entries, sealed to the server when they were saved, and words written while locked.
//!
//! Whatever the server says of a sealed copy, the entry itself stays in the outbox until it was pushed: here only the count on the lock page
//! goes down.

mod blind;
mod lane;

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use app::desk::StorageProblem;
use domain::{DateTime, WorkerId};
use serde::{Deserialize, Serialize};
use sync::{
    device::{Device, Entry},
    wire::{DeviceId, GroupId, Mid, Proof, SealKey, SealedMutation, Status},
};

pub(crate) use self::{
    blind::{adopt_blind, write_blind},
    lane::{Load, Order, ask, carry},
};
use crate::{
    store::{Change, Key, Open, Shelf, Store},
    vault::{AuthorKey, Letter, Sealer},
};

/// The shapes of [`Door`] and [`Row`] that this build writes and reads.
const VERSION: u8 = 1;

/// What a locked device must know to hand in its notes. It lies open on disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Door {
    v: u8,
    pub(crate) device_id: DeviceId,
    pub(crate) worker_id: WorkerId,
    pub(crate) seal_key: SealKey,
}

impl Door {
    /// Reads the one of this device; none where the server never gave a key, or where a newer build wrote it.
    ///
    /// # Errors
    /// The browser refuses.
    pub(crate) async fn read(store: &Store) -> Result<Option<Self>, StorageProblem> {
        let json = store.read_open_text(Open::Door).await?;
        let door = json.and_then(|json| serde_json::from_slice::<Self>(json.as_bytes()).ok());
        Ok(door.filter(|door| door.v == VERSION))
    }

    fn change(&self) -> Change {
        Change::PutOpen(Open::Door, serde_json::to_string(self).expect("a door is plain data").into())
    }
}

/// One sealed mutation, and what the server said of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    v: u8,
    pub(crate) mutation: SealedMutation,
    /// What has to be handed in together with it. The server says so too, but of what is sealed nobody can ask it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group_id: Option<GroupId>,
    /// The last final answer; absent while it has to be handed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<Status>,
    /// When the server gave it, by its clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    taken_at: Option<DateTime>,
    /// The same mutation for its author, who finds it after unlocking; only with what was written while locked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    letter: Option<Letter>,
}

/// Whether the server has taken everything that can be handed in, and each of these mutations among it. What a newer build wrote is not known
/// to be taken.
///
/// # Errors
/// The browser refuses.
pub(crate) async fn is_all_in(store: &Store, unsent: &[Mid]) -> Result<bool, StorageProblem> {
    let texts = store.read_all_texts(Shelf::HandIn).await?;
    let rows: Vec<Row> = parse_all(&texts).collect();
    let is_taken = |mid: &Mid| rows.iter().any(|row| row.mutation.mid == *mid);
    Ok(rows.len() == texts.len() && !rows.iter().any(Row::is_waiting) && unsent.iter().all(is_taken))
}

impl Row {
    pub(crate) fn new(mutation: SealedMutation) -> Self {
        Self { v: VERSION, mutation, group_id: None, status: None, taken_at: None, letter: None }
    }

    /// Reads every row. Those that a newer build wrote are left alone.
    ///
    /// # Errors
    /// The browser refuses.
    pub(crate) async fn read_all(store: &Store) -> Result<Vec<Self>, StorageProblem> {
        Ok(parse_all(&store.read_all_texts(Shelf::HandIn).await?).collect())
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.status.is_none()
    }

    /// It was written while the device was locked.
    pub(crate) fn is_blind(&self) -> bool {
        self.mutation.proof == Proof::Device
    }

    /// When the server took it for good; absent where a person has to look at it, which the answer to a push says better.
    fn received_at(&self) -> Option<DateTime> {
        self.taken_at.filter(|_| self.status.is_some_and(|status| status.is_terminal() && !status.needs_person()))
    }

    fn change(&self) -> Change {
        let json = serde_json::to_string(self).expect("a sealed mutation is plain data");
        Change::PutText(Shelf::HandIn, key(self.mutation.mid), json)
    }
}

/// Reads the rows that this build can read; the others are left alone.
pub(crate) fn parse_all(rows: &[(Key, String)]) -> impl Iterator<Item = Row> {
    let parsed = rows.iter().filter_map(|(_, json)| serde_json::from_slice::<Row>(json.as_bytes()).ok());
    parsed.filter(|row| row.v == VERSION)
}

fn key(mid: Mid) -> Key {
    Key::Text(mid.to_string())
}

/// Keeps a sealed copy beside each unsent entry of an unlocked device.
#[derive(Clone)]
pub(crate) struct Outgoing {
    author: AuthorKey,
    worker_id: WorkerId,
    state: Rc<RefCell<State>>,
}

#[derive(Default)]
struct State {
    seal_key: Option<SealKey>,
    sealer: Option<Rc<Sealer>>,
    /// Copies on disk, with the server's key to which they are sealed.
    copies: BTreeMap<Mid, String>,
    /// Those that the server took while the device was locked.
    received: BTreeMap<Mid, DateTime>,
    /// As it stands on disk, as far as this page knows.
    door: Option<Door>,
}

/// Changes of the copies, to be written in the transaction in which their entries are.
#[derive(Default)]
pub(crate) struct Handed {
    put: Vec<Row>,
    gone: Vec<Mid>,
    door: Option<Door>,
}

impl Handed {
    pub(crate) fn changes(&self) -> impl Iterator<Item = Change> {
        let put = self.put.iter().map(Row::change);
        let gone = self.gone.iter().map(|mid| Change::Delete(Shelf::HandIn, key(*mid)));
        put.chain(gone).chain(self.door.as_ref().map(Door::change))
    }
}

impl Outgoing {
    pub(crate) fn new(author: AuthorKey, worker_id: WorkerId) -> Self {
        Self { author, worker_id, state: Rc::default() }
    }

    /// Takes what was found on disk. What was written while locked and is not in the outbox yet is not a copy of anything.
    pub(crate) fn found(&self, seal_key: Option<SealKey>, rows: &[Row], entries: &[Entry]) {
        let mut state = self.state.borrow_mut();
        state.seal_key = seal_key;
        let is_kept = |row: &&Row| !row.is_blind() || entries.iter().any(|entry| entry.mutation.mid == row.mutation.mid);
        state.received = rows.iter().filter_map(|row| Some((row.mutation.mid, row.received_at()?))).collect();
        state.copies = rows.iter().filter(is_kept).map(|row| (row.mutation.mid, row.mutation.key_id.clone())).collect();
    }

    /// When the server took this entry, sealed. Its receipt is still to come.
    pub(crate) fn received_at(&self, mid: Mid) -> Option<DateTime> {
        self.state.borrow().received.get(&mid).copied()
    }

    pub(crate) fn seal_key(&self) -> Option<SealKey> {
        self.state.borrow().seal_key.clone()
    }

    /// From now on is sealed to this key.
    pub(crate) fn take_seal_key(&self, seal_key: SealKey) {
        let mut state = self.state.borrow_mut();
        if state.seal_key.as_ref() != Some(&seal_key) {
            state.seal_key = Some(seal_key);
            state.sealer = None;
        }
    }

    /// Whether something has to be written although the device itself has not changed.
    pub(crate) fn has_news(&self, device: &Device) -> bool {
        let door = self.door(device);
        door.is_some() && door != self.state.borrow().door
    }

    /// Makes ready for the first note, so that it is saved as quickly as the next.
    pub(crate) async fn warm_up(&self) {
        // Where it fails, notes are sealed for their author only, as they are before the server gave its key.
        let _ = self.sealer().await;
    }

    /// Seals what is unsent and not sealed yet, and lets go of the copies of what was received.
    pub(crate) async fn changes(&self, device: &Device) -> Handed {
        let unsent: BTreeMap<Mid, &Entry> =
            device.entries().filter(|entry| !entry.is_received()).map(|entry| (entry.mutation.mid, entry)).collect();
        let gone = self.state.borrow().copies.keys().copied().filter(|mid| !unsent.contains_key(mid)).collect();
        let door = self.has_news(device).then(|| self.door(device)).flatten();
        let mut handed = Handed { put: Vec::new(), gone, door };
        let key_id = self.state.borrow().seal_key.as_ref().map(|key| key.key_id.clone());
        let lacking = |mid: &Mid| self.state.borrow().copies.get(mid) != key_id.as_ref();
        let lacking: Vec<&Entry> = unsent.iter().filter(|(mid, _)| lacking(mid)).map(|(_, entry)| *entry).collect();
        if lacking.is_empty() || key_id.is_none() {
            return handed;
        }
        // A note is saved even where it cannot be sealed to the server.
        let Some(sealer) = self.sealer().await else { return handed };
        for entry in lacking {
            let sealed = sealer.seal(&entry.mutation).await.ok();
            handed.put.extend(sealed.map(|sealed| Row { group_id: entry.mutation.group_id, ..Row::new(sealed) }));
        }
        handed
    }

    /// Notes that these changes are on disk.
    pub(crate) fn written(&self, handed: &Handed) {
        let mut state = self.state.borrow_mut();
        for mid in &handed.gone {
            state.copies.remove(mid);
        }
        state.copies.extend(handed.put.iter().map(|row| (row.mutation.mid, row.mutation.key_id.clone())));
        if handed.door.is_some() {
            state.door.clone_from(&handed.door);
        }
    }

    fn door(&self, device: &Device) -> Option<Door> {
        let seal_key = self.seal_key()?;
        Some(Door { v: VERSION, device_id: device.meta().device_id, worker_id: self.worker_id, seal_key })
    }

    async fn sealer(&self) -> Option<Rc<Sealer>> {
        if let Some(sealer) = &self.state.borrow().sealer {
            return Some(Rc::clone(sealer));
        }
        let seal_key = self.seal_key()?;
        let author = self.author.open().await.ok()?;
        let sealer = Rc::new(Sealer::new(&seal_key, author, Proof::Author).await.ok()?);
        let mut state = self.state.borrow_mut();
        // Another key may have come meanwhile.
        if state.seal_key.as_ref() == Some(&seal_key) {
            state.sealer = Some(Rc::clone(&sealer));
        }
        Some(sealer)
    }
}
