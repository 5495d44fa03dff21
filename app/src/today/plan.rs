//! What belongs on the page of a day, taken out of the caseload. Pure.

use std::collections::BTreeSet;

use domain::{CaseId, Caseload, ContactMode, Date, DateTime, Due, DueKind, Role, TaskId, Visit, VisitId, WorkerId, in_order};

use crate::ui::{Spoken, Tone, moments};

/// How far ahead the page looks, in days.
const AHEAD: i32 = 7;

/// One visit of the day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VisitLine {
    pub visit_id: VisitId,
    pub case_id: CaseId,
    pub time: String,
    pub name: String,
    /// "Home visit", and where.
    pub mode: &'static str,
    pub address: Option<String>,
    pub confidential: bool,
    /// What must be known before knocking.
    pub alerts: Vec<String>,
    /// Whose visit it is, where that is not the reader.
    pub worker: Option<String>,
}

/// One thing that is due.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DueLine {
    pub case_id: CaseId,
    pub name: String,
    pub what: String,
    pub when: String,
    pub tone: Tone,
    /// The task that can be ticked off; being in touch is done by doing it.
    pub task_id: Option<TaskId>,
    pub worker: Option<String>,
}

/// The visits of today: a supervisor sees those of every worker.
pub fn visits_today(caseload: &Caseload, reader: WorkerId, role: Role, now: DateTime) -> Vec<VisitLine> {
    let visits = match role {
        Role::Supervisor => visits_of_everybody(caseload, now),
        Role::CaseManager | Role::Administrator => caseload.visits_on(reader, now.date(), now.offset_min()),
    };
    visits.into_iter().filter_map(|visit| visit_line(visit, caseload, reader, now)).collect()
}

/// The visits of tomorrow.
pub fn visits_tomorrow(caseload: &Caseload, reader: WorkerId, role: Role, now: DateTime) -> Vec<VisitLine> {
    visits_today(caseload, reader, role, now.plus_minutes(24 * 60))
}

/// The visits of the next days, for a day on which there is none.
pub fn visits_coming(caseload: &Caseload, reader: WorkerId, role: Role, now: DateTime) -> Vec<VisitLine> {
    const MOST: usize = 3;
    let mut lines = Vec::new();
    for ahead in 1..=i64::from(AHEAD) {
        let day = now.plus_minutes(ahead * 24 * 60);
        let name = moments::day(day.date(), now.date());
        lines.extend(
            visits_today(caseload, reader, role, day).into_iter().map(|line| VisitLine { time: [&name, " ", &line.time].concat(), ..line }),
        );
        if lines.len() >= MOST {
            lines.truncate(MOST);
            break;
        }
    }
    lines
}

fn visits_of_everybody(caseload: &Caseload, now: DateTime) -> Vec<&Visit> {
    let is_today = |visit: &&Visit| visit.planned_at.at_offset(now.offset_min()).date() == now.date();
    let visits = caseload.cases().flat_map(|case| caseload.planned_visits_of(case.id)).filter(is_today);
    in_order(visits, |visit| (visit.planned_at.unix_ms(), visit.id.0))
}

fn visit_line(visit: &Visit, caseload: &Caseload, reader: WorkerId, now: DateTime) -> Option<VisitLine> {
    let client = caseload.client(visit.case_id)?;
    let address = (visit.mode == ContactMode::HomeVisit).then(|| client.person.addresses.first()).flatten();
    Some(VisitLine {
        visit_id: visit.id,
        case_id: visit.case_id,
        time: moments::clock_here(visit.planned_at, now),
        name: client.person.name(),
        mode: visit.mode.words(),
        address: address.map(|address| address.text.clone()),
        confidential: address.is_some_and(|address| address.confidential),
        alerts: client.case.alerts.iter().map(|alert| alert.text.clone()).collect(),
        worker: worker_name(caseload, visit.worker_id, reader),
    })
}

/// What is late or due within a week, the latest first.
pub fn due_soon(caseload: &Caseload, reader: WorkerId, role: Role, today: Date) -> Vec<DueLine> {
    let workers: BTreeSet<WorkerId> = match role {
        Role::Supervisor => {
            let holders = caseload.cases().map(|case| case.primary_worker_id);
            holders.chain(caseload.tasks().map(|task| task.owner_id)).collect()
        }
        Role::CaseManager | Role::Administrator => [reader].into(),
    };
    let mut due: Vec<(Due, WorkerId)> = Vec::new();
    for worker in workers {
        due.extend(caseload.due(worker, today.plus_days(AHEAD)).into_iter().map(|due| (due, worker)));
    }
    let due = in_order(due, |(due, _)| (due.on.ordinal(), due.case_id.0));
    due.into_iter().filter_map(|(due, worker)| due_line(due, worker, caseload, reader, today)).collect()
}

fn due_line(due: Due, worker: WorkerId, caseload: &Caseload, reader: WorkerId, today: Date) -> Option<DueLine> {
    let name = caseload.client(due.case_id)?.person.name();
    let (what, task_id) = match due.kind {
        DueKind::Task { task_id, title } => (title, Some(task_id)),
        DueKind::Contact => (words::today::be_in_touch().to_owned(), None),
    };
    Some(DueLine {
        case_id: due.case_id,
        name,
        what,
        when: moments::due(due.on, today),
        tone: Tone::of_days_left(due.on.days_since(today)),
        task_id,
        worker: worker_name(caseload, worker, reader),
    })
}

fn worker_name(caseload: &Caseload, worker: WorkerId, reader: WorkerId) -> Option<String> {
    let other = (worker != reader).then(|| caseload.worker(worker))?;
    other.map(|worker| worker.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn the_visits_of_the_day_are_in_order_and_show_their_alerts() {
        let me = samples::me(Role::CaseManager);
        let lines = visits_today(&samples::caseload(), me.worker_id, me.role, samples::now());
        let times: Vec<&str> = lines.iter().map(|line| line.time.as_str()).collect();
        assert_eq!(times, ["10:30", "12:00", "13:30", "15:30"]);
        let last = lines.last().expect("four visits");
        assert_eq!(last.alerts.len(), 1);
        assert!(last.confidential);
        assert_eq!(last.worker, None);
    }

    #[test]
    fn a_day_without_visits_looks_ahead() {
        let me = samples::me(Role::CaseManager);
        let eve = samples::now().plus_minutes(-24 * 60);
        assert!(visits_today(&samples::caseload(), me.worker_id, me.role, eve).is_empty());
        let lines = visits_coming(&samples::caseload(), me.worker_id, me.role, eve);
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0].time, "Tomorrow 10:30");
    }

    #[test]
    fn a_supervisor_sees_whose_visit_it_is() {
        let supervisor = WorkerId(uuid::Uuid::from_u128(99));
        let lines = visits_today(&samples::caseload(), supervisor, Role::Supervisor, samples::now());
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[0].worker.as_deref(), Some("Maria Santos"));
    }

    #[test]
    fn what_is_late_comes_first() {
        let me = samples::me(Role::CaseManager);
        let lines = due_soon(&samples::caseload(), me.worker_id, me.role, samples::today());
        let first = lines.first().expect("something is due");
        assert_eq!((first.what.as_str(), first.when.as_str(), first.tone), ("Order the bathroom rail", "2 days late", Tone::Late));
        assert!(lines.iter().any(|line| line.task_id.is_none()));
    }
}
