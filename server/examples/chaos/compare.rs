//! Whether a device ends with what the server shows its worker: on its disk and in memory.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use domain::{Caseload, Record, RecordRef, Term};
use sqlx::PgPool;
use sync::wire::{PullRequest, PullResponse, ScopeDelta};
use uuid::Uuid;

use crate::{
    home::Home,
    http::{Answer, Line},
    world::{Account, PASSWORD},
};

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
