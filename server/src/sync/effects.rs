//! What a push changes: the records it needs are read, decided on in memory, and written back in a few statements.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::{
    Case, CaseId, CaseState, Caseload, Command, Date, Goal, Note, PersonId, Record, RecordKind, RecordRef, Risk, RiskLevel, ScopeId, Task,
    Visit,
};
use sqlx::PgConnection;
use sync::{
    office::{Judgement, Knowledge, Tenure, judge},
    wire::{Mid, Mutation, Status},
};
use uuid::Uuid;

use super::log::{self, Device};
use crate::{
    identity::Identity,
    records::{self, RecordsError, cases, goals, notes, tasks, visits},
};

/// The records that some commands are about, as they are after the groups that were decided so far.
pub(super) struct Desk {
    current: HashMap<RecordRef, Record>,
    tenure: HashMap<CaseId, Tenure>,
    scopes: HashMap<CaseId, ScopeId>,
    /// Records that a mutation in quarantine would have made.
    held: HashMap<Uuid, Mid>,
    stored: HashSet<RecordRef>,
    changed: HashSet<RecordRef>,
}

/// The records that a command names, besides its case.
fn named(command: &Command) -> Vec<RecordRef> {
    let of = |kind| move |id| RecordRef { kind, id };
    match command {
        Command::SignNote(sign) => {
            let goals = sign.goals.iter().map(|touched| touched.goal_id.0).map(of(RecordKind::Goal));
            let tasks = sign.tasks_done.iter().map(|task_id| task_id.0).map(of(RecordKind::Task));
            let visit = sign.visit_id.iter().map(|visit_id| visit_id.0).map(of(RecordKind::Visit));
            goals.chain(tasks).chain(visit).chain([of(RecordKind::Note)(sign.note_id.0)]).collect()
        }
        Command::PlanVisit(plan) => vec![of(RecordKind::Visit)(plan.visit_id.0)],
        Command::CompleteTask(complete) => vec![of(RecordKind::Task)(complete.task_id.0)],
    }
}

impl Desk {
    /// Reads what the mutations are about. Goals, tasks and visits stay locked: what is decided on them must hold when it is written.
    pub(super) async fn load(tx: &mut PgConnection, identity: &Identity, mutations: &[&Mutation]) -> Result<Self, RecordsError> {
        let commands: Vec<Command> = mutations.iter().filter_map(|mutation| mutation.command().ok()).collect();
        let mut desk = Self {
            current: HashMap::new(),
            tenure: HashMap::new(),
            scopes: HashMap::new(),
            held: HashMap::new(),
            stored: HashSet::new(),
            changed: HashSet::new(),
        };
        desk.load_cases(tx, identity, &commands).await?;
        desk.load_named(tx, identity, &commands).await?;
        Ok(desk)
    }

    async fn load_cases(&mut self, tx: &mut PgConnection, identity: &Identity, commands: &[Command]) -> Result<(), RecordsError> {
        let ids: BTreeSet<Uuid> = commands.iter().map(|command| command.case_id().0).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        if ids.is_empty() {
            return Ok(());
        }
        for case in cases::load_without_alerts(tx, identity.agency_id, &ids).await? {
            self.add_case(case, Tenure::Holds);
        }
        if self.tenure.len() < ids.len() {
            for former in cases::load_former(tx, &ids).await? {
                self.add_case(bare_case(former.id, former.scope_id, identity), Tenure::Ended(log::utc(former.ended_at)));
            }
        }
        Ok(())
    }

    fn add_case(&mut self, case: Case, tenure: Tenure) {
        self.tenure.insert(case.id, tenure);
        self.scopes.insert(case.id, case.scope_id);
        let record = Record::Case(case);
        self.current.insert(record.record_ref(), record);
    }

    async fn load_named(&mut self, tx: &mut PgConnection, identity: &Identity, commands: &[Command]) -> Result<(), RecordsError> {
        // That a note's id is free is for its primary key to say, which sees what this worker cannot.
        let named = commands.iter().flat_map(named).filter(|record_ref| record_ref.kind != RecordKind::Note);
        let named: BTreeSet<RecordRef> = named.collect();
        if named.is_empty() {
            return Ok(());
        }
        let ids = |kind| named.iter().filter(move |record_ref| record_ref.kind == kind).map(|record_ref| record_ref.id).collect::<Vec<_>>();
        goals::lock(tx, identity.agency_id, &ids(RecordKind::Goal)).await?;
        tasks::lock(tx, identity.agency_id, &ids(RecordKind::Task)).await?;
        visits::lock(tx, identity.agency_id, &ids(RecordKind::Visit)).await?;
        for record in records::load(tx, identity.agency_id, named.iter().copied()).await? {
            self.stored.insert(record.record_ref());
            self.current.insert(record.record_ref(), record);
        }
        let missing: Vec<Uuid> =
            named.iter().filter(|record_ref| !self.stored.contains(record_ref)).map(|record_ref| record_ref.id).collect();
        if !missing.is_empty() {
            self.held.extend(log::list_held(tx, identity, &missing).await?);
        }
        Ok(())
    }

