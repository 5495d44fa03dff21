//! Keeping what is being written: some moments after each stroke, on leaving a field, and when the page goes out of sight.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{CaseId, DateTime, NoteId, VisitId};
use leptos::{ev, prelude::*, task::spawn_local};

use super::{fields::NoteFields, form::NoteForm};
use crate::{
    desk::{Desk, DeskError, Keeping, StorageProblem, use_desk},
    ui::words,
};

/// The short name of this form among the drafts.
const FORM: &str = "note";

/// How long after the last stroke the draft is kept.
const PAUSE: Duration = Duration::from_millis(400);

/// Where the draft stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DraftState {
    /// Nothing was typed yet.
    None,
    /// An earlier draft was put into the fields.
    Restored {
        written_at: Option<DateTime>,
    },
    Kept,
    NotKept(DeskError),
}

/// The draft of one client's note.
#[derive(Clone)]
pub struct DraftKeeper {
    desk: Arc<dyn Desk>,
    case_id: CaseId,
    fields: NoteFields,
    pub state: RwSignal<DraftState>,
    /// What is typed and not kept yet; lives as long as the page, also while it is being taken down.
    pending: Arc<Mutex<Option<NoteForm>>>,
    /// The form as it was when nothing needed to be kept.
    settled: Arc<Mutex<NoteForm>>,
    /// The note is signed: nothing is kept any more.
    ended: Arc<AtomicBool>,
}

impl DraftKeeper {
    /// A keeper for these fields; call [`DraftKeeper::begin`] to set it to work.
    pub fn new(case_id: CaseId, fields: NoteFields, start: NoteForm) -> Self {
        Self {
            desk: use_desk(),
            case_id,
            fields,
            state: RwSignal::new(DraftState::None),
            pending: Arc::default(),
            settled: Arc::new(Mutex::new(start)),
            ended: Arc::default(),
        }
    }

    /// Looks for an earlier draft and from then on keeps what is typed. Works in a browser only.
    pub fn begin(&self) {
        let keeper = self.clone();
        Effect::new(move |_| {
            keeper.settle();
            keeper.clone().look_for_draft();
        });
        let keeper = self.clone();
        let timer = StoredValue::new(None::<TimeoutHandle>);
        Effect::new(move |_| {
            let form = keeper.fields.read();
            if !keeper.note_change(form) {
                return;
            }
            if let Some(timer) = timer.get_value() {
                timer.clear();
            }
            let keeper = keeper.clone();
            timer.set_value(set_timeout(move || keeper.keep(), PAUSE).ok());
        });
        let keeper = self.clone();
        Effect::new(move |_| {
            let (hidden, gone) = (keeper.clone(), keeper.clone());
            let hidden = window_event_listener(ev::visibilitychange, move |_| hidden.keep());
            let gone = window_event_listener_untyped("pagehide", move |_| gone.keep());
            on_cleanup(move || {
                hidden.remove();
                gone.remove();
            });
        });
        let keeper = self.clone();
        on_cleanup(move || keeper.keep());
    }

    /// Takes note of what the fields say. True if it has to be kept.
    fn note_change(&self, form: NoteForm) -> bool {
        if *lock(&self.settled) == form || self.ended.load(Ordering::Relaxed) {
            return false;
        }
        *lock(&self.pending) = Some(form);
        self.desk.state().unkept.try_set(true);
        true
    }

    /// Keeps what is typed and not kept yet.
    pub fn keep(&self) {
        let Some(mut form) = lock(&self.pending).take() else { return };
        *lock(&self.settled) = form.clone();
        form.written_at = Some(self.desk.state().now.try_get_untracked().unwrap_or_else(|| DateTime::from_unix_ms(0, 0)));
        let Ok(draft) = serde_json::to_string(&form) else { return };
        let reply = self.desk.save_draft(FORM, self.case_id, draft);
        let (state, unkept, pending) = (self.state, self.desk.state().unkept, Arc::clone(&self.pending));
        spawn_local(async move {
            let outcome = reply.await;
            if outcome.is_ok() && lock(&pending).is_none() {
                unkept.try_set(false);
            }
            state.try_set(outcome.map_or_else(DraftState::NotKept, |()| DraftState::Kept));
        });
    }

    /// Throws the draft away, for the note is signed.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        self.drop_pending();
        spawn_local(self.desk.discard_draft(FORM, self.case_id));
    }

    /// Throws the draft away and begins again.
    pub fn begin_again(&self, start: NoteForm) {
        self.fields.fill(start);
        self.settle();
        self.drop_pending();
        self.state.set(DraftState::None);
        spawn_local(self.desk.discard_draft(FORM, self.case_id));
    }

    fn drop_pending(&self) {
        lock(&self.pending).take();
        self.desk.state().unkept.try_set(false);
    }

    /// Gives what is about to be written its identities, and takes the fields as they are for settled.
    fn settle(&self) {
        self.fields.name_records(NoteId(self.desk.new_id()), VisitId(self.desk.new_id()));
        *lock(&self.settled) = untrack(|| self.fields.read());
    }

    fn look_for_draft(self) {
        let reply = self.desk.load_draft(FORM, self.case_id);
        spawn_local(async move {
            let Some(draft) = reply.await else { return };
            let Ok(mut form) = serde_json::from_slice::<NoteForm>(draft.as_bytes()) else { return };
            let is_signed = form.note_id.is_some_and(|note_id| {
                self.desk.state().caseload.try_with_untracked(|caseload| caseload.note(note_id).is_some()).unwrap_or(false)
            });
            if is_signed {
                // It was signed, and the page went before the draft did.
                return self.desk.discard_draft(FORM, self.case_id).await;
            }
            // What is being typed right now is newer.
            if self.fields.narrative.try_with_untracked(String::is_empty) != Some(true) {
                return;
            }
            let written_at = form.written_at.take();
            *lock(&self.settled) = form.clone();
            self.fields.fill(form);
            self.state.set(DraftState::Restored { written_at });
        });
    }
}

/// The words for a draft's state.
pub fn draft_words(draft: DraftState, keeping: Keeping, now: DateTime) -> String {
    match draft {
        DraftState::None => String::new(),
        DraftState::Restored { written_at: None } => "Draft from an earlier visit to this page".to_owned(),
        DraftState::Restored { written_at: Some(at) } => ["Draft from ", &words::moment(at, now)].concat(),
        DraftState::Kept => match keeping {
            Keeping::Device => "Draft saved on this phone".to_owned(),
            Keeping::Memory => "Draft kept in this page only".to_owned(),
        },
        DraftState::NotKept(DeskError::Storage(StorageProblem::Full)) => {
            "Draft not kept: this device has no room left. Sign the note or free some space".to_owned()
        }
        DraftState::NotKept(_) => "Draft not kept yet. Leave this page open".to_owned(),
    }
}

/// A lock that a panic elsewhere does not take away: the words in it are worth more.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_draft_says_where_it_is_and_from_when() {
        let now = samples::now();
        let earlier = DraftState::Restored { written_at: Some(now.plus_minutes(-90)) };
        assert_eq!(draft_words(earlier, Keeping::Device, now), "Draft from Today 13:00");
        assert_eq!(draft_words(DraftState::Kept, Keeping::Device, now), "Draft saved on this phone");
        assert_eq!(draft_words(DraftState::Kept, Keeping::Memory, now), "Draft kept in this page only");
    }
}
