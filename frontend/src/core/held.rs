//! The records of a desk as they stand on its pages, and what a pull does to them.

use std::collections::BTreeSet;

use domain::{Caseload, Record, RecordRef, ScopeId};
use sync::{device::Device, wire::ScopeDelta};

use crate::{
    keeper::PageWrite,
    rows::{PageKey, Rows},
};

/// The device, where its records stand, and which of them nobody has confirmed.
pub(super) struct Held {
    pub(super) device: Device,
    pub(super) rows: Rows,
    /// Records that came with the page and that no pull has confirmed.
    pub(super) preloaded: Vec<RecordRef>,
}

/// Puts news in: what is revoked goes first.
pub(super) fn put_in(caseload: &mut Caseload, held: &mut Held, forget: &[ScopeId], news: Vec<ScopeDelta>) {
    for scope_id in forget {
        // Also what came with the page and was in no pull.
        caseload.forget(*scope_id);
        held.rows.forget(*scope_id).into_iter().for_each(|record_ref| caseload.remove(record_ref));
    }
    for delta in news {
        if delta.full {
            held.rows.forget(delta.scope_id).into_iter().for_each(|record_ref| caseload.remove(record_ref));
        }
        for record_ref in delta.deleted {
            caseload.remove(record_ref);
            held.rows.remove(delta.scope_id, record_ref);
        }
        for record in delta.records {
            held.rows.put(delta.scope_id, &record);
            caseload.put(record);
        }
    }
}

/// Everything is here now: what came with the page and was in no pull is not the worker's to see any more.
pub(super) fn drop_unconfirmed(caseload: &mut Caseload, held: &mut Held) {
    for record_ref in std::mem::take(&mut held.preloaded) {
        if !held.rows.holds_record(record_ref) {
            caseload.remove(record_ref);
        }
    }
}

/// The pages that differ from the disk's, as JSON. The caseload shows the server's records at this moment, without anything on top.
pub(super) fn changed_pages(rows: &Rows, caseload: &Caseload) -> Vec<PageWrite> {
    let to_json = |records: &BTreeSet<RecordRef>| {
        let records: Vec<Record> = records.iter().filter_map(|record_ref| caseload.get(*record_ref)).collect();
        serde_json::to_vec(&records).expect("records are plain data")
    };
    rows.changed().map(|(key, records)| (key, records.map(to_json))).collect()
}

pub(super) fn keys_of(pages: &[PageWrite]) -> Vec<PageKey> {
    pages.iter().map(|(key, _)| *key).collect()
}
