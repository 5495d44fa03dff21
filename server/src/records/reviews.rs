//! What waits for a person's decision.

use domain::{AgencyId, CaseId, Contradiction, DateTime, Decided, HeldCommand, Matter, Outcome, Review, ReviewId, Term, WorkerId};
use sqlx::{PgConnection, types::Json};
use sync::wire::Mutation;
use uuid::Uuid;

use super::{RecordsError, all_written, column, term};

pub(super) async fn load(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<Vec<Review>, RecordsError> {
    let rows = sqlx::query!(
        r#"select review_id, worker_id, case_id, code, contradiction as "contradiction: Json<Contradiction>", mutation, recorded_at,
            recorded_offset_min, received_at, decided_by, decided_at, decided_offset_min, outcome, reason
         from reviews where agency_id = $1 and review_id = any ($2)"#,
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let mut reviews = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.review_id;
        let matter = match (row.contradiction, row.code) {
            (Some(contradiction), _) => Matter::Contradiction(contradiction.0),
            (None, code) => Matter::Held(held(&row.mutation, code.unwrap_or_default(), id)?),
        };
        let decided = match (row.decided_by, row.decided_at, row.outcome, row.reason) {
            (Some(by), Some(at), Some(outcome), Some(reason)) => Some(Decided {
                by: WorkerId(by),
                at: DateTime::from_time(at, row.decided_offset_min.unwrap_or(0)),
                outcome: term::<Outcome>(&outcome, "reviews", id)?,
                reason,
            }),
            _ => None,
        };
        reviews.push(Review {
            id: ReviewId(id),
            author_id: WorkerId(row.worker_id),
            case_id: row.case_id.map(CaseId),
            recorded_at: DateTime::from_time(row.recorded_at, row.recorded_offset_min),
            received_at: DateTime::from_time(row.received_at, 0),
            matter,
            decided,
        });
    }
    Ok(reviews)
}

fn held(mutation: &str, code: String, id: Uuid) -> Result<HeldCommand, RecordsError> {
    let mutation: Mutation = serde_json::from_str(mutation).map_err(|_| RecordsError::Inconsistent { table: "reviews", row: id })?;
    Ok(HeldCommand { code, kind: mutation.kind, v: mutation.v, body: mutation.body.get().to_owned() })
}

/// Keeps them as they are until the transaction ends.
pub(crate) async fn lock(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<(), RecordsError> {
    sqlx::query!(
        "select review_id from reviews where agency_id = $1 and review_id = any ($2) order by review_id for no key update",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    Ok(())
}

/// Writes what was decided.
pub(crate) async fn decide(tx: &mut PgConnection, agency_id: AgencyId, reviews: &[&Review]) -> Result<(), RecordsError> {
    let decided: Vec<(Uuid, &Decided)> = reviews.iter().filter_map(|review| Some((review.id.0, review.decided.as_ref()?))).collect();
    let done = sqlx::query!(
        "update reviews r set decided_by = n.decided_by, decided_at = n.decided_at, decided_offset_min = n.offset_min,
            outcome = n.outcome, reason = n.reason
         from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::smallint[], $6::text[], $7::text[])
            as n (review_id, decided_by, decided_at, offset_min, outcome, reason)
         where r.agency_id = $1 and r.review_id = n.review_id and r.decided_by is null",
        agency_id.0,
        &column(&decided, |(id, _)| *id),
        &column(&decided, |(_, decided)| decided.by.0),
        &column(&decided, |(_, decided)| decided.at.to_time()),
        &column(&decided, |(_, decided)| decided.at.offset_min()),
        &column(&decided, |(_, decided)| decided.outcome.code().to_owned()),
        &column(&decided, |(_, decided)| decided.reason.clone()),
    )
    .execute(tx)
    .await?;
    all_written(&done, reviews.len(), "reviews")
}
