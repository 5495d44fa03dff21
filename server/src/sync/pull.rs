//! `POST /sync/v1/pull`: sends a device what its worker may see and it does not hold, and names what it must forget.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    io,
    sync::Arc,
};

use axum::extract::State;
use domain::{DateTime, DevicePolicy, Record, RecordRef, ScopeId};
use sqlx::{PgConnection, PgPool};
use sync::{
    office::{PullPlan, ScopeHead, TakeScope, plan_pull},
    wire::{DeviceId, IncarnationId, Keep, ProblemCode, PullRequest, PullResponse, ScopeDelta},
};
use uuid::Uuid;

use super::{log::counter, seal_keys::SealKeys};
use crate::{
    audit::{self, Event},
    db,
    identity::Identity,
    problem::{Json, Problem},
    records::{self, RecordsError, column, record_ref},
    sessions::{SignedIn, devices},
};

/// How many records are read at a time: bounds what is read for nothing where an answer is full.
const SLICE: i64 = 1_000;

/// The answer is never larger than this, whatever a device asks for, give or take a record.
const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;

pub(super) async fn pull(
    State(pool): State<PgPool>,
    State(keys): State<Arc<SealKeys>>,
    signed_in: SignedIn,
    Json(request): Json<PullRequest>,
) -> Result<Json<PullResponse>, Problem> {
    let response = match answer_device(&pool, &signed_in, &request).await {
        Ok(response) => PullResponse { seal_key: Some(keys.current()), ..response },
        Err(problem) => return Err(super::denied(&pool, &signed_in.identity, "sync.pull", request.device_id, problem).await),
    };
    if !response.scopes.is_empty() {
        record_reading(&pool, &signed_in.identity, &request, &response).await?;
    }
    Ok(Json(response))
}

/// As the device that the session belongs to.
async fn answer_device(pool: &PgPool, signed_in: &SignedIn, request: &PullRequest) -> Result<PullResponse, Problem> {
    if let Some(device_id) = request.device_id {
        devices::speak_for(pool, signed_in, device_id).await?;
    }
    answer(pool, &signed_in.identity, request).await
}

/// Everything is read in one transaction, at one moment.
async fn answer(pool: &PgPool, identity: &Identity, request: &PullRequest) -> Result<PullResponse, Problem> {
    let mut tx = db::begin_reading_as(pool, identity).await?;
    let office = load_office(&mut tx, identity, request.device_id).await?;
    if request.device_id.is_some() && office.device.is_none() {
        return Err(Problem::new(ProblemCode::DeviceUnknown));
    }
    if office.device.as_ref().is_some_and(|device| device.is_revoked) {
        return Err(Problem::new(ProblemCode::DeviceRevoked));
    }
    if office.device.as_ref().is_some_and(|device| device.is_lost) {
        return Ok(order_to_wipe(request, office));
    }
    let (visible, kept) = load_heads(&mut tx, identity).await?;
    let same_incarnation = request.incarnation == Some(office.incarnation);
    let mut plan = plan_pull(&request.scopes, &visible, same_incarnation, request.first);
    let (mut scopes, more) = match plan.take.is_empty() {
        true => (Vec::new(), false),
        false => {
            put_today_first(&mut tx, identity, &mut plan, request.first).await?;
            let limit = usize::try_from(request.limit_bytes).unwrap_or(usize::MAX).min(MAX_ANSWER_BYTES);
            Answer::new(&plan.take, limit).fill(&mut tx, identity).await?
        }
    };
    for delta in &mut scopes {
        delta.keep = kept.get(&delta.scope_id).copied().unwrap_or_default();
    }
    Ok(PullResponse {
        generation: request.generation,
        incarnation: office.incarnation,
        device_last_seq: office.device.as_ref().map(|device| device.last_seq),
        safe_seq: office.device.as_ref().map_or(0, |device| device.safe_seq),
        server_time: office.now,
        forget: plan.forget,
        scopes,
        more,
        wipe: false,
        policy: office.policy,
        seal_key: None,
    })
}

