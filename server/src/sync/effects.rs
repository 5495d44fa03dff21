//! What a push changes, written back in a few statements.

use domain::{
    AgencyId, Amendment, Attachment, BlindNote, Case, CaseId, Command, Date, Goal, HandOver, LogReads, Note, Person, Record, RecordRef,
    Review, Sensitivity, Task, Visit,
};
use sqlx::PgConnection;
use sync::{office::Tenure, wire::Mutation};

use super::{desk::Desk, log::Device};
use crate::{
    identity::Identity,
    records::{
        RecordsError, all_written, amendments, attachments, blind_notes, cases, column, goals, notes, persons, reviews, tasks, visits,
    },
};

/// The changed records, by what has to be written of them.
#[derive(Default)]
pub(super) struct Effects<'a> {
    notes: Vec<&'a Note>,
    amendments: Vec<&'a Amendment>,
    attachments: Vec<(&'a Attachment, Sensitivity)>,
    new_blind_notes: Vec<&'a BlindNote>,
    filed_blind_notes: Vec<&'a BlindNote>,
    persons: Vec<&'a Person>,
    contacted_cases: Vec<&'a Case>,
    former_cases: Vec<(CaseId, Date)>,
    endangered_cases: Vec<&'a Case>,
    assigned_cases: Vec<&'a Case>,
    goals: Vec<&'a Goal>,
    new_visits: Vec<&'a Visit>,
    ended_visits: Vec<&'a Visit>,
    assigned_visits: Vec<&'a Visit>,
    done_tasks: Vec<&'a Task>,
    assigned_tasks: Vec<&'a Task>,
    reviews: Vec<&'a Review>,
}

impl<'a> Effects<'a> {
    /// Rows are in the order of their ids: that fills indexes from one end, and locks are taken in one order.
    pub(super) fn of(desk: &'a Desk) -> Self {
        let mut effects = Self::default();
        for record_ref in &desk.changed {
            if let Some(record) = desk.current.get(record_ref) {
                effects.add(record, record_ref, desk);
            }
        }
        effects
    }

    fn add(&mut self, record: &'a Record, record_ref: &RecordRef, desk: &'a Desk) {
        match (record, desk.stored.get(record_ref)) {
            (Record::Note(note), _) => self.notes.push(note),
            (Record::Amendment(amendment), _) => self.amendments.push(amendment),
            (Record::Attachment(attachment), _) => self.attachments.push((attachment, sensitivity_of(attachment, desk))),
            (Record::BlindNote(blind_note), None) => self.new_blind_notes.push(blind_note),
            (Record::BlindNote(blind_note), Some(_)) => self.filed_blind_notes.push(blind_note),
            (Record::Person(person), _) => self.persons.push(person),
            (Record::Goal(goal), _) => self.goals.push(goal),
            (Record::Review(review), _) => self.reviews.push(review),
            (Record::Visit(visit), None) => self.new_visits.push(visit),
            (Record::Visit(visit), Some(before)) => {
                let Record::Visit(before) = before else { return };
                push_if(&mut self.ended_visits, visit, visit.state != before.state);
                push_if(&mut self.assigned_visits, visit, visit.worker_id != before.worker_id);
            }
            (Record::Task(task), Some(Record::Task(before))) => {
                push_if(&mut self.done_tasks, task, task.state != before.state);
                push_if(&mut self.assigned_tasks, task, task.owner_id != before.owner_id);
            }
            (Record::Case(case), Some(Record::Case(before))) => match (desk.tenure.get(&case.id), case.last_contact_on) {
                (Some(Tenure::Ended(_)), Some(day)) => self.former_cases.push((case.id, day)),
                _ => {
                    push_if(&mut self.contacted_cases, case, case.last_contact_on != before.last_contact_on);
                    push_if(&mut self.endangered_cases, case, (&case.risk, &case.alerts) != (&before.risk, &before.alerts));
                    push_if(&mut self.assigned_cases, case, case.primary_worker_id != before.primary_worker_id);
                }
            },
            // No command changes a worker, or makes a case or a task.
            (Record::Worker(_) | Record::Case(_) | Record::Task(_), _) => {}
        }
    }

