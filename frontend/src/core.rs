//! What a browser desk holds while its page lives, and the few ways in which it changes. One change at a time, each kept before it counts.

mod held;
mod visit_pack;

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use app::{
    desk::{Access, DeskError, DeskState, Draft, Keeping, StorageProblem, SyncState},
    page_data::Me,
};
use domain::{Actor, CaseId, Caseload, Command, Occasion, Rejection, ScopeId, decide};
use futures::lock::Mutex;
use leptos::prelude::*;
use sync::{
    device::{Device, Meta, NewMutation, Pulled, Writes},
    wire::{DeviceId, GroupId, Mid, PullResponse, SealKey},
};
use uuid::Uuid;

use self::{
    held::{Held, changed_pages, drop_unconfirmed, keys_of, put_in},
    visit_pack::Packed,
};
use crate::{
    bell::{Bell, Ring},
    clock,
    keeper::{Found, Keeper, Kept, PageWrite},
    outbox_view, places,
    poke::Poke,
    read_log::ReadLog,
    rows::Rows,
    shared,
    store::Place,
};

/// A browser desk's inside.
pub(crate) struct Core {
    pub(crate) state: DeskState,
    pub(crate) bell: Bell,
    /// Wakes whoever hands in for the devices that are locked here.
    pub(crate) carrier: Bell,
    /// Whose device is open in this page, or is to be unlocked next.
    pub(crate) place: RefCell<Option<Place>>,
    pub(crate) poke: Poke,
    /// Wakes whoever sends photos and documents.
    pub(crate) contents_bell: Bell,
    /// Identity of the build, written into every mutation.
    pub(crate) build: String,
    pub(crate) keeper: RefCell<Keeper>,
    /// This tab may write: it keeps nothing on disk, or it holds the lock.
    pub(crate) is_writer: Cell<bool>,
    /// This tab holds the lock between tabs.
    pub(crate) holds_lock: Cell<bool>,
    /// Moves on when this tab stops being the writer, so that what runs for the desk as it was stops too.
    pub(crate) life: Cell<u32>,
    /// Rounds of syncing wait for each other here.
    pub(crate) round: Mutex<()>,
    /// The session is known to be this worker's, as of just now.
    pub(crate) session_checked: Cell<bool>,
    /// To whom an enrolled device seals, as the server said last.
    pub(crate) seal_key: RefCell<Option<SealKey>>,
    /// The case that somebody waits for.
    pub(crate) wanted: Cell<Option<CaseId>>,
    /// Who signed in, while the first records are on their way.
    pub(crate) arriving: RefCell<Option<Me>>,
    held: RefCell<Held>,
    /// When the visits of today and tomorrow were made ready; nothing once that does not hold any more.
    packed: Cell<Option<Packed>>,
    /// Changes wait for each other here, so that each starts from what the one before left.
    turn: Mutex<()>,
    /// Whoever locks waits here for the draft that is being kept.
    pub(crate) drafts: Mutex<()>,
    sending: Cell<u64>,
    /// The caseload holds something that the pages have not drawn.
    undrawn: Cell<bool>,
    /// Which clients' pages were opened here, as far as the server was not told.
    pub(crate) reads: RefCell<ReadLog>,
}

/// How far a pull went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// There is more to ask for.
    Some,
    Last,
}

impl Core {
    /// A desk that keeps everything in this page's memory.
    pub(crate) fn in_memory(state: DeskState, build: String) -> Rc<Self> {
        let preloaded = state.caseload.with_untracked(|caseload| caseload.records().map(|record| record.record_ref()).collect());
        Rc::new(Self {
            state,
            build,
            bell: Bell::default(),
            carrier: Bell::default(),
            place: RefCell::new(None),
            poke: Poke::default(),
            contents_bell: Bell::default(),
            keeper: RefCell::new(Keeper::memory()),
            is_writer: Cell::new(true),
            holds_lock: Cell::new(false),
            life: Cell::new(0),
            round: Mutex::new(()),
            session_checked: Cell::new(false),
            undrawn: Cell::new(false),
            seal_key: RefCell::new(None),
            wanted: Cell::new(None),
            arriving: RefCell::new(None),
            held: RefCell::new(Held { device: Device::new(DeviceId(Uuid::now_v7())), rows: Rows::default(), preloaded }),
            packed: Cell::new(None),
            turn: Mutex::new(()),
            drafts: Mutex::new(()),
            sending: Cell::new(0),
            reads: RefCell::default(),
        })
    }

