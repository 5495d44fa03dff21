//! One reader, many writers, one of them slow: what a cursor over a sequence misses, and heads of scopes do not.

use std::collections::BTreeSet;

use domain::*;
use server::db;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    helpers::TestApp,
    sync_phone::{Phone, count, id, moment, records, run, sign, worker_id},
};

/// A cursor as one would write it at first: a number for each note, given when it is written and read up to the highest.
const NAIVE_FEED: &str = "
    create table feed (n bigserial, note_id uuid);
    create function feed_note() returns trigger language plpgsql security definer as $$
    begin insert into public.feed (note_id) values (new.note_id); return null; end $$;
    create trigger feed after insert on notes for each row execute function feed_note()";

/// What two readers saw of the same history, and what there is.
struct Seen {
    by_heads: BTreeSet<Uuid>,
    by_naive_cursor: BTreeSet<Uuid>,
    there: BTreeSet<Uuid>,
}

struct NaiveReader {
    cursor: i64,
    seen: BTreeSet<Uuid>,
}

impl NaiveReader {
    async fn look(&mut self, pool: &PgPool) {
        let rows: Vec<(i64, Uuid)> =
            sqlx::query_as("select n, note_id from feed where n > $1 order by n").bind(self.cursor).fetch_all(pool).await.unwrap();
        self.cursor = rows.last().map_or(self.cursor, |(n, _)| *n);
        self.seen.extend(rows.into_iter().map(|(_, note_id)| note_id));
    }
}

/// A supervisor's device, which reads by the heads of scopes.
struct HeadsReader {
    phone: Phone,
    seen: BTreeSet<Uuid>,
}

impl HeadsReader {
    async fn look(&mut self) {
        let news = records(&self.phone.pull().await);
        self.seen.extend(news.iter().filter_map(|record| match record {
            Record::Note(note) if note.narrative.as_str().starts_with("race") => Some(note.id.0),
            _ => None,
        }));
    }
}

/// A slow writer begins first and commits last; others commit meanwhile, in another case and behind it in the same one.
async fn race(app: &TestApp) -> Seen {
    run(&app.pool, NAIVE_FEED).await;
    let agency_id = AgencyId(id(&app.pool, "select agency_id from agencies").await);
    let author_id = WorkerId(worker_id(&app.pool, "maria").await);
    let (mut beside, mut behind) = (Phone::of(app, "omar").await, Phone::of(app, "maria").await);
    let mut heads = HeadsReader { phone: Phone::of(app, "ruth").await, seen: BTreeSet::new() };
    let mut naive = NaiveReader { cursor: 0, seen: BTreeSet::new() };
    heads.look().await;
    for _ in 0..8 {
        let mut slow = db::begin_in_agency(&app.pool, agency_id).await.unwrap();
        server::records::save(&mut slow, agency_id, &[note(app.case_id(), author_id)]).await.unwrap();
        beside.push_one(&sign(app.world.case_of_omar, "race beside")).await;
        let mutation = behind.write(&sign(app.case_id(), "race behind"));
        let looking = async {
            while count(&app.pool, "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
                .await
                == 0
            {}
            heads.look().await;
            naive.look(&app.pool).await;
            slow.commit().await.unwrap();
        };
        tokio::join!(behind.push(std::slice::from_ref(&mutation)), looking);
        heads.look().await;
        naive.look(&app.pool).await;
    }
    let there: Vec<Uuid> = sqlx::query_scalar("select note_id from notes where narrative like 'race%'").fetch_all(&app.pool).await.unwrap();
    Seen { by_heads: heads.seen, by_naive_cursor: naive.seen, there: there.into_iter().collect() }
}

fn note(case_id: CaseId, author_id: WorkerId) -> Record {
    let at = moment();
    Record::Note(Note {
        id: NoteId(Uuid::now_v7()),
        case_id,
        author_id,
        occurred_at: at,
        duration_min: 30,
        mode: ContactMode::HomeVisit,
        reached: Reached::NoOne,
        purpose: Purpose::Monitoring,
        narrative: Narrative::parse("race slowly").unwrap(),
        sensitivity: Sensitivity::Ordinary,
        goals: Vec::new(),
        tasks_done: Vec::new(),
        visit_id: None,
        signed_at: at,
        received_at: Some(at),
        late_after_reassignment: false,
    })
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_05_a_reader_misses_no_row_of_a_slow_writer_and_a_bigserial_cursor_would(pool: PgPool) {
    let app = TestApp::start_as(pool, |config| config.max_connections = 8).await;
    let seen = race(&app).await;
    assert_eq!(seen.there.len(), 24);
    assert_eq!(seen.by_heads, seen.there, "heads of scopes miss nothing");
    // The same history catches the mistake that this protocol is built against.
    assert_eq!(seen.there.difference(&seen.by_naive_cursor).count(), 8, "a cursor over a sequence misses each slow note");
    app.stop().await;
}
