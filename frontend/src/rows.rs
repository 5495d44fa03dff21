//! Which page of a scope each record stands on. Pure: it moves names, not bytes.
//!
//! A scope's records are sealed as pages of at most some 60 KB (docs/decisions: a hundred such pages open ten times faster than five thousand
//! single records); a change rewrites its page.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{Record, RecordRef, ScopeId};
use uuid::Uuid;

/// How much a page holds, in bytes of JSON. Chromium puts values above 64 KiB into files of their own, which is slower.
const PAGE_BYTES: usize = 60_000;

/// One page of one scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PageKey {
    pub(crate) scope_id: ScopeId,
    pub(crate) number: u32,
}

impl PageKey {
    /// The key under which the page is stored.
    pub(crate) fn to_text(self) -> String {
        format!("{}/{}", self.scope_id, self.number)
    }

    /// Reads a key as [`PageKey::to_text`] writes it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (scope_id, number) = text.split_once('/')?;
        Some(Self { scope_id: Self::parse_scope(scope_id)?, number: number.parse().ok()? })
    }

    /// Reads a scope as it stands in front of the number, or alone.
    pub(crate) fn parse_scope(text: &str) -> Option<ScopeId> {
        Uuid::parse_str(text).ok().map(ScopeId)
    }
}

/// Where every record of the device stands, and which pages differ from the disk's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    scopes: BTreeMap<ScopeId, Scope>,
    changed: BTreeSet<PageKey>,
}

#[derive(Clone, Debug, Default)]
struct Scope {
    pages: BTreeMap<u32, Page>,
    page_of: HashMap<RecordRef, u32>,
}

#[derive(Clone, Debug, Default)]
struct Page {
    records: BTreeSet<RecordRef>,
    bytes: usize,
}

impl Rows {
    /// Notes that a page with these records is on disk.
    pub(crate) fn found(&mut self, key: PageKey, bytes: usize, records: impl IntoIterator<Item = RecordRef>) {
        let scope = self.scopes.entry(key.scope_id).or_default();
        let page = Page { records: records.into_iter().collect(), bytes };
        scope.page_of.extend(page.records.iter().map(|record_ref| (*record_ref, key.number)));
        scope.pages.insert(key.number, page);
    }

    /// Notes that a page on disk is of no use: it is written over or deleted with the next change.
    pub(crate) fn lost(&mut self, key: PageKey) {
        self.changed.insert(key);
    }

    /// Finds the record its page; the page has to be written.
    pub(crate) fn put(&mut self, scope_id: ScopeId, record: &Record) {
        let record_ref = record.record_ref();
        let scope = self.scopes.entry(scope_id).or_default();
        let number = match scope.page_of.get(&record_ref) {
            Some(number) => *number,
            None => scope.add(record_ref, size_bytes(record)),
        };
        self.changed.insert(PageKey { scope_id, number });
    }

    /// Takes the record off its page; the page has to be written, or deleted if nothing is left on it.
    pub(crate) fn remove(&mut self, scope_id: ScopeId, record_ref: RecordRef) {
        let Some(scope) = self.scopes.get_mut(&scope_id) else { return };
        let Some(number) = scope.page_of.remove(&record_ref) else { return };
        if let Some(page) = scope.pages.get_mut(&number) {
            page.records.remove(&record_ref);
            if page.records.is_empty() {
                scope.pages.remove(&number);
            }
        }
        self.changed.insert(PageKey { scope_id, number });
    }

    /// Drops all pages of a scope; answers the records that no other scope holds.
    pub(crate) fn forget(&mut self, scope_id: ScopeId) -> Vec<RecordRef> {
        let Some(scope) = self.scopes.remove(&scope_id) else { return Vec::new() };
        self.changed.extend(scope.pages.into_keys().map(|number| PageKey { scope_id, number }));
        scope.page_of.into_keys().filter(|record_ref| !self.holds_record(*record_ref)).collect()
    }

    /// Whether some scope holds the record.
    pub(crate) fn holds_record(&self, record_ref: RecordRef) -> bool {
        self.scopes.values().any(|scope| scope.page_of.contains_key(&record_ref))
    }

    /// The pages on which a record stands: one in each scope that holds it.
    pub(crate) fn pages_with(&self, record_ref: RecordRef) -> impl Iterator<Item = PageKey> + '_ {
        let of_scope = move |(scope_id, scope): (&ScopeId, &Scope)| {
            let number = *scope.page_of.get(&record_ref)?;
            Some(PageKey { scope_id: *scope_id, number })
        };
        self.scopes.iter().filter_map(of_scope)
    }

    /// The pages that differ from the disk's, with the records that now stand on them; none left means: delete it.
    pub(crate) fn changed(&self) -> impl Iterator<Item = (PageKey, Option<&BTreeSet<RecordRef>>)> {
        self.changed.iter().map(|key| (*key, self.page(*key).map(|page| &page.records)))
    }

    /// Notes that these pages are on disk as they are here.
    pub(crate) fn written(&mut self, keys: &[PageKey]) {
        for key in keys {
            self.changed.remove(key);
        }
    }

    /// Every page has to be written: the disk has none of them yet.
    pub(crate) fn touch_all(&mut self) {
        let all = self.scopes.iter().flat_map(|(scope_id, scope)| scope.pages.keys().map(|number| (*scope_id, *number)));
        self.changed.extend(all.map(|(scope_id, number)| PageKey { scope_id, number }));
    }

    fn page(&self, key: PageKey) -> Option<&Page> {
        self.scopes.get(&key.scope_id)?.pages.get(&key.number)
    }
}

