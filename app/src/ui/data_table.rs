//! A dense table for a desk: sorted by any column, narrowed by words, with the columns that one wants. It sorts and narrows what is in memory.

use std::{cmp::Ordering, sync::Arc};

use leptos::prelude::*;

use super::{Checkbox, TextField, TextKind};

/// One value of a row: what is read, and what it is sorted by.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub text: String,
    pub order: CellOrder,
    /// Where it leads.
    pub href: Option<String>,
}

/// What a value is sorted by. Values of one column are of one kind.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub enum CellOrder {
    Text(String),
    /// Unknown comes last.
    Number(i64),
}

impl Cell {
    /// A text, sorted as a register does.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { order: CellOrder::Text(domain::fold(&text)), text, href: None }
    }

    /// What is read, sorted by a figure.
    pub fn number(text: impl Into<String>, figure: i64) -> Self {
        Self { text: text.into(), order: CellOrder::Number(figure), href: None }
    }
}

/// A column: its short name, its words, and whether it is shown at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub words: &'static str,
    pub at_first: bool,
}

/// How the table is looked at.
#[derive(Clone, Debug, PartialEq)]
struct Look {
    by: usize,
    descending: bool,
    hidden: Vec<usize>,
}

/// What the table shows now: the heads of its columns, and the rows as they stand, each with a cell for every head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableShown {
    pub heads: Vec<&'static str>,
    pub rows: Vec<Vec<Cell>>,
}

