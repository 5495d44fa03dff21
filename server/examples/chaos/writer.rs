//! The worker at a device: goes from client to client and writes, now and then more than a note.

use domain::{
    Achievement, Case, Caseload, Command, CompleteTask, ContactMode, GoalTouched, NoteId, PlanVisit, Reached, Sensitivity, Term, VisitId,
};

use crate::{
    chance::Chance,
    errands,
    letters::{self, NoteParts},
    page::{Killed, Page},
};

/// Whoever has so many unsent ones goes home: otherwise all would be written before the first fault is over.
const MOST_UNSENT: usize = 40;

/// How many of a thousand times something else than a note is done.
const ERRANDS: u32 = 200;

/// What notes are made of: several scripts, quotes, lines.
const WORDS: [&str; 16] = [
    "met at home",
    "the heating works",
    "\"not again\", she said",
    "niño",
    "Żółć",
    "眠れない",
    "שלום",
    "👩‍👧 moved",
    "C:\\letters\\",
    "line\nbreak",
    "tab\there",
    "O'Brien",
    "café ☕",
    "{\"json\": null}",
    "<b>bold</b>",
    "50 % done; --",
];

/// Writes until the device's quota is on disk, then rests until the page ends.
pub(crate) async fn write(page: &Page<'_>, mut chance: Chance) -> Killed {
    loop {
        tokio::time::sleep(chance.wait(0, 150)).await;
        if page.home.written() >= page.home.quota {
            return std::future::pending().await;
        }
        if page.unsent() >= MOST_UNSENT {
            continue;
        }
        let commands = page.read(|caseload| match chance.per_mille(ERRANDS) {
            true => errands::choose(page, caseload, &mut chance).map(|errand| vec![errand]),
            false => compose(page, caseload, &mut chance),
        });
        let Some(commands) = commands else { continue };
        if page.submit(commands).await.is_err() {
            return Killed;
        }
    }
}

/// One note about a client who is here, and what came of the contact. None while nobody is here.
fn compose(page: &Page<'_>, caseload: &Caseload, chance: &mut Chance) -> Option<Vec<Command>> {
    let case = pick_case(caseload, chance)?;
    let now = page.clock.now();
    let mut note = NoteParts {
        note_id: NoteId(chance.id(now)),
        case_id: case.id,
        occurred_at: now.plus_minutes(-chance.between(0, 600)),
        duration_min: u16::try_from(chance.between(0, 240)).unwrap_or(0),
        reached: *chance.pick(Reached::ALL)?,
        narrative: narrative(chance),
        sensitivity: if chance.per_mille(200) { *chance.pick(Sensitivity::ALL)? } else { Sensitivity::Ordinary },
        goals: Vec::new(),
        tasks_done: Vec::new(),
        visit_id: None,
    };
    let mut before = Vec::new();
    if chance.per_mille(200) {
        note.goals = caseload
            .goals_of(case.id)
            .into_iter()
            .filter_map(|goal| {
                let to = *chance.pick(Achievement::ALL)?;
                Some(GoalTouched { goal_id: goal.id, from: goal.achievement, to })
            })
            .collect();
    }
    let open_tasks = caseload.open_tasks_of(case.id);
    if chance.per_mille(40) {
        note.tasks_done.extend(chance.pick(&open_tasks).map(|task| task.id));
    } else if chance.per_mille(40) {
        let task = chance.pick(&open_tasks);
        before.extend(task.map(|task| Command::CompleteTask(CompleteTask { task_id: task.id, case_id: case.id })));
    }
    if chance.per_mille(200) {
        note.visit_id = chance.pick(&caseload.planned_visits_of(case.id)).map(|visit| visit.id);
    }
    let mut commands = before;
    commands.push(letters::sign(note));
    if chance.per_mille(150) {
        let visit_id = VisitId(chance.id(now));
        let planned_at = now.plus_minutes(chance.between(60, 30_000));
        commands.push(Command::PlanVisit(PlanVisit { visit_id, case_id: case.id, planned_at, mode: ContactMode::HomeVisit }));
    }
    Some(commands)
}

/// One of the clients who are here.
pub(crate) fn pick_case<'a>(caseload: &'a Caseload, chance: &mut Chance) -> Option<&'a Case> {
    let mut cases: Vec<&Case> = caseload.cases().collect();
    // Maps have no order of their own, and choices must not depend on it.
    cases.sort_unstable_by_key(|case| case.id);
    chance.pick(&cases).copied()
}

/// Some hundred characters, seldom many thousands, and now and then a character that PostgreSQL does not take.
pub(crate) fn narrative(chance: &mut Chance) -> String {
    let words = if chance.per_mille(10) { 900 } else { chance.size(3, 60) };
    let mut text = format!("{:016x}", chance.between(0, i64::MAX));
    for _ in 0..words {
        text.push(' ');
        text.push_str(chance.pick(&WORDS).copied().unwrap_or_default());
    }
    if chance.per_mille(5) {
        text.push_str(" a zero: \0.");
    }
    text
}
