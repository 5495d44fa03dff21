//! Imports a caseload: batch after batch, each in a transaction of its own.

use std::{collections::HashMap, fs::File, path::Path};

use domain::{AgencyId, Case, CaseId, Date, Person, PersonId, Record, RecordKind, RecordRef, ScopeId, WorkerId};
use sqlx::PgPool;
use uuid::Uuid;

use super::{
    ImportError,
    columns::Column,
    merge::{NewIds, case_after, new_client, person_after},
    rejected::RejectedRows,
    report::{Duplicate, Rejected, Report},
    row::{CellProblem, ClientRow},
    sheet::{Row, Sheet},
    store::{self, Clients},
};
use crate::{db, records};

/// How many rows share a transaction.
const BATCH: usize = 500;

/// What an import knows of the agency, and what it has done so far.
struct Import<'a> {
    owner: &'a PgPool,
    agency_id: AgencyId,
    today: Date,
    clients: Clients,
    workers: HashMap<String, WorkerId>,
    /// The line of each client number of this file.
    lines: HashMap<String, u64>,
    report: Report,
}

/// A row that makes sense by itself.
struct Accepted {
    row: Row,
    client: ClientRow,
    worker_id: WorkerId,
    /// Absent where the agency does not have the client yet.
    known: Option<(PersonId, CaseId, ScopeId)>,
}

/// Imports `file` into an agency.
pub(super) async fn import(owner: &PgPool, agency_id: AgencyId, file: &Path, dry_run: bool, today: Date) -> Result<Report, ImportError> {
    let source = File::open(file).map_err(|error| ImportError::Open { path: file.to_owned(), error })?;
    let mut sheet = Sheet::open(source)?;
    let header = sheet.header.clone();
    let rejected_file = |error| ImportError::RejectedFile { path: file.with_extension("rejected.csv"), error };
    let mut rejected = RejectedRows::beside(file, sheet.separator, sheet.has_byte_order_mark).map_err(rejected_file)?;

    let mut tx = db::begin_in_agency(owner, agency_id).await?;
    let clients = store::list_clients(&mut tx, agency_id).await?;
    let workers = store::list_workers(&mut tx, agency_id).await?;
    tx.commit().await?;
    let unused_columns = header.unused().into_iter().map(str::to_owned).collect();
    let report = Report { dry_run, unused_columns, ..Report::default() };
    let mut import = Import { owner, agency_id, today, clients, workers, lines: HashMap::new(), report };

    let mut batch: Vec<Accepted> = Vec::with_capacity(BATCH);
    let mut rows = sheet.rows();
    loop {
        let row = rows.next().transpose()?;
        let is_last = row.is_none();
        if let Some(row) = row {
            let accepted =
                ClientRow::parse(&header, &row, today).and_then(|client| import.place(&client, row.line, &header).map(|at| (client, at)));
            match accepted {
                Ok((client, (worker_id, known))) => batch.push(Accepted { row, client, worker_id, known }),
                Err(problems) => {
                    rejected.add(&header, &row, &problems).map_err(rejected_file)?;
                    import.report.rejected.push(Rejected { line: row.line, problems });
                }
            }
        }
        if batch.len() == BATCH || (is_last && !batch.is_empty()) {
            let first_line = batch.first().map_or(0, |accepted| accepted.row.line);
            import.save(std::mem::take(&mut batch)).await.map_err(|error| ImportError::Stopped(first_line, error))?;
        }
        if is_last {
            break;
        }
    }
    drop(rows);
    let Report { inserted, updated, unchanged, .. } = import.report;
    if inserted + updated + unchanged + import.report.rejected.len() == 0 {
        return Err(ImportError::NoRows);
    }
    import.report.rejected_file = rejected.finish().map_err(rejected_file)?;
    Ok(import.report)
}

type Place = (WorkerId, Option<(PersonId, CaseId, ScopeId)>);

