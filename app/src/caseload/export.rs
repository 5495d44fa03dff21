//! The table as a file for other programs. Anybody can read such a file, so the office writes down who took it, and says first whether they may.

use domain::{CaseId, Permission};
use leptos::prelude::*;
use sync::questions::ExportCases;

use crate::{
    ask::{Asking, AskingStatus},
    desk::use_desk,
    place::Place,
    ui::{SureButton, TableShown},
};

/// The file's name: it says nothing about anybody.
const FILE_NAME: &str = "doorstep-cases.csv";

/// RFC 7111.
const MEDIA_TYPE: &str = "text/csv;charset=utf-8";

/// The button, for those who may.
#[component]
pub fn ExportButton(
    /// What the table shows now.
    shown: Memo<TableShown>,
) -> impl IntoView {
    let desk = StoredValue::new(use_desk());
    let state = desk.with_value(|desk| desk.state());
    let asking = Asking::new();
    let may = Memo::new(move |_| state.may(Permission::ExportCases));
    let export = Callback::new(move |()| {
        let (case_ids, file) = shown.with_untracked(|shown| (case_ids(shown), csv(shown)));
        asking.ask(ExportCases { case_ids }, move |_| {
            desk.with_value(|desk| desk.save_file(FILE_NAME, MEDIA_TYPE, file.clone()));
        });
    });
    move || {
        may.get().then(|| {
            view! {
                <AskingStatus asking=asking />
                <SureButton
                    action=words::table::save_as_a_file()
                    yes=words::table::save_it()
                    no=words::table::do_not_save_it()
                    warning=words::table::anybody_can_read_the_file()
                    about=words::table::all_cases().to_owned()
                    on_yes=export
                />
            }
        })
    }
}

/// Whose rows they are.
fn case_ids(shown: &TableShown) -> Vec<CaseId> {
    shown.rows.iter().filter_map(|row| Place::of(row.first()?.href.as_deref()?).case_id()).collect()
}

/// The table as RFC 4180 has it, with the mark by which spreadsheets know UTF-8.
fn csv(shown: &TableShown) -> String {
    let heads = line(shown.heads.iter().copied());
    let rows = shown.rows.iter().map(|row| line(row.iter().map(|cell| cell.text.as_str())));
    ["\u{feff}".to_owned(), heads].into_iter().chain(rows).collect()
}

fn line<'a>(fields: impl Iterator<Item = &'a str>) -> String {
    let fields: Vec<String> = fields.map(|field| ["\"", &harmless(field).replace('"', "\"\""), "\""].concat()).collect();
    [fields.join(","), "\r\n".to_owned()].concat()
}

/// What a spreadsheet would take for a formula begins with an apostrophe instead (OWASP, CSV injection).
fn harmless(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { ["'", field].concat() } else { field.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{paths, ui::Cell};

    #[test]
    fn what_is_shown_is_what_is_written_and_no_cell_is_a_formula() {
        let case_id = CaseId(uuid::Uuid::from_u128(7));
        let name = Cell { href: Some(paths::client(case_id)), ..Cell::text("O'Neil \"Al\", Ana") };
        let shown = TableShown { heads: vec!["Name", "Risk"], rows: vec![vec![name, Cell::text("=1+1")]] };
        assert_eq!(csv(&shown), "\u{feff}\"Name\",\"Risk\"\r\n\"O'Neil \"\"Al\"\", Ana\",\"'=1+1\"\r\n");
        assert_eq!(case_ids(&shown), [case_id]);
    }
}
