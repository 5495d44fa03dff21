//! `POST /sync/v1/push`: takes what a device wrote, and answers for each mutation what became of it.

use std::{collections::BTreeSet, time::Duration};

use axum::extract::State;
use domain::ScopeId;
use sqlx::PgPool;
use sync::{
    office::{code, groups},
    wire::{MAX_BATCH, Mutation, ProblemCode, PushRequest, PushResponse, PushResult, Status},
};

use super::{
    attempt::{Failure, Lane, Mode, Outcome, Sent, attempt},
    denied,
    pokes::Pokes,
    turns::Turns,
};
use crate::{
    identity::Identity,
    problem::{Json, Problem},
    records::RecordsError,
    sessions::{SignedIn, devices},
};

/// How often a transaction that met another one is tried again.
const MAX_RETRIES: u32 = 3;

/// The database would not take it, for a reason that no rule foresaw.
const NOT_STORABLE: &str = "not-storable";

pub(super) async fn push(
    State(pool): State<PgPool>,
    State(pokes): State<Pokes>,
    State(turns): State<Turns>,
    signed_in: SignedIn,
    Json(request): Json<PushRequest>,
) -> Result<Json<PushResponse>, Problem> {
    if request.mutations.len() > MAX_BATCH {
        return Err(Problem::new(ProblemCode::TooLarge));
    }
    let identity = signed_in.identity;
    let turn = turns.take(&identity, request.device_id).await;
    // In a task of its own: a caller who hangs up does not stop it half-way, with its locks held until somebody notices.
    let task = tokio::spawn(async move {
        let taken = match devices::speak_for(&pool, &signed_in, request.device_id).await {
            Ok(()) => take(&pool, &identity, &request).await,
            Err(problem) => Err(problem),
        };
        drop(turn);
        let (response, touched) = match taken {
            Ok(taken) => taken,
            Err(problem) => return Err(denied(&pool, &identity, "sync.push", Some(request.device_id), problem).await),
        };
        pokes.touched(identity.agency_id, touched);
        Ok(Json(response))
    });
    task.await.unwrap_or_else(|_| Err(Problem::unavailable()))
}

/// What a push answers, and the scopes in which it changed something.
type Taken = (PushResponse, BTreeSet<ScopeId>);

/// All in one transaction; where the database does not take it so, with everything looked up, and in the end group by group.
async fn take(pool: &PgPool, identity: &Identity, request: &PushRequest) -> Result<Taken, Problem> {
    let sent = Sent { device_id: request.device_id, mutations: &request.mutations, lane: Lane::Line };
    let mut tried = attempt_again(pool, identity, sent, Mode::Quick).await;
    if is_lasting(&tried) {
        tried = attempt_again(pool, identity, sent, Mode::Decide).await;
    }
    if is_lasting(&tried) {
        return take_one_by_one(pool, identity, sent).await;
    }
    match tried {
        Ok(Outcome { results, broke_off: Some(problem), .. }) if results.is_empty() => Err(problem),
        Ok(outcome) => Ok((response(&outcome, outcome.results.clone()), outcome.touched)),
        Err(failure) => stop_at(pool, identity, sent, Vec::new(), BTreeSet::new(), failure).await,
    }
}

/// Whether the database will never take it so.
fn is_lasting(tried: &Result<Outcome, Failure>) -> bool {
    tried.as_ref().is_err_and(|failure| matches!(kind(failure), Kind::Lasting(_)))
}

async fn take_one_by_one(pool: &PgPool, identity: &Identity, sent: Sent<'_>) -> Result<Taken, Problem> {
    let mutations = sent.mutations;
    let mut results: Vec<PushResult> = Vec::with_capacity(mutations.len());
    let mut touched = BTreeSet::new();
    let mut last = None;
    for group in groups(mutations) {
        match attempt_until_taken(pool, identity, Sent { mutations: group, ..sent }, Mode::Decide).await {
            Ok(mut outcome) => {
                results.append(&mut outcome.results);
                touched.append(&mut outcome.touched);
                let broke_off = outcome.broke_off.take();
                last = Some(outcome);
                if broke_off.is_some() {
                    break;
                }
            }
            Err(failure) => {
                let rest = Sent { mutations: &mutations[results.len()..], ..sent };
                return stop_at(pool, identity, rest, results, touched, failure).await;
            }
        }
    }
    let last = last.ok_or_else(Problem::unavailable)?;
    Ok((response(&last, results), touched))
}

