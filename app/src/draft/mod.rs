//! Keeping what is being typed on a form: some moments after each stroke, on leaving a field, and when the page goes out of sight.

mod plain;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{Caseload, DateTime};
use leptos::{ev, prelude::*, task::spawn_local};
use serde::de::DeserializeOwned;
use uuid::Uuid;

pub use plain::PlainFields;

use crate::{
    desk::{Desk, DeskError, Draft, Keeping, StorageProblem, use_desk},
    page_memory::use_page_memory,
    ui::{Toast, moments},
};

/// How long after the last stroke the draft is kept.
const PAUSE: Duration = Duration::from_millis(400);

/// The live fields of a form, as whoever keeps them sees them.
pub trait Fields: Send + Sync {
    /// The short name of the form among the drafts.
    fn form(&self) -> &'static str;

    /// Gives what is about to be written its identities, once.
    fn name_records(&self, _desk: &dyn Desk) {}

    /// What the fields say now, as JSON; whoever reads it follows every one of them.
    fn draft(&self, written_at: Option<DateTime>) -> Draft;

    /// Puts an earlier draft into the fields.
    fn take_up(&self, draft: &str, caseload: &Caseload) -> TakenUp;
}

/// What became of an earlier draft.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TakenUp {
    /// It is in the fields now.
    Restored { written_at: Option<DateTime> },
    /// It was sent, and the page went before the draft did.
    IsDone,
    /// Something newer is being typed, or no form of this build reads it.
    LeftAlone,
}

/// The form that a draft holds, if this build reads it.
pub fn read_draft<T: DeserializeOwned>(draft: &str) -> Option<T> {
    // From bytes, like all records: reading from two kinds of source would put the reading code into the program twice.
    serde_json::from_slice(draft.as_bytes()).ok()
}

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

/// Keeps the draft of one form about one thing.
#[derive(Clone)]
pub struct DraftKeeper {
    desk: Arc<dyn Desk>,
    /// The record that the form is about, such as the case.
    about: Uuid,
    fields: Arc<dyn Fields>,
    pub state: RwSignal<DraftState>,
    /// What is typed and not kept yet; lives as long as the page, also while it is being taken down.
    pending: Arc<Mutex<Option<Draft>>>,
    /// The form as it was when nothing needed to be kept.
    settled: Arc<Mutex<Draft>>,
    /// The form is sent: nothing is kept any more.
    ended: Arc<AtomicBool>,
}

