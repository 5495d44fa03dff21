//! What a push is decided on: the records that its commands are about are read once, and kept in memory as each command leaves them.

use std::collections::{BTreeSet, HashMap};

use domain::{
    Case, CaseId, CaseState, Caseload, Command, Contradiction, Date, Matter, PersonId, Record, RecordKind, RecordRef, Review, Risk,
    RiskLevel, ScopeId,
};
use sqlx::PgConnection;
use sync::{
    office::{Judgement, Knowledge, Tenure, judge},
    wire::{Mid, Mutation, Status, read_command},
};
use uuid::Uuid;

use super::{
    effects::Effects,
    log::{self, Device},
};
use crate::{
    identity::Identity,
    records::{
        self, RecordsError, amendments, blind_notes,
        cases::{self, Compartments, Scopes},
        goals, persons, reviews, tasks, visits,
    },
};

/// The records that some commands are about, as they are after the groups that were decided so far.
pub(super) struct Desk {
    pub(super) current: HashMap<RecordRef, Record>,
    /// As they were read.
    pub(super) stored: HashMap<RecordRef, Record>,
    pub(super) changed: BTreeSet<RecordRef>,
    pub(super) tenure: HashMap<CaseId, Tenure>,
    pub(super) scopes: Scopes,
    /// What has to be known beside a record: the person, open tasks and planned visits of a case, the amendments of a note.
    beside: HashMap<RecordRef, Vec<RecordRef>>,
    /// Records that a mutation which waits for a person would have made.
    held: HashMap<Uuid, Mid>,
    /// What was applied and is no record: who handed over what, and what was read.
    pub(super) told: Vec<(Command, Mutation)>,
    /// What a person has to decide though the mutation was applied.
    pub(super) contradictions: Vec<(Mutation, Vec<Contradiction>)>,
}

fn of(kind: RecordKind) -> impl Fn(Uuid) -> RecordRef {
    move |id| RecordRef { kind, id }
}

/// The records that a command needs or changes, besides its case and what it makes.
fn needed(command: &Command) -> Vec<RecordRef> {
    match command {
        Command::SignNote(sign) => {
            let goals = sign.goals.iter().map(|touched| touched.goal_id.0).map(of(RecordKind::Goal));
            let tasks = sign.tasks_done.iter().map(|task_id| task_id.0).map(of(RecordKind::Task));
            let visit = sign.visit_id.iter().map(|visit_id| visit_id.0).map(of(RecordKind::Visit));
            let blind_note = sign.blind_note_id.iter().map(|blind_note_id| blind_note_id.0).map(of(RecordKind::BlindNote));
            goals.chain(tasks).chain(visit).chain(blind_note).collect()
        }
        Command::AmendNote(amend) => vec![of(RecordKind::Note)(amend.note_id.0)],
        Command::CompleteTask(complete) => vec![of(RecordKind::Task)(complete.task_id.0)],
        Command::HandOver(hand_over) => vec![of(RecordKind::Worker)(hand_over.to.0)],
        Command::DecideReview(decide) => vec![of(RecordKind::Review)(decide.review_id.0)],
        // That the visit's id is free, also where the worker does not see it, its key tells; this is for what a mutation made before.
        Command::PlanVisit(plan) => vec![of(RecordKind::Visit)(plan.visit_id.0)],
        Command::WriteBlind(_) | Command::ChangeClient(_) | Command::LogReads(_) => Vec::new(),
    }
}

/// The record that a command makes. That its id is free is for its primary key to say, which sees what this worker cannot.
fn made(command: &Command) -> Option<RecordRef> {
    match command {
        Command::SignNote(sign) => Some(of(RecordKind::Note)(sign.note_id.0)),
        Command::AmendNote(amend) => Some(of(RecordKind::Amendment)(amend.amendment_id.0)),
        Command::WriteBlind(blind) => Some(of(RecordKind::BlindNote)(blind.blind_note_id.0)),
        _ => None,
    }
}

/// Whether a command compares what it changes with what its author saw, so that nobody may change it in between.
fn compares(command: &Command) -> bool {
    matches!(command, Command::AmendNote(_) | Command::ChangeClient(_) | Command::HandOver(_) | Command::DecideReview(_))
}

fn case_ref(case_id: CaseId) -> RecordRef {
    of(RecordKind::Case)(case_id.0)
}

/// The command that waits in a review for a decision.
fn held_command(review: &Review) -> Option<Command> {
    match &review.matter {
        Matter::Held(held) if review.is_open() => read_command(&held.kind, held.v, &held.body).ok(),
        Matter::Held(_) | Matter::Contradiction(_) => None,
    }
}

