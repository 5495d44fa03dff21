//! What supervisors do: hand cases over, and decide what waits for a person. And what devices tell of themselves.

use super::short_text;
use crate::{
    Caseload, DecideReview, Decided, Decision, HandOver, LogReads, Matter, Occasion, Outcome, Record, Rejection, Review, Role, Skipped,
    Unit, Written,
};

pub(super) fn hand_over(hand_over: &HandOver, records: &Caseload) -> Result<Decision, Rejection> {
    let case = records.case(hand_over.case_id).ok_or(Rejection::NoSuchCase)?;
    let takes_cases = records.worker(hand_over.to).is_some_and(|worker| worker.role != Role::Administrator);
    if !takes_cases {
        return Err(Rejection::NoSuchWorker);
    }
    if case.primary_worker_id != hand_over.from {
        return Err(Rejection::ChangedMeanwhile);
    }
    short_text(&hand_over.reason, Rejection::ReasonMissing)?;
    if hand_over.from == hand_over.to {
        return Ok(Decision::default());
    }
    let mut case = case.clone();
    case.primary_worker_id = hand_over.to;
    let mut decision = Decision { changed: vec![Record::Case(case)], ..Decision::default() };
    // What the former worker had promised the client goes along.
    for task in records.open_tasks_of(hand_over.case_id).into_iter().filter(|task| task.owner_id == hand_over.from) {
        let mut task = task.clone();
        task.owner_id = hand_over.to;
        decision.changed.push(Record::Task(task));
    }
    for visit in records.planned_visits_of(hand_over.case_id).into_iter().filter(|visit| visit.worker_id == hand_over.from) {
        let mut visit = visit.clone();
        visit.worker_id = hand_over.to;
        decision.changed.push(Record::Visit(visit));
    }
    Ok(decision)
}

/// Notes the decision. What is filed of a held command, the office decides anew with the command's own rules (`sync::office`).
pub(super) fn decide_review(decide: &DecideReview, occasion: &Occasion, records: &Caseload) -> Result<Decision, Rejection> {
    let review = records.review(decide.review_id).ok_or(Rejection::NoSuchReview)?;
    let reason = short_text(&decide.reason, Rejection::ReasonMissing)?;
    let mut decision = Decision::default();
    if !review.is_open() {
        decision.skipped.push(Skipped::ReviewAlreadyDecided(review.id));
        return Ok(decision);
    }
    if let (Matter::Contradiction(contradiction), Outcome::File) = (&review.matter, decide.outcome) {
        let case_id = review.case_id.ok_or(Rejection::NoSuchCase)?;
        let client = records.client(case_id).ok_or(Rejection::NoSuchCase)?;
        let (mut person, mut case) = (client.person.clone(), client.case.clone());
        let found = Unit::of(contradiction.wanted.kind(), &person, &case);
        if decide.found.as_ref() != Some(&found) {
            return Err(Rejection::ChangedMeanwhile);
        }
        let written = Written { by: review.author_id, at: review.recorded_at };
        contradiction.wanted.clone().write_into(written, &mut person, &mut case);
        decision.changed.push(if contradiction.wanted.is_of_case() { Record::Case(case) } else { Record::Person(person) });
    }
    let decided = Decided { by: occasion.actor.worker_id, at: occasion.recorded_at, outcome: decide.outcome, reason };
    decision.changed.push(Record::Review(Review { decided: Some(decided), ..review.clone() }));
    Ok(decision)
}

pub(super) fn log_reads(log: &LogReads) -> Result<Decision, Rejection> {
    if log.reads.len() > LogReads::MAX { Err(Rejection::TooMany) } else { Ok(Decision::default()) }
}
