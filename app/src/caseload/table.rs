//! Every case as a dense table, for whoever leads a team at a desk.

use std::{collections::HashMap, sync::Arc};

use domain::{CaseId, Caseload, Date, DueKind, WorkerId};
use leptos::prelude::*;

use super::{contact_words, export::ExportButton};
use crate::{
    desk::use_desk,
    paths,
    ui::{Cell, Column, DataTable, Icon, Spoken, moments},
};

/// The page.
#[component]
pub fn CaseTablePage() -> impl IntoView {
    let state = use_desk().state();
    let rows = Memo::new(move |_| {
        let today = state.now.get().date();
        Arc::new(state.caseload.with(|caseload| rows(caseload, today)))
    });
    view! {
        <section class="page page--wide">
            <a class="back-link back-link--always" href=paths::CASELOAD>{Icon::Back.view()} {words::caseload::caseload()}</a>
            <h1>{words::table::all_cases()}</h1>
            <DataTable caption=words::table::all_cases() columns=columns() rows=rows foot=move |shown| view! { <ExportButton shown=shown /> }.into_any() />
        </section>
    }
    .into_any()
}

fn columns() -> Vec<Column> {
    let column = |name, words, at_first| Column { name, words, at_first };
    vec![
        column("name", words::caseload::name(), true),
        column("worker", words::account::worker(), true),
        column("risk", words::caseload::risk(), true),
        column("contact", words::caseload::last_contact(), true),
        column("due", words::table::contact_due(), true),
        column("late", words::table::late_tasks(), true),
        column("programme", words::table::programme(), false),
        column("state", words::table::state(), false),
        column("number", words::client::client_number(), false),
    ]
}

fn rows(caseload: &Caseload, today: Date) -> Vec<Vec<Cell>> {
    let late = late_tasks(caseload, today);
    let row = |case: &domain::Case| {
        let person = caseload.person(case.person_id)?;
        let worker = caseload.worker(case.primary_worker_id).map(|worker| worker.name.clone()).unwrap_or_default();
        let due = case.contact_due_on();
        let number_of_late = late.get(&case.id).copied().unwrap_or_default();
        let mut name = Cell::text(person.name());
        name.order = crate::ui::CellOrder::Text(person.sort_name());
        name.href = Some(paths::client(case.id));
        Some(vec![
            name,
            Cell::text(worker),
            Cell::number(case.risk.level.words(), case.risk.level as i64),
            Cell::number(contact_words(case.last_contact_on, today), case.last_contact_on.map_or(i64::MIN, Date::ordinal)),
            Cell::number(due.map(|on| moments::due(on, today)).unwrap_or_default(), due.map_or(i64::MAX, Date::ordinal)),
            Cell::number(words::number(number_of_late), number_of_late),
            Cell::text(case.programme.clone()),
            Cell::text(case.state.words()),
            Cell::text(person.client_number.clone().unwrap_or_default()),
        ])
    };
    caseload.cases().filter_map(row).collect()
}

/// How many tasks of each case are late, whoever owes them.
fn late_tasks(caseload: &Caseload, today: Date) -> HashMap<CaseId, i64> {
    let mut owners: Vec<WorkerId> = caseload.tasks().map(|task| task.owner_id).collect();
    owners.sort_unstable();
    owners.dedup();
    let mut late = HashMap::new();
    for due in owners.into_iter().flat_map(|owner| caseload.due(owner, today.plus_days(-1))) {
        if matches!(due.kind, DueKind::Task { .. }) {
            *late.entry(due.case_id).or_insert(0) += 1;
        }
    }
    late
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_case_is_one_row_with_a_cell_for_every_column() {
        let rows = rows(&samples::caseload(), samples::today());
        assert!(rows.iter().all(|row| row.len() == columns().len()));
        let lola = rows.iter().find(|row| row[0].text == "Lola Álvarez").expect("she is there");
        let texts: Vec<&str> = lola.iter().map(|cell| cell.text.as_str()).collect();
        assert_eq!(texts[1..6], ["Maria Santos", "High risk", "Reached 12 days ago", "Due in 2 days", "1"]);
        assert_eq!(lola[0].href, Some(paths::client(samples::case_id())));
    }
}
