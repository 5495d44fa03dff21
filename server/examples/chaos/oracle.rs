//! The verdict: reads the database as its owner and compares it with what was written, and with what every device holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, Result, bail};
use domain::{Caseload, Command, DateTime, Record, RecordRef, SignNote, Term};
use sqlx::{PgPool, Row, postgres::PgRow};
use sync::wire::{Mid, Mutation, PullRequest, PullResponse, ScopeDelta};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    home::Home,
    http::{Answer, Line},
    ledger::{NOTE, Written},
    world::{Account, PASSWORD},
};

/// How many differences of a kind are told.
const TOLD: usize = 5;

/// What became of the notes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) written: usize,
    /// In `notes`, as they were written.
    pub(crate) received: usize,
    /// In `quarantine`, with their whole text.
    pub(crate) quarantined: usize,
    /// In neither, or not as they were written.
    pub(crate) lost: usize,
    /// More than once, or there without having been written.
    pub(crate) doubled: usize,
}

impl Verdict {
    pub(crate) fn is_good(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.written == self.received + self.quarantined
    }
}

/// What the server holds of one mutation.
#[derive(Default)]
struct Holdings {
    /// The note that it would have made, as a line to compare.
    note: Option<String>,
    /// The texts in quarantine under its `mid`.
    texts: Vec<String>,
    /// How often the log has it, and with which status.
    receipts: Vec<String>,
}

/// Counts every note.
///
/// # Errors
/// The database does not answer, or holds what no server writes.
pub(crate) async fn judge_notes(pool: &PgPool, written: &[Written]) -> Result<Verdict> {
    let mut notes = load_notes(pool).await?;
    let mut texts = load_texts(pool).await?;
    let mut receipts = load_receipts(pool).await?;
    let mut verdict = Verdict::default();
    let mut told = BTreeMap::new();
    for one in written {
        let key = (one.worker_id, one.mutation.mid);
        let holdings = Holdings {
            note: if one.mutation.kind == NOTE { notes.remove(&one.mutation.entity_id) } else { None },
            texts: texts.remove(&key).unwrap_or_default(),
            receipts: receipts.remove(&key).unwrap_or_default(),
        };
        if one.mutation.kind == NOTE {
            count(&mut verdict, one, &holdings, &mut told)?;
        } else if holdings.receipts.len() != 1 || holdings.texts.len() != usize::from(is_held(&holdings.receipts[0])) {
            tell(&mut told, "a mutation beside the notes has not one receipt, or not one effect", one);
            verdict.lost += 1;
        }
    }
    let strangers = notes.len() + texts.len() + receipts.len();
    if strangers > 0 {
        println!("the server holds {strangers} things that no device wrote");
        verdict.doubled += strangers;
    }
    Ok(verdict)
}

fn count(verdict: &mut Verdict, one: &Written, holdings: &Holdings, told: &mut BTreeMap<&'static str, usize>) -> Result<()> {
    verdict.written += 1;
    let Command::SignNote(sign) = one.mutation.command()? else { bail!("a note is no note") };
    let is_there = holdings.note.as_ref().is_some_and(|note| *note == line_of_command(one, &sign));
    let kept = holdings.texts.iter().filter(|text| is_same_text(text, &one.mutation)).count();
    verdict.received += usize::from(is_there);
    verdict.quarantined += usize::from(kept > 0);
    match (usize::from(is_there) + kept, usize::from(holdings.note.is_some()) + holdings.texts.len()) {
        (1, 1) => {}
        (0, 0) => {
            verdict.lost += 1;
            tell(told, "a note is lost", one);
        }
        (0, _) => {
            verdict.lost += 1;
            tell(told, "a note is there with another content", one);
        }
        _ => {
            verdict.doubled += 1;
            tell(told, "a note is there more than once", one);
        }
    }
    if holdings.receipts.len() != 1 {
        tell(told, "a note has not one receipt", one);
        verdict.doubled += usize::from(holdings.receipts.len() > 1);
    }
    Ok(())
}