/// A device that was reported as lost gets nothing any more, and is told to remove what it has.
fn order_to_wipe(request: &PullRequest, office: Office) -> PullResponse {
    PullResponse {
        generation: request.generation,
        incarnation: office.incarnation,
        device_last_seq: office.device.as_ref().map(|device| device.last_seq),
        safe_seq: office.device.as_ref().map_or(0, |device| device.safe_seq),
        server_time: office.now,
        forget: request.scopes.keys().copied().collect(),
        scopes: Vec::new(),
        more: false,
        wipe: true,
        policy: office.policy,
        seal_key: None,
    }
}

struct Office {
    incarnation: IncarnationId,
    now: DateTime,
    policy: DevicePolicy,
    device: Option<Counters>,
}

struct Counters {
    last_seq: u64,
    safe_seq: u64,
    is_revoked: bool,
    is_lost: bool,
}

async fn load_office(tx: &mut PgConnection, identity: &Identity, device_id: Option<DeviceId>) -> Result<Office, RecordsError> {
    let row = sqlx::query!(
        r#"select i.incarnation_id, clock_timestamp() as "now!", d.last_seq as "last_seq?", d.safe_seq as "safe_seq?",
            d.status = 'revoked' as "is_revoked?", d.lost_at is not null as "is_lost!", p.offline_storage, p.lease_hours, p.restricted_lease_hours, p.lock_after_idle_min,
            p.lock_after_hidden_s
         from (select incarnation_id from incarnations order by since desc limit 1) i
         join device_policies p on p.agency_id = $1
         left join devices d on d.agency_id = $1 and d.worker_id = $2 and d.device_id = $3"#,
        identity.agency_id.0,
        identity.worker_id.0,
        device_id.map(|id| id.0),
    )
    .fetch_one(tx)
    .await?;
    let device = match (device_id, row.last_seq, row.safe_seq) {
        (Some(id), Some(last_seq), Some(safe_seq)) => Some(Counters {
            last_seq: counter(last_seq, id.0)?,
            safe_seq: counter(safe_seq, id.0)?,
            is_revoked: row.is_revoked.unwrap_or(false),
            is_lost: row.is_lost,
        }),
        _ => None,
    };
    let number =
        |stored: i16| u16::try_from(stored).map_err(|_| RecordsError::Inconsistent { table: "device_policies", row: identity.agency_id.0 });
    let policy = DevicePolicy {
        offline_storage: row.offline_storage,
        lease_hours: number(row.lease_hours)?,
        restricted_lease_hours: number(row.restricted_lease_hours)?,
        lock_after_idle_min: number(row.lock_after_idle_min)?,
        lock_after_hidden_s: number(row.lock_after_hidden_s)?,
    };
    Ok(Office { incarnation: IncarnationId(row.incarnation_id), now: DateTime::from_time(row.now, 0), policy, device })
}

/// How far each scope is, and where the device may keep those that it may not keep like any other.
type Heads = (BTreeMap<ScopeId, ScopeHead>, BTreeMap<ScopeId, Keep>);

/// The scopes that the worker may see now, each once whatever the reasons.
async fn load_heads(tx: &mut PgConnection, identity: &Identity) -> Result<Heads, RecordsError> {
    let rows = sqlx::query!(
        r#"select s.scope_id, s.epoch, s.head, s.floor, s.kind = 'case-restricted' as "is_restricted!", v.for_emergency as "for_emergency!"
         from scopes s
         join (
            select scope_id, bool_and(reason = 'break-glass') as for_emergency
            from visible_scopes where agency_id = $1 and worker_id = $2
            group by scope_id
         ) v using (scope_id)
         where s.agency_id = $1"#,
        identity.agency_id.0,
        identity.worker_id.0,
    )
    .fetch_all(tx)
    .await?;
    let (mut heads, mut kept) = (BTreeMap::new(), BTreeMap::new());
    for row in rows {
        let inconsistent = |_| RecordsError::Inconsistent { table: "scopes", row: row.scope_id };
        let head = ScopeHead {
            epoch: u32::try_from(row.epoch).map_err(inconsistent)?,
            head: u64::try_from(row.head).map_err(inconsistent)?,
            floor: u64::try_from(row.floor).map_err(inconsistent)?,
        };
        heads.insert(ScopeId(row.scope_id), head);
        match (row.for_emergency, row.is_restricted) {
            (true, _) => drop(kept.insert(ScopeId(row.scope_id), Keep::Memory)),
            (false, true) => drop(kept.insert(ScopeId(row.scope_id), Keep::Restricted)),
            (false, false) => {}
        }
    }
    Ok((heads, kept))
}