impl Import<'_> {
    /// Finds the worker and the case that a row is about.
    fn place(&mut self, client: &ClientRow, line: u64, header: &super::columns::Header) -> Result<Place, Vec<CellProblem>> {
        let wrong = |column, reason: String| Err(vec![CellProblem { column: Some(header.heading(column).to_owned()), reason }]);
        if let Some(earlier) = self.lines.get(&client.client_number) {
            return wrong(Column::ClientNumber, format!("stands already in line {earlier}; a client has one row"));
        }
        let Some(worker_id) = self.workers.get(&client.worker_email).copied() else {
            return wrong(Column::WorkerEmail, "is not that of a case manager or supervisor who can sign in at this agency".to_owned());
        };
        let known = match self.clients.by_number.get(&client.client_number) {
            None => None,
            Some(person_id) => {
                let cases = self.clients.cases.get(person_id).map_or(&[][..], Vec::as_slice);
                let found = match cases {
                    [only] => Some(only),
                    _ => cases.iter().find(|case| case.programme == client.programme),
                };
                match found {
                    Some(case) => Some((*person_id, case.case_id, case.scope_id)),
                    None if cases.is_empty() => {
                        return wrong(
                            Column::ClientNumber,
                            "belongs to a client whose case is closed; open it again in Doorstep first".to_owned(),
                        );
                    }
                    None => {
                        return wrong(
                            Column::Programme,
                            "is none of those in which this client has a case, and there are several".to_owned(),
                        );
                    }
                }
            }
        };
        self.lines.insert(client.client_number.clone(), line);
        Ok((worker_id, known))
    }

    /// Writes one batch, and counts what it changed.
    async fn save(&mut self, batch: Vec<Accepted>) -> Result<(), records::RecordsError> {
        let known: Vec<_> = batch.iter().filter_map(|accepted| accepted.known).collect();
        let mut tx = db::begin_in_agency(self.owner, self.agency_id).await?;
        if !self.report.dry_run {
            store::lock_scopes(&mut tx, &known.iter().map(|(_, _, scope_id)| *scope_id).collect::<Vec<_>>()).await?;
        }
        let refs = known.iter().flat_map(|(person_id, case_id, _)| {
            [RecordRef { kind: RecordKind::Person, id: person_id.0 }, RecordRef { kind: RecordKind::Case, id: case_id.0 }]
        });
        let (persons, cases) = by_id(records::load(&mut tx, self.agency_id, refs).await?);

        let mut changed: Vec<Record> = Vec::new();
        for accepted in &batch {
            let before = accepted.known.and_then(|(person_id, case_id, _)| Some((persons.get(&person_id)?, cases.get(&case_id)?)));
            let (person, case) = match before {
                None => new_client(&accepted.client, new_ids(), accepted.worker_id),
                Some((person, case)) => {
                    (person_after(&accepted.client, person), case_after(&accepted.client, case, accepted.worker_id, self.today))
                }
            };
            match before {
                None => self.report.inserted += 1,
                Some((old_person, old_case)) if *old_person == person && *old_case == case => {
                    self.report.unchanged += 1;
                    continue;
                }
                Some(_) => self.report.updated += 1,
            }
            self.look_for_duplicates(accepted.row.line, &person, before.map(|(person, _)| person));
            changed.extend([Record::Person(person), Record::Case(case)]);
        }
        if self.report.dry_run {
            return Ok(());
        }
        records::save(&mut tx, self.agency_id, &changed).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Tells of other clients like this one, where that is news: they are new, or what makes them known has changed.
    fn look_for_duplicates(&mut self, line: u64, person: &Person, before: Option<&Person>) {
        let marks = |person: &Person| {
            let phones: Vec<String> = person.phones.iter().map(|phone| super::phone::digits(&phone.number)).collect();
            (person.given_name.clone(), person.family_name.clone(), person.birth_date, phones)
        };
        if before.is_some_and(|before| marks(before) == marks(person)) {
            return;
        }
        let like: Vec<_> = self.clients.persons.like(person).into_iter().map(|(number, likeness)| (number.to_owned(), likeness)).collect();
        if !like.is_empty() {
            self.report.duplicates.push(Duplicate { line, like });
        }
        self.clients.persons.add_person(person);
    }
}

/// The identities of a client who comes in for the first time.
fn new_ids() -> NewIds {
    NewIds {
        person_id: PersonId(Uuid::now_v7()),
        case_id: CaseId(Uuid::now_v7()),
        scope_id: ScopeId(Uuid::now_v7()),
        restricted_scope_id: ScopeId(Uuid::now_v7()),
    }
}

fn by_id(records: Vec<Record>) -> (HashMap<PersonId, Person>, HashMap<CaseId, Case>) {
    let (mut persons, mut cases) = (HashMap::new(), HashMap::new());
    for record in records {
        match record {
            Record::Person(person) => drop(persons.insert(person.id, person)),
            Record::Case(case) => drop(cases.insert(case.id, case)),
            _ => {}
        }
    }
    (persons, cases)
}
