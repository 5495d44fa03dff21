//! An agency with as many notes as years of work leave behind. Made by SQL, because a million of anything else takes too long.

use anyhow::Result;
use domain::CaseId;
use server::{db, sessions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use uuid::Uuid;

pub(crate) const WRITER: &str = "writer@bench.example";
pub(crate) const READER: &str = "reader@bench.example";
pub(crate) const PASSWORD: &str = "a bench is for sitting";

/// Each device writes in cases of its own.
pub(crate) const CASES_PER_DEVICE: usize = 10;

/// The most devices of one load.
pub(crate) const MAX_DEVICES: usize = 32;

/// The cases in which the measured devices write, then as many for pgbench's.
const WRITTEN_CASES: usize = 2 * MAX_DEVICES * CASES_PER_DEVICE;

const CASES_PER_WORKER: i64 = 50;
const NOTES_PER_CASE: i64 = 100;

/// Some 600 characters, as notes are.
pub(crate) fn narrative() -> String {
    "Visited at home in the afternoon. She had slept badly and worries about the letter from the landlord. ".repeat(6)
}

/// The case with a number.
pub(crate) fn case_id(number: usize) -> CaseId {
    CaseId(numbered(3, number))
}

fn numbered(kind: u32, number: usize) -> Uuid {
    Uuid::from_u128(u128::from(kind) << 96 | 0x7000_8000_0000_0000_0000 | number as u128)
}

/// Who writes, for pgbench.
pub(crate) struct Seed {
    pub(crate) agency_id: Uuid,
    pub(crate) writer_id: Uuid,
}

impl Seed {
    pub(crate) async fn plant(database: &PgConnectOptions, notes: i64) -> Result<Self> {
        let pool = db::connect_owner(database.clone()).await?;
        db::MIGRATOR.run(&pool).await?;
        pool.close().await;
        let mut connection = database.connect().await?;
        let seed = Self { agency_id: numbered(1, 0), writer_id: numbered(2, 0) };
        seed.plant_agency(&mut connection, notes).await?;
        seed.plant_notes(&mut connection).await?;
        seed.plant_devices(&mut connection).await?;
        run(&mut connection, "vacuum analyze".to_owned()).await?;
        run(&mut connection, "checkpoint".to_owned()).await?;
        connection.close().await?;
        Ok(seed)
    }

    /// The writer, the reader with fifty cases, and as many workers beside them as the notes need.
    async fn plant_agency(&self, connection: &mut PgConnection, notes: i64) -> Result<()> {
        let Self { agency_id, .. } = self;
        let hash = sessions::hash_password(PASSWORD).map_err(|error| anyhow::anyhow!("{error}"))?;
        let workers = (notes / NOTES_PER_CASE / CASES_PER_WORKER).max(1) + 1;
        let cases = WRITTEN_CASES as i64 + (workers - 1) * CASES_PER_WORKER;
        let last_case = cases - 1;
        run(
            connection,
            format!(
                "create function numbered(kind int, number bigint) returns uuid language sql immutable
                    return (lpad(to_hex(kind), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid;
                 set app.agency_id = '{agency_id}';
                 insert into agencies (agency_id, name) values ('{agency_id}', 'Bench');
                 insert into workers (agency_id, worker_id, email, password_hash, name, role)
                    select '{agency_id}', numbered(2, n),
                        case n when 0 then '{WRITER}' when 1 then '{READER}' else 'worker' || n || '@bench.example' end,
                        '{hash}', 'Worker ' || n, 'case-manager' from generate_series(0, {workers}) n;
                 insert into persons (agency_id, person_id, given_name, family_name, language, interpreter_needed)
                    select '{agency_id}', numbered(4, n), 'Given' || n, 'Family' || n, 'en', false from generate_series(0, {last_case}) n;
                 insert into scopes (agency_id, scope_id, kind, case_id)
                    select '{agency_id}'::uuid, numbered(5, n), 'case-general', numbered(3, n) from generate_series(0, {last_case}) n
                    union all
                    select '{agency_id}'::uuid, numbered(8, n), 'case-restricted', numbered(3, n) from generate_series(0, {last_case}) n;
                 insert into cases (agency_id, case_id, scope_id, restricted_scope_id, person_id, programme, primary_worker_id, state, risk_level, opened_on,
                        contact_every_days)
                    select '{agency_id}', numbered(3, n), numbered(5, n), numbered(8, n), numbered(4, n), 'Housing',
                        numbered(2, case when n < {WRITTEN_CASES} then 0 else 1 + (n - {WRITTEN_CASES}) / {CASES_PER_WORKER} end),
                        'active', 'medium', '2025-01-06', 14
                    from generate_series(0, {last_case}) n;"
            ),
        )
        .await
    }

    /// A hundred notes for every case beyond those that are written in; past the triggers, which would count each.
    async fn plant_notes(&self, connection: &mut PgConnection) -> Result<()> {
        let text = narrative();
        run(
            connection,
            format!(
                "set session_replication_role = replica;
                 insert into notes (agency_id, note_id, case_id, scope_id, author_id, occurred_at, occurred_offset_min, duration_min, mode,
                        reached, purpose, narrative, signed_at, signed_offset_min, received_at)
                    select agency_id, numbered(6, row_number() over ()), case_id, scope_id, primary_worker_id, at, 0, 30, 'home', 'client',
                        'monitoring', n || ' {text}', at, 0, at
                    from cases, generate_series(1, {NOTES_PER_CASE}) n, lateral (select timestamptz '2026-09-01' - n * interval '7 days' as at) t
                    where primary_worker_id <> numbered(2, 0);
                 insert into sync_entries (agency_id, scope_id, kind, entity_id, seq)
                    select n.agency_id, n.scope_id, 'note', n.note_id, s.head + row_number() over (partition by n.scope_id order by n.note_id)
                    from notes n join scopes s using (agency_id, scope_id);
                 update scopes s set head = s.head + {NOTES_PER_CASE} from cases c
                    where c.agency_id = s.agency_id and c.scope_id = s.scope_id and c.primary_worker_id <> numbered(2, 0);
                 set session_replication_role = default;"
            ),
        )
        .await
    }

    /// One for each of pgbench's clients.
    async fn plant_devices(&self, connection: &mut PgConnection) -> Result<()> {
        let Self { agency_id, writer_id } = self;
        run(
            connection,
            format!(
                "insert into devices (agency_id, device_id, worker_id, enrolled, app_build)
                    select '{agency_id}', numbered(7, n), '{writer_id}', true, 'bench' from generate_series(0, {MAX_DEVICES} - 1) n"
            ),
        )
        .await
    }
}

/// The text is this file's own.
async fn run(connection: &mut PgConnection, statements: String) -> Result<()> {
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(connection).await?;
    Ok(())
}
