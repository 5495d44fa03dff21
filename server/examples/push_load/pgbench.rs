//! What the database itself can do: pgbench writes the same rows into the same tables, as the same role, with the triggers as they are.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use sqlx::postgres::PgConnectOptions;

use crate::seed::{CASES_PER_DEVICE, MAX_DEVICES, Seed, narrative};

/// Runs `clients` of it at once; answers how many notes a second were written.
pub(crate) fn run(database: &PgConnectOptions, seed: &Seed, clients: usize, notes: usize, lasts: Duration) -> Result<f64> {
    let script = std::env::temp_dir().join(format!("doorstep-pgbench-{}.sql", std::process::id()));
    fs::write(&script, text(seed, notes))?;
    let result = run_script(database, clients, lasts, &script);
    fs::remove_file(&script)?;
    Ok(result? * notes as f64)
}

fn run_script(database: &PgConnectOptions, clients: usize, lasts: Duration, script: &Path) -> Result<f64> {
    let mut command = Command::new(program());
    command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2"]);
    command.arg(format!("--client={clients}")).arg(format!("--time={}", lasts.as_secs())).arg("--file").arg(script);
    let host = database.get_socket().map_or_else(|| database.get_host().to_owned(), |folder| folder.display().to_string());
    command.env("PGHOST", host).env("PGPORT", database.get_port().to_string()).env("PGUSER", database.get_username());
    command.env("PGDATABASE", database.get_database().unwrap_or("postgres")).env("PGOPTIONS", "-c role=doorstep_app");
    let output = command.output().context("pgbench was not found; it comes with PostgreSQL")?;
    let told = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
    let line = told.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench told no rate")?;
    Ok(line.split(' ').next().unwrap_or_default().parse()?)
}

/// Beside the server's other programs where it is not on the path.
fn program() -> PathBuf {
    let debian = Path::new("/usr/lib/postgresql/15/bin/pgbench");
    if debian.exists() { debian.to_owned() } else { PathBuf::from("pgbench") }
}

/// The transaction. Ids rise with the time, as those that devices make.
fn text(seed: &Seed, notes: usize) -> String {
    let Seed { agency_id, writer_id } = seed;
    let id = "encode(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) \
              from 3) from 1 for 6), 'hex')::uuid";
    let first_case = MAX_DEVICES * CASES_PER_DEVICE;
    let text = narrative();
    let receipt =
        r#"{"mid": "00000000-0000-7000-8000-000000000000", "seq": 1234, "status": "applied", "received_at": "2026-09-21T14:13:20Z"}"#;
    format!(
        "begin;
select set_config('app.agency_id', '{agency_id}', true), set_config('app.worker_id', '{writer_id}', true), set_config('app.role', 'case-manager', true);
update devices set last_seq = last_seq + {notes}, last_seen_at = now() where agency_id = '{agency_id}' and worker_id = '{writer_id}' and device_id = numbered(7, :client_id::bigint) returning last_seq \\gset
insert into mutations (agency_id, worker_id, mid, device_id, seq, body_hash, status, result, received_at) select '{agency_id}', '{writer_id}', {id}, numbered(7, :client_id::bigint), :last_seq::bigint - n, sha256(n::text::bytea), 'applied', '{receipt}'::jsonb, now() from generate_series(0, {notes} - 1) n;
insert into audit_events (agency_id, occurred_at, worker_id, device_id, action, kind, entity_id, result) select '{agency_id}', now(), '{writer_id}', numbered(7, :client_id::bigint), 'note.sign', 'note', {id}, 'applied' from generate_series(0, {notes} - 1) n;
insert into notes (agency_id, note_id, case_id, scope_id, author_id, occurred_at, occurred_offset_min, duration_min, mode, reached, purpose, narrative, signed_at, signed_offset_min, received_at) select '{agency_id}', {id}, numbered(3, {first_case} + :client_id::bigint * {CASES_PER_DEVICE} + n % {CASES_PER_DEVICE}), numbered(5, {first_case} + :client_id::bigint * {CASES_PER_DEVICE} + n % {CASES_PER_DEVICE}), '{writer_id}', now(), 0, 40, 'home', 'client', 'monitoring', '{text}', now(), 0, now() from generate_series(0, {notes} - 1) n;
commit;
"
    )
}
