//! What becomes of new mutations: the rulebook's answer, for a whole group or for none of it.

use domain::{
    Actor, CaseId, Caseload, Command, Contradiction, DateTime, DecideReview, Decision, Matter, Occasion, Outcome, Permissions, Record,
    Rejection, Role, Skipped, decide,
};
use uuid::Uuid;

use super::code;
use crate::wire::{Mid, Mutation, PushResult, Status, read_command};

/// How many days after losing a case its former worker may still hand in a note: the visit took place.
pub const LATE_GRACE_DAYS: i64 = 30;

/// Since when and until when a worker has had a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tenure {
    Holds,
    /// Had it until this moment.
    Ended(DateTime),
    Never,
}

/// What the server knows when it judges a group.
pub struct Knowledge<'a> {
    pub actor: Actor,
    /// The server's clock.
    pub received_at: DateTime,
    /// The records that the group's commands name, of cases that the worker has or had.
    pub records: Caseload,
    /// Since when the worker has a case.
    pub tenure: &'a dyn Fn(CaseId) -> Tenure,
    /// The mutation in quarantine that would have made the record with this id.
    pub held_create: &'a dyn Fn(Uuid) -> Option<Mid>,
}

/// What becomes of one mutation.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The receipt, to be logged and answered. Where nothing is applied, the mutation goes to quarantine in the same transaction.
    pub result: PushResult,
    /// The records as they are afterwards, to be written.
    pub changed: Vec<Record>,
    /// What a person has to decide: kept in the same transaction, each as a review of its own.
    pub contradictions: Vec<Contradiction>,
}

/// Decides about the new mutations of one group, in their order: all are applied, or none is.
pub fn judge(group: &[&Mutation], mut known: Knowledge<'_>) -> Vec<Judgement> {
    let mut applied = Vec::with_capacity(group.len());
    for mutation in group {
        match known.try_one(mutation) {
            Ok(judgement) => {
                judgement.changed.iter().cloned().for_each(|record| known.records.put(record));
                applied.push(judgement);
            }
            Err(refusal) => return group.iter().map(|other| known.not_applied(other, mutation, &refusal)).collect(),
        }
    }
    applied
}

/// Why a mutation is not applied.
struct Refusal {
    code: String,
    blocked_by: Option<Mid>,
}

impl<T: Into<String>> From<T> for Refusal {
    fn from(code: T) -> Self {
        Self { code: code.into(), blocked_by: None }
    }
}