impl Scope {
    /// Puts a new record on the last page, or on a new one if that is full.
    fn add(&mut self, record_ref: RecordRef, bytes: usize) -> u32 {
        let last = self.pages.last_key_value().map(|(number, page)| (*number, page.bytes));
        let number = match last {
            Some((number, held)) if held + bytes <= PAGE_BYTES => number,
            Some((number, _)) => number + 1,
            None => 0,
        };
        let page = self.pages.entry(number).or_default();
        page.records.insert(record_ref);
        page.bytes += bytes;
        self.page_of.insert(record_ref, number);
        number
    }
}

/// About what a record takes, in bytes of JSON. Cheap, because a page need not be full to the byte.
fn size_bytes(record: &Record) -> usize {
    match record {
        Record::Note(note) => 450 + note.narrative.as_str().len(),
        Record::Person(_) | Record::Case(_) => 700,
        Record::Amendment(amendment) => 350 + amendment.kind.text().as_str().len(),
        Record::BlindNote(blind_note) => 350 + blind_note.narrative.as_str().len(),
        Record::Review(review) => match &review.matter {
            domain::Matter::Held(held) => 700 + held.body.len(),
            domain::Matter::Contradiction(_) => 3_000,
        },
        Record::Attachment(_) => 500,
        Record::Goal(_) | Record::Task(_) | Record::Visit(_) => 350,
        Record::Worker(_) => 150,
    }
}

#[cfg(test)]
mod tests {
    use domain::{Role, Worker, WorkerId};

    use super::*;

    const SCOPE: ScopeId = ScopeId(Uuid::from_u128(1));

    fn worker(id: u128) -> Record {
        Record::Worker(Worker { id: WorkerId(Uuid::from_u128(id)), name: "Maria".to_owned(), role: Role::CaseManager })
    }

    fn filled(count: u128) -> Rows {
        let mut rows = Rows::default();
        for id in 0..count {
            rows.put(SCOPE, &worker(id));
        }
        rows
    }

    #[test]
    fn records_fill_one_page_before_the_next() {
        let rows = filled(1_000);
        let sizes: Vec<usize> = rows.changed().filter_map(|(_, records)| Some(records?.len())).collect();
        assert_eq!(sizes, [400, 400, 200]);
    }

    #[test]
    fn a_change_rewrites_its_page_only() {
        let mut rows = filled(1_000);
        let keys: Vec<PageKey> = rows.changed().map(|(key, _)| key).collect();
        rows.written(&keys);
        rows.put(SCOPE, &worker(400));
        assert_eq!(rows.changed().map(|(key, _)| key.number).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn the_last_record_takes_its_page_with_it() {
        let mut rows = filled(1);
        rows.remove(SCOPE, worker(0).record_ref());
        assert_eq!(rows.changed().collect::<Vec<_>>(), [(PageKey { scope_id: SCOPE, number: 0 }, None)]);
    }

    #[test]
    fn a_forgotten_scope_leaves_no_page() {
        let mut rows = filled(500);
        let other = ScopeId(Uuid::from_u128(2));
        rows.put(other, &worker(3));
        assert_eq!(rows.forget(SCOPE).len(), 499, "one of them the other scope holds, too");
        assert_eq!(rows.forget(other).len(), 1);
        assert!(!rows.holds_record(worker(3).record_ref()));
        assert!(rows.changed().all(|(_, records)| records.is_none()));
        assert_eq!(rows.changed().count(), 3);
    }

    #[test]
    fn a_page_from_disk_is_gone_on_with() {
        let mut rows = Rows::default();
        rows.found(PageKey { scope_id: SCOPE, number: 4 }, 59_000, [worker(1).record_ref()]);
        assert_eq!(rows.changed().count(), 0);
        rows.put(SCOPE, &worker(2));
        rows.put(SCOPE, &worker(3));
        assert_eq!(rows.changed().map(|(key, _)| key.number).collect::<Vec<_>>(), [4]);
        assert!(rows.holds_record(worker(1).record_ref()));
    }

    #[test]
    fn a_lost_page_is_deleted_unless_it_is_written_again() {
        let mut rows = Rows::default();
        let lost = |number| PageKey { scope_id: SCOPE, number };
        rows.lost(lost(0));
        rows.lost(lost(1));
        rows.put(SCOPE, &worker(1));
        assert_eq!(rows.changed().map(|(key, records)| (key.number, records.is_some())).collect::<Vec<_>>(), [(0, true), (1, false)]);
    }

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let key = PageKey { scope_id: SCOPE, number: 12 };
        assert_eq!(PageKey::parse(&key.to_text()), Some(key));
        assert_eq!(PageKey::parse("meta"), None);
    }
}
