//! What pages remember while the worker goes from one to another. It dies with the open door: after locking nothing of it is left.

use domain::{NoteId, SortBy};
use leptos::prelude::*;

/// Memory shared by the pages behind the door.
#[derive(Clone, Copy)]
pub struct PageMemory {
    /// What is searched for in the caseload.
    pub query: RwSignal<String>,
    pub sort_by: RwSignal<SortBy>,
    /// Notes that were signed since the door was opened.
    pub signed_here: RwSignal<Vec<NoteId>>,
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