    pub(crate) fn keeper(&self) -> Keeper {
        self.keeper.borrow().clone()
    }

    pub(crate) fn device(&self) -> Device {
        self.held.borrow().device.clone()
    }

    pub(crate) fn unsent(&self) -> usize {
        self.held.borrow().device.unsent()
    }

    /// Whose device is to be unlocked: the chosen one, or the one that was opened last.
    pub(crate) async fn place(&self) -> Place {
        let chosen = self.place.borrow().clone();
        let place = match chosen {
            Some(place) => place,
            None => places::last_opened().await.unwrap_or_else(Place::first),
        };
        self.place.borrow_mut().get_or_insert(place).clone()
    }

    /// Whether this very page has the device of that place unlocked.
    pub(crate) fn has_open(&self, place: &Place) -> bool {
        matches!(&*self.keeper.borrow(), Keeper::Disk(disk) if disk.store().place() == place)
    }

    /// Something is on its way to the server or to the disk.
    pub(crate) fn is_busy(&self) -> bool {
        self.sending.get() > 0 || self.turn.try_lock().is_none()
    }

    /// The worker whose caseload this is.
    pub(crate) fn me(&self) -> Option<Me> {
        match self.state.access.get_untracked() {
            Access::Open(me) => Some(me),
            _ => self.arriving.borrow().clone(),
        }
    }

    /// The scope of the case that somebody waits for.
    pub(crate) fn wanted_scope(&self) -> Option<ScopeId> {
        let case_id = self.wanted.get()?;
        self.state.caseload.with_untracked(|caseload| caseload.case(case_id).map(|case| case.scope_id))
    }

    /// Waits until nothing is being written any more.
    pub(crate) async fn settled(&self) {
        drop(self.drafts.lock().await);
        drop(self.turn.lock().await);
    }

    /// Takes commands, all or none. When this says yes, they are kept.
    pub(crate) async fn submit(&self, commands: Vec<Command>) -> Result<(), DeskError> {
        let me = self.me().ok_or(DeskError::NotAvailable)?;
        let _turn = self.turn.lock().await;
        let occasion = Occasion { actor: actor(&me), recorded_at: clock::now(), received_at: None, late_after_reassignment: false };
        let scopes = self.check(&commands, &occasion).map_err(DeskError::Rejected)?;
        let group_id = (commands.len() > 1).then(|| GroupId(Uuid::now_v7()));
        let new = commands.iter().cloned().zip(scopes).map(|(command, scope_id)| NewMutation {
            mid: Mid(Uuid::now_v7()),
            group_id,
            scope_id,
            command,
            recorded_at: occasion.recorded_at,
            app_build: self.build.clone(),
        });
        let mut device = self.device();
        let writes = device.save(new.collect());
        self.keep(device, &writes).await?;
        self.state.caseload.update(|caseload| commands.iter().for_each(|command| caseload.show(command, &occasion)));
        self.show_outbox();
        self.bell.ring(Ring::Hint);
        Ok(())
    }

    /// Changes the device, keeps the change, and shows it.
    pub(crate) async fn change(&self, change: impl FnOnce(&mut Device) -> Writes) -> Result<(), DeskError> {
        let _turn = self.turn.lock().await;
        let mut device = self.device();
        let writes = change(&mut device);
        let receipts_changed = !writes.put.is_empty() || !writes.drop.is_empty();
        self.keep(device, &writes).await?;
        if receipts_changed {
            let overlay = self.overlay();
            self.state.caseload.update(|caseload| rebase(caseload, &overlay));
        }
        self.show_outbox();
        Ok(())
    }

