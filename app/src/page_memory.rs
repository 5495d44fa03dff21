//! What pages remember while the worker goes from one to another. It dies with the open door: after locking nothing of it is left.

use domain::{CaseId, DateTime, SortBy};
use leptos::prelude::*;
use uuid::Uuid;

use crate::ui::Toast;

/// Something that was done a moment ago, to be confirmed on the page that comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JustDone {
    /// On whose page it is confirmed; on that of the list where it is absent.
    pub case_id: Option<CaseId>,
    pub heading: &'static str,
    /// The record that was made or changed, by which the outbox knows it.
    pub entity_id: Uuid,
    pub at: DateTime,
}

/// Memory shared by the pages behind the door.
#[derive(Clone, Copy)]
pub struct PageMemory {
    /// What is searched for in the caseload.
    pub query: RwSignal<String>,
    pub sort_by: RwSignal<SortBy>,
    /// Notes and amendments that were signed since the door was opened.
    pub signed_here: RwSignal<Vec<Uuid>>,
    /// What was done a moment ago, until the page that confirms it is left.
    pub just_done: RwSignal<Option<JustDone>>,
    /// What is said about something just done, with the way to take it back; gone with the page that said it.
    pub toast: RwSignal<Option<Toast>>,
    /// The sheet with the keyboard shortcuts is shown.
    pub shortcuts_shown: RwSignal<bool>,
    /// One turned to another page, and not back to the one before: it may be drawn in steps. What the server drew, and a page that one comes back
    /// to and finds where it was left, is drawn whole.
    pub turned_on: StoredValue<bool>,
    /// Whether two panes fit; known in a browser only, and only after it came alive.
    pub wide: RwSignal<bool>,
}

impl PageMemory {
    /// Makes an empty memory and offers it to the pages below.
    pub fn provide() -> Self {
        let memory = Self {
            query: RwSignal::new(String::new()),
            sort_by: RwSignal::new(SortBy::Name),
            signed_here: RwSignal::new(Vec::new()),
            just_done: RwSignal::new(None),
            toast: RwSignal::new(None),
            shortcuts_shown: RwSignal::new(false),
            turned_on: StoredValue::new(false),
            wide: RwSignal::new(false),
        };
        provide_context(memory);
        memory
    }
}

/// The memory of the pages behind the door.
///
/// # Panics
/// In front of the door, where there is none.
pub fn use_page_memory() -> PageMemory {
    use_context::<PageMemory>().expect("pages are drawn behind the door, where the frame provides their memory")
}
