//! What the server's database holds in the end, read as its owner. Notes and amendments are lines, which are compared with the lines of
//! what was written.

use std::collections::HashMap;

use anyhow::Result;
use domain::{AmendNote, DateTime, SignNote, Term};
use sqlx::{PgPool, Row, postgres::PgRow};
use sync::wire::Mid;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::ledger::Written;

/// By author and mutation.
pub(crate) type ByMutation<T> = HashMap<(Uuid, Mid), Vec<T>>;

/// Everything that a mutation can leave behind.
pub(crate) struct Found {
    pub(crate) notes: HashMap<Uuid, String>,
    pub(crate) amendments: HashMap<Uuid, String>,
    /// How often somebody is named among the people in a client's life.
    pub(crate) neighbours: HashMap<String, i64>,
    pub(crate) reviews: ByMutation<Review>,
    /// The status of each receipt.
    pub(crate) receipts: ByMutation<String>,
}

/// Something that waits for a person, or waited.
pub(crate) struct Review {
    /// The whole mutation.
    pub(crate) text: String,
    pub(crate) is_contradiction: bool,
    /// A person decided that it is carried out.
    pub(crate) is_filed: bool,
}

/// Reads all of it.
///
/// # Errors
/// The database does not answer, or holds what no server writes.
pub(crate) async fn load(pool: &PgPool) -> Result<Found> {
    let notes = sqlx::query(
        "select n.*, array(
            select g.goal_id || ' ' || g.from_achievement || ' ' || g.to_achievement from note_goals g
            where g.agency_id = n.agency_id and g.note_id = n.note_id order by g.position) as goals
         from notes n",
    );
    let amendments = sqlx::query("select * from amendments");
    let neighbours = sqlx::query_as("select name, count(*) from related_persons group by name");
    let line = |row: &PgRow| Ok((row.try_get("note_id")?, line_of_note_row(row)?));
    let amendment_line = |row: &PgRow| Ok((row.try_get("amendment_id")?, line_of_amendment_row(row)?));
    Ok(Found {
        notes: notes.fetch_all(pool).await?.iter().map(line).collect::<Result<_>>()?,
        amendments: amendments.fetch_all(pool).await?.iter().map(amendment_line).collect::<Result<_>>()?,
        neighbours: neighbours.fetch_all(pool).await?.into_iter().collect(),
        reviews: load_reviews(pool).await?,
        receipts: load_receipts(pool).await?,
    })
}

async fn load_reviews(pool: &PgPool) -> Result<ByMutation<Review>> {
    let query = "select worker_id, mid, mutation, contradiction is not null as is_contradiction,
            coalesce(outcome = 'file', false) as is_filed
         from reviews";
    let mut reviews = ByMutation::new();
    for row in sqlx::query(query).fetch_all(pool).await? {
        let review = Review {
            text: row.try_get("mutation")?,
            is_contradiction: row.try_get("is_contradiction")?,
            is_filed: row.try_get("is_filed")?,
        };
        reviews.entry(key(&row)?).or_default().push(review);
    }
    Ok(reviews)
}

async fn load_receipts(pool: &PgPool) -> Result<ByMutation<String>> {
    let mut receipts = ByMutation::new();
    for row in sqlx::query("select worker_id, mid, status from mutations").fetch_all(pool).await? {
        receipts.entry(key(&row)?).or_default().push(row.try_get("status")?);
    }
    Ok(receipts)
}

fn key(row: &PgRow) -> Result<(Uuid, Mid)> {
    Ok((row.try_get("worker_id")?, Mid(row.try_get("mid")?)))
}

/// A note as it was written, in the shape of [`line_of_note_row`].
pub(crate) fn line_of_note(one: &Written, sign: &SignNote) -> String {
    let signed_at = one.mutation.recorded_at;
    let goals: Vec<String> = sign.goals.iter().map(|goal| format!("{} {} {}", goal.goal_id.0, goal.from.code(), goal.to.code())).collect();
    let tasks_done: Vec<Uuid> = sign.tasks_done.iter().map(|task_id| task_id.0).collect();
    format!(
        "{:?}",
        (
            (one.agency_id, one.worker_id, sign.case_id.0, moment(sign.occurred_at), moment(signed_at), i32::from(sign.duration_min)),
            (sign.mode.code(), sign.reached.code(), sign.purpose.code(), sign.sensitivity.code(), &sign.narrative),
            (goals, tasks_done, sign.visit_id.map(|visit_id| visit_id.0)),
        )
    )
}

fn line_of_note_row(row: &PgRow) -> Result<String> {
    let id = |name: &str| row.try_get::<Uuid, _>(name);
    let text = |name: &str| row.try_get::<String, _>(name);
    let (occurred_at, signed_at) = (at(row, "occurred_at", "occurred_offset_min")?, at(row, "signed_at", "signed_offset_min")?);
    Ok(format!(
        "{:?}",
        (
            (id("agency_id")?, id("author_id")?, id("case_id")?, occurred_at, signed_at, row.try_get::<i32, _>("duration_min")?),
            (text("mode")?, text("reached")?, text("purpose")?, text("sensitivity")?, text("narrative")?),
            (
                row.try_get::<Vec<String>, _>("goals")?,
                row.try_get::<Vec<Uuid>, _>("tasks_done")?,
                row.try_get::<Option<Uuid>, _>("visit_id")?
            ),
        )
    ))
}

/// An amendment as it was written, in the shape of [`line_of_amendment_row`].
pub(crate) fn line_of_amendment(one: &Written, amend: &AmendNote) -> String {
    let signed_at = moment(one.mutation.recorded_at);
    format!("{:?}", (one.agency_id, one.worker_id, amend.note_id.0, amend.case_id.0, signed_at, amend.kind.code(), &amend.text))
}

fn line_of_amendment_row(row: &PgRow) -> Result<String> {
    let id = |name: &str| row.try_get::<Uuid, _>(name);
    let text = |name: &str| row.try_get::<String, _>(name);
    let signed_at = at(row, "signed_at", "signed_offset_min")?;
    Ok(format!("{:?}", (id("agency_id")?, id("author_id")?, id("note_id")?, id("case_id")?, signed_at, text("kind")?, text("narrative")?)))
}

fn at(row: &PgRow, time: &str, offset: &str) -> Result<(i64, i16)> {
    Ok(moment(DateTime::from_time(row.try_get::<OffsetDateTime, _>(time)?, row.try_get::<i16, _>(offset)?)))
}

fn moment(at: DateTime) -> (i64, i16) {
    (at.unix_ms(), at.offset_min())
}
