//! The live fields of the note form: one signal each, read as a form and filled from one.

use domain::{
    BlindNoteId, Caseload, ContactMode, DateTime, GoalTouched, NewAttachment, NoteId, Purpose, Reached, TaskId, Term, Visit, VisitId,
};
use leptos::prelude::*;
use words::DayOrder;

use super::form::NoteForm;
use crate::{
    desk::{Desk, Draft},
    draft::{Fields, TakenUp, read_draft},
    ui::moments,
};

/// One signal per field, so that typing in one redraws nothing else.
#[derive(Clone, Copy)]
pub struct NoteFields {
    pub mode: RwSignal<String>,
    pub reached: RwSignal<String>,
    pub purpose: RwSignal<String>,
    pub date: RwSignal<String>,
    pub time: RwSignal<String>,
    pub duration: RwSignal<String>,
    pub narrative: RwSignal<String>,
    pub goals: RwSignal<Vec<GoalTouched>>,
    pub tasks_done: RwSignal<Vec<TaskId>>,
    pub visit: RwSignal<String>,
    pub next_date: RwSignal<String>,
    pub next_time: RwSignal<String>,
    /// What is attached, and how many more are being sealed at this moment.
    pub attachments: RwSignal<Vec<NewAttachment>>,
    pub attaching: RwSignal<usize>,
    /// The words written while locked that this note files.
    pub blind_note: RwSignal<Option<BlindNoteId>>,
    ids: RwSignal<(Option<NoteId>, Option<VisitId>)>,
}

impl NoteFields {
    /// The fields of a form.
    pub fn of(form: &NoteForm) -> Self {
        Self {
            mode: RwSignal::new(form.mode.clone()),
            reached: RwSignal::new(form.reached.clone()),
            purpose: RwSignal::new(form.purpose.clone()),
            date: RwSignal::new(form.date.clone()),
            time: RwSignal::new(form.time.clone()),
            duration: RwSignal::new(form.duration.clone()),
            narrative: RwSignal::new(form.narrative.clone()),
            goals: RwSignal::new(form.goals.clone()),
            tasks_done: RwSignal::new(form.tasks_done.clone()),
            visit: RwSignal::new(form.visit.clone()),
            next_date: RwSignal::new(form.next_date.clone()),
            next_time: RwSignal::new(form.next_time.clone()),
            attachments: RwSignal::new(form.attachments.clone()),
            attaching: RwSignal::new(0),
            blind_note: RwSignal::new(form.blind_note),
            ids: RwSignal::new((form.note_id, form.next_visit_id)),
        }
    }

    /// Puts a form into the fields in place of what is there.
    pub fn fill(self, form: NoteForm) {
        self.mode.set(form.mode);
        self.reached.set(form.reached);
        self.purpose.set(form.purpose);
        self.date.set(form.date);
        self.time.set(form.time);
        self.duration.set(form.duration);
        self.narrative.set(form.narrative);
        self.goals.set(form.goals);
        self.tasks_done.set(form.tasks_done);
        self.visit.set(form.visit);
        self.next_date.set(form.next_date);
        self.next_time.set(form.next_time);
        self.attachments.set(form.attachments);
        self.blind_note.set(form.blind_note);
        self.ids.set((form.note_id, form.next_visit_id));
    }

    /// What the fields say now; whoever reads it follows every one of them.
    pub fn read(self) -> NoteForm {
        let (note_id, next_visit_id) = self.ids.get();
        NoteForm {
            note_id,
            next_visit_id,
            written_at: None,
            mode: self.mode.get(),
            reached: self.reached.get(),
            purpose: self.purpose.get(),
            date: self.date.get(),
            time: self.time.get(),
            duration: self.duration.get(),
            narrative: self.narrative.get(),
            goals: self.goals.get(),
            tasks_done: self.tasks_done.get(),
            visit: self.visit.get(),
            next_date: self.next_date.get(),
            next_time: self.next_time.get(),
            day_first: words::current().day_order() == DayOrder::DayFirst,
            attachments: self.attachments.get(),
            blind_note: self.blind_note.get(),
        }
    }

    /// Gives the note and its next visit their identities, once.
    pub fn name_records(self, note_id: NoteId, next_visit_id: VisitId) {
        self.ids.update(|ids| {
            ids.0.get_or_insert(note_id);
            ids.1.get_or_insert(next_visit_id);
        });
    }
}

impl Fields for NoteFields {
    fn form(&self) -> &'static str {
        "note"
    }

    fn name_records(&self, desk: &dyn Desk) {
        (*self).name_records(NoteId(desk.new_id()), VisitId(desk.new_id()));
    }

    fn draft(&self, written_at: Option<DateTime>) -> Draft {
        let form = NoteForm { written_at, ..self.read() };
        serde_json::to_string(&form).expect("a form is plain data")
    }

    fn take_up(&self, draft: &str, caseload: &Caseload) -> TakenUp {
        let Some(form) = read_draft::<NoteForm>(draft) else { return TakenUp::LeftAlone };
        if form.note_id.is_some_and(|note_id| caseload.note(note_id).is_some()) {
            return TakenUp::IsDone;
        }
        // What is being typed right now is newer.
        let words_to_file = untrack(|| self.blind_note.get()).and_then(|id| Some(caseload.blind_note(id)?.narrative.as_str()));
        let is_as_begun = self.narrative.try_with_untracked(|narrative| narrative == words_to_file.unwrap_or_default());
        if is_as_begun != Some(true) {
            return TakenUp::LeftAlone;
        }
        let written_at = form.written_at;
        // What has no year is of the year in which it was typed.
        self.fill(match written_at {
            Some(at) => form.in_spoken_order(at.date()),
            None => form,
        });
        TakenUp::Restored { written_at }
    }
}

/// The form for a contact that is taking place now: what is most often so is filled in already.
pub fn fresh_form(now: DateTime, visit: Option<Visit>) -> NoteForm {
    let mode = visit.as_ref().map_or(ContactMode::HomeVisit, |visit| visit.mode);
    NoteForm {
        mode: mode.code().to_owned(),
        reached: Reached::Client.code().to_owned(),
        purpose: Purpose::Monitoring.code().to_owned(),
        date: moments::typed_date(now.date()),
        time: moments::clock(now),
        duration: "30".to_owned(),
        day_first: words::current().day_order() == DayOrder::DayFirst,
        visit: visit.map(|visit| visit.id.to_string()).unwrap_or_default(),
        ..NoteForm::default()
    }
}