fn is_held(status: &str) -> bool {
    matches!(status, "quarantined" | "blocked")
}

fn tell(told: &mut BTreeMap<&'static str, usize>, what: &'static str, one: &Written) {
    let times = told.entry(what).or_default();
    *times += 1;
    if *times <= TOLD {
        println!("{what}: mutation {}", one.mutation.mid);
    }
}

/// The text in quarantine is the mutation as it was saved; only its place may be another, after the device took a new identity.
fn is_same_text(text: &str, written: &Mutation) -> bool {
    let Ok(kept) = serde_json::from_str::<Mutation>(text) else { return false };
    let same = |of: fn(&Mutation) -> Mutation| serde_json::to_string(&of(&kept)).ok() == serde_json::to_string(&of(written)).ok();
    same(|mutation| Mutation { seq: 0, ..mutation.clone() })
}

/// A note as it was written, in the shape of [`line_of_row`].
fn line_of_command(one: &Written, sign: &SignNote) -> String {
    let signed_at = one.mutation.recorded_at;
    let goals: Vec<String> = sign.goals.iter().map(|goal| format!("{} {} {}", goal.goal_id.0, goal.from.code(), goal.to.code())).collect();
    let tasks_done: Vec<Uuid> = sign.tasks_done.iter().map(|task_id| task_id.0).collect();
    format!(
        "{:?}",
        (
            (one.agency_id, one.worker_id, sign.case_id.0, moment(sign.occurred_at), moment(signed_at), sign.duration_min),
            (sign.mode.code(), sign.reached.code(), sign.purpose.code(), &sign.narrative),
            (goals, tasks_done, sign.visit_id.map(|visit_id| visit_id.0)),
        )
    )
}

fn line_of_row(row: &PgRow) -> Result<String> {
    let at = |time: &str, offset: &str| -> Result<_> {
        Ok(moment(DateTime::from_time(row.try_get::<OffsetDateTime, _>(time)?, row.try_get::<i16, _>(offset)?)))
    };
    let id = |name: &str| row.try_get::<Uuid, _>(name);
    let text = |name: &str| row.try_get::<String, _>(name);
    Ok(format!(
        "{:?}",
        (
            (
                id("agency_id")?,
                id("author_id")?,
                id("case_id")?,
                at("occurred_at", "occurred_offset_min")?,
                at("signed_at", "signed_offset_min")?,
                row.try_get::<i32, _>("duration_min")?,
            ),
            (text("mode")?, text("reached")?, text("purpose")?, text("narrative")?),
            (
                row.try_get::<Vec<String>, _>("goals")?,
                row.try_get::<Vec<Uuid>, _>("tasks_done")?,
                row.try_get::<Option<Uuid>, _>("visit_id")?
            ),
        )
    ))
}

fn moment(at: DateTime) -> (i64, i16) {
    (at.unix_ms(), at.offset_min())
}

async fn load_notes(pool: &PgPool) -> Result<HashMap<Uuid, String>> {
    let rows = sqlx::query(
        "select n.*, array(
            select g.goal_id || ' ' || g.from_achievement || ' ' || g.to_achievement from note_goals g
            where g.agency_id = n.agency_id and g.note_id = n.note_id order by g.position) as goals
         from notes n",
    );
    rows.fetch_all(pool).await?.iter().map(|row| Ok((row.try_get("note_id")?, line_of_row(row)?))).collect()
}

type ByMutation = HashMap<(Uuid, Mid), Vec<String>>;

async fn load_texts(pool: &PgPool) -> Result<ByMutation> {
    load_by_mutation(pool, "select worker_id, mid, mutation as text from quarantine").await
}

async fn load_receipts(pool: &PgPool) -> Result<ByMutation> {
    load_by_mutation(pool, "select worker_id, mid, status as text from mutations").await
}

