//! A caseload file on its way into the database, and again, and with everything wrong that a file can have.

use std::path::{Path, PathBuf};

use domain::{AgencyId, DateTime, Person, Record, RecordKind, RecordRef, RiskLevel, Role, SafeContact, Worker, WorkerId};
use server::{
    db,
    demo::{self, DemoSize},
    import::{self, CaseloadArgs, ImportArgs, ImportError, Report, What},
    records,
};
use sqlx::PgPool;
use uuid::Uuid;

const HEADER: &str = "Client #,First name,Last name,Preferred name,DOB,Language,Interpreter,Phones,Address,Program,Worker's e-mail,Risk,Opened on,Last contact";

const ANA: &str = "A-1,Ana,Ruiz,Anita,3/9/1980,Spanish,y,555-0100 (no messages); 555-0101 (text only),\"1 Elm St\nApt 2\",Aging at Home,maria@import.example,high,2026-01-02,2026-03-01";
const BO: &str = "A-2,Bo,Chen,,1975-12-31,Mandarin,no,,,Re-entry,OMAR@import.example,,1/5/2026,";

fn now() -> DateTime {
    DateTime::from_unix_ms(1_795_000_000_000, 0)
}

/// An agency with two case managers and an administrator, and a folder for files.
struct Office {
    pool: PgPool,
    agency_id: AgencyId,
    folder: PathBuf,
}

