//! What the server knows of a device, and what it wrote down of each mutation.

use domain::{Contradiction, DateTime, RecordKind, ScopeId, Term};
use sqlx::{PgConnection, types::Json};
use sync::{
    office::Logged,
    wire::{DeviceId, IncarnationId, Mid, Mutation, PushResult, Status},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::attempt::Lane;
use crate::{
    identity::Identity,
    records::{RecordsError, column},
};

/// A device as the server counts it, read at a moment of the database's clock.
pub(super) struct Device {
    pub(super) id: DeviceId,
    pub(super) last_seq: u64,
    pub(super) safe_seq: u64,
    pub(super) is_revoked: bool,
    pub(super) incarnation: IncarnationId,
    pub(super) now: DateTime,
}

/// Reads a device of the worker and keeps everybody else from pushing for it until the transaction ends: two tabs, or a retry that meets
/// its own original, go one after the other.
pub(super) async fn lock_device(tx: &mut PgConnection, identity: &Identity, device_id: DeviceId) -> Result<Option<Device>, RecordsError> {
    let row = sqlx::query!(
        r#"select last_seq, safe_seq, status = 'revoked' as "is_revoked!", clock_timestamp() as "now!",
            (select incarnation_id from incarnations order by since desc limit 1) as "incarnation!"
         from devices where agency_id = $1 and worker_id = $2 and device_id = $3
         for update"#,
        identity.agency_id.0,
        identity.worker_id.0,
        device_id.0,
    )
    .fetch_optional(tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Device {
        id: device_id,
        last_seq: counter(row.last_seq, device_id.0)?,
        safe_seq: counter(row.safe_seq, device_id.0)?,
        is_revoked: row.is_revoked,
        incarnation: IncarnationId(row.incarnation),
        now: DateTime::from_time(row.now, 0),
    }))
}

/// A stored counter; none is below zero.
pub(super) fn counter(stored: i64, row: Uuid) -> Result<u64, RecordsError> {
    u64::try_from(stored).map_err(|_| RecordsError::Inconsistent { table: "devices", row })
}

