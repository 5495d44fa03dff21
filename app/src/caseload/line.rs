//! One line of the list of clients: what a worker must see without opening anything.

use domain::{CaseId, Caseload, ClientLine, Date, Hit, HitKind, NoteId, RiskLevel, SortBy};

use crate::ui::{Tone, moments};

/// A line, ready to be drawn. Equal lines look the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    pub case_id: CaseId,
    pub name: String,
    pub programme: String,
    pub risk: RiskLevel,
    /// "Reached 12 days ago".
    pub contact: String,
    /// What comes next and how soon: "Call due in 2 days".
    pub due: Option<(Tone, String)>,
    /// Whether something must be known before knocking.
    pub alerts: usize,
    /// The note in which the search found its words, and the text around them.
    pub found: Option<(NoteId, String)>,
}

impl Line {
    fn of(client: &ClientLine<'_>, caseload: &Caseload, today: Date) -> Self {
        Self {
            case_id: client.case.id,
            name: client.person.name(),
            programme: client.case.programme.clone(),
            risk: client.case.risk.level,
            contact: contact_words(client.case.last_contact_on, today),
            due: next_due(client, caseload, today),
            alerts: client.case.alerts.len(),
            found: None,
        }
    }
}

/// Every client in an order.
pub fn all_lines(caseload: &Caseload, sort_by: SortBy, today: Date) -> Vec<Line> {
    caseload.clients(sort_by).iter().map(|client| Line::of(client, caseload, today)).collect()
}

/// What a search found, best first.
///
/// What is found in a restricted note is left out where these are closed.
pub fn found_lines(caseload: &Caseload, hits: Vec<Hit>, today: Date, restricted_closed: bool) -> Vec<Line> {
    let line = |hit: Hit| {
        if let HitKind::Note { note_id, .. } = &hit.kind
            && restricted_closed
            && caseload.note(*note_id).is_some_and(|note| note.sensitivity.is_restricted())
        {
            return None;
        }
        let mut line = Line::of(&caseload.client(hit.case_id)?, caseload, today);
        if let HitKind::Note { note_id, snippet } = hit.kind {
            line.found = Some((note_id, snippet));
        }
        Some(line)
    };
    hits.into_iter().filter_map(line).collect()
}

/// "Reached 12 days ago", or that it has not happened yet.
pub fn contact_words(last_contact_on: Option<Date>, today: Date) -> String {
    match last_contact_on {
        Some(day) => words::caseload::reached(&moments::ago(day, today)),
        None => words::caseload::not_reached_yet().to_owned(),
    }
}

/// The first thing that is due within a fortnight, or late.
fn next_due(client: &ClientLine<'_>, caseload: &Caseload, today: Date) -> Option<(Tone, String)> {
    let task = caseload.open_tasks_of(client.case.id).first().map(|task| (task.due_on, words::caseload::task_due as fn(&str) -> String));
    let contact = client.case.contact_due_on().map(|on| (on, words::caseload::contact_due as fn(&str) -> String));
    let (on, words) = [task, contact].into_iter().flatten().min_by_key(|(on, _)| *on)?;
    let days_left = on.days_since(today);
    (days_left < 14).then(|| (Tone::of_days_left(days_left), words(&moments::due(on, today).to_lowercase())))
}

/// The number of lines in words, for those who listen.
pub fn result_words(number: usize, limit: usize, searching: bool) -> String {
    match (searching, number) {
        (true, 0) => words::caseload::nothing_found().to_owned(),
        (true, number) if number >= limit => words::caseload::the_first_results(limit),
        (true, number) => words::caseload::results(number),
        (false, number) => words::caseload::clients(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_line_tells_last_contact_and_what_comes_next() {
        let caseload = samples::caseload();
        let lines = all_lines(&caseload, SortBy::Name, samples::today());
        let first = lines.first().expect("the sample has clients");
        assert_eq!(first.name, "Lola Álvarez");
        assert_eq!(first.contact, "Reached 12 days ago");
        assert_eq!(first.due, Some((Tone::Late, "Task: 2 days late".to_owned())));
    }

    #[test]
    fn a_hit_in_a_note_leads_to_that_note() {
        let caseload = samples::caseload();
        let lines = found_lines(&caseload, caseload.search("inhaler", 50), samples::today(), false);
        assert!(lines.iter().any(|line| line.found.as_ref().is_some_and(|(_, snippet)| snippet.contains("inhaler"))), "{lines:?}");
    }

    #[test]
    fn the_number_of_results_is_told_in_words() {
        assert_eq!(result_words(0, 50, true), "Nothing found");
        assert_eq!(result_words(1, 50, true), "1 result");
        assert_eq!(result_words(50, 50, true), "The first 50 results");
        assert_eq!(result_words(100, 50, false), "100 clients");
    }
}