impl DraftKeeper {
    /// A keeper for these fields; call [`DraftKeeper::begin`] to set it to work.
    pub fn new(about: Uuid, fields: impl Fields + 'static) -> Self {
        let settled = untrack(|| fields.draft(None));
        Self {
            desk: use_desk(),
            about,
            fields: Arc::new(fields),
            state: RwSignal::new(DraftState::None),
            pending: Arc::default(),
            settled: Arc::new(Mutex::new(settled)),
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
            let draft = keeper.fields.draft(None);
            if !keeper.note_change(draft) {
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
    fn note_change(&self, draft: Draft) -> bool {
        if *lock(&self.settled) == draft || self.ended.load(Ordering::Relaxed) {
            return false;
        }
        *lock(&self.pending) = Some(draft);
        self.desk.state().unkept.try_set(true);
        true
    }

    /// Keeps what is typed and not kept yet.
    pub fn keep(&self) {
        let Some(draft) = lock(&self.pending).take() else { return };
        *lock(&self.settled) = draft;
        let now = self.desk.state().now.try_get_untracked().unwrap_or_else(|| DateTime::from_unix_ms(0, 0));
        let draft = untrack(|| self.fields.draft(Some(now)));
        let reply = self.desk.save_draft(self.fields.form(), self.about, draft);
        let (state, unkept, pending) = (self.state, self.desk.state().unkept, Arc::clone(&self.pending));
        spawn_local(async move {
            let outcome = reply.await;
            if outcome.is_ok() && lock(&pending).is_none() {
                unkept.try_set(false);
            }
            state.try_set(outcome.map_or_else(DraftState::NotKept, |()| DraftState::Kept));
        });
    }

    /// Throws the draft away, for the form is sent.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        self.drop_pending();
        spawn_local(self.desk.discard_draft(self.fields.form(), self.about));
    }

    /// Throws the draft away, after the fields were filled anew.
    pub fn begin_again(&self) {
        self.settle();
        self.drop_pending();
        self.state.set(DraftState::None);
        spawn_local(self.desk.discard_draft(self.fields.form(), self.about));
    }

    /// Puts a draft back that was thrown away a moment ago; it is kept again like anything that is typed.
    fn take_back(&self, draft: &str) {
        self.desk.state().caseload.with_untracked(|caseload| self.fields.take_up(draft, caseload));
    }

    fn drop_pending(&self) {
        lock(&self.pending).take();
        self.desk.state().unkept.try_set(false);
    }

    /// Gives what is about to be written its identities, and takes the fields as they are for settled.
    fn settle(&self) {
        self.fields.name_records(&*self.desk);
        *lock(&self.settled) = untrack(|| self.fields.draft(None));
    }

    fn look_for_draft(self) {
        let reply = self.desk.load_draft(self.fields.form(), self.about);
        spawn_local(async move {
            let Some(draft) = reply.await else { return };
            let taken_up = self.desk.state().caseload.try_with_untracked(|caseload| self.fields.take_up(&draft, caseload));
            match taken_up {
                Some(TakenUp::Restored { written_at }) => {
                    *lock(&self.settled) = untrack(|| self.fields.draft(None));
                    self.state.try_set(DraftState::Restored { written_at });
                }
                Some(TakenUp::IsDone) => self.desk.discard_draft(self.fields.form(), self.about).await,
                Some(TakenUp::LeftAlone) | None => {}
            }
        });
    }
}

/// Where the draft is, and the way to be rid of it: `fill_anew` puts the fields back to how they were at first.
pub fn draft_line(keeper: DraftKeeper, fill_anew: impl Fn() + Send + Sync + 'static) -> AnyView {
    let state = use_desk().state();
    let draft = keeper.state;
    let words = Memo::new(move |_| draft_words(draft.get(), state.keeping.get(), state.now.get()));
    let can_discard = Memo::new(move |_| !matches!(draft.get(), DraftState::None));
    let toast = use_page_memory().toast;
    let discard = StoredValue::new(move || {
        let discarded = untrack(|| keeper.fields.draft(Some(state.now.get())));
        fill_anew();
        keeper.begin_again();
        let keeper = keeper.clone();
        let undo = Arc::new(move || keeper.take_back(&discarded));
        toast.set(Some(Toast { words: words::draft::draft_discarded().to_owned(), undo: Some(undo) }));
    });
    view! {
        <div class="draft">
            <p class="draft__state" role="status">{move || words.get()}</p>
            {move || can_discard.get().then(|| view! {
                <button class="button button--quiet" type="button" on:click=move |_| discard.with_value(|discard| discard())>
                    {words::draft::discard_draft()}
                </button>
            })}
        </div>
    }
    .into_any()
}

/// The words for a draft's state.
fn draft_words(draft: DraftState, keeping: Keeping, now: DateTime) -> String {
    match draft {
        DraftState::None => String::new(),
        DraftState::Restored { written_at: None } => words::draft::draft_from_an_earlier_visit().to_owned(),
        DraftState::Restored { written_at: Some(at) } => words::draft::draft_from(&moments::moment(at, now)),
        DraftState::Kept => match keeping {
            Keeping::Device => words::draft::draft_saved_on_this_phone().to_owned(),
            Keeping::Memory => words::draft::draft_kept_in_this_page().to_owned(),
        },
        DraftState::NotKept(DeskError::Storage(StorageProblem::Full)) => words::draft::draft_not_kept_this_device().to_owned(),
        DraftState::NotKept(_) => words::draft::draft_not_kept_yet_leave().to_owned(),
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