/// A number of a device's line, for the database. Beyond its range nothing was ever stored.
fn stored(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// What the log holds under the mids of the mutations, or under this device and their numbers.
pub(super) async fn load_log(
    tx: &mut PgConnection,
    identity: &Identity,
    device_id: DeviceId,
    mutations: &[Mutation],
) -> Result<Vec<Logged>, RecordsError> {
    let rows = sqlx::query!(
        r#"select device_id, seq, mid, body_hash, result as "result: Json<PushResult>"
         from mutations
         where agency_id = $1 and worker_id = $2 and (mid = any ($3) or device_id = $4 and seq = any ($5))"#,
        identity.agency_id.0,
        identity.worker_id.0,
        &column(mutations, |mutation| mutation.mid.0),
        device_id.0,
        &column(mutations, |mutation| stored(mutation.seq)),
    )
    .fetch_all(tx)
    .await?;
    let mut logged = Vec::with_capacity(rows.len());
    for row in rows {
        let inconsistent = || RecordsError::Inconsistent { table: "mutations", row: row.mid };
        logged.push(Logged {
            device_id: DeviceId(row.device_id),
            seq: row.seq.map(u64::try_from).transpose().map_err(|_| inconsistent())?,
            mid: Mid(row.mid),
            body_hash: row.body_hash.as_slice().try_into().map_err(|_| inconsistent())?,
            result: row.result.0,
        });
    }
    Ok(logged)
}

/// Its number in the line, if it has one there.
fn place(lane: Lane, mutation: &Mutation) -> Option<i64> {
    match lane {
        Lane::Line => Some(stored(mutation.seq)),
        Lane::Sealed => None,
    }
}

/// Writes down the places of mutations that came sealed before, and now in the line: nothing else is ever taken for them.
pub(super) async fn write_places(
    tx: &mut PgConnection,
    identity: &Identity,
    device_id: DeviceId,
    mutations: &[&Mutation],
) -> Result<(), RecordsError> {
    if mutations.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "update mutations m set device_id = $3, seq = p.seq
         from unnest($4::uuid[], $5::bigint[]) as p (mid, seq)
         where m.agency_id = $1 and m.worker_id = $2 and m.mid = p.mid and m.seq is null",
        identity.agency_id.0,
        identity.worker_id.0,
        device_id.0,
        &column(mutations, |mutation| mutation.mid.0),
        &column(mutations, |mutation| stored(mutation.seq)),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// One mutation with its receipt.
pub(super) type Receipt<'a> = (&'a Mutation, PushResult);

/// Writes the receipts and their audit events, and moves the device's counter on.
pub(super) async fn write_receipts(
    tx: &mut PgConnection,
    identity: &Identity,
    device_id: DeviceId,
    lane: Lane,
    receipts: &[Receipt<'_>],
    last_seq: u64,
    received_at: DateTime,
) -> Result<(), RecordsError> {
    let logged = sqlx::query_scalar!(
        r#"with receipts as (
            select * from unnest($4::uuid[], $5::bigint[], $6::bytea[], $7::text[], $8::text[], $9::text[], $10::text[], $11::uuid[], $12::text[])
                as r (mid, seq, body_hash, status, result, action, kind, entity_id, code)
        ), logged as (
            insert into mutations (agency_id, worker_id, mid, device_id, seq, body_hash, status, result, received_at)
            select $1, $2, mid, $3, seq, body_hash, status, result::jsonb, $13 from receipts
            returning 1
        ), noted as (
            insert into audit_events (agency_id, occurred_at, worker_id, device_id, action, kind, entity_id, result, code)
            select $1, $13, $2, $3, action, kind, entity_id, status, code from receipts
        )
        update devices set last_seq = $14, last_seen_at = $13
        where agency_id = $1 and worker_id = $2 and device_id = $3
        returning (select count(*) from logged) as "logged!""#,
        identity.agency_id.0,
        identity.worker_id.0,
        device_id.0,
        &column(receipts, |(mutation, _)| mutation.mid.0),
        &column(receipts, |(mutation, _)| place(lane, mutation)) as &[Option<i64>],
        &column(receipts, |(mutation, _)| mutation.body_hash().to_vec()),
        &column(receipts, |(_, result)| status_code(result.status).to_owned()),
        &receipts.iter().map(|(_, result)| serde_json::to_string(result)).collect::<Result<Vec<_>, _>>().map_err(not_json)?,
        &column(receipts, |(mutation, _)| known_command(mutation).0.to_owned()),
        &column(receipts, |(mutation, _)| known_command(mutation).1.map(|kind| kind.code().to_owned())) as &[Option<String>],
        &column(receipts, |(mutation, _)| mutation.entity_id),
        &column(receipts, |(_, result)| result.code.clone()) as &[Option<String>],
        received_at.to_time(),
        stored(last_seq),
    )
    .fetch_optional(tx)
    .await?;
    match logged {
        Some(logged) if usize::try_from(logged) == Ok(receipts.len()) => Ok(()),
        _ => Err(RecordsError::NotWritten { table: "mutations" }),
    }
}

fn not_json(error: serde_json::Error) -> RecordsError {
    RecordsError::Database(sqlx::Error::Encode(error.into()))
}

/// The command's name for the audit trail, and the kind of its record. What a device made up is not written there.
fn known_command(mutation: &Mutation) -> (&'static str, Option<RecordKind>) {
    const KNOWN: [(&str, RecordKind); 9] = [
        ("note.sign", RecordKind::Note),
        ("note.amend", RecordKind::Amendment),
        ("note.blind", RecordKind::BlindNote),
        ("visit.plan", RecordKind::Visit),
        ("task.complete", RecordKind::Task),
        ("client.change", RecordKind::Case),
        ("case.hand-over", RecordKind::Case),
        ("review.decide", RecordKind::Review),
        ("reads.log", RecordKind::Case),
    ];
    let known = KNOWN.iter().find(|(kind, _)| *kind == mutation.kind);
    known.map_or(("unknown", None), |(kind, record)| (kind, Some(*record)))
}

fn status_code(status: Status) -> &'static str {
    match status {
        Status::Applied => "applied",
        Status::Merged => "merged",
        Status::Conflict => "conflict",
        Status::Quarantined => "quarantined",
        Status::Blocked => "blocked",
        Status::NotAttempted => "not-attempted",
        Status::Unknown => "unknown",
    }
}

/// Something that a person has to decide.
pub(super) struct Matter<'a> {
    pub(super) mutation: &'a Mutation,
    /// 0 for the whole mutation, then one for each contradiction.
    pub(super) place: i16,
    pub(super) code: Option<String>,
    pub(super) contradiction: Option<&'a Contradiction>,
}

