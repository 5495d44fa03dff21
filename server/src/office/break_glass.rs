//! Opening a case in an emergency, and judging it afterwards. The grant is a reason to see a scope like any other; sync does the rest.

use axum::extract::State;
use domain::{CaseId, DateTime, Permission, ScopeId, WorkerId};
use sqlx::PgPool;
use sync::{
    questions::{
        BreakGlass, BreakGlassId, Done, FindCase, FoundCase, FoundCases, GlassBroken, GlassEntry, GlassList, GlassReview, ListBreakGlass,
        MAX_REASON_CHARACTERS, MIN_REASON_CHARACTERS, ReviewBreakGlass,
    },
    wire::ProblemCode,
};

use super::{Answered, require};
use crate::{
    audit::{self, Event},
    db,
    problem::{Json, Problem},
    sessions::SignedIn,
};

pub(super) async fn open(State(pool): State<PgPool>, signed_in: SignedIn, Json(asked): Json<BreakGlass>) -> Answered<BreakGlass> {
    let identity = &signed_in.identity;
    let reason = asked.reason.trim();
    if !(MIN_REASON_CHARACTERS..=MAX_REASON_CHARACTERS).contains(&reason.chars().count()) {
        return Err(Problem::new(ProblemCode::Malformed));
    }
    require(&pool, identity, Permission::BreakGlass, "break-glass.open").await?;
    signed_in.require_fresh()?;
    let mut tx = db::begin_as(&pool, identity).await?;
    let opened = sqlx::query!(
        r#"select break_glass_id as "break_glass_id!", scope_id as "scope_id!", expires_at as "expires_at!" from open_break_glass($1, $2)"#,
        asked.case_id.0,
        reason,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let event = match opened {
        Some(_) => Event::applied("break-glass.open"),
        None => Event::denied("break-glass.open", "not-found"),
    };
    audit::record(&mut tx, identity, event.about("case", asked.case_id.0)).await?;
    tx.commit().await?;
    let opened = opened.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    Ok(Json(GlassBroken {
        break_glass_id: BreakGlassId(opened.break_glass_id),
        scope_id: ScopeId(opened.scope_id),
        expires_at: DateTime::from_time(opened.expires_at, 0),
    }))
}

pub(super) async fn find(State(pool): State<PgPool>, signed_in: SignedIn, Json(asked): Json<FindCase>) -> Answered<FindCase> {
    let identity = &signed_in.identity;
    require(&pool, identity, Permission::BreakGlass, "break-glass.find").await?;
    signed_in.require_fresh()?;
    let mut tx = db::begin_as(&pool, identity).await?;
    let rows = sqlx::query!(
        r#"select case_id as "case_id!", programme as "programme!" from cases_of_client_number($1)"#,
        asked.client_number.trim(),
    )
    .fetch_all(&mut *tx)
    .await?;
    let event = match rows.first() {
        Some(row) => Event::read("break-glass.find").about("case", row.case_id),
        None => Event::denied("break-glass.find", "not-found"),
    };
    audit::record(&mut tx, identity, event).await?;
    tx.commit().await?;
    let cases = rows.into_iter().map(|row| FoundCase { case_id: CaseId(row.case_id), programme: row.programme });
    Ok(Json(FoundCases { cases: cases.collect() }))
}

pub(super) async fn list(State(pool): State<PgPool>, signed_in: SignedIn, Json(_): Json<ListBreakGlass>) -> Answered<ListBreakGlass> {
    let mut tx = db::begin_as(&pool, &signed_in.identity).await?;
    // Row-level security leaves one's own, or all for those who review.
    let rows = sqlx::query!(
        "select break_glass_id, worker_id, case_id, reason, opened_at, expires_at, reviewed_by, reviewed_at, justified, remark
         from break_glass
         where agency_id = app_agency()
         order by reviewed_at is not null, opened_at desc, break_glass_id
         limit 200"
    )
    .fetch_all(&mut *tx)
    .await?;
    audit::record(&mut tx, &signed_in.identity, Event::read("break-glass.list")).await?;
    tx.commit().await?;
    let entries = rows.into_iter().map(|row| {
        let review = match (row.reviewed_by, row.reviewed_at, row.justified) {
            (Some(by), Some(at), Some(justified)) => {
                Some(GlassReview { by: WorkerId(by), at: DateTime::from_time(at, 0), justified, remark: row.remark.unwrap_or_default() })
            }
            _ => None,
        };
        GlassEntry {
            break_glass_id: BreakGlassId(row.break_glass_id),
            worker_id: WorkerId(row.worker_id),
            case_id: CaseId(row.case_id),
            reason: row.reason,
            opened_at: DateTime::from_time(row.opened_at, 0),
            expires_at: DateTime::from_time(row.expires_at, 0),
            review,
        }
    });
    Ok(Json(GlassList { entries: entries.collect() }))
}

pub(super) async fn review(
    State(pool): State<PgPool>,
    signed_in: SignedIn,
    Json(asked): Json<ReviewBreakGlass>,
) -> Answered<ReviewBreakGlass> {
    let identity = &signed_in.identity;
    if asked.remark.chars().count() > MAX_REASON_CHARACTERS {
        return Err(Problem::new(ProblemCode::Malformed));
    }
    require(&pool, identity, Permission::ReviewBreakGlass, "break-glass.review").await?;
    let mut tx = db::begin_as(&pool, identity).await?;
    let reviewed = sqlx::query_scalar!(
        r#"select review_break_glass($1, $2, $3) as "reviewed!""#,
        asked.break_glass_id.0,
        asked.justified,
        asked.remark.trim(),
    )
    .fetch_one(&mut *tx)
    .await?;
    // One's own, one that was judged already, and none at all are told in the same words.
    let event = if reviewed { Event::applied("break-glass.review") } else { Event::denied("break-glass.review", "not-found") };
    audit::record(&mut tx, identity, event.about("break-glass", asked.break_glass_id.0)).await?;
    tx.commit().await?;
    if reviewed { Ok(Json(Done {})) } else { Err(Problem::new(ProblemCode::NotFound)) }
}