impl Desk {
    /// Reads what the mutations are about. What a decision compares stays locked: it must hold when the decision is written.
    pub(super) async fn load(tx: &mut PgConnection, identity: &Identity, mutations: &[&Mutation]) -> Result<Self, RecordsError> {
        let mut commands: Vec<Command> = mutations.iter().filter_map(|mutation| mutation.command().ok()).collect();
        let mut desk = Self {
            current: HashMap::new(),
            stored: HashMap::new(),
            changed: BTreeSet::new(),
            tenure: HashMap::new(),
            scopes: HashMap::new(),
            beside: HashMap::new(),
            held: HashMap::new(),
            told: Vec::new(),
            contradictions: Vec::new(),
        };
        let mut compared: BTreeSet<CaseId> =
            commands.iter().filter(|command| compares(command)).filter_map(domain::Command::case_id).collect();
        for review in desk.load_reviews(tx, identity, &commands).await? {
            compared.extend(review.case_id);
            commands.extend(held_command(&review));
        }
        let cases: BTreeSet<CaseId> = commands.iter().filter_map(domain::Command::case_id).chain(compared.iter().copied()).collect();
        if compared.is_empty() {
            desk.load_cases(tx, identity, &cases).await?;
        } else {
            desk.load_compared(tx, identity, &cases, &compared).await?;
        }
        desk.load_needed(tx, identity, &commands).await?;
        Ok(desk)
    }

    async fn load_reviews(
        &mut self,
        tx: &mut PgConnection,
        identity: &Identity,
        commands: &[Command],
    ) -> Result<Vec<Review>, RecordsError> {
        let decided: Vec<RecordRef> =
            commands.iter().filter(|command| matches!(command, Command::DecideReview(_))).flat_map(needed).collect();
        if decided.is_empty() {
            return Ok(Vec::new());
        }
        reviews::lock(tx, identity.agency_id, &ids_of(&decided, RecordKind::Review)).await?;
        let mut found = Vec::new();
        for record in records::load(tx, identity.agency_id, decided).await? {
            if let Record::Review(review) = &record {
                found.push(review.clone());
            }
            self.put_stored(record);
        }
        Ok(found)
    }

    /// The cases as far as notes, visits and tasks need them, in one question.
    async fn load_cases(&mut self, tx: &mut PgConnection, identity: &Identity, cases: &BTreeSet<CaseId>) -> Result<(), RecordsError> {
        let ids: Vec<Uuid> = cases.iter().map(|case_id| case_id.0).collect();
        if ids.is_empty() {
            return Ok(());
        }
        for case in cases::load_without_alerts(tx, identity.agency_id, &ids).await? {
            self.add_case(case);
        }
        self.load_former(tx, identity, &ids).await
    }

    async fn load_former(&mut self, tx: &mut PgConnection, identity: &Identity, ids: &[Uuid]) -> Result<(), RecordsError> {
        if self.tenure.len() < ids.len() {
            for former in cases::load_former(tx, ids).await? {
                self.tenure.insert(former.id, Tenure::Ended(log::utc(former.ended_at)));
                self.scopes.insert(former.id, former.compartments);
                self.put_stored(Record::Case(bare_case(former.id, former.compartments, identity)));
            }
        }
        Ok(())
    }

    /// The cases whole, with the clients, open tasks and planned visits, once nobody else changes them any more.
    async fn load_compared(
        &mut self,
        tx: &mut PgConnection,
        identity: &Identity,
        cases: &BTreeSet<CaseId>,
        compared: &BTreeSet<CaseId>,
    ) -> Result<(), RecordsError> {
        let agency_id = identity.agency_id;
        let ids: Vec<Uuid> = cases.iter().map(|case_id| case_id.0).collect();
        let to_lock: Vec<Uuid> = compared.iter().map(|case_id| case_id.0).collect();
        let scopes = cases::load_scopes(tx, agency_id, &to_lock).await?;
        let scopes: BTreeSet<Uuid> = scopes.into_values().map(|compartments| compartments.general.0).collect();
        sqlx::query!("select lock_scopes($1)", &scopes.into_iter().collect::<Vec<_>>()).execute(&mut *tx).await?;
        let mut beside: Vec<RecordRef> = Vec::new();
        for record in records::load(tx, agency_id, ids.iter().copied().map(of(RecordKind::Case))).await? {
            let Record::Case(case) = record else { continue };
            if compared.contains(&case.id) {
                beside.push(of(RecordKind::Person)(case.person_id.0));
                self.beside.entry(case_ref(case.id)).or_default().push(of(RecordKind::Person)(case.person_id.0));
            }
            self.add_case(case);
        }
        self.load_former(tx, identity, &ids).await?;
        persons::lock(tx, agency_id, &ids_of(&beside, RecordKind::Person)).await?;
        beside.extend(tasks::list_open_of(tx, agency_id, &to_lock).await?.into_iter().map(of(RecordKind::Task)));
        beside.extend(visits::list_planned_of(tx, agency_id, &to_lock).await?.into_iter().map(of(RecordKind::Visit)));
        tasks::lock(tx, agency_id, &ids_of(&beside, RecordKind::Task)).await?;
        visits::lock(tx, agency_id, &ids_of(&beside, RecordKind::Visit)).await?;
        for record in records::load(tx, agency_id, beside).await? {
            if let (Some(case_id), Record::Task(_) | Record::Visit(_)) = (record.case_id(), &record) {
                self.beside.entry(case_ref(case_id)).or_default().push(record.record_ref());
            }
            self.put_stored(record);
        }
        Ok(())
    }