async fn load_by_mutation(pool: &PgPool, query: &'static str) -> Result<ByMutation> {
    let mut by_mutation = ByMutation::new();
    for row in sqlx::query(query).fetch_all(pool).await? {
        by_mutation.entry((row.try_get("worker_id")?, Mid(row.try_get("mid")?))).or_default().push(row.try_get("text")?);
    }
    Ok(by_mutation)
}

/// Compares what a device has on disk and in memory with what the server shows its worker; tells the differences and counts them.
///
/// # Errors
/// The server or the database does not answer.
pub(crate) async fn compare_device(pool: &PgPool, server: &Line, home: &Home, shown: &Caseload) -> Result<usize> {
    let on_disk = by_ref(home.disk.open()?.context("a device without anything on disk")?.rows.into_iter().map(|(_, record)| record));
    let in_memory = by_ref(shown.records());
    let on_server = by_ref(pull_everything(server, &home.owner).await?);
    let visible = list_visible_notes(pool, &home.owner).await?;
    let notes: BTreeSet<Uuid> =
        on_disk.values().filter_map(|record| if let Record::Note(note) = record { Some(note.id.0) } else { None }).collect();
    let mut differences = notes.symmetric_difference(&visible).count();
    for (what, here) in [("on disk", &on_disk), ("in memory", &in_memory)] {
        let refs: BTreeSet<&RecordRef> = here.keys().chain(on_server.keys()).collect();
        let differ = refs.into_iter().filter(|record_ref| here.get(record_ref) != on_server.get(record_ref));
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for record_ref in differ {
            let how = match (here.contains_key(record_ref), on_server.contains_key(record_ref)) {
                (true, false) => "here only",
                (false, true) => "missing here",
                _ => "with another content",
            };
            *kinds.entry(format!("{} {how}", record_ref.kind.code())).or_default() += 1;
            differences += 1;
        }
        if !kinds.is_empty() {
            println!("device {}, {what}, beside what the server shows its worker: {kinds:?}", home.number);
        }
    }
    Ok(differences)
}

fn by_ref(records: impl IntoIterator<Item = Record>) -> BTreeMap<RecordRef, Record> {
    records.into_iter().map(|record| (record.record_ref(), record)).collect()
}

/// The notes that row-level security would show a worker, without asking it.
async fn list_visible_notes(pool: &PgPool, account: &Account) -> Result<BTreeSet<Uuid>> {
    let ids = sqlx::query_scalar(
        "select note_id from notes n where agency_id = $1 and exists (
            select from visible_scopes v
            where v.agency_id = $1 and v.worker_id = $2 and v.scope_id = n.scope_id and (v.expires_at is null or v.expires_at > now()))",
    );
    let ids: Vec<Uuid> = ids.bind(account.agency_id.0).bind(account.worker_id.0).fetch_all(pool).await?;
    Ok(ids.into_iter().collect())
}

/// What the server sends to somebody who holds nothing yet.
async fn pull_everything(server: &Line, account: &Account) -> Result<Vec<Record>> {
    let Answer::Ok(cookie) = server.sign_in(&account.email, PASSWORD).await else { bail!("the server does not let a worker in") };
    let mut request = PullRequest {
        device_id: None,
        generation: 0,
        incarnation: None,
        scopes: BTreeMap::new(),
        first: None,
        limit_bytes: 4 * 1024 * 1024,
    };
    let mut all = Vec::new();
    loop {
        let Answer::Ok(response) = server.post::<PullResponse>("/sync/v1/pull", &request, Some(&cookie)).await else {
            bail!("the server does not answer a pull")
        };
        request.incarnation = Some(response.incarnation);
        for ScopeDelta { scope_id, epoch, through, records, .. } in response.scopes {
            request.scopes.insert(scope_id, sync::wire::Held { epoch, head: through });
            all.extend(records);
        }
        if !response.more {
            return Ok(all);
        }
    }
}