    /// Takes the answer to a pull: shows it, keeps it, and only then counts it as held. Where it is not to be drawn yet, a later one will be.
    pub(crate) async fn take_pull(&self, response: PullResponse, draw: bool) -> Result<Taken, DeskError> {
        let _turn = self.turn.lock().await;
        let mut device = self.device();
        let Pulled::Fresh { writes, forget } = device.pulled(&response, clock::now()) else { return Ok(Taken::Some) };
        let keeper = self.keeper();
        keeper.take_seal_key(response.seal_key.as_ref());
        if response.seal_key.is_some() {
            self.seal_key.replace(response.seal_key.clone());
        }
        let complete = !response.more;
        let completes = complete && !self.state.complete.get_untracked();
        let has_news = !forget.is_empty() || !response.scopes.is_empty() || (keeper.is_disk() && !response.policy.offline_storage);
        let mut pages = Vec::new();
        if has_news || completes || !writes.drop.is_empty() || !writes.put.is_empty() {
            let overlay = outbox_view::overlay(&device, self.me().map_or(NOBODY, |me| actor(&me)));
            let mut held = self.held.borrow_mut();
            self.state.caseload.update_untracked(|caseload| {
                caseload.restore();
                put_in(caseload, &mut held, &forget, response.scopes);
                if complete {
                    drop_unconfirmed(caseload, &mut held);
                }
                if self.keeper.borrow().is_disk() {
                    if !device.meta().policy.offline_storage {
                        // All of them go.
                        held.rows.touch_all();
                    }
                    pages = changed_pages(&held.rows, caseload);
                }
                rebase(caseload, &overlay);
            });
            self.undrawn.set(true);
        }
        if draw && self.undrawn.take() {
            self.state.caseload.notify();
        }
        let moved_on_only = !has_news
            && !completes
            && writes.put.is_empty()
            && writes.drop.is_empty()
            && !keeper.has_more_to_keep(&device)
            && only_moved_on(self.held.borrow().device.meta(), device.meta());
        if moved_on_only {
            // The generation tells answers apart within one life of a page, and a lease is long; on disk they may stay behind a while.
            self.held.borrow_mut().device = device;
        } else {
            self.keep_with_pages(device, &writes, complete, &pages).await?;
        }
        if completes {
            self.state.complete.set(true);
            self.unpack();
        }
        self.show_lease();
        self.show_outbox();
        Ok(if complete { Taken::Last } else { Taken::Some })
    }

    /// Puts a device that was found on disk in the place of this one.
    pub(crate) fn take_found(&self, found: Found, keeper: Keeper) {
        let mut caseload = Caseload::default();
        let mut rows = Rows::default();
        for (key, size, records) in found.pages {
            rows.found(key, size, records.iter().map(domain::Record::record_ref));
            records.into_iter().for_each(|record| caseload.put(record));
        }
        found.damaged.into_iter().for_each(|key| rows.lost(key));
        let device = Device::restore(found.meta, found.entries);
        rebase(&mut caseload, &outbox_view::overlay(&device, actor(&found.owner)));
        self.held.replace(Held { device, rows, preloaded: Vec::new() });
        self.unpack();
        self.keeper.replace(keeper);
        self.reads.replace(found.reads);
        self.state.keeping.set(Keeping::Device);
        self.state.caseload.set(caseload);
        self.state.complete.set(found.complete);
        self.show_lease();
        self.show_outbox();
        self.state.access.set(Access::Open(found.owner));
    }