/// The table with its ways to narrow and arrange it. The first column names the row and always stays.
#[component]
pub fn DataTable(
    /// What it shows, for those who listen.
    caption: &'static str,
    columns: Vec<Column>,
    /// Every row has a cell for every column.
    rows: Memo<Arc<Vec<Vec<Cell>>>>,
    /// What stands below it, made from what it shows.
    foot: impl FnOnce(Memo<TableShown>) -> AnyView + 'static,
) -> impl IntoView {
    let hidden = columns.iter().enumerate().filter(|(_, column)| !column.at_first).map(|(index, _)| index).collect();
    let look = RwSignal::new(Look { by: 0, descending: false, hidden });
    let filter = RwSignal::new(String::new());
    let shown = Memo::new(move |_| {
        let (by, descending) = look.with(|look| (look.by, look.descending));
        rows.with(|rows| filter.with(|filter| arranged(rows, filter, by, descending)))
    });
    let columns = StoredValue::new(columns);
    let seen = Memo::new(move |_| {
        let is_seen = |index: &usize| look.with(|look| !look.hidden.contains(index));
        let heads = columns
            .with_value(|columns| columns.iter().enumerate().filter(|(index, _)| is_seen(index)).map(|(_, column)| column.words).collect());
        let pick = |row: &Vec<Cell>| row.iter().enumerate().filter(|(index, _)| is_seen(index)).map(|(_, cell)| cell.clone()).collect();
        TableShown { heads, rows: shown.with(|rows| rows.iter().map(pick).collect()) }
    });
    let is_shown = move |index: usize| look.with(|look| !look.hidden.contains(&index));
    let heads = move || {
        columns.with_value(|columns| {
            columns
                .iter()
                .enumerate()
                .filter(|(index, _)| is_shown(*index))
                .map(|(index, column)| head_view(index, *column, look))
                .collect_view()
        })
    };
    let body = move || {
        let row_view = |row: &Vec<Cell>| {
            let cells = row.iter().enumerate().map(|(index, cell)| cell_view(index, cell)).collect_view();
            view! { <tr>{cells}</tr> }.into_any()
        };
        seen.with(|seen| seen.rows.iter().map(row_view).collect_view())
    };
    let chooser = columns
        .with_value(|columns| columns.iter().enumerate().skip(1).map(|(index, column)| choice_view(index, *column, look)).collect_view());
    view! {
        <div class="table__tools">
            <TextField id="table-filter" label=words::table::narrow() kind=TextKind::Search value=filter error=Signal::stored(None::<String>) />
            <details class="table__columns">
                <summary class="button">{words::table::columns()}</summary>
                <div class="card">{chooser}</div>
            </details>
        </div>
        <p class="quiet" role="status">{move || words::table::rows(shown.with(Vec::len))}</p>
        <div class="table__frame" role="region" aria-label=caption tabindex="0">
            <table class="table">
                <caption class="visually-hidden">{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
        {foot(seen)}
    }
    .into_any()
}

fn head_view(index: usize, column: Column, look: RwSignal<Look>) -> AnyView {
    let sorted = move || look.with(|look| (look.by == index).then_some(if look.descending { "descending" } else { "ascending" }));
    let sort = move |_| {
        look.update(|look| {
            look.descending = look.by == index && !look.descending;
            look.by = index;
        });
    };
    view! {
        <th scope="col" aria-sort=sorted>
            <button class="table__sort" type="button" on:click=sort>{column.words}</button>
        </th>
    }
    .into_any()
}

fn cell_view(index: usize, cell: &Cell) -> AnyView {
    let text = cell.text.clone();
    match (index, cell.href.clone()) {
        (0, Some(href)) => view! { <th scope="row"><a href=href><bdi>{text}</bdi></a></th> }.into_any(),
        (0, None) => view! { <th scope="row"><bdi>{text}</bdi></th> }.into_any(),
        _ => view! { <td><bdi>{text}</bdi></td> }.into_any(),
    }
}

fn choice_view(index: usize, column: Column, look: RwSignal<Look>) -> AnyView {
    let checked = Signal::derive(move || look.with(|look| !look.hidden.contains(&index)));
    let change = Callback::new(move |is_shown: bool| {
        look.update(|look| {
            look.hidden.retain(|hidden| *hidden != index);
            if !is_shown {
                look.hidden.push(index);
            }
        });
    });
    view! { <Checkbox id=["column-", column.name].concat() label=column.words checked=checked on_change=change /> }.into_any()
}

/// The rows that have every word of `filter` in some cell, in order; rows that are equal stay as they came.
fn arranged(rows: &[Vec<Cell>], filter: &str, by: usize, descending: bool) -> Vec<Vec<Cell>> {
    let wanted = domain::fold(filter);
    let has_all = |row: &&Vec<Cell>| wanted.split_whitespace().all(|word| row.iter().any(|cell| domain::fold(&cell.text).contains(word)));
    let mut found: Vec<Vec<Cell>> = rows.iter().filter(has_all).cloned().collect();
    found.sort_by(|a, b| {
        let order = a.get(by).zip(b.get(by)).and_then(|(a, b)| a.order.partial_cmp(&b.order)).unwrap_or(Ordering::Equal);
        if descending { order.reverse() } else { order }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_narrowed_by_words_and_sorted_by_what_is_meant() {
        let row = |name: &str, risk: &str, rank| vec![Cell::text(name), Cell::number(risk, rank)];
        let rows = [row("Zoë Abbott", "Low", 0), row("Ana García", "High", 2), row("Lola Álvarez", "Medium", 1)];
        let names = |rows: Vec<Vec<Cell>>| rows.iter().map(|row| row[0].text.clone()).collect::<Vec<_>>();
        assert_eq!(names(arranged(&rows, "", 0, false)), ["Ana García", "Lola Álvarez", "Zoë Abbott"]);
        assert_eq!(names(arranged(&rows, "", 1, true)), ["Ana García", "Lola Álvarez", "Zoë Abbott"]);
        assert_eq!(names(arranged(&rows, "", 1, false)), ["Zoë Abbott", "Lola Álvarez", "Ana García"]);
        assert_eq!(names(arranged(&rows, "alvarez med", 0, false)), ["Lola Álvarez"]);
        assert!(arranged(&rows, "alvarez low", 0, false).is_empty());
    }
}
