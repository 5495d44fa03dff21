//! What a visit needs wherever it takes place: the records that must be at hand, and the few facts that are read at the door.

use crate::{
    Case, CaseId, Caseload, Date, DateTime, Due, DueKind, Goal, GoalLifecycle, Note, Person, Reached, RecordKind, RecordRef, RelatedPerson,
    Task, Visit, WorkerId,
};

/// What is read before knocking, within seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct BeforeVisit<'a> {
    pub person: &'a Person,
    pub case: &'a Case,
    /// Who else may open the door.
    pub household: Vec<&'a RelatedPerson>,
    /// The last note of a contact with the client themself that everybody who holds the case may read: the client may look at the screen.
    pub last_note: Option<&'a Note>,
    /// What the worker said they would do and has not done, the first due first.
    pub promised: Vec<&'a Task>,
    /// Whether the client is to be reached by that day.
    pub contact_due_on: Option<Date>,
    /// What the client works on.
    pub goals: Vec<&'a Goal>,
}

impl Caseload {
    /// What `worker_id` reads before a visit on `day`; nothing where the client is not here.
    pub fn before_visit(&self, case_id: CaseId, worker_id: WorkerId, day: Date) -> Option<BeforeVisit<'_>> {
        let client = self.client(case_id)?;
        let tells = |note: &&Note| note.reached == Reached::Client && !note.sensitivity.is_restricted() && !self.is_hidden(note.id);
        let is_contact = |due: &Due| due.case_id == case_id && due.kind == DueKind::Contact;
        Some(BeforeVisit {
            person: client.person,
            case: client.case,
            household: client.person.related.iter().filter(|related| related.household).collect(),
            last_note: self.notes_of(case_id).into_iter().find(tells),
            promised: self.open_tasks_of(case_id).into_iter().filter(|task| task.owner_id == worker_id).collect(),
            contact_due_on: self.due(worker_id, day).into_iter().find(is_contact).map(|due| due.on),
            goals: self.goals_of(case_id).into_iter().filter(|goal| goal.lifecycle == GoalLifecycle::Active).collect(),
        })
    }

    /// Every record that a visit to this client may need: all of the case, and the person. Nothing where the client is not here.
    pub fn visit_pack(&self, case_id: CaseId) -> Option<Vec<RecordRef>> {
        let person = RecordRef { kind: RecordKind::Person, id: self.client(case_id)?.person.id.0 };
        Some(self.records_of(case_id).chain([person]).collect())
    }

    /// The worker's visits of this day and the next, by the calendar of the place where they are; the first first.
    pub fn visits_to_pack(&self, worker_id: WorkerId, now: DateTime) -> Vec<&Visit> {
        let (today, offset) = (now.date(), now.offset_min());
        let tomorrow = self.visits_on(worker_id, today.plus_days(1), offset);
        self.visits_on(worker_id, today, offset).into_iter().chain(tomorrow).collect()
    }
}