    /// Moves everything from memory to disk: `found` writes it, and gets the device and all pages.
    pub(crate) async fn move_to_disk<F: Future<Output = Result<Keeper, StorageProblem>>>(
        &self,
        found: impl FnOnce(Device, bool, Vec<PageWrite>) -> F,
    ) -> Result<(), StorageProblem> {
        let _turn = self.turn.lock().await;
        let overlay = self.overlay();
        let mut pages = Vec::new();
        {
            let mut held = self.held.borrow_mut();
            held.rows.touch_all();
            self.state.caseload.update_untracked(|caseload| {
                caseload.restore();
                pages = changed_pages(&held.rows, caseload);
                rebase(caseload, &overlay);
            });
        }
        let keys = keys_of(&pages);
        let keeper = found(self.device(), self.state.complete.get_untracked(), pages).await?;
        self.held.borrow_mut().rows.written(&keys);
        self.keeper.replace(keeper);
        self.unpack();
        self.state.keeping.set(Keeping::Device);
        Ok(())
    }

    /// Goes on in memory only, with drafts and all, once `clear` has emptied the disk. False while something is unsent: then nothing changes.
    ///
    /// # Errors
    /// The disk refuses.
    pub(crate) async fn move_to_memory<F: Future<Output = Result<(), StorageProblem>>>(
        &self,
        drafts: Vec<(String, Draft)>,
        clear: impl FnOnce() -> F,
    ) -> Result<bool, StorageProblem> {
        let _turn = self.turn.lock().await;
        if self.unsent() > 0 {
            return Ok(false);
        }
        clear().await?;
        self.keeper.replace(Keeper::memory_with(drafts));
        self.state.packs.set(HashMap::new());
        self.state.keeping.set(Keeping::Memory);
        self.state.lease.set(None);
        Ok(true)
    }

    /// Forgets everything in memory. What is on disk stays sealed.
    pub(crate) fn forget_all(&self) {
        self.keeper.replace(Keeper::memory());
        self.held.replace(Held { device: Device::new(DeviceId(Uuid::now_v7())), rows: Rows::default(), preloaded: Vec::new() });
        self.arriving.take();
        self.reads.take();
        self.state.caseload.set(Caseload::default());
        self.state.outbox.set(Vec::new());
        self.state.contents.set(Vec::new());
        self.state.complete.set(false);
        self.state.packs.set(HashMap::new());
        shared::forget(self.state);
        self.state.keeping.set(Keeping::Memory);
        self.state.lease.set(None);
        self.state.sync.set(SyncState::Idle);
    }

    /// Sets room aside on disk again, if it was given up.
    pub(crate) async fn set_room_aside(&self) {
        let Keeper::Disk(disk) = self.keeper() else { return };
        if !self.state.storage.with_untracked(|storage| storage.full) {
            return;
        }
        let is_full = disk.set_room_aside().await == Err(StorageProblem::Full);
        if !is_full {
            self.state.storage.update(|storage| storage.full = false);
        }
    }

    /// Notes up to which entry the outbox is on its way; 0 for none.
    pub(crate) fn set_sending(&self, up_to: u64) {
        self.sending.set(up_to);
        self.show_outbox();
    }

    /// Notes how the disk took it.
    pub(crate) fn note_kept(&self, kept: Result<Kept, StorageProblem>) -> Result<(), DeskError> {
        let full = match kept {
            Ok(Kept::Well) => None,
            Ok(Kept::InReserve) | Err(StorageProblem::Full) => Some(true),
            Err(_) => None,
        };
        if let Some(full) = full {
            self.state.storage.update(|storage| storage.full = full);
        }
        kept.map(|_| ()).map_err(DeskError::Storage)
    }

    async fn keep(&self, device: Device, writes: &Writes) -> Result<(), DeskError> {
        let complete = self.state.complete.get_untracked();
        self.keep_with_pages(device, writes, complete, &[]).await
    }

    async fn keep_with_pages(&self, device: Device, writes: &Writes, complete: bool, pages: &[PageWrite]) -> Result<(), DeskError> {
        if !self.is_writer.get() {
            return Err(DeskError::NotTheWriter);
        }
        if !writes.is_empty() || !pages.is_empty() {
            let kept = self.keeper().keep(&device, writes, complete, pages).await;
            self.note_kept(kept)?;
            if !pages.is_empty() {
                self.unpack();
            }
        }
        let mut held = self.held.borrow_mut();
        held.rows.written(&keys_of(pages));
        held.device = device;
        Ok(())
    }

