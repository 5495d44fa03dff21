//! The demo agency as data, without a database.

use std::collections::HashSet;

use domain::{
    AgencyId, Alert, AlertKind, Case, CaseId, CaseState, ContactMode, Date, DateTime, Record, Risk, RiskLevel, Role, ScopeId, Worker,
    WorkerId,
};

use uuid::Uuid;

use super::{
    DemoSize, calendar,
    chance::Chance,
    people::Client,
    story::{Staff, Story},
};

/// What the agency is called.
pub const AGENCY_NAME: &str = "Harbor Street Family Services";

/// Name, e-mail and role of everybody who works there.
pub const STAFF: [(&str, &str, Role); 5] = [
    ("María Alvarez", "maria@demo.example", Role::CaseManager),
    ("Omar Haddad", "omar@demo.example", Role::CaseManager),
    ("Lin Chen", "lin@demo.example", Role::CaseManager),
    ("Ruth Feldman", "ruth@demo.example", Role::Supervisor),
    ("Ada Okafor", "ada@demo.example", Role::Administrator),
];

/// How long the agency has kept records, in days.
const HISTORY_DAYS: i32 = 730;

/// A made-up agency.
#[derive(Clone, Debug, PartialEq)]
pub struct Demo {
    pub agency_id: AgencyId,
    /// Each worker with the e-mail they sign in with.
    pub workers: Vec<(Worker, &'static str)>,
    /// Everything but the workers; cases stand before what belongs to them.
    pub records: Vec<Record>,
}

/// Makes the agency as it is on the morning of `today`. The same seed makes the same agency, moved to that day.
pub fn generate(size: DemoSize, seed: u64, today: Date) -> Demo {
    let mut chance = Chance::from_seed(seed);
    let founded_at = calendar::at(today.plus_days(-HISTORY_DAYS), 9, 0);
    let agency_id = AgencyId(chance.id(founded_at));
    let workers = STAFF.map(|(name, email, role)| (Worker { id: WorkerId(chance.id(founded_at)), name: name.to_owned(), role }, email));
    let managers: Vec<&Worker> = workers.iter().map(|(worker, _)| worker).filter(|worker| worker.role == Role::CaseManager).collect();
    let mut agenda = Agenda::new(managers.len(), size.clients, today, &mut chance);
    let mut records = Vec::new();
    for number in 0..size.clients {
        let at = number % managers.len();
        let own = managers[at];
        let colleagues: Vec<WorkerId> = managers.iter().map(|worker| worker.id).filter(|id| *id != own.id).collect();
        let staff = Staff { own: own.id, own_name: &own.name, colleagues: &colleagues };
        records.extend(one_client(number, size.notes, &staff, agenda.of(at), today, &mut chance));
    }
    Demo { agency_id, workers: workers.to_vec(), records }
}

fn one_client(number: usize, notes: usize, staff: &Staff<'_>, meeting: Option<Meeting>, today: Date, chance: &mut Chance) -> Vec<Record> {
    let shortest = i32::try_from(notes).unwrap_or(HISTORY_DAYS).saturating_mul(5).clamp(90, HISTORY_DAYS - 130);
    let history_days =
        if chance.percent(65) { HISTORY_DAYS - chance.between(5, 130) } else { chance.between(shortest, HISTORY_DAYS - 130) };
    let opened_on = calendar::workday_before(today.plus_days(-history_days));
    let made_at = calendar::at(opened_on, 9, 0);
    let client = Client::by_chance(number, made_at, today, chance);
    let mut case = open_case(&client, staff.own, opened_on, today, chance);
    if meeting.is_some() && case.state == CaseState::OnHold {
        case.state = CaseState::Active;
    }
    let contact_every_days = i32::from(case.contact_every_days);
    let mut story = Story::begin(&client, case, staff, notes, today, chance);
    for (at, occurred_at) in note_times(notes, opened_on, contact_every_days, today, chance).into_iter().enumerate() {
        story.tell(at, occurred_at, chance);
    }
    story.finish_old_tasks(chance);
    story.complete_goals(chance);
    if let Some(meeting) = meeting {
        story.plan(meeting.planned_at, meeting.mode, chance);
    }
    story.end()
}

fn open_case(client: &Client, worker_id: WorkerId, opened_on: Date, today: Date, chance: &mut Chance) -> Case {
    let made_at = calendar::at(opened_on, 9, 0);
    let level = chance.weighted(&[(RiskLevel::Low, 48), (RiskLevel::Medium, 36), (RiskLevel::High, 16)]);
    let mut speaker = client.speaker();
    let reason = match level {
        RiskLevel::Low => None,
        RiskLevel::Medium => Some(speaker.say("risk.medium.text", chance)),
        RiskLevel::High => Some(speaker.say("risk.high.text", chance)),
    };
    let since = today.plus_days(-chance.between(6, 110)).max(opened_on);
    let state = match today.days_since(opened_on) {
        ..120 => chance.weighted(&[(CaseState::Active, 60), (CaseState::Planning, 40)]),
        _ => chance.weighted(&[(CaseState::Active, 91), (CaseState::OnHold, 4), (CaseState::Closing, 5)]),
    };
    let (case_id, scope_id) = (CaseId(chance.id(made_at)), ScopeId(chance.id(made_at)));
    Case {
        id: case_id,
        scope_id,
        // Its neighbour, so that nothing else of the story changes by it.
        restricted_scope_id: Some(ScopeId(Uuid::from_u128(scope_id.0.as_u128() ^ 1))),
        person_id: client.person.id,
        programme: client.programme.name.to_owned(),
        primary_worker_id: worker_id,
        state,
        risk: Risk { level, since: reason.is_some().then_some(since), reason },
        opened_on,
        last_contact_on: None,
        contact_every_days: match level {
            RiskLevel::High => 14,
            RiskLevel::Medium => 30,
            RiskLevel::Low => 45,
        },
        alerts: client.alerts.iter().map(|alert| alert_of(alert, &mut speaker, chance)).collect(),
        written: domain::Writers::new(),
    }
}

fn alert_of(alert: &str, speaker: &mut super::grammar::Speaker, chance: &mut Chance) -> Alert {
    let kind = match alert {
        "oxygen" | "insulin" | "seizure" | "hearing" => AlertKind::Health,
        "messages" => AlertKind::Contact,
        "order" | "curfew" => AlertKind::Legal,
        _ => AlertKind::Safety,
    };
    Alert { kind, text: speaker.say(&format!("alert.{alert}.text"), chance) }
}

/// When the contacts of a case were: from its first day to a last one that is recent for most and too long ago for some.
fn note_times(notes: usize, opened_on: Date, contact_every_days: i32, today: Date, chance: &mut Chance) -> Vec<DateTime> {
    let overdue = chance.percent(14);
    let ago = if overdue { contact_every_days + chance.between(1, 16) } else { chance.between(1, (contact_every_days * 2 / 3).max(2)) };
    let yesterday = today.plus_days(-1);
    let last = calendar::workday_before(today.plus_days(-ago)).max(opened_on);
    let days = last.days_since(opened_on);
    let steps = i32::try_from(notes.saturating_sub(1)).unwrap_or(1).max(1);
    let mut times: Vec<DateTime> = Vec::with_capacity(notes);
    for (at, step) in (0..=steps).take(notes).enumerate() {
        let spread = days / steps / 2;
        let jitter = if at == 0 || step == steps { 0 } else { chance.between(-spread, spread) };
        let day = opened_on.plus_days(i32::try_from(i64::from(days) * i64::from(step) / i64::from(steps)).unwrap_or(days) + jitter);
        let day = calendar::workday_before(day).max(opened_on).min(yesterday);
        times.push(calendar::working_hour(day, chance));
    }
    times.sort();
    times
}

/// A planned meeting.
#[derive(Clone, Copy)]
struct Meeting {
    planned_at: DateTime,
    mode: ContactMode,
}

/// What each case manager has planned: two to four meetings today, fewer on the days after.
struct Agenda(Vec<Vec<Option<Meeting>>>);

impl Agenda {
    fn new(managers: usize, clients: usize, today: Date, chance: &mut Chance) -> Self {
        let share = clients.div_ceil(managers.max(1));
        let plan_one = |chance: &mut Chance| {
            let mut meetings: Vec<Option<Meeting>> = day_of_meetings(today, 2, 4, chance);
            let mut seen = HashSet::from([today]);
            for ahead in 1..=9 {
                let day = calendar::workday_after(today.plus_days(ahead));
                if seen.insert(day) {
                    meetings.extend(day_of_meetings(day, 0, 3, chance));
                }
            }
            meetings.resize(meetings.len().max(share), None);
            // Today comes first even where there are few clients; who is met is chance.
            let mut chosen: Vec<Option<Meeting>> = meetings.into_iter().take(share).collect();
            chance.shuffle(&mut chosen);
            chosen
        };
        Self((0..managers).map(|_| plan_one(chance)).collect())
    }

    /// What is planned with the next client of a manager.
    fn of(&mut self, manager: usize) -> Option<Meeting> {
        self.0[manager].pop().flatten()
    }
}

fn day_of_meetings(day: Date, fewest: i32, most: i32, chance: &mut Chance) -> Vec<Option<Meeting>> {
    let mut hours = [(9, 0), (10, 30), (13, 15), (15, 0)];
    chance.shuffle(&mut hours);
    let count = usize::try_from(chance.between(fewest, most)).unwrap_or(0);
    let meeting = |(hour, minute)| {
        let mode = chance.weighted(&[
            (ContactMode::HomeVisit, 68),
            (ContactMode::Office, 14),
            (ContactMode::Community, 10),
            (ContactMode::Video, 8),
        ]);
        Some(Meeting { planned_at: calendar::at(day, hour, minute), mode })
    };
    hours.into_iter().take(count).map(meeting).collect()
}