/// After the scope that somebody waits for: the names of colleagues, which are few, and the cases that are visited about now.
async fn put_today_first(
    tx: &mut PgConnection,
    identity: &Identity,
    plan: &mut PullPlan,
    first: Option<ScopeId>,
) -> Result<(), RecordsError> {
    if plan.take.len() < 2 {
        return Ok(());
    }
    let soon = sqlx::query_scalar!(
        r#"select scope_id as "scope_id!" from visits
         where agency_id = $1 and worker_id = $2 and ended_by_note is null
            and planned_at between now() - interval '18 hours' and now() + interval '36 hours'
         union all
         select scope_id from scopes where agency_id = $1 and kind = 'agency-reference'"#,
        identity.agency_id.0,
        identity.worker_id.0,
    )
    .fetch_all(tx)
    .await?;
    let soon: BTreeSet<Uuid> = soon.into_iter().collect();
    plan.take.sort_by_key(|scope| (Some(scope.scope_id) != first, !soon.contains(&scope.scope_id.0)));
    Ok(())
}

/// One change of one record, as its scope counts it.
struct Entry {
    scope_id: ScopeId,
    seq: u64,
    record_ref: RecordRef,
    deleted: bool,
}

/// An answer being filled, scope by scope, until it is as large as the device wants it.
struct Answer {
    waiting: VecDeque<TakeScope>,
    deltas: Vec<ScopeDelta>,
    room: usize,
}

impl Answer {
    fn new(take: &[TakeScope], limit_bytes: usize) -> Self {
        Self { waiting: take.iter().copied().collect(), deltas: Vec::new(), room: limit_bytes }
    }

    /// Answers also whether something is left for another pull.
    async fn fill(mut self, tx: &mut PgConnection, identity: &Identity) -> Result<(Vec<ScopeDelta>, bool), RecordsError> {
        while !self.waiting.is_empty() {
            // A record of a few hundred bytes is a small one: little more is read than fits.
            let slice = i64::try_from(self.room / 300).unwrap_or(SLICE).clamp(50, SLICE);
            let entries = load_entries(tx, identity, self.waiting.make_contiguous(), slice).await?;
            let is_last = i64::try_from(entries.len()).is_ok_and(|read| read < slice);
            let refs = entries.iter().filter(|entry| !entry.deleted).map(|entry| entry.record_ref);
            let records = records::load(tx, identity.agency_id, refs).await?;
            let records: HashMap<RecordRef, Record> = records.into_iter().map(|record| (record.record_ref(), record)).collect();
            for entry in entries {
                if !self.add(&entry, records.get(&entry.record_ref))? {
                    return Ok((self.deltas, true));
                }
            }
            if is_last {
                self.close_all();
            }
        }
        Ok((self.deltas, false))
    }