    /// Decides about one group. What it changes is there for the next.
    pub(super) fn judge(&mut self, identity: &Identity, device: &Device, group: &[&Mutation]) -> Vec<Judgement> {
        let commands: Vec<Command> = group.iter().filter_map(|mutation| mutation.command().ok()).collect();
        let refs = commands.iter().flat_map(|command| {
            let case = RecordRef { kind: RecordKind::Case, id: command.case_id().0 };
            named(command).into_iter().chain([case])
        });
        let known = Knowledge {
            actor: identity.actor(),
            received_at: device.now,
            records: Caseload::from_records(refs.filter_map(|record_ref| self.current.get(&record_ref).cloned())),
            tenure: &|case_id| self.tenure.get(&case_id).copied().unwrap_or(Tenure::Never),
            held_create: &|entity_id| self.held.get(&entity_id).copied(),
        };
        let judgements = judge(group, known);
        for (mutation, judgement) in group.iter().zip(&judgements) {
            for record in &judgement.changed {
                self.changed.insert(record.record_ref());
                self.current.insert(record.record_ref(), record.clone());
            }
            if matches!(judgement.result.status, Status::Quarantined | Status::Blocked) {
                self.held.insert(mutation.entity_id, mutation.mid);
            }
        }
        judgements
    }

    /// The scopes in which something changed.
    pub(super) fn touched(&self) -> BTreeSet<ScopeId> {
        let changed = self.changed.iter().filter_map(|record_ref| self.current.get(record_ref)?.case_id());
        changed.filter_map(|case_id| self.scopes.get(&case_id).copied()).collect()
    }

    /// Writes every changed record once, as it is in the end. The heads of the scopes move here, as late as can be.
    pub(super) async fn write(&self, tx: &mut PgConnection, identity: &Identity) -> Result<(), RecordsError> {
        let agency_id = identity.agency_id;
        let effects = self.effects();
        let touched: Vec<Uuid> = self.touched().into_iter().map(|scope_id| scope_id.0).collect();
        if touched.len() > 1 {
            sqlx::query!("select lock_scopes($1)", &touched).execute(&mut *tx).await?;
        }
        notes::insert(tx, agency_id, &effects.notes, &self.scopes).await?;
        if !effects.cases.is_empty() {
            cases::move_last_contact(tx, agency_id, &effects.cases).await?;
        }
        for (case_id, day) in effects.former_cases {
            cases::move_last_contact_late(tx, case_id, day).await?;
        }
        if !effects.goals.is_empty() {
            goals::move_goals(tx, agency_id, &effects.goals).await?;
        }
        if !effects.new_visits.is_empty() {
            visits::insert(tx, agency_id, &effects.new_visits).await?;
        }
        if !effects.ended_visits.is_empty() {
            visits::end(tx, agency_id, &effects.ended_visits).await?;
        }
        if !effects.tasks.is_empty() {
            tasks::finish(tx, agency_id, &effects.tasks).await?;
        }
        Ok(())
    }

    fn effects(&self) -> Effects<'_> {
        let mut effects = Effects::default();
        for record_ref in &self.changed {
            match self.current.get(record_ref) {
                Some(Record::Note(note)) => effects.notes.push(note),
                Some(Record::Goal(goal)) => effects.goals.push(goal),
                Some(Record::Task(task)) => effects.tasks.push(task),
                Some(Record::Visit(visit)) if self.stored.contains(record_ref) => effects.ended_visits.push(visit),
                Some(Record::Visit(visit)) => effects.new_visits.push(visit),
                Some(Record::Case(case)) => match (self.tenure.get(&case.id), case.last_contact_on) {
                    (Some(Tenure::Ended(_)), Some(day)) => effects.former_cases.push((case.id, day)),
                    _ => effects.cases.push(case),
                },
                // No command changes these.
                Some(Record::Worker(_) | Record::Person(_)) | None => {}
            }
        }
        // Rows in the order of their ids fill indexes from one end, and locks are taken in one order.
        effects.notes.sort_unstable_by_key(|note| note.id);
        effects.cases.sort_unstable_by_key(|case| case.id);
        effects.former_cases.sort_unstable();
        effects
    }
}

#[derive(Default)]
struct Effects<'a> {
    notes: Vec<&'a Note>,
    cases: Vec<&'a Case>,
    former_cases: Vec<(CaseId, Date)>,
    goals: Vec<&'a Goal>,
    new_visits: Vec<&'a Visit>,
    ended_visits: Vec<&'a Visit>,
    tasks: Vec<&'a Task>,
}

/// A case of which the worker may know nothing any more but that it was theirs.
fn bare_case(id: CaseId, scope_id: ScopeId, identity: &Identity) -> Case {
    Case {
        id,
        scope_id,
        person_id: PersonId(Uuid::nil()),
        programme: String::new(),
        primary_worker_id: identity.worker_id,
        state: CaseState::Active,
        risk: Risk { level: RiskLevel::Low, reason: None, since: None },
        opened_on: Date::from_time(time::Date::MIN),
        last_contact_on: None,
        contact_every_days: 0,
        alerts: Vec::new(),
    }
}
