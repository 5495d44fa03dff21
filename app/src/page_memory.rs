//! What pages remember while the worker goes from one to another. It dies with the open door: after locking nothing of it is left.

use domain::{CaseId, NoteId, SortBy};
use leptos::prelude::*;

/// Memory shared by the pages behind the door.
#[derive(Clone, Copy)]
pub struct PageMemory {
    /// What is searched for in the caseload.
    pub query: RwSignal<String>,
    pub sort_by: RwSignal<SortBy>,
    /// Notes that were signed since the door was opened.
    pub signed_here: RwSignal<Vec<NoteId>>,
    /// The note that was signed a moment ago, until its client's page is left.
    pub just_signed: RwSignal<Option<(CaseId, NoteId)>>,
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
            just_signed: RwSignal::new(None),
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
