//! Makes the visits of today and tomorrow ready: looks whether everything that they need is on this device's disk, sealed and whole, and
//! writes anew what is not. A light is green for nothing less.

use std::collections::{BTreeMap, HashMap};

use app::desk::PackState;
use domain::{CaseId, Date, Record, WorkerId};
use leptos::prelude::*;
use sync::device::Writes;

use super::{Core, held::changed_pages, rebase};
use crate::{
    clock,
    keeper::{Disk, Keeper},
    rows::PageKey,
    service_worker,
};

/// What was found on disk may have gone since: it is looked at again after this time.
const HOLDS_MS: f64 = 60.0 * 60.0 * 1000.0;

/// When the visits were made ready last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Packed {
    day: Date,
    at_ms: f64,
}

/// What must be on disk of one client: records page by page.
struct Pack {
    case_id: CaseId,
    pages: BTreeMap<PageKey, Vec<Record>>,
    /// Every record of it stands on a page.
    is_whole: bool,
}

impl Core {
    /// Something on disk changed, or is about to: what was found about visits does not hold any more.
    pub(super) fn unpack(&self) {
        self.packed.set(None);
    }

    /// Looks at the visits of today and tomorrow, if that was not done a moment ago.
    pub(crate) async fn make_visits_ready(&self) {
        let now = clock::now();
        let holds = |packed: Packed| packed.day == now.date() && clock::stopwatch_ms() - packed.at_ms < HOLDS_MS;
        let (Keeper::Disk(disk), Some(me)) = (self.keeper(), self.me()) else { return };
        if self.packed.get().is_some_and(holds) || !self.is_writer.get() {
            return;
        }
        // Set first: what changes meanwhile asks for another look.
        self.packed.set(Some(Packed { day: now.date(), at_ms: clock::stopwatch_ms() }));
        let mut states = self.look(&disk, &self.packs(me.worker_id)).await;
        if states.values().any(|state| *state == PackState::NotKept) {
            // A page may also have been written just while it was looked at: now nothing changes.
            let _turn = self.turn.lock().await;
            let packs = self.packs(me.worker_id);
            if self.write_anew(&packs).await {
                states = self.look(&disk, &packs).await;
            }
        }
        if self.state.packs.try_with_untracked(|shown| *shown != states) == Some(true) {
            self.state.packs.set(states);
        }
    }

    /// What the visits need, as the server gave it.
    fn packs(&self, worker_id: WorkerId) -> Vec<Pack> {
        let now = clock::now();
        let overlay = self.overlay();
        let held = self.held.borrow();
        let mut packs = Vec::new();
        self.state.caseload.update_untracked(|caseload| {
            let mut case_ids: Vec<CaseId> = caseload.visits_to_pack(worker_id, now).into_iter().map(|visit| visit.case_id).collect();
            case_ids.sort_unstable();
            case_ids.dedup();
            caseload.restore();
            for case_id in case_ids {
                let Some(record_refs) = caseload.visit_pack(case_id) else { continue };
                let mut pack = Pack { case_id, pages: BTreeMap::new(), is_whole: true };
                for record_ref in record_refs {
                    let may_be_on_disk = |key: &PageKey| held.device.meta().may_be_on_disk(key.scope_id);
                    pack.add(caseload.get(record_ref), held.rows.pages_with(record_ref), may_be_on_disk);
                }
                packs.push(pack);
            }
            rebase(caseload, &overlay);
        });
        packs
    }

    async fn look(&self, disk: &Disk, packs: &[Pack]) -> HashMap<CaseId, PackState> {
        let is_complete = self.state.complete.get_untracked();
        let app_is_kept = service_worker::is_active().await;
        let mut states = HashMap::with_capacity(packs.len());
        for pack in packs {
            let state = match () {
                () if !is_complete => PackState::Fetching,
                () if app_is_kept && pack.is_whole && is_kept(disk, pack).await => PackState::Ready,
                () => PackState::NotKept,
            };
            states.insert(pack.case_id, state);
        }
        states
    }

    /// Writes the pages of these packs again. False where the disk did not take them.
    async fn write_anew(&self, packs: &[Pack]) -> bool {
        let overlay = self.overlay();
        let mut pages = Vec::new();
        {
            let mut held = self.held.borrow_mut();
            packs.iter().flat_map(|pack| pack.pages.keys()).for_each(|key| held.rows.lost(*key));
            self.state.caseload.update_untracked(|caseload| {
                caseload.restore();
                pages = changed_pages(&held.rows, caseload);
                rebase(caseload, &overlay);
            });
        }
        let complete = self.state.complete.get_untracked();
        self.keep_with_pages(self.device(), &Writes::default(), complete, &pages).await.is_ok()
    }
}

impl Pack {
    fn add(&mut self, record: Option<Record>, pages: impl Iterator<Item = PageKey>, may_be_on_disk: impl Fn(&PageKey) -> bool) {
        let pages: Vec<PageKey> = pages.collect();
        let Some(record) = record else { return };
        match pages.iter().find(|key| may_be_on_disk(key)) {
            Some(key) => self.pages.entry(*key).or_default().push(record),
            // What the agency lets no device keep is not missing.
            None => self.is_whole &= !pages.is_empty(),
        }
    }
}

/// Whether all of a pack is on disk, opens, and is what the server gave.
async fn is_kept(disk: &Disk, pack: &Pack) -> bool {
    for (key, records) in &pack.pages {
        let Some(page) = disk.read_page(*key).await else { return false };
        if !records.iter().all(|record| page.contains(record)) {
            return false;
        }
    }
    true
}