    pub(super) async fn write(&self, tx: &mut PgConnection, identity: &Identity, device: &Device, desk: &Desk) -> Result<(), RecordsError> {
        let agency_id = identity.agency_id;
        macro_rules! write {
            ($rows:ident, $write:path) => {
                if !self.$rows.is_empty() {
                    $write(&mut *tx, agency_id, &self.$rows).await?;
                }
            };
        }
        notes::insert(tx, agency_id, &self.notes, &desk.scopes).await?;
        if !self.attachments.is_empty() {
            attachments::insert(tx, agency_id, &self.attachments, &desk.scopes).await?;
        }
        write!(amendments, amendments::insert);
        write!(new_blind_notes, blind_notes::insert);
        write!(filed_blind_notes, blind_notes::file);
        write!(goals, goals::move_goals);
        write!(new_visits, visits::insert);
        write!(ended_visits, visits::end);
        write!(assigned_visits, visits::assign);
        write!(done_tasks, tasks::finish);
        write!(assigned_tasks, tasks::assign);
        write!(persons, persons::change);
        write!(contacted_cases, cases::move_last_contact);
        for (case_id, day) in &self.former_cases {
            cases::move_last_contact_late(tx, *case_id, *day).await?;
        }
        write!(endangered_cases, cases::change_safety);
        write!(reviews, reviews::decide);
        for (command, mutation) in &desk.told {
            match command {
                Command::HandOver(hand_over) => keep_hand_over(tx, identity, device, hand_over, mutation, desk).await?,
                Command::LogReads(log) => keep_reads(tx, identity, device, log).await?,
                _ => {}
            }
        }
        // Last: whoever hands over a case of their own does not see it any more.
        write!(assigned_cases, cases::assign);
        Ok(())
    }
}

fn push_if<'a, T>(rows: &mut Vec<&'a T>, row: &'a T, has_changed: bool) {
    if has_changed {
        rows.push(row);
    }
}

/// A note and what is attached to it come together.
fn sensitivity_of(attachment: &Attachment, desk: &Desk) -> Sensitivity {
    match desk.current.get(&RecordRef { kind: domain::RecordKind::Note, id: attachment.note_id.0 }) {
        Some(Record::Note(note)) => note.sensitivity,
        _ => Sensitivity::Ordinary,
    }
}

async fn keep_hand_over(
    tx: &mut PgConnection,
    identity: &Identity,
    device: &Device,
    hand_over: &HandOver,
    mutation: &Mutation,
    desk: &Desk,
) -> Result<(), RecordsError> {
    let scope_id = desk.scopes.get(&hand_over.case_id).map(|compartments| compartments.general.0);
    let done = sqlx::query!(
        "insert into hand_overs (agency_id, case_id, scope_id, from_worker_id, to_worker_id, by_worker_id, reason, decided_at, received_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        identity.agency_id.0,
        hand_over.case_id.0,
        scope_id.ok_or(RecordsError::NotWritten { table: "hand_overs" })?,
        hand_over.from.0,
        hand_over.to.0,
        identity.worker_id.0,
        hand_over.reason.trim(),
        mutation.recorded_at.to_time(),
        device.now.to_time(),
    )
    .execute(tx)
    .await?;
    all_written(&done, 1, "hand_overs")
}

/// What was read on a device without the office's knowing is in the audit trail too, at the moment that the device gives.
async fn keep_reads(tx: &mut PgConnection, identity: &Identity, device: &Device, log: &LogReads) -> Result<(), RecordsError> {
    let AgencyId(agency_id) = identity.agency_id;
    let done = sqlx::query!(
        "insert into audit_events (agency_id, occurred_at, worker_id, device_id, action, kind, entity_id, result)
         select $1, read_at, $2, $3, 'page.read', 'case', case_id, 'read-offline' from unnest($4::timestamptz[], $5::uuid[]) as n (read_at, case_id)",
        agency_id,
        identity.worker_id.0,
        device.id.0,
        &column(&log.reads, |read| read.at.to_time()),
        &column(&log.reads, |read| read.case_id.0),
    )
    .execute(tx)
    .await?;
    all_written(&done, log.reads.len(), "audit_events")
}