    /// Adds one entry; false where the answer was full before it.
    fn add(&mut self, entry: &Entry, record: Option<&Record>) -> Result<bool, RecordsError> {
        while self.waiting.front().is_some_and(|scope| scope.scope_id != entry.scope_id) {
            self.close_front();
        }
        let Some(scope) = self.waiting.front_mut() else { return Ok(true) };
        if self.room == 0 && entry.seq > scope.at_least {
            let through = scope.through(Some(entry.seq));
            if let Some(delta) = self.deltas.last_mut().filter(|delta| delta.scope_id == entry.scope_id) {
                delta.through = through;
            }
            return Ok(false);
        }
        let full = scope.full;
        scope.after = entry.seq;
        let delta = open_delta(&mut self.deltas, scope);
        match record {
            Some(record) => {
                self.room = self.room.saturating_sub(json_bytes(record)?);
                delta.records.push(record.clone());
            }
            // What is not there any more is gone, whatever the entry says. Nobody who starts anew ever had it.
            None if !full => delta.deleted.push(entry.record_ref),
            None => {}
        }
        Ok(true)
    }

    /// Nothing of the scope in front is left.
    fn close_front(&mut self) {
        if let Some(scope) = self.waiting.pop_front() {
            open_delta(&mut self.deltas, &scope).through = scope.through(None);
        }
    }

    fn close_all(&mut self) {
        while !self.waiting.is_empty() {
            self.close_front();
        }
    }
}

/// The delta of a scope, begun where it is not yet there. Deltas are filled one after the other, so it is the last or none.
fn open_delta<'a>(deltas: &'a mut Vec<ScopeDelta>, scope: &TakeScope) -> &'a mut ScopeDelta {
    let is_open = deltas.last().is_some_and(|delta| delta.scope_id == scope.scope_id);
    if !is_open {
        let TakeScope { scope_id, epoch, head, full, .. } = *scope;
        deltas.push(ScopeDelta { scope_id, keep: Keep::Disk, epoch, full, through: 0, head, records: Vec::new(), deleted: Vec::new() });
    }
    deltas.last_mut().expect("one was just put there")
}

/// The next entries of the scopes in their order, each from where it stands.
async fn load_entries(tx: &mut PgConnection, identity: &Identity, scopes: &[TakeScope], slice: i64) -> Result<Vec<Entry>, RecordsError> {
    let rows = sqlx::query!(
        r#"select t.scope_id as "scope_id!", e.kind, e.entity_id, e.seq, e.deleted
         from unnest($2::uuid[], $3::bigint[], $4::bool[]) with ordinality as t (scope_id, after, is_full, place)
         cross join lateral (
            select kind, entity_id, seq, deleted from sync_entries
            where agency_id = $1 and scope_id = t.scope_id and seq > t.after and not (deleted and t.is_full)
            order by seq
            limit $5
         ) e
         order by t.place, e.seq
         limit $5"#,
        identity.agency_id.0,
        &column(scopes, |scope| scope.scope_id.0),
        &column(scopes, |scope| i64::try_from(scope.after).unwrap_or(i64::MAX)),
        &column(scopes, |scope| scope.full),
        slice,
    )
    .fetch_all(tx)
    .await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        entries.push(Entry {
            scope_id: ScopeId(row.scope_id),
            seq: u64::try_from(row.seq).map_err(|_| RecordsError::Inconsistent { table: "sync_entries", row: row.entity_id })?,
            record_ref: record_ref(&row.kind, row.entity_id)?,
            deleted: row.deleted,
        });
    }
    Ok(entries)
}

/// How long a record is as JSON.
fn json_bytes(record: &Record) -> Result<usize, RecordsError> {
    struct Counter(usize);
    impl io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    let unwritable = |_| RecordsError::Inconsistent { table: "records", row: record.id() };
    serde_json::to_writer(&mut counter, record).map_err(unwritable)?;
    Ok(counter.0)
}

/// Notes in the audit trail which scopes were read, before they are sent: one event a pull. One that brings nothing reads nothing.
async fn record_reading(pool: &PgPool, identity: &Identity, request: &PullRequest, response: &PullResponse) -> Result<(), Problem> {
    let scopes = column(&response.scopes, |scope| scope.scope_id.0);
    let event = Event { kind: Some("scope"), entity_ids: Some(&scopes), ..Event::read("sync.pull") };
    Ok(audit::record_alone(pool, identity, event.from_device(request.device_id)).await?)
}
