//! The reading model: records in memory, with pure questions on them. Every page reads from one.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap, HashSet},
};

use uuid::Uuid;

use crate::{
    Amendment, AmendmentId, Attachment, AttachmentId, BlindNote, BlindNoteId, Case, CaseId, Command, Date, DateTime, Goal, GoalId,
    GoalLifecycle, Hit, HitKind, Note, NoteId, Occasion, Person, PersonId, Record, RecordKind, RecordRef, Review, ReviewId, ScopeId, Task,
    TaskId, Visit, VisitId, Worker, WorkerId, decide, fold, in_order, search::Words,
};

/// The order of a list of clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    #[default]
    Name,
    /// The highest risk first.
    Risk,
    /// Those not reached for longest first.
    LastContact,
}

/// One line of a list of clients.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientLine<'a> {
    pub person: &'a Person,
    pub case: &'a Case,
}

/// One entry of a client's timeline.
#[derive(Clone, Debug, PartialEq)]
pub enum TimelineItem<'a> {
    Note(&'a Note),
    Visit(&'a Visit),
}

/// The records that one worker may see, as far as they are here.
#[derive(Clone, Debug, Default)]
pub struct Caseload {
    workers: HashMap<WorkerId, Worker>,
    persons: HashMap<PersonId, Person>,
    cases: HashMap<CaseId, Case>,
    goals: HashMap<GoalId, Goal>,
    notes: HashMap<NoteId, Note>,
    visits: HashMap<VisitId, Visit>,
    tasks: HashMap<TaskId, Task>,
    amendments: HashMap<AmendmentId, Amendment>,
    attachments: HashMap<AttachmentId, Attachment>,
    /// How many amendments hide a note.
    hidden: HashMap<NoteId, u32>,
    blind_notes: HashMap<BlindNoteId, BlindNote>,
    reviews: HashMap<ReviewId, Review>,
    /// The records of each case, by kind.
    of_case: HashMap<CaseId, HashSet<RecordRef>>,
    cases_of_person: HashMap<PersonId, BTreeSet<CaseId>>,
    /// What search looks through: names and numbers of persons, narratives of notes as far as they were prepared.
    folded: HashMap<RecordRef, String>,
    /// Notes whose narratives have still to be prepared for search.
    unfolded: Vec<NoteId>,
    /// Records as the server gave them, where what is shown differs because a command of this device is on top.
    beneath: HashMap<RecordRef, Option<Record>>,
}

impl Caseload {
    pub fn from_records(records: impl IntoIterator<Item = Record>) -> Self {
        let mut caseload = Self::default();
        for record in records {
            caseload.put(record);
        }
        caseload
    }

    /// Puts a record of the server in, or in place of the one with its id.
    pub fn put(&mut self, record: Record) {
        // What lay beneath a command of this device is out of date now.
        self.beneath.remove(&record.record_ref());
        self.place(record);
    }

    fn place(&mut self, record: Record) {
        let record_ref = record.record_ref();
        self.unlink(record_ref);
        if let Some(case_id) = record.case_id() {
            self.of_case.entry(case_id).or_default().insert(record_ref);
        }
        match record {
            Record::Worker(worker) => drop(self.workers.insert(worker.id, worker)),
            Record::Person(person) => {
                self.folded.insert(record_ref, folded_person(&person));
                self.persons.insert(person.id, person);
            }
            Record::Case(case) => {
                self.cases_of_person.entry(case.person_id).or_default().insert(case.id);
                self.cases.insert(case.id, case);
            }
            Record::Goal(goal) => drop(self.goals.insert(goal.id, goal)),
            Record::Note(note) => {
                // Whoever opens a caseload waits for it; nobody searches in the same moment.
                self.folded.remove(&record_ref);
                self.unfolded.push(note.id);
                self.notes.insert(note.id, note);
            }
            Record::Visit(visit) => drop(self.visits.insert(visit.id, visit)),
            Record::Task(task) => drop(self.tasks.insert(task.id, task)),
            Record::Amendment(amendment) => {
                if amendment.hides_note() {
                    *self.hidden.entry(amendment.note_id).or_default() += 1;
                }
                self.amendments.insert(amendment.id, amendment);
            }
            Record::Attachment(attachment) => drop(self.attachments.insert(attachment.id, attachment)),
            Record::BlindNote(blind_note) => drop(self.blind_notes.insert(blind_note.id, blind_note)),
            Record::Review(review) => drop(self.reviews.insert(review.id, review)),
        }
    }

    /// Takes a record out that the server has no more.
    pub fn remove(&mut self, record_ref: RecordRef) {
        self.beneath.remove(&record_ref);
        self.take_out(record_ref);
    }

    fn take_out(&mut self, record_ref: RecordRef) {
        self.folded.remove(&record_ref);
        self.unlink(record_ref);
        let id = record_ref.id;
        match record_ref.kind {
            RecordKind::Worker => drop(self.workers.remove(&WorkerId(id))),
            RecordKind::Person => drop(self.persons.remove(&PersonId(id))),
            RecordKind::Case => drop(self.cases.remove(&CaseId(id))),
            RecordKind::Goal => drop(self.goals.remove(&GoalId(id))),
            RecordKind::Note => drop(self.notes.remove(&NoteId(id))),
            RecordKind::Visit => drop(self.visits.remove(&VisitId(id))),
            RecordKind::Task => drop(self.tasks.remove(&TaskId(id))),
            RecordKind::Amendment => drop(self.amendments.remove(&AmendmentId(id))),
            RecordKind::Attachment => drop(self.attachments.remove(&AttachmentId(id))),
            RecordKind::BlindNote => drop(self.blind_notes.remove(&BlindNoteId(id))),
            RecordKind::Review => drop(self.reviews.remove(&ReviewId(id))),
        }
    }

    /// Takes a record off the lists of the case and the person that it belongs to so far.
    fn unlink(&mut self, record_ref: RecordRef) {
        let Some(record) = self.get(record_ref) else { return };
        if let Some(records) = record.case_id().and_then(|case_id| self.of_case.get_mut(&case_id)) {
            records.remove(&record_ref);
        }
        match record {
            Record::Case(case) => {
                if let Some(cases) = self.cases_of_person.get_mut(&case.person_id) {
                    cases.remove(&case.id);
                }
            }
            Record::Amendment(amendment) if amendment.hides_note() => {
                if let Some(hiding) = self.hidden.get_mut(&amendment.note_id) {
                    *hiding -= 1;
                }
            }
            _ => {}
        }
    }

    /// Drops what a compartment holds: a case with all its records, and its person where no other case here needs them; or the restricted
    /// notes of a case; or, where no case has this compartment, nothing. For revocation.
    pub fn forget(&mut self, scope_id: ScopeId) {
        self.forget_restricted(scope_id);
        let gone: Vec<CaseId> = self.cases.values().filter(|case| case.scope_id == scope_id).map(|case| case.id).collect();
        for case_id in gone {
            let person_id = self.cases.get(&case_id).map(|case| case.person_id);
            for record_ref in self.of_case.remove(&case_id).unwrap_or_default() {
                self.remove(record_ref);
            }
            if let Some(person_id) = person_id
                && self.cases_of_person.get(&person_id).is_none_or(BTreeSet::is_empty)
            {
                self.cases_of_person.remove(&person_id);
                self.remove(RecordRef { kind: RecordKind::Person, id: person_id.0 });
            }
        }
    }

    fn forget_restricted(&mut self, scope_id: ScopeId) {
        let of_cases: Vec<CaseId> =
            self.cases.values().filter(|case| case.restricted_scope_id == Some(scope_id)).map(|case| case.id).collect();
        for case_id in of_cases {
            let is_restricted = |note_id| self.notes.get(&note_id).is_some_and(|note: &Note| note.sensitivity.is_restricted());
            let gone = self.of_case.get(&case_id).into_iter().flatten().copied().filter(|record_ref| match record_ref.kind {
                RecordKind::Note => is_restricted(NoteId(record_ref.id)),
                RecordKind::Amendment => self.amendments.get(&AmendmentId(record_ref.id)).is_some_and(|one| is_restricted(one.note_id)),
                RecordKind::Attachment => self.attachments.get(&AttachmentId(record_ref.id)).is_some_and(|one| is_restricted(one.note_id)),
                _ => false,
            });
            let gone: Vec<RecordRef> = gone.collect();
            gone.into_iter().for_each(|record_ref| self.remove(record_ref));
        }
    }

    /// Shows what the commands that this device has not seen confirmed would do, on top of what the server gave.
    ///
    /// Call it after every change of either: it first restores the server's records, then applies the commands in order.
    /// A command that no longer fits shows nothing; it is the server that decides.
    pub fn rebase<'a>(&mut self, pending: impl IntoIterator<Item = (&'a Command, Occasion)>) {
        self.restore();
        for (command, occasion) in pending {
            self.show(command, &occasion);
        }
    }

    /// Takes what this device's commands changed off again, so that what is here is what the server gave.
    pub fn restore(&mut self) {
        for (record_ref, record) in std::mem::take(&mut self.beneath) {
            match record {
                Some(record) => self.place(record),
                None => self.take_out(record_ref),
            }
        }
    }

    /// Shows what one command would do, on top of what is here.
    pub fn show(&mut self, command: &Command, occasion: &Occasion) {
        let Ok(decision) = decide(command, occasion, self) else { return };
        for record in decision.changed {
            let record_ref = record.record_ref();
            if !self.beneath.contains_key(&record_ref) {
                let before = self.get(record_ref);
                self.beneath.insert(record_ref, before);
            }
            self.place(record);
        }
    }

    pub fn get(&self, record_ref: RecordRef) -> Option<Record> {
        let id = record_ref.id;
        match record_ref.kind {
            RecordKind::Worker => self.workers.get(&WorkerId(id)).cloned().map(Record::Worker),
            RecordKind::Person => self.persons.get(&PersonId(id)).cloned().map(Record::Person),
            RecordKind::Case => self.cases.get(&CaseId(id)).cloned().map(Record::Case),
            RecordKind::Goal => self.goals.get(&GoalId(id)).cloned().map(Record::Goal),
            RecordKind::Note => self.notes.get(&NoteId(id)).cloned().map(Record::Note),
            RecordKind::Visit => self.visits.get(&VisitId(id)).cloned().map(Record::Visit),
            RecordKind::Task => self.tasks.get(&TaskId(id)).cloned().map(Record::Task),
            RecordKind::Amendment => self.amendments.get(&AmendmentId(id)).cloned().map(Record::Amendment),
            RecordKind::Attachment => self.attachments.get(&AttachmentId(id)).cloned().map(Record::Attachment),
            RecordKind::BlindNote => self.blind_notes.get(&BlindNoteId(id)).cloned().map(Record::BlindNote),
            RecordKind::Review => self.reviews.get(&ReviewId(id)).cloned().map(Record::Review),
        }
    }

    /// Every record that is here, in no order.
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        (self.workers.values().cloned().map(Record::Worker))
            .chain(self.persons.values().cloned().map(Record::Person))
            .chain(self.cases.values().cloned().map(Record::Case))
            .chain(self.goals.values().cloned().map(Record::Goal))
            .chain(self.notes.values().cloned().map(Record::Note))
            .chain(self.visits.values().cloned().map(Record::Visit))
            .chain(self.tasks.values().cloned().map(Record::Task))
            .chain(self.amendments.values().cloned().map(Record::Amendment))
            .chain(self.attachments.values().cloned().map(Record::Attachment))
            .chain(self.blind_notes.values().cloned().map(Record::BlindNote))
            .chain(self.reviews.values().cloned().map(Record::Review))
    }

    pub fn worker(&self, id: WorkerId) -> Option<&Worker> {
        self.workers.get(&id)
    }

    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.persons.get(&id)
    }

    pub fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.get(&id)
    }

    pub fn goal(&self, id: GoalId) -> Option<&Goal> {
        self.goals.get(&id)
    }

    pub fn note(&self, id: NoteId) -> Option<&Note> {
        self.notes.get(&id)
    }

    pub fn visit(&self, id: VisitId) -> Option<&Visit> {
        self.visits.get(&id)
    }

    pub fn task(&self, id: TaskId) -> Option<&Task> {
        self.tasks.get(&id)
    }

    pub fn amendment(&self, id: AmendmentId) -> Option<&Amendment> {
        self.amendments.get(&id)
    }

    pub fn attachment(&self, id: AttachmentId) -> Option<&Attachment> {
        self.attachments.get(&id)
    }

    pub fn blind_note(&self, id: BlindNoteId) -> Option<&BlindNote> {
        self.blind_notes.get(&id)
    }

    pub fn review(&self, id: ReviewId) -> Option<&Review> {
        self.reviews.get(&id)
    }

    /// Colleagues by name.
    pub fn workers(&self) -> Vec<&Worker> {
        let mut workers: Vec<&Worker> = self.workers.values().collect();
        workers.sort_unstable_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        workers
    }

    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.cases.values()
    }

    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values()
    }

    pub fn note_count(&self) -> usize {
        self.notes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.cases.is_empty() && self.workers.is_empty()
    }

    /// The client of a case.
    pub fn client(&self, case_id: CaseId) -> Option<ClientLine<'_>> {
        let case = self.cases.get(&case_id)?;
        Some(ClientLine { person: self.persons.get(&case.person_id)?, case })
    }

    /// Every client, in an order.
    pub fn clients(&self, sort_by: SortBy) -> Vec<ClientLine<'_>> {
        let mut lines: Vec<(String, ClientLine<'_>)> = (self.cases.values())
            .filter_map(|case| Some(ClientLine { person: self.persons.get(&case.person_id)?, case }))
            .map(|line| (line.person.sort_name(), line))
            .collect();
        lines.sort_unstable_by(|(a_name, a), (b_name, b)| {
            let by_choice = match sort_by {
                SortBy::Name => std::cmp::Ordering::Equal,
                SortBy::Risk => b.case.risk.level.cmp(&a.case.risk.level),
                SortBy::LastContact => a.case.last_contact_on.cmp(&b.case.last_contact_on),
            };
            by_choice.then_with(|| a_name.cmp(b_name)).then_with(|| a.case.id.cmp(&b.case.id))
        });
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// A case's goals: those being worked on first, then by target day.
    pub fn goals_of(&self, case_id: CaseId) -> Vec<&Goal> {
        let goals = self.ids_of(case_id, RecordKind::Goal).filter_map(|id| self.goals.get(&GoalId(id)));
        let active_first = |goal: &&Goal| if goal.lifecycle == GoalLifecycle::Active { 0 } else { i64::MAX / 2 };
        in_order(goals, |goal| (active_first(goal) + goal.target_on.map_or(0, Date::ordinal), goal.id.0))
    }

    /// A case's open tasks, the first due first.
    pub fn open_tasks_of(&self, case_id: CaseId) -> Vec<&Task> {
        let of_case = self.ids_of(case_id, RecordKind::Task).filter_map(|id| self.tasks.get(&TaskId(id)));
        in_order(of_case.filter(|task| task.is_open()), |task| (task.due_on.ordinal(), task.id.0))
    }

    /// A case's notes, the newest contact first.
    pub fn notes_of(&self, case_id: CaseId) -> Vec<&Note> {
        newest_first(self.ids_of(case_id, RecordKind::Note).filter_map(|id| self.notes.get(&NoteId(id))))
    }

    /// What was added to a note, the first first.
    pub fn amendments_of(&self, note_id: NoteId) -> Vec<&Amendment> {
        let Some(note) = self.notes.get(&note_id) else { return Vec::new() };
        let of_case = self.ids_of(note.case_id, RecordKind::Amendment).filter_map(|id| self.amendments.get(&AmendmentId(id)));
        in_order(of_case.filter(|amendment| amendment.note_id == note_id), |amendment| (amendment.signed_at.unix_ms(), amendment.id.0))
    }

    /// Whether a note was entered in error: it is shown as such and found by no search.
    pub fn is_hidden(&self, note_id: NoteId) -> bool {
        self.hidden.get(&note_id).is_some_and(|hiding| *hiding > 0)
    }

    /// What is attached to a note, in the order in which it was made.
    pub fn attachments_of(&self, note_id: NoteId) -> Vec<&Attachment> {
        let Some(note) = self.notes.get(&note_id) else { return Vec::new() };
        let of_case = self.ids_of(note.case_id, RecordKind::Attachment).filter_map(|id| self.attachments.get(&AttachmentId(id)));
        in_order(of_case.filter(|attachment| attachment.note_id == note_id), |attachment| (0, attachment.id.0))
    }

    /// What a worker wrote while locked out and has not filed yet, the oldest first.
    pub fn blind_notes_to_file(&self, author_id: WorkerId) -> Vec<&BlindNote> {
        let open = self.blind_notes.values().filter(|blind_note| blind_note.author_id == author_id && blind_note.filed_in.is_none());
        in_order(open, |blind_note| (blind_note.written_at.unix_ms(), blind_note.id.0))
    }

    /// What waits for a decision, the oldest first.
    pub fn open_reviews(&self) -> Vec<&Review> {
        in_order(self.reviews.values().filter(|review| review.is_open()), |review| (review.received_at.unix_ms(), review.id.0))
    }

    /// What was decided, the latest first.
    pub fn decided_reviews(&self) -> Vec<&Review> {
        let at = |review: &Review| review.decided.as_ref().map_or(0, |decided| -decided.at.unix_ms());
        in_order(self.reviews.values().filter(|review| !review.is_open()), |review| (at(review), review.id.0))
    }

    /// Notes whose authors no longer held the case when they arrived, the newest contact first.
    pub fn late_notes(&self) -> Vec<&Note> {
        newest_first(self.notes.values().filter(|note| note.late_after_reassignment))
    }

    /// A case's planned visits, the next first.
    pub fn planned_visits_of(&self, case_id: CaseId) -> Vec<&Visit> {
        let of_case = self.ids_of(case_id, RecordKind::Visit).filter_map(|id| self.visits.get(&VisitId(id)));
        in_order(of_case.filter(|visit| visit.is_planned()), |visit| (visit.planned_at.unix_ms(), visit.id.0))
    }

    /// Planned visits and signed notes of a case, the newest first.
    pub fn timeline(&self, case_id: CaseId) -> Vec<TimelineItem<'_>> {
        let visits = self.planned_visits_of(case_id).into_iter().rev().map(TimelineItem::Visit);
        visits.chain(self.notes_of(case_id).into_iter().map(TimelineItem::Note)).collect()
    }

    /// A worker's planned visits on a day of their own calendar, the first first.
    pub fn visits_on(&self, worker_id: WorkerId, day: Date, offset_min: i16) -> Vec<&Visit> {
        let at_home = |moment: DateTime| moment.at_offset(offset_min).date();
        let planned = self.visits.values().filter(|visit| visit.worker_id == worker_id && visit.is_planned());
        in_order(planned.filter(|visit| at_home(visit.planned_at) == day), |visit| (visit.planned_at.unix_ms(), visit.id.0))
    }

    /// Prepares some notes for search; false when all are. A search before that works too, only slower.
    pub fn prepare_search(&mut self, at_most: usize) -> bool {
        let from = self.unfolded.len().saturating_sub(at_most);
        for note_id in self.unfolded.drain(from..) {
            if let Some(note) = self.notes.get(&note_id) {
                let record_ref = RecordRef { kind: RecordKind::Note, id: note_id.0 };
                self.folded.entry(record_ref).or_insert_with(|| fold(note.narrative.as_str()));
            }
        }
        !self.unfolded.is_empty()
    }

    /// A note's narrative as search reads it.
    fn folded_note(&self, note: &Note) -> Cow<'_, str> {
        let prepared = self.folded.get(&RecordRef { kind: RecordKind::Note, id: note.id.0 });
        prepared.map_or_else(|| Cow::Owned(fold(note.narrative.as_str())), |text| Cow::Borrowed(text.as_str()))
    }

    /// Finds clients by names and numbers, then notes by their words; every word of the query must be there.
    /// A query shorter than three letters looks at clients only. At most `limit` hits.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        let words = Words::of(query);
        if words.is_empty() {
            return Vec::new();
        }
        let mut clients: Vec<(String, CaseId)> = (self.cases.values())
            .filter_map(|case| Some((self.persons.get(&case.person_id)?, case.id)))
            .filter(|(person, _)| self.folded.get(&person_ref(person)).is_some_and(|text| words.all_in(text)))
            .map(|(person, case_id)| (person.sort_name(), case_id))
            .collect();
        clients.sort_unstable();
        let client = |(_, case_id)| Hit { case_id, kind: HitKind::Client };
        let mut hits: Vec<Hit> = clients.into_iter().take(limit).map(client).collect();
        if words.longest() >= 3 {
            let is_found = |note: &&Note| words.all_in(&self.folded_note(note)) && !self.is_hidden(note.id);
            let found = newest_first(self.notes.values().filter(is_found)).into_iter().take(limit - hits.len());
            hits.extend(found.map(|note| {
                let snippet = words.snippet(note.narrative.as_str(), &self.folded_note(note));
                Hit { case_id: note.case_id, kind: HitKind::Note { note_id: note.id, snippet } }
            }));
        }
        hits
    }

    /// The records that belong to a case, in no order.
    pub fn records_of(&self, case_id: CaseId) -> impl Iterator<Item = RecordRef> + '_ {
        self.of_case.get(&case_id).into_iter().flatten().copied()
    }

    fn ids_of(&self, case_id: CaseId, kind: RecordKind) -> impl Iterator<Item = Uuid> + '_ {
        self.records_of(case_id).filter(move |record_ref| record_ref.kind == kind).map(|record_ref| record_ref.id)
    }
}

fn newest_first<'a>(notes: impl Iterator<Item = &'a Note>) -> Vec<&'a Note> {
    in_order(notes, |note| (-note.occurred_at.unix_ms(), note.id.0))
}

fn person_ref(person: &Person) -> RecordRef {
    RecordRef { kind: RecordKind::Person, id: person.id.0 }
}

fn folded_person(person: &Person) -> String {
    let mut text = format!("{} {} {}", person.given_name, person.preferred_name.as_deref().unwrap_or(""), person.family_name);
    for part in person.client_number.iter() {
        text.push(' ');
        text.push_str(part);
    }
    for phone in &person.phones {
        text.push(' ');
        text.push_str(&phone.number);
        text.push(' ');
        text.extend(phone.number.chars().filter(char::is_ascii_digit));
    }
    fold(&text)
}

#[cfg(test)]
#[path = "caseload_tests.rs"]
mod tests;