/// Decides on one group, or keeps it for a person where the database will never take it.
pub(super) async fn attempt_until_taken(pool: &PgPool, identity: &Identity, group: Sent<'_>, mode: Mode) -> Result<Outcome, Failure> {
    let tried = attempt_again(pool, identity, group, mode).await;
    match &tried {
        Err(failure) if let Kind::Lasting(code) = kind(failure) => attempt_again(pool, identity, group, Mode::Hold(code)).await,
        _ => tried,
    }
}

/// Answers for what was taken; the rest was not tried, because what follows must wait for what comes before.
async fn stop_at(
    pool: &PgPool,
    identity: &Identity,
    rest: Sent<'_>,
    mut results: Vec<PushResult>,
    touched: BTreeSet<ScopeId>,
    failure: Failure,
) -> Result<Taken, Problem> {
    if let Failure::Refused(problem) = failure {
        return Err(problem);
    }
    log_failure(&failure);
    // Where even this does not work, the whole push can be sent again: each mutation is answered once for ever.
    let device = attempt(pool, identity, Sent { mutations: &[], ..rest }, Mode::Decide).await.map_err(Problem::from)?;
    results.extend(rest.mutations.iter().map(not_attempted));
    Ok((response(&device, results), touched))
}

fn not_attempted(mutation: &Mutation) -> PushResult {
    PushResult {
        seq: mutation.seq,
        mid: mutation.mid,
        status: Status::NotAttempted,
        code: None,
        blocked_by: None,
        skipped: Vec::new(),
        received_at: None,
    }
}

fn response(outcome: &Outcome, results: Vec<PushResult>) -> PushResponse {
    let device = &outcome.device;
    PushResponse {
        incarnation: device.incarnation,
        device_last_seq: device.last_seq,
        safe_seq: device.safe_seq,
        server_time: device.now,
        results,
    }
}

/// Tries again what met another transaction or lost its connection. That is safe also where the commit's own answer was lost: the log
/// then says so.
async fn attempt_again(pool: &PgPool, identity: &Identity, sent: Sent<'_>, mode: Mode) -> Result<Outcome, Failure> {
    let mut retries = 0;
    loop {
        match attempt(pool, identity, sent, mode).await {
            Err(failure) if matches!(kind(&failure), Kind::Passing) && retries < MAX_RETRIES => {
                retries += 1;
                tokio::time::sleep(Duration::from_millis(u64::from(10 * retries))).await;
            }
            done => return done,
        }
    }
}

/// Whether trying again can help.
enum Kind {
    /// At once.
    Passing,
    /// Later: it has waited long enough already.
    Busy,
    /// It never will: the mutation goes to quarantine with this code.
    Lasting(&'static str),
    Refusal,
}

fn kind(failure: &Failure) -> Kind {
    let error = match failure {
        Failure::Refused(_) => return Kind::Refusal,
        Failure::Records(RecordsError::NotWritten { .. }) => return Kind::Lasting(NOT_STORABLE),
        Failure::Records(RecordsError::Inconsistent { .. }) => return Kind::Busy,
        Failure::Records(RecordsError::Database(error)) => error,
    };
    let Some(sqlstate) = error.as_database_error().and_then(|database| database.code()) else { return Kind::Passing };
    match sqlstate.as_ref() {
        "23505" => Kind::Lasting(code::ID_COLLISION),
        // A lock or the whole statement took too long.
        "55P03" | "57014" => Kind::Busy,
        // Data that a column cannot hold, a constraint that does not hold, a row that the guard does not let in.
        sqlstate if sqlstate.starts_with("22") || sqlstate.starts_with("23") || sqlstate == "42501" => Kind::Lasting(NOT_STORABLE),
        _ => Kind::Passing,
    }
}

fn log_failure(failure: &Failure) {
    if let Failure::Records(error) = failure {
        let sqlstate = match error {
            RecordsError::Database(error) => error.as_database_error().and_then(|database| database.code()).map(|code| code.into_owned()),
            RecordsError::Inconsistent { .. } | RecordsError::NotWritten { .. } => None,
        };
        tracing::warn!(sqlstate, "a push was not taken and will be sent again");
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(problem) => problem,
            Failure::Records(error) => error.into(),
        }
    }
}
