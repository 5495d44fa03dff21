//! What somebody should look at.

use axum::extract::State;
use domain::DateTime;
use sqlx::PgPool;
use sync::questions::{Done, ListNotices, MarkNoticeSeen, Notice, NoticeKind, Notices};

use super::Answered;
use crate::{db, problem::Json, sessions::SignedIn};

pub(super) async fn list(State(pool): State<PgPool>, signed_in: SignedIn, Json(asked): Json<ListNotices>) -> Answered<ListNotices> {
    let mut tx = db::begin_reading_as(&pool, &signed_in.identity).await?;
    let rows = sqlx::query!(
        "select notice_id, kind, about, created_at, seen_at from notices
         where agency_id = app_agency() and worker_id = app_worker() and (seen_at is null or $1)
         order by seen_at is not null, created_at desc, notice_id
         limit 100",
        asked.seen_too
    )
    .fetch_all(&mut *tx)
    .await?;
    let notices = rows.into_iter().map(|row| Notice {
        notice_id: row.notice_id,
        kind: if row.kind == "break-glass" { NoticeKind::BreakGlass } else { NoticeKind::Unknown },
        about: row.about,
        created_at: DateTime::from_time(row.created_at, 0),
        seen_at: row.seen_at.map(|at| DateTime::from_time(at, 0)),
    });
    Ok(Json(Notices { notices: notices.collect() }))
}

pub(super) async fn mark_seen(
    State(pool): State<PgPool>,
    signed_in: SignedIn,
    Json(asked): Json<MarkNoticeSeen>,
) -> Answered<MarkNoticeSeen> {
    let mut tx = db::begin_as(&pool, &signed_in.identity).await?;
    sqlx::query!(
        "update notices set seen_at = coalesce(seen_at, now()) where agency_id = app_agency() and worker_id = app_worker() and notice_id = $1",
        asked.notice_id
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Json(Done {}))
}
