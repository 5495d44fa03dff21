//! Tells devices what would survive the loss of this server: only then may they let go of what they wrote.
//!
//! A position of the write-ahead log, read after a push was committed, lies behind that push. When a standby has flushed it, or the
//! segment that holds it was archived, the push is safe.

use std::{
    collections::{BTreeSet, VecDeque},
    time::Duration,
};

use domain::WorkerId;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::sync::Pokes;

/// How often to look.
const EVERY: Duration = Duration::from_secs(3);

/// How many looks into the past are remembered while nothing is copied anywhere.
const MAX_REMEMBERED: usize = 1_000;

/// How far a device was at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    agency_id: Uuid,
    worker_id: Uuid,
    device_id: Uuid,
    seq: i64,
}

/// A look at the devices, and a log position behind all that they had sent by then.
struct Look {
    marks: Vec<Mark>,
    lsn: i64,
}

/// Looks until `stopping`.
pub async fn run(pool: PgPool, pokes: Pokes, stopping: CancellationToken) {
    let mut watch = Watch { looks: VecDeque::new() };
    loop {
        if let Err(error) = watch.look(&pool, &pokes).await {
            tracing::warn!(database = error.as_database_error().is_some(), "what is safe could not be looked up");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stopping.cancelled() => return,
        }
    }
}

/// What was seen and is not safe yet, the oldest first. Kept in memory only: after a restart it is seen again.
struct Watch {
    looks: VecDeque<Look>,
}

impl Watch {
    async fn look(&mut self, pool: &PgPool, pokes: &Pokes) -> sqlx::Result<()> {
        let marks = list_behind(pool).await?;
        if marks.is_empty() {
            self.looks.clear();
            return Ok(());
        }
        // Read after the devices: what they had sent was committed before this position was reached.
        let lsn = current_lsn(pool).await?;
        if self.looks.back().is_none_or(|last| last.marks != marks) {
            self.looks.push_back(Look { marks, lsn });
        }
        if self.looks.len() > MAX_REMEMBERED {
            self.looks.pop_front();
        }
        let Some(survives) = surviving_lsn(pool).await? else { return Ok(()) };
        while let Some(look) = self.looks.pop_front_if(|look| look.lsn <= survives) {
            mark_safe(pool, &look.marks).await?;
            pokes.tell(look.marks.iter().map(|mark| WorkerId(mark.worker_id)).collect::<BTreeSet<_>>());
        }
        Ok(())
    }
}

async fn list_behind(pool: &PgPool) -> sqlx::Result<Vec<Mark>> {
    sqlx::query_as!(
        Mark,
        r#"select agency_id as "agency_id!", worker_id as "worker_id!", device_id as "device_id!", last_seq as "seq!"
         from devices_behind() order by agency_id, device_id"#
    )
    .fetch_all(pool)
    .await
}

async fn current_lsn(pool: &PgPool) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint as "lsn!""#).fetch_one(pool).await
}

async fn surviving_lsn(pool: &PgPool) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!("select (surviving_lsn() - '0/0'::pg_lsn)::bigint").fetch_one(pool).await
}

async fn mark_safe(pool: &PgPool, marks: &[Mark]) -> sqlx::Result<()> {
    let (agencies, devices, seqs) =
        marks.iter().map(|mark| (mark.agency_id, mark.device_id, mark.seq)).collect::<(Vec<_>, Vec<_>, Vec<_>)>();
    sqlx::query_scalar!("select mark_safe($1, $2, $3)", &agencies, &devices, &seqs).fetch_one(pool).await?;
    Ok(())
}