impl Office {
    async fn open(pool: PgPool) -> Self {
        let agency_id = AgencyId(Uuid::now_v7());
        let mut tx = db::begin_in_agency(&pool, agency_id).await.unwrap();
        records::create_agency(&mut tx, agency_id, "Import Agency").await.unwrap();
        for (name, role) in [("maria", Role::CaseManager), ("omar", Role::CaseManager), ("ada", Role::Administrator)] {
            let worker = Worker { id: WorkerId(Uuid::now_v7()), name: name.to_owned(), role };
            records::create_worker(&mut tx, agency_id, &worker, &format!("{name}@import.example"), "no password").await.unwrap();
        }
        tx.commit().await.unwrap();
        let folder = std::env::temp_dir().join(format!("doorstep-import-{}", Uuid::now_v7()));
        std::fs::create_dir(&folder).unwrap();
        Self { pool, agency_id, folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.join("caseload.csv")
    }

    async fn import(&self, text: &str) -> Report {
        self.try_import(text.as_bytes(), false).await.unwrap()
    }

    async fn try_import(&self, bytes: &[u8], dry_run: bool) -> Result<Report, ImportError> {
        std::fs::write(self.file(), bytes).unwrap();
        self.import_file(&self.file(), dry_run).await
    }

    async fn import_file(&self, file: &Path, dry_run: bool) -> Result<Report, ImportError> {
        let args = CaseloadArgs { file: file.to_owned(), agency: None, dry_run };
        import::run(&self.pool, &ImportArgs { what: What::Caseload(args) }, now()).await
    }

    /// The client with this number: the person and the case.
    async fn client(&self, number: &str) -> Option<(Person, domain::Case)> {
        let mut tx = db::begin_in_agency(&self.pool, self.agency_id).await.unwrap();
        let person_id = records::find_person_by_client_number(&mut tx, self.agency_id, number).await.unwrap()?;
        let case_id: Uuid =
            sqlx::query_scalar("select case_id from cases where person_id = $1").bind(person_id.0).fetch_one(&mut *tx).await.unwrap();
        let refs = [RecordRef { kind: RecordKind::Person, id: person_id.0 }, RecordRef { kind: RecordKind::Case, id: case_id }];
        match records::load(&mut tx, self.agency_id, refs).await.unwrap().as_slice() {
            [Record::Person(person), Record::Case(case)] => Some((person.clone(), case.clone())),
            other => panic!("not a person and a case: {other:?}"),
        }
    }

    /// The number of the latest change in all scopes together: it moves when anything would sync again.
    async fn heads(&self) -> i64 {
        let mut tx = db::begin_in_agency(&self.pool, self.agency_id).await.unwrap();
        sqlx::query_scalar("select coalesce(sum(head), 0)::bigint from scopes").fetch_one(&mut *tx).await.unwrap()
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn counts(report: &Report) -> [usize; 4] {
    [report.inserted, report.updated, report.unchanged, report.rejected.len()]
}

fn file(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_caseload_comes_in_as_it_is_written(pool: PgPool) {
    let office = Office::open(pool).await;
    let report = office.import(&file(&[ANA, BO])).await;
    assert_eq!(counts(&report), [2, 0, 0, 0], "{report}");

    let (ana, case) = office.client("A-1").await.unwrap();
    assert_eq!((ana.name().as_str(), ana.language.as_str(), ana.interpreter_needed), ("Anita Ruiz", "es", true));
    assert_eq!(ana.phones.iter().map(|phone| phone.safe_contact).collect::<Vec<_>>(), [SafeContact::NoMessages, SafeContact::TextOnly]);
    assert_eq!(ana.addresses[0].text, "1 Elm St, Apt 2");
    assert_eq!((case.programme.as_str(), case.risk.level), ("Aging at Home", RiskLevel::High));
    let (bo, case) = office.client("A-2").await.unwrap();
    assert_eq!((bo.language.as_str(), bo.preferred_name), ("cmn", None));
    assert_eq!(case.opened_on.to_string(), "2026-01-05");
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_same_file_again_changes_nothing_however_it_is_written(pool: PgPool) {
    let office = Office::open(pool).await;
    office.import(&file(&[ANA, BO])).await;
    let heads = office.heads().await;

    let windows = format!("\u{feff}{}", file(&[ANA, BO]).replace('\n', "\r\n"));
    let semicolons = {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        let text = file(&[ANA, BO]);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().for_each(|record| writer.write_record(&record.unwrap()).unwrap());
        String::from_utf8(writer.into_inner().unwrap()).unwrap()
    };
    for text in [file(&[ANA, BO]), windows, semicolons] {
        let report = office.import(&text).await;
        assert_eq!(counts(&report), [0, 0, 2, 0], "{report}");
    }
    assert_eq!(office.heads().await, heads, "nothing syncs again");
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_changed_cell_changes_that_client_and_no_other(pool: PgPool) {
    let office = Office::open(pool).await;
    office.import(&file(&[ANA, BO])).await;
    let (before, _) = office.client("A-1").await.unwrap();

    let report = office.import(&file(&[&ANA.replace("maria@", "omar@").replace("Anita", "Nita"), BO])).await;
    assert_eq!(counts(&report), [0, 1, 1, 0], "{report}");
    let (after, case) = office.client("A-1").await.unwrap();
    assert_eq!(after, Person { preferred_name: Some("Nita".into()), ..before });
    assert_eq!(case.primary_worker_id, office.client("A-2").await.unwrap().1.primary_worker_id);
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_bad_row_stops_nothing_else_and_can_be_mended(pool: PgPool) {
    let office = Office::open(pool).await;
    let bad_date = BO.replace("1975-12-31", "2075-12-31").replace("A-2", "A-3");
    let no_worker = BO.replace("OMAR@", "nobody@").replace("A-2", "A-4");
    let administrator = BO.replace("OMAR@", "ada@").replace("A-2", "A-5");
    let report = office.import(&file(&[ANA, &bad_date, &no_worker, BO, &administrator, "A-6,too,short", BO])).await;
    assert_eq!(counts(&report), [2, 0, 0, 5], "{report}");

    let told = report.to_string();
    assert!(told.contains("Line 4: “DOB” lies in the future."), "{told}");
    assert!(told.contains("Line 5: “Worker's e-mail” is not that of a case manager"), "{told}");
    assert!(told.contains("Line 8: The row has 3 cells"), "{told}");
    assert!(told.contains("Line 9: “Client #” stands already in line 6"), "{told}");
    for personal in ["Chen", "2075", "nobody@", "short"] {
        assert!(!told.contains(personal), "{personal} in {told}");
    }

    let rejected = report.rejected_file.unwrap();
    assert_eq!(rejected, office.folder.join("caseload.rejected.csv"));
    let text = std::fs::read_to_string(&rejected).unwrap();
    assert!(text.starts_with(&format!("{HEADER},reason\n")), "{text}");
    assert!(text.contains("A-3,Bo,Chen,,2075-12-31,Mandarin") && text.contains("“DOB” lies in the future"), "{text}");

    std::fs::write(&rejected, text.replace("2075", "1975").replace("nobody@", "maria@")).unwrap();
    let mended = office.import_file(&rejected, false).await.unwrap();
    assert_eq!(mended.inserted, 2, "{mended}");
    assert!(mended.unused_columns.is_empty(), "{mended}");
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn an_earlier_file_of_rejected_rows_goes_when_there_are_none(pool: PgPool) {
    let office = Office::open(pool).await;
    let report = office.import(&file(&[&ANA.replace("high", "sky")])).await;
    assert!(report.rejected_file.unwrap().exists());
    assert_eq!(office.import(&file(&[ANA])).await.rejected_file, None);
    assert!(!office.folder.join("caseload.rejected.csv").exists());
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn somebody_who_may_be_known_is_told_and_not_merged(pool: PgPool) {
    let office = Office::open(pool).await;
    let again = "B-9,ANA,Ruíz,,1980-03-09,es,,,,Family Support,omar@import.example,low,2026-02-02,";
    let same_phone = "B-10,Annita,Ruiz,,,,,555 0101,,Family Support,omar@import.example,low,2026-02-02,";
    let sister = "B-11,Elena,Ruiz,,,,,555 0101,,Family Support,omar@import.example,low,2026-02-02,";
    office.import(&file(&[ANA])).await;
    let report = office.import(&file(&[again, &same_phone.replace("Annita", "Anaa"), sister])).await;
    assert_eq!(counts(&report), [3, 0, 0, 0], "{report}");
    assert_eq!(report.duplicates.iter().map(|duplicate| duplicate.line).collect::<Vec<_>>(), [2, 3], "{report}");
    assert!(report.to_string().contains("client number A-1 (the same name and birth date)"), "{report}");
    assert!(office.client("A-1").await.is_some() && office.client("B-9").await.is_some());
    assert!(office.import(&file(&[again])).await.duplicates.is_empty(), "told once");
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_dry_run_tells_the_same_and_writes_nothing(pool: PgPool) {
    let office = Office::open(pool).await;
    let report = office.try_import(file(&[ANA, BO]).as_bytes(), true).await.unwrap();
    assert_eq!(counts(&report), [2, 0, 0, 0]);
    assert!(report.to_string().contains("Nothing was written. It would be: 2 inserted"), "{report}");
    assert!(office.client("A-1").await.is_none());
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_file_that_makes_no_sense_ends_in_one_sentence(pool: PgPool) {
    let office = Office::open(pool).await;
    let mut latin = file(&[ANA]).into_bytes();
    latin.extend(b"A-2,Mu\xF1oz");
    for (bytes, expected) in [
        (&b""[..], "The file is empty"),
        (file(&[]).as_bytes(), "The file names its columns but has no rows"),
        (b"name,phone\nA,B\n", "some are missing: client number, given name"),
        (&latin, "Line 4 is not written in UTF-8"),
        (b"PK\x03\x04", "This is a spreadsheet"),
    ] {
        let error = office.try_import(bytes, false).await.unwrap_err().to_string();
        assert!(error.contains(expected) && !error.contains('\n'), "{error}");
    }
    let error = office.import_file(&office.folder.join("no such file.csv"), false).await.unwrap_err();
    assert!(matches!(error, ImportError::Open { .. }), "{error}");
    assert!(office.client("A-1").await.is_none());
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn more_rows_than_one_batch_come_in_and_are_found_again(pool: PgPool) {
    let office = Office::open(pool).await;
    let rows: Vec<String> = (0..1_203).map(|number| BO.replace("A-2,Bo", &format!("N-{number},Bo{number}"))).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert_eq!(counts(&office.import(&file(&rows)).await), [1_203, 0, 0, 0]);
    assert_eq!(counts(&office.import(&file(&rows)).await), [0, 0, 1_203, 0]);
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_demo_fills_an_empty_database_only(pool: PgPool) {
    let today = now().date();
    let size = DemoSize { clients: 6, notes: 5 };
    assert!(demo::is_empty(&pool).await.unwrap());
    let seeded = demo::seed(&pool, size, 7, today).await.unwrap();
    assert_eq!((seeded.clients, seeded.notes), (6, 30));
    let again = demo::seed(&pool, size, 7, today).await.unwrap_err();
    assert!(again.to_string().contains("Harbor Street Family Services"), "{again}");

    let made = demo::generate(size, 7, today);
    let mut tx = db::begin_in_agency(&pool, made.agency_id).await.unwrap();
    let stored = records::load(&mut tx, made.agency_id, made.records.iter().map(Record::record_ref)).await.unwrap();
    assert_eq!(stored.len(), made.records.len());
    assert!(made.records.iter().all(|record| stored.contains(record)), "what is stored is what was made");
}