    /// Whether the commands would be taken, each on top of those before it; and the scopes they belong to.
    fn check(&self, commands: &[Command], occasion: &Occasion) -> Result<Vec<ScopeId>, Rejection> {
        let check = |command: &Command, caseload: &Caseload| {
            decide(command, occasion, caseload)?;
            match command.case_id() {
                Some(case_id) => caseload.case(case_id).map(|case| case.scope_id).ok_or(Rejection::NoSuchCase),
                // What is about no case belongs to the worker's own scope, which bears the worker's id.
                None => Ok(ScopeId(occasion.actor.worker_id.0)),
            }
        };
        if let [command] = commands {
            return self.state.caseload.with_untracked(|caseload| Ok(vec![check(command, caseload)?]));
        }
        let overlay = self.overlay();
        let mut scopes = Ok(Vec::new());
        self.state.caseload.update_untracked(|caseload| {
            let checked = commands.iter().map(|command| {
                let scope_id = check(command, caseload)?;
                caseload.show(command, occasion);
                Ok(scope_id)
            });
            scopes = checked.collect();
            rebase(caseload, &overlay);
        });
        scopes
    }

    fn overlay(&self) -> Vec<(Command, Occasion)> {
        outbox_view::overlay(&self.held.borrow().device, self.me().map_or(NOBODY, |me| actor(&me)))
    }

    /// Keeps what time it is by this device's clock. Where it cannot be kept now, it is the next time.
    pub(crate) async fn see_the_time(&self) {
        if self.keeper().is_disk() {
            let _ = self.change(|device| device.see(clock::now())).await;
            self.show_lease();
        }
    }

    /// Tells the pages how long this device may show what it keeps.
    fn show_lease(&self) {
        let held = self.held.borrow();
        let meta = held.device.meta();
        if self.state.lease.get_untracked() != meta.lease {
            self.state.lease.set(meta.lease);
        }
        if meta.lease.is_some() && self.state.policy.get_untracked() != meta.policy {
            self.state.policy.set(meta.policy);
        }
    }

    fn show_outbox(&self) {
        let sealed = |mid| match &*self.keeper.borrow() {
            Keeper::Memory(_) => None,
            Keeper::Disk(disk) => disk.outgoing().received_at(mid),
        };
        let items = outbox_view::items(&self.held.borrow().device, self.sending.get(), sealed);
        if self.state.outbox.with_untracked(|shown| *shown != items) {
            self.state.outbox.set(items);
        }
        self.show_contents();
    }

    /// Tells the pages where photos and documents are.
    pub(crate) fn show_contents(&self) {
        let items = match &*self.keeper.borrow() {
            Keeper::Disk(disk) => disk.contents().items(),
            Keeper::Memory(_) => Vec::new(),
        };
        if self.state.contents.with_untracked(|shown| *shown != items) {
            self.state.contents.set(items);
        }
    }
}

/// Whoever may write nothing: nothing is laid on top for them.
const NOBODY: Actor = Actor { worker_id: domain::WorkerId(Uuid::nil()), may: domain::Permissions::NONE };

fn actor(me: &Me) -> Actor {
    Actor { worker_id: me.worker_id, may: me.permissions() }
}

/// Whether nothing is new but the number of answers and, within the same ten minutes, the lease.
fn only_moved_on(before: &Meta, after: &Meta) -> bool {
    const MARK_MS: i64 = 10 * 60 * 1000;
    let mark = |meta: &Meta| meta.lease.map(|lease| lease.renewed_at.unix_ms() / MARK_MS);
    mark(before) == mark(after) && Meta { generation: before.generation, lease: before.lease, ..after.clone() } == *before
}

fn rebase(caseload: &mut Caseload, overlay: &[(Command, Occasion)]) {
    caseload.rebase(overlay.iter().map(|(command, occasion)| (command, *occasion)));
}
