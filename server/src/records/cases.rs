//! Cases with their alerts.

use std::collections::HashMap;

use domain::{AgencyId, Alert, Case, CaseId, Date, PersonId, Risk, ScopeId, Sensitivity, Term, WorkerId, Writers};
use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{RecordsError, all_written, column, narrow, term};

/// The scopes of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Compartments {
    pub(crate) general: ScopeId,
    pub(crate) restricted: ScopeId,
}

impl Compartments {
    /// Where a note of this sensitivity belongs, with all that hangs on it.
    pub(crate) fn of(self, sensitivity: Sensitivity) -> ScopeId {
        if sensitivity.is_restricted() { self.restricted } else { self.general }
    }
}

/// In which scopes the records of each case are.
pub(crate) type Scopes = HashMap<CaseId, Compartments>;

pub(super) async fn load(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<Vec<Case>, RecordsError> {
    let mut alerts = load_alerts(tx, agency_id, ids).await?;
    let mut cases = load_without_alerts(tx, agency_id, ids).await?;
    for case in &mut cases {
        case.alerts = alerts.remove(&case.id.0).unwrap_or_default();
    }
    Ok(cases)
}

/// Cases as far as a note needs them: no rule of notes asks for an alert.
pub(crate) async fn load_without_alerts(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<Vec<Case>, RecordsError> {
    let rows = sqlx::query!(
        r#"select case_id, scope_id, restricted_scope_id, person_id, programme, primary_worker_id, state, risk_level, risk_reason, risk_since, opened_on,
            last_contact_on, contact_every_days, written as "written: Json<Writers>"
         from cases where agency_id = $1 and case_id = any ($2)"#,
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let mut cases = Vec::with_capacity(rows.len());
    for row in rows {
        cases.push(Case {
            id: CaseId(row.case_id),
            scope_id: ScopeId(row.scope_id),
            restricted_scope_id: Some(ScopeId(row.restricted_scope_id)),
            person_id: PersonId(row.person_id),
            programme: row.programme,
            primary_worker_id: WorkerId(row.primary_worker_id),
            state: term(&row.state, "cases", row.case_id)?,
            risk: Risk {
                level: term(&row.risk_level, "cases", row.case_id)?,
                reason: row.risk_reason,
                since: row.risk_since.map(Date::from_time),
            },
            opened_on: Date::from_time(row.opened_on),
            last_contact_on: row.last_contact_on.map(Date::from_time),
            contact_every_days: narrow(row.contact_every_days, "cases", row.case_id)?,
            alerts: Vec::new(),
            written: row.written.0,
        });
    }
    Ok(cases)
}

async fn load_alerts(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Alert>>, RecordsError> {
    let rows = sqlx::query!(
        "select case_id, kind, statement from case_alerts where agency_id = $1 and case_id = any ($2) order by case_id, position",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let mut alerts: HashMap<Uuid, Vec<Alert>> = HashMap::new();
    for row in rows {
        let kind = term(&row.kind, "case_alerts", row.case_id)?;
        alerts.entry(row.case_id).or_default().push(Alert { kind, text: row.statement });
    }
    Ok(alerts)
}

pub(crate) async fn load_scopes(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<Scopes, RecordsError> {
    let rows = sqlx::query!(
        "select case_id, scope_id, restricted_scope_id from cases where agency_id = $1 and case_id = any ($2)",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let compartments = |general, restricted| Compartments { general: ScopeId(general), restricted: ScopeId(restricted) };
    Ok(rows.into_iter().map(|row| (CaseId(row.case_id), compartments(row.scope_id, row.restricted_scope_id))).collect())
}

/// A case that the worker held until a moment. They see nothing of it any more.
pub(crate) struct FormerCase {
    pub(crate) id: CaseId,
    pub(crate) compartments: Compartments,
    pub(crate) ended_at: OffsetDateTime,
}

pub(crate) async fn load_former(tx: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<FormerCase>, RecordsError> {
    let rows = sqlx::query!(
        r#"select case_id as "case_id!", scope_id as "scope_id!", restricted_scope_id as "restricted_scope_id!", ended_at as "ended_at!"
         from former_cases($1)"#,
        ids
    )
    .fetch_all(tx)
    .await?;
    let former = rows.into_iter().map(|row| FormerCase {
        id: CaseId(row.case_id),
        compartments: Compartments { general: ScopeId(row.scope_id), restricted: ScopeId(row.restricted_scope_id) },
        ended_at: row.ended_at,
    });
    Ok(former.collect())
}

/// Moves the last contact forward, never back: two notes may arrive in any order.
pub(crate) async fn move_last_contact(tx: &mut PgConnection, agency_id: AgencyId, cases: &[&Case]) -> Result<(), RecordsError> {
    let moved: Vec<_> = cases.iter().filter_map(|case| Some((case.id.0, case.last_contact_on?.to_time()))).collect();
    let done = sqlx::query!(
        "update cases c set last_contact_on = greatest(c.last_contact_on, n.last_contact_on)
         from unnest($2::uuid[], $3::date[]) as n (case_id, last_contact_on)
         where c.agency_id = $1 and c.case_id = n.case_id",
        agency_id.0,
        &column(&moved, |part| part.0),
        &column(&moved, |part| part.1),
    )
    .execute(tx)
    .await?;
    all_written(&done, moved.len(), "cases")
}

/// The same for a case that the worker held a while ago.
pub(crate) async fn move_last_contact_late(tx: &mut PgConnection, case_id: CaseId, day: Date) -> Result<(), RecordsError> {
    let moved = sqlx::query_scalar!(r#"select move_last_contact_late($1, $2) as "moved!""#, case_id.0, day.to_time());
    if moved.fetch_one(tx).await? == 1 { Ok(()) } else { Err(RecordsError::NotWritten { table: "cases" }) }
}

/// Writes how dangerous things are now: the risk with its reason, and the alerts.
pub(crate) async fn change_safety(tx: &mut PgConnection, agency_id: AgencyId, cases: &[&Case]) -> Result<(), RecordsError> {
    let done = sqlx::query!(
        "update cases c set risk_level = n.risk_level, risk_reason = n.risk_reason, risk_since = n.risk_since, written = n.written
         from unnest($2::uuid[], $3::text[], $4::text[], $5::date[], $6::jsonb[]) as n (case_id, risk_level, risk_reason, risk_since, written)
         where c.agency_id = $1 and c.case_id = n.case_id",
        agency_id.0,
        &column(cases, |case| case.id.0),
        &column(cases, |case| case.risk.level.code().to_owned()),
        &column(cases, |case| case.risk.reason.clone()) as &[Option<String>],
        &column(cases, |case| case.risk.since.map(Date::to_time)) as &[Option<time::Date>],
        &column(cases, |case| Json(&case.written)) as &[Json<&Writers>],
    )
    .execute(&mut *tx)
    .await?;
    all_written(&done, cases.len(), "cases")?;
    save_alerts(tx, agency_id, cases).await
}

/// Writes who has the cases now. Who sees them follows by itself (migration `open_compartments`), so nothing of them is written after this.
pub(crate) async fn assign(tx: &mut PgConnection, agency_id: AgencyId, cases: &[&Case]) -> Result<(), RecordsError> {
    let done = sqlx::query!(
        "update cases c set primary_worker_id = n.worker_id
         from unnest($2::uuid[], $3::uuid[]) as n (case_id, worker_id)
         where c.agency_id = $1 and c.case_id = n.case_id",
        agency_id.0,
        &column(cases, |case| case.id.0),
        &column(cases, |case| case.primary_worker_id.0),
    )
    .execute(tx)
    .await?;
    all_written(&done, cases.len(), "cases")
}

pub(super) async fn save(tx: &mut PgConnection, agency_id: AgencyId, cases: &[&Case]) -> Result<(), RecordsError> {
    if cases.is_empty() {
        return Ok(());
    }
    let restricted: Vec<Uuid> = (cases.iter())
        .map(|case| case.restricted_scope_id.map(|scope_id| scope_id.0).ok_or(RecordsError::NotWritten { table: "scopes" }))
        .collect::<Result<_, _>>()?;
    open_scopes(tx, agency_id, cases, &restricted).await?;
    let done = sqlx::query!(
        "insert into cases (agency_id, case_id, scope_id, restricted_scope_id, person_id, programme, primary_worker_id, state, risk_level, risk_reason,
            risk_since, opened_on, last_contact_on, contact_every_days)
         select $1, * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::uuid[], $8::text[], $9::text[], $10::text[],
            $11::date[], $12::date[], $13::date[], $14::int[])
         on conflict (agency_id, case_id) do update set
            scope_id = excluded.scope_id, restricted_scope_id = excluded.restricted_scope_id, person_id = excluded.person_id, programme = excluded.programme,
            primary_worker_id = excluded.primary_worker_id, state = excluded.state, risk_level = excluded.risk_level,
            risk_reason = excluded.risk_reason, risk_since = excluded.risk_since, opened_on = excluded.opened_on,
            last_contact_on = excluded.last_contact_on, contact_every_days = excluded.contact_every_days",
        agency_id.0,
        &column(cases, |case| case.id.0),
        &column(cases, |case| case.scope_id.0),
        &restricted,
        &column(cases, |case| case.person_id.0),
        &column(cases, |case| case.programme.clone()),
        &column(cases, |case| case.primary_worker_id.0),
        &column(cases, |case| case.state.code().to_owned()),
        &column(cases, |case| case.risk.level.code().to_owned()),
        &column(cases, |case| case.risk.reason.clone()) as &[Option<String>],
        &column(cases, |case| case.risk.since.map(Date::to_time)) as &[Option<time::Date>],
        &column(cases, |case| case.opened_on.to_time()),
        &column(cases, |case| case.last_contact_on.map(Date::to_time)) as &[Option<time::Date>],
        &column(cases, |case| i32::from(case.contact_every_days)),
    )
    .execute(&mut *tx)
    .await?;
    all_written(&done, cases.len(), "cases")?;
    save_alerts(tx, agency_id, cases).await
}

/// Opens the scopes of each case that has none yet; the ids come from the owner's own import, not from a device.
async fn open_scopes(tx: &mut PgConnection, agency_id: AgencyId, cases: &[&Case], restricted: &[Uuid]) -> Result<(), RecordsError> {
    sqlx::query!(
        "insert into scopes (agency_id, scope_id, kind, case_id)
         select $1, s.scope_id, s.kind, n.case_id
         from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as n (general, restricted, case_id)
         cross join lateral (values (n.general, 'case-general'), (n.restricted, 'case-restricted')) as s (scope_id, kind)
         where not exists (select from scopes x where x.agency_id = $1 and x.scope_id = s.scope_id)",
        agency_id.0,
        &column(cases, |case| case.scope_id.0),
        restricted,
        &column(cases, |case| case.id.0),
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn save_alerts(tx: &mut PgConnection, agency_id: AgencyId, cases: &[&Case]) -> Result<(), RecordsError> {
    let ids = column(cases, |case| case.id.0);
    sqlx::query!("delete from case_alerts where agency_id = $1 and case_id = any ($2)", agency_id.0, &ids).execute(&mut *tx).await?;
    let of_case = |case: &&Case| {
        let (case_id, scope_id) = (case.id.0, case.scope_id.0);
        (0_i16..).zip(case.alerts.clone()).map(move |(position, alert)| (case_id, scope_id, position, alert))
    };
    let alerts: Vec<_> = cases.iter().flat_map(of_case).collect();
    let done = sqlx::query!(
        "insert into case_alerts (agency_id, case_id, scope_id, position, kind, statement)
         select $1, * from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::text[], $6::text[])",
        agency_id.0,
        &column(&alerts, |part| part.0),
        &column(&alerts, |part| part.1),
        &column(&alerts, |part| part.2),
        &column(&alerts, |part| part.3.kind.code().to_owned()),
        &column(&alerts, |part| part.3.text.clone()),
    )
    .execute(tx)
    .await?;
    all_written(&done, alerts.len(), "case_alerts")
}