/// Keeps what a person has to decide, each once under its device, number and place, or, where it has no number, under its words; answers the scopes in which it is news.
pub(super) async fn keep_reviews(
    tx: &mut PgConnection,
    identity: &Identity,
    device_id: DeviceId,
    lane: Lane,
    matters: &[Matter<'_>],
    received_at: DateTime,
) -> Result<Vec<ScopeId>, RecordsError> {
    if matters.is_empty() {
        return Ok(Vec::new());
    }
    let texts = matters.iter().map(|matter| serde_json::to_string(matter.mutation)).collect::<Result<Vec<_>, _>>().map_err(not_json)?;
    let kept = list_kept(tx, identity, device_id, lane, matters, &texts).await?;
    let (new, texts): (Vec<_>, Vec<_>) = matters.iter().zip(texts).zip(kept).filter(|(_, is_kept)| !is_kept).map(|(new, _)| new).unzip();
    let scopes = sqlx::query_scalar!(
        r#"insert into reviews (agency_id, scope_id, worker_id, device_id, seq, mid, place, claimed_scope_id, case_id, entity_id, code,
            contradiction, mutation, recorded_at, recorded_offset_min, received_at)
         select $1, supervision_scope(), $2, $3, seq, mid, place, claimed_scope_id, case_id, entity_id, code, contradiction::jsonb, mutation,
            recorded_at, offset_min, $15
         from unnest($4::bigint[], $5::uuid[], $6::smallint[], $7::uuid[], $8::uuid[], $9::uuid[], $10::text[], $11::text[], $12::text[],
                $13::timestamptz[], $14::smallint[])
            as n (seq, mid, place, claimed_scope_id, case_id, entity_id, code, contradiction, mutation, recorded_at, offset_min)
         returning scope_id"#,
        identity.agency_id.0,
        identity.worker_id.0,
        device_id.0,
        &column(&new, |matter| place(lane, matter.mutation)) as &[Option<i64>],
        &column(&new, |matter| matter.mutation.mid.0),
        &column(&new, |matter| matter.place),
        &column(&new, |matter| matter.mutation.scope_id.0),
        &column(&new, |matter| claimed_case(matter.mutation)) as &[Option<Uuid>],
        &column(&new, |matter| matter.mutation.entity_id),
        &column(&new, |matter| matter.code.clone()) as &[Option<String>],
        &new.iter()
            .map(|matter| matter.contradiction.map(serde_json::to_string).transpose())
            .collect::<Result<Vec<_>, _>>()
            .map_err(not_json)? as &[Option<String>],
        &texts,
        &column(&new, |matter| matter.mutation.recorded_at.to_time()),
        &column(&new, |matter| matter.mutation.recorded_at.offset_min()),
        received_at.to_time(),
    )
    .fetch_all(tx)
    .await?;
    if scopes.len() != new.len() {
        return Err(RecordsError::NotWritten { table: "reviews" });
    }
    let own = (!new.is_empty()).then_some(ScopeId(identity.worker_id.0));
    Ok(scopes.into_iter().map(ScopeId).chain(own).collect())
}

/// The case that the body names, whatever else is wrong with it.
fn claimed_case(mutation: &Mutation) -> Option<Uuid> {
    #[derive(serde::Deserialize)]
    struct Named {
        case_id: Uuid,
    }
    serde_json::from_str::<Named>(mutation.body.get()).ok().map(|named| named.case_id)
}

/// Which of the matters are kept already. What an applied mutation contradicts comes with its receipt, which is written once.
async fn list_kept(
    tx: &mut PgConnection,
    identity: &Identity,
    device_id: DeviceId,
    lane: Lane,
    matters: &[Matter<'_>],
    texts: &[String],
) -> Result<Vec<bool>, RecordsError> {
    let kept = sqlx::query!(
        "select seq, mutation from reviews
         where agency_id = $1 and worker_id = $2 and device_id = $3 and place = 0 and (seq = any ($4) or seq is null and mutation = any ($5))",
        identity.agency_id.0,
        identity.worker_id.0,
        device_id.0,
        &column(matters, |matter| stored(matter.mutation.seq)),
        texts,
    )
    .fetch_all(tx)
    .await?;
    let is_kept = |(matter, text): (&Matter<'_>, &String)| {
        let place = place(lane, matter.mutation);
        matter.place == 0 && kept.iter().any(|row| row.seq == place && (place.is_some() || row.mutation == *text))
    };
    Ok(matters.iter().zip(texts).map(is_kept).collect())
}

/// The mutations of the worker that wait for a decision and would have made these records.
pub(super) async fn list_held(tx: &mut PgConnection, identity: &Identity, entities: &[Uuid]) -> Result<Vec<(Uuid, Mid)>, RecordsError> {
    let rows = sqlx::query!(
        "select entity_id, mid from reviews
         where agency_id = $1 and worker_id = $2 and entity_id = any ($3) and code is not null and decided_at is null
         order by received_at, seq",
        identity.agency_id.0,
        identity.worker_id.0,
        entities,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.entity_id, Mid(row.mid))).collect())
}

/// The moment of a stored time, without an offset.
pub(super) fn utc(at: OffsetDateTime) -> DateTime {
    DateTime::from_time(at, 0)
}