    fn add_case(&mut self, case: Case) {
        self.tenure.insert(case.id, Tenure::Holds);
        let restricted = case.restricted_scope_id.unwrap_or(case.scope_id);
        self.scopes.insert(case.id, Compartments { general: case.scope_id, restricted });
        self.put_stored(Record::Case(case));
    }

    fn put_stored(&mut self, record: Record) {
        self.stored.insert(record.record_ref(), record.clone());
        self.current.insert(record.record_ref(), record);
    }

    async fn load_needed(&mut self, tx: &mut PgConnection, identity: &Identity, commands: &[Command]) -> Result<(), RecordsError> {
        let needed: BTreeSet<RecordRef> =
            commands.iter().flat_map(needed).filter(|record_ref| !self.stored.contains_key(record_ref)).collect();
        if needed.is_empty() {
            return Ok(());
        }
        let agency_id = identity.agency_id;
        let needed: Vec<RecordRef> = needed.into_iter().collect();
        for (kind, ids) in kinds_of(&needed) {
            match kind {
                RecordKind::Goal => goals::lock(tx, agency_id, &ids).await?,
                RecordKind::Task => tasks::lock(tx, agency_id, &ids).await?,
                RecordKind::Visit => visits::lock(tx, agency_id, &ids).await?,
                RecordKind::BlindNote => blind_notes::lock(tx, agency_id, &ids).await?,
                _ => {}
            }
        }
        let amended = ids_of(&needed, RecordKind::Note);
        let amendments = match amended.is_empty() {
            true => Vec::new(),
            false => amendments::list_of(tx, agency_id, &amended).await?,
        };
        let wanted = needed.iter().copied().chain(amendments.into_iter().map(of(RecordKind::Amendment)));
        for record in records::load(tx, agency_id, wanted).await? {
            if let Record::Amendment(amendment) = &record {
                self.beside.entry(of(RecordKind::Note)(amendment.note_id.0)).or_default().push(record.record_ref());
            }
            self.put_stored(record);
        }
        let missing: Vec<Uuid> =
            needed.iter().filter(|record_ref| !self.stored.contains_key(record_ref)).map(|record_ref| record_ref.id).collect();
        if !missing.is_empty() {
            self.held.extend(log::list_held(tx, identity, &missing).await?);
        }
        Ok(())
    }

    /// Every record that a command is judged by.
    fn about(&self, command: &Command) -> Vec<RecordRef> {
        let mut about = needed(command);
        about.extend(made(command));
        about.extend(command.case_id().map(case_ref));
        let mut more = Vec::new();
        for record_ref in &about {
            match self.current.get(record_ref) {
                Some(Record::Review(review)) => {
                    more.extend(review.case_id.map(case_ref));
                    more.extend(held_command(review).iter().flat_map(|held| self.about(held)));
                }
                Some(Record::Case(_)) if !compares(command) => {}
                _ => more.extend(self.beside.get(record_ref).into_iter().flatten().copied()),
            }
        }
        let of_cases: Vec<RecordRef> = more.iter().filter_map(|record_ref| self.beside.get(record_ref)).flatten().copied().collect();
        about.extend(more);
        about.extend(of_cases);
        about
    }