impl Knowledge<'_> {
    fn try_one(&self, mutation: &Mutation) -> Result<Judgement, Refusal> {
        let command = mutation.command().map_err(|error| Refusal::from(error.code()))?;
        if command.entity_id() != mutation.entity_id {
            return Err(code::ENTITY_MISMATCH.into());
        }
        let late_after_reassignment = match command.case_id().map(self.tenure) {
            None | Some(Tenure::Holds) => false,
            Some(Tenure::Ended(at)) if self.may_come_late(&command, at) => true,
            Some(Tenure::Ended(_) | Tenure::Never) => return Err(rejection_code(Rejection::NoSuchCase).into()),
        };
        let occasion =
            Occasion { actor: self.actor, recorded_at: mutation.recorded_at, received_at: Some(self.received_at), late_after_reassignment };
        let mut decision = decide(&command, &occasion, &self.records).map_err(|rejection| self.refusal(&command, rejection))?;
        if let Command::DecideReview(decide) = &command {
            self.file_held(decide, &mut decision);
        }
        let status = match () {
            () if !decision.contradictions.is_empty() => Status::Conflict,
            () if !decision.skipped.is_empty() => Status::Merged,
            () => Status::Applied,
        };
        let Decision { changed, skipped, contradictions } = decision;
        Ok(Judgement { result: self.receipt(mutation, status, skipped), changed, contradictions })
    }

    /// Carries out what was held, for its author, where a person decided so. By the same rules as ever, except that losing the case is no
    /// reason any more; where they still forbid it, nothing is decided.
    fn file_held(&self, decide: &DecideReview, decision: &mut Decision) {
        let Some(review) = self.records.review(decide.review_id).filter(|review| review.is_open()) else { return };
        let (Matter::Held(held), Outcome::File) = (&review.matter, decide.outcome) else { return };
        let actor = Actor { worker_id: review.author_id, may: Permissions::usual(Role::CaseManager) };
        let filed = read_command(&held.kind, held.v, &held.body).ok().and_then(|command| {
            let case = self.records.case(command.case_id()?)?;
            let late_after_reassignment = case.primary_worker_id != review.author_id && command.may_come_late();
            let received_at = Some(self.received_at);
            let occasion = Occasion { actor, recorded_at: review.recorded_at, received_at, late_after_reassignment };
            domain::decide(&command, &occasion, &self.records).ok()
        });
        match filed {
            Some(filed) => {
                decision.changed.extend(filed.changed);
                decision.skipped.extend(filed.skipped);
                decision.contradictions.extend(filed.contradictions);
            }
            None => *decision = Decision { skipped: vec![Skipped::StillNotPossible(review.id)], ..Decision::default() },
        }
    }

    /// A note about a case that the author lost not long ago is taken: the contact happened. Nothing else is.
    fn may_come_late(&self, command: &Command, ended_at: DateTime) -> bool {
        let in_time = self.received_at.unix_ms() - ended_at.unix_ms() <= LATE_GRACE_DAYS * 24 * 60 * 60 * 1000;
        command.may_come_late() && in_time
    }

    /// A missing record that waits in quarantine blocks what needs it, which is not the same as a mistake.
    fn refusal(&self, command: &Command, rejection: Rejection) -> Refusal {
        let missing = matches!(
            rejection,
            Rejection::NoSuchGoal | Rejection::NoSuchTask | Rejection::NoSuchVisit | Rejection::NoSuchNote | Rejection::NoSuchBlindNote
        );
        let blocked_by = if missing { needs(command).into_iter().find_map(self.held_create) } else { None };
        match blocked_by {
            Some(mid) => Refusal { code: code::DEPENDS_ON_HELD.to_owned(), blocked_by: Some(mid) },
            None => rejection_code(rejection).into(),
        }
    }

    /// The receipt of a member of a group that failed at `culprit`.
    fn not_applied(&self, mutation: &Mutation, culprit: &Mutation, refusal: &Refusal) -> Judgement {
        let (code, blocked_by) = match mutation.mid == culprit.mid {
            true => (refusal.code.clone(), refusal.blocked_by),
            false => (code::GROUP_NOT_APPLIED.to_owned(), Some(culprit.mid)),
        };
        let status = if blocked_by.is_some() { Status::Blocked } else { Status::Quarantined };
        let result = PushResult { code: Some(code), blocked_by, ..self.receipt(mutation, status, Vec::new()) };
        Judgement { result, changed: Vec::new(), contradictions: Vec::new() }
    }

    fn receipt(&self, mutation: &Mutation, status: Status, skipped: Vec<Skipped>) -> PushResult {
        PushResult {
            seq: mutation.seq,
            mid: mutation.mid,
            status,
            code: None,
            blocked_by: None,
            skipped,
            received_at: Some(self.received_at),
        }
    }
}

/// The records that must be there before the command can be carried out.
fn needs(command: &Command) -> Vec<Uuid> {
    match command {
        Command::SignNote(sign) => {
            let goals = sign.goals.iter().map(|touched| touched.goal_id.0);
            let tasks = sign.tasks_done.iter().map(|task_id| task_id.0);
            goals.chain(tasks).chain(sign.visit_id.map(|id| id.0)).chain(sign.blind_note_id.map(|id| id.0)).collect()
        }
        Command::AmendNote(amend) => vec![amend.note_id.0],
        Command::CompleteTask(complete) => vec![complete.task_id.0],
        Command::WriteBlind(_)
        | Command::PlanVisit(_)
        | Command::ChangeClient(_)
        | Command::HandOver(_)
        | Command::DecideReview(_)
        | Command::LogReads(_) => Vec::new(),
    }
}

/// The code of a rejection: `no-such-case`, `narrative-too-long`.
pub fn rejection_code(rejection: Rejection) -> String {
    match serde_json::to_value(rejection) {
        Ok(serde_json::Value::Object(with_detail)) => {
            let parts = with_detail.iter().map(|(outer, inner)| format!("{outer}-{}", inner.as_str().unwrap_or_default()));
            parts.collect()
        }
        Ok(serde_json::Value::String(code)) => code,
        _ => "rejected".to_owned(),
    }
}