    /// Decides about one group. What it changes is there for the next.
    pub(super) fn judge(&mut self, identity: &Identity, device: &Device, group: &[&Mutation]) -> Vec<Judgement> {
        let commands: Vec<Option<Command>> = group.iter().map(|mutation| mutation.command().ok()).collect();
        let refs: BTreeSet<RecordRef> = commands.iter().flatten().flat_map(|command| self.about(command)).collect();
        let known = Knowledge {
            actor: identity.actor(),
            received_at: device.now,
            records: Caseload::from_records(refs.iter().filter_map(|record_ref| self.current.get(record_ref).cloned())),
            tenure: &|case_id| self.tenure.get(&case_id).copied().unwrap_or(Tenure::Never),
            held_create: &|entity_id| self.held.get(&entity_id).copied(),
        };
        let judgements = judge(group, known);
        for ((mutation, command), judgement) in group.iter().zip(commands).zip(&judgements) {
            if matches!(judgement.result.status, Status::Quarantined | Status::Blocked) {
                self.held.insert(mutation.entity_id, mutation.mid);
                continue;
            }
            for record in &judgement.changed {
                let record_ref = record.record_ref();
                if let Record::Amendment(amendment) = record {
                    self.beside.entry(of(RecordKind::Note)(amendment.note_id.0)).or_default().push(record_ref);
                }
                self.changed.insert(record_ref);
                self.current.insert(record_ref, record.clone());
            }
            if let Some(command @ (Command::HandOver(_) | Command::LogReads(_))) = command {
                self.told.push((command, (*mutation).clone()));
            }
            if !judgement.contradictions.is_empty() {
                self.contradictions.push(((*mutation).clone(), judgement.contradictions.clone()));
            }
        }
        judgements
    }

    /// The scopes in which something changed. Those of reviews, [`log::keep_reviews`] tells.
    pub(super) fn touched(&self) -> BTreeSet<ScopeId> {
        self.changed.iter().filter_map(|record_ref| self.current.get(record_ref)).flat_map(|record| self.scopes_of(record)).collect()
    }

    fn scopes_of(&self, record: &Record) -> Vec<ScopeId> {
        let general = |case_id: CaseId| self.scopes.get(&case_id).map(|compartments| compartments.general);
        let scope = match record {
            Record::Note(note) => self.scopes.get(&note.case_id).map(|compartments| compartments.of(note.sensitivity)),
            Record::Amendment(amendment) => self.scope_of_note(amendment.note_id.0),
            Record::Attachment(attachment) => self.scope_of_note(attachment.note_id.0),
            Record::BlindNote(blind_note) => Some(ScopeId(blind_note.author_id.0)),
            Record::Person(person) => {
                let theirs = self.current.values().filter_map(|record| match record {
                    Record::Case(case) if case.person_id == person.id => general(case.id),
                    _ => None,
                });
                return theirs.collect();
            }
            Record::Worker(_) | Record::Review(_) => None,
            Record::Case(_) | Record::Goal(_) | Record::Visit(_) | Record::Task(_) => record.case_id().and_then(general),
        };
        scope.into_iter().collect()
    }

    pub(super) fn scope_of_note(&self, note_id: Uuid) -> Option<ScopeId> {
        match self.current.get(&of(RecordKind::Note)(note_id)) {
            Some(record @ Record::Note(_)) => self.scopes_of(record).pop(),
            _ => None,
        }
    }

    /// Writes every changed record once, as it is in the end. The heads of the scopes move here, as late as can be.
    pub(super) async fn write(&self, tx: &mut PgConnection, identity: &Identity, device: &Device) -> Result<(), RecordsError> {
        let touched: Vec<Uuid> = self.touched().into_iter().map(|scope_id| scope_id.0).collect();
        if touched.len() > 1 {
            sqlx::query!("select lock_scopes($1)", &touched).execute(&mut *tx).await?;
        }
        Effects::of(self).write(tx, identity, device, self).await
    }
}

fn ids_of(refs: &[RecordRef], kind: RecordKind) -> Vec<Uuid> {
    refs.iter().filter(|record_ref| record_ref.kind == kind).map(|record_ref| record_ref.id).collect()
}

fn kinds_of(refs: &[RecordRef]) -> Vec<(RecordKind, Vec<Uuid>)> {
    let kinds: BTreeSet<RecordKind> = refs.iter().map(|record_ref| record_ref.kind).collect();
    kinds.into_iter().map(|kind| (kind, ids_of(refs, kind))).collect()
}

/// A case of which the worker may know nothing any more but that it was theirs.
fn bare_case(id: CaseId, compartments: Compartments, identity: &Identity) -> Case {
    Case {
        id,
        scope_id: compartments.general,
        restricted_scope_id: Some(compartments.restricted),
        person_id: PersonId(Uuid::nil()),
        programme: String::new(),
        primary_worker_id: identity.worker_id,
        state: CaseState::Active,
        risk: Risk { level: RiskLevel::Low, reason: None, since: None },
        opened_on: Date::from_time(time::Date::MIN),
        last_contact_on: None,
        contact_every_days: 0,
        alerts: Vec::new(),
        written: domain::Writers::new(),
    }
}
