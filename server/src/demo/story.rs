//! Two years of one client, told in notes: what is written, and what each note changes. The changes are made by the rulebook itself.

use domain::{
    Achievement, Actor, Case, CaseId, Caseload, Command, ContactMode, Date, DateTime, Goal, GoalId, GoalLifecycle, GoalTouched, NoteId,
    Occasion, Permissions, PlanVisit, Reached, Record, Role, Sensitivity, SignNote, Task, TaskId, TaskState, VisitId, WorkerId, decide,
};

use super::{
    calendar,
    chance::Chance,
    contact::Contact,
    goal_thread::{GoalThread, Phase},
    grammar::Speaker,
    people::Client,
};

/// The length to which a note of a real conversation is filled up, in bytes.
const ENOUGH: usize = 530;

/// The worker who writes, and their colleagues who stand in now and then.
pub(super) struct Staff<'a> {
    pub(super) own: WorkerId,
    pub(super) own_name: &'a str,
    pub(super) colleagues: &'a [WorkerId],
}

/// One case while its story is told.
pub(super) struct Story<'a> {
    client: &'a Client,
    staff: &'a Staff<'a>,
    case_id: CaseId,
    records: Caseload,
    threads: Vec<GoalThread>,
    /// Tasks that a note may tick off, with the day on which they were set.
    open_tasks: Vec<(TaskId, Date)>,
    speaker: Speaker,
    today: Date,
}

impl<'a> Story<'a> {
    /// Begins with the case as it was opened, its goals and what had to be done first.
    pub(super) fn begin(client: &'a Client, case: Case, staff: &'a Staff<'a>, notes: usize, today: Date, chance: &mut Chance) -> Self {
        let mut speaker = client.speaker();
        speaker.learn("colleague", staff.own_name.split(' ').next().unwrap_or(staff.own_name));
        let mut story = Self {
            client,
            staff,
            case_id: case.id,
            records: Caseload::default(),
            threads: Vec::new(),
            open_tasks: Vec::new(),
            speaker,
            today,
        };
        let opened_on = case.opened_on;
        story.records.put(Record::Person(client.person.clone()));
        story.records.put(Record::Case(case));
        story.set_goals(opened_on, notes, chance);
        story.set_tasks(opened_on, notes, chance);
        story
    }

    fn set_goals(&mut self, opened_on: Date, notes: usize, chance: &mut Chance) {
        let mut themes = self.client.programme.goals.to_vec();
        if self.client.language_name == "English" {
            themes.retain(|theme| *theme != "english");
        }
        if self.client.children.is_empty() {
            themes.retain(|theme| !matches!(*theme, "school" | "parenting"));
        }
        chance.shuffle(&mut themes);
        themes.truncate(chance.weighted(&[(1, 25), (2, 45), (3, 30)]));
        let notes_each = notes / themes.len().max(1);
        self.know_the_day(opened_on, chance);
        for theme in themes {
            let id = GoalId(chance.id(calendar::at(opened_on, 12, 0)));
            let goal = Goal {
                id,
                case_id: self.case_id,
                statement: self.speaker.say(&format!("{theme}.statement"), chance).trim_matches('"').to_owned(),
                measure: chance.percent(80).then(|| self.speaker.say(&format!("{theme}.measure"), chance)),
                target_on: chance.percent(75).then(|| self.today.plus_days(chance.between(-40, 210))),
                lifecycle: GoalLifecycle::Active,
                achievement: Achievement::InProgress,
                moved_by: None,
                moved_at: None,
            };
            self.records.put(Record::Goal(goal));
            self.threads.push(GoalThread::new(id, theme, notes_each, chance));
        }
    }

    /// Tasks of the past, which notes will tick off, and those that are open now, some of them late.
    fn set_tasks(&mut self, opened_on: Date, notes: usize, chance: &mut Chance) {
        let days = self.today.days_since(opened_on);
        for _ in 0..notes / 9 {
            let set_on = opened_on.plus_days(chance.between(0, (days - 30).max(0)));
            let due_on = calendar::workday_after(set_on.plus_days(chance.between(4, 21)));
            let id = self.set_task(set_on, due_on, chance);
            self.open_tasks.push((id, set_on));
        }
        self.open_tasks.sort_by_key(|(id, set_on)| (*set_on, *id));
        for _ in 0..chance.weighted(&[(0, 40), (1, 40), (2, 20)]) {
            let due_on = calendar::workday_after(self.today.plus_days(chance.weighted(&[
                (-9, 6),
                (-4, 8),
                (-1, 8),
                (0, 14),
                (1, 12),
                (2, 12),
                (4, 14),
                (8, 14),
                (15, 12),
            ])));
            self.set_task(due_on.min(self.today).plus_days(-chance.between(3, 20)), due_on, chance);
        }
    }

    fn set_task(&mut self, set_on: Date, due_on: Date, chance: &mut Chance) -> TaskId {
        let theme = chance.pick(&self.threads).theme;
        let id = TaskId(chance.id(calendar::at(set_on, 15, 0)));
        let title = self.speaker.say(&format!("{theme}.task"), chance);
        let task = Task { id, case_id: self.case_id, owner_id: self.staff.own, title, due_on, state: TaskState::Open };
        self.records.put(Record::Task(task));
        id
    }

    /// Tells the contact number `at` (from 0) at this moment, and does what its note does.
    pub(super) fn tell(&mut self, at: usize, occurred_at: DateTime, chance: &mut Chance) {
        let contact = Contact::by_chance(at, self.client, chance);
        let covered = at > 2 && contact.reached == Reached::Client && chance.percent(4);
        let author = if covered { *chance.pick(self.staff.colleagues) } else { self.staff.own };
        self.know_the_day(occurred_at.date(), chance);
        self.know_the_hour(occurred_at);

        let touched = self.touch_goals(contact, chance);
        let narrative = self.narrative(contact, covered, &touched, chance);
        let signed_at = self.signed_at(occurred_at, contact, chance);
        let actor = Actor { worker_id: author, may: Permissions::usual(Role::CaseManager) };
        let visit_id = self.plan_visit(contact, occurred_at, actor, chance);
        let goals = touched.iter().filter_map(|(goal_id, phase)| {
            let from = self.records.goal(*goal_id)?.achievement;
            Some(GoalTouched { goal_id: *goal_id, from, to: phase.achievement() })
        });
        let sign = SignNote {
            note_id: NoteId(chance.id(signed_at)),
            case_id: self.case_id,
            occurred_at,
            duration_min: contact.duration_min,
            mode: contact.mode,
            reached: contact.reached,
            purpose: contact.purpose,
            narrative,
            goals: goals.collect(),
            tasks_done: self.tasks_done(contact, occurred_at.date(), chance),
            visit_id,
            sensitivity: Sensitivity::Ordinary,
            attachments: Vec::new(),
            blind_note_id: None,
        };
        self.carry_out(&Command::SignNote(sign), actor, signed_at);
    }

    /// Plans a meeting that is yet to come.
    pub(super) fn plan(&mut self, planned_at: DateTime, mode: ContactMode, chance: &mut Chance) {
        let made_at = calendar::at(calendar::workday_before(self.today.plus_days(-2)), 16, 30);
        let actor = Actor { worker_id: self.staff.own, may: Permissions::usual(Role::CaseManager) };
        let plan = PlanVisit { visit_id: VisitId(chance.id(made_at)), case_id: self.case_id, planned_at, mode };
        self.carry_out(&Command::PlanVisit(plan), actor, made_at);
    }

    /// What is there at the end, in the order of kinds and ids.
    pub(super) fn end(self) -> Vec<Record> {
        let mut records: Vec<Record> = self.records.records().collect();
        records.sort_by_key(Record::record_ref);
        records
    }

    fn carry_out(&mut self, command: &Command, actor: Actor, recorded_at: DateTime) {
        let received_at = Some(DateTime::from_unix_ms(recorded_at.unix_ms() + 2_400, recorded_at.offset_min()));
        let occasion = Occasion { actor, recorded_at, received_at, late_after_reassignment: false };
        let decision = decide(command, &occasion, &self.records);
        debug_assert!(decision.is_ok(), "the story keeps the rules: {decision:?}");
        decision.unwrap_or_default().changed.into_iter().for_each(|record| self.records.put(record));
    }

    /// Lets the speaker know what changes from day to day.
    fn know_the_day(&mut self, day: Date, chance: &mut Chance) {
        const MONTHS: [&str; 12] =
            ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
        let ago = chance.between(1, 4);
        self.speaker.learn("month", MONTHS[usize::from(day.plus_days(-30 * ago).month() - 1)]);
        self.speaker.learn("kin", self.client.kin(self.client.their(), chance));
        if !self.client.children.is_empty() {
            let child = *chance.pick(&self.client.children);
            let daughter =
                self.client.person.related.iter().any(|related| related.relationship == "daughter" && related.name.starts_with(child));
            self.speaker.learn("child", child);
            self.speaker.learn("childself", if daughter { "herself" } else { "himself" });
        }
    }

    fn know_the_hour(&mut self, moment: DateTime) {
        let (hour, minute) = moment.hour_minute();
        let (twelve, half) = if hour > 12 { (hour - 12, "p.m.") } else { (hour, "a.m.") };
        self.speaker.learn("at", format!("{twelve}:{minute:02} {half}"));
        let daypart = match hour {
            ..9 => "first thing in the morning",
            9 => "in the morning",
            10 => "in the course of the morning",
            11 => "before lunch",
            12..14 => "after lunch",
            14 => "in the afternoon",
            _ => "late in the afternoon",
        };
        self.speaker.learn("daypart", daypart);
    }

    /// The goals that a note is about, each with how it goes on. It takes the client to say.
    fn touch_goals(&mut self, contact: Contact, chance: &mut Chance) -> Vec<(GoalId, Phase)> {
        if contact.reached != Reached::Client || self.threads.is_empty() {
            return Vec::new();
        }
        let mut order: Vec<usize> = (0..self.threads.len()).collect();
        chance.shuffle(&mut order);
        order.truncate(chance.weighted(&[(1, 60), (2, 40)]));
        let touch = |at: usize| {
            let thread = &mut self.threads[at];
            (thread.goal_id, thread.go_on(chance))
        };
        order.into_iter().map(touch).collect()
    }

    fn narrative(&mut self, contact: Contact, covered: bool, touched: &[(GoalId, Phase)], chance: &mut Chance) -> String {
        let mut said: Vec<String> = Vec::new();
        let opening = contact.opening();
        said.push(self.speaker.say(&opening, chance));
        if covered {
            said.insert(0, self.speaker.say("cover", chance));
        }
        if !matches!(contact.reached, Reached::Client | Reached::Collateral) {
            return said.join(" ");
        }
        if contact.reached == Reached::Collateral {
            said.push(self.speaker.say("collateral.about", chance));
        } else {
            said.push(self.speaker.say(&format!("purpose.{}", purpose_rule(contact)), chance));
            if self.client.person.interpreter_needed && chance.percent(65) {
                said.push(self.speaker.say("interpreter", chance));
            }
        }
        let middle = said.len();
        for (goal_id, phase) in touched {
            self.tell_goal(*goal_id, *phase, contact, &mut said, chance);
        }
        if contact.is_in_person() && chance.percent(30) && !self.client.alerts.is_empty() {
            let alert = *chance.pick(&self.client.alerts);
            said.push(self.speaker.say(&format!("alert.{alert}.note"), chance));
        }
        let enough = match contact.mode {
            ContactMode::Text | ContactMode::Email => ENOUGH / 2,
            ContactMode::Phone => ENOUGH - 110,
            _ => ENOUGH + usize::from(chance.percent(35)) * 160,
        };
        let fillers: &[&str] = match contact {
            _ if contact.reached == Reached::Collateral => &["collateral.about", "collateral.about", "collateral.about"],
            _ if contact.is_in_person() && contact.mode == ContactMode::HomeVisit => &["detail", "seen", "detail", "seen.home", "seen"],
            _ if contact.is_in_person() => &["detail", "seen"],
            _ => &["detail.away", "seen.away"],
        };
        for filler in fillers.iter().cycle().take(fillers.len().max(4)) {
            if said.iter().map(String::len).sum::<usize>() > enough {
                break;
            }
            // What was seen comes before what was talked about.
            let at = if contact.reached == Reached::Collateral { said.len() } else { middle };
            said.insert(at, self.speaker.say(filler, chance));
        }
        let end = match contact {
            _ if contact.reached == Reached::Collateral => "next.collateral",
            _ if contact.is_in_person() => "next",
            _ => "next.away",
        };
        let end = self.speaker.say(end, chance);
        match chance.percent(45) {
            true => format!("{}\n\n{}\n\n{end}", said[..middle].join(" "), said[middle..].join(" ")).replace("\n\n\n\n", "\n\n"),
            false => format!("{} {end}", said.join(" ")),
        }
    }

    fn tell_goal(&mut self, goal_id: GoalId, phase: Phase, contact: Contact, said: &mut Vec<String>, chance: &mut Chance) {
        let Some(thread) = self.threads.iter().find(|thread| thread.goal_id == goal_id) else { return };
        let theme = thread.theme;
        said.push(self.speaker.say(&format!("{theme}.{}", phase.rule()), chance));
        // A reached goal needs no more forms, and nobody fills one in by text message.
        let is_settled = matches!(phase, Phase::Done | Phase::Hold);
        if !is_settled && contact.is_in_person() && chance.percent(60) {
            said.push(self.speaker.say(&format!("{theme}.did"), chance));
        }
    }

    /// Soon after the contact, or now and then only days later; never after the story's last day.
    fn signed_at(&self, occurred_at: DateTime, contact: Contact, chance: &mut Chance) -> DateTime {
        let day = occurred_at.date();
        if chance.percent(5) && day < self.today.plus_days(-5) {
            let later = calendar::workday_after(day.plus_days(chance.between(2, 3)));
            return calendar::working_hour(later, chance);
        }
        occurred_at.plus_minutes(i64::from(contact.duration_min) + i64::from(chance.between(4, 95)))
    }

    /// Every second home visit had been planned in the app.
    fn plan_visit(&mut self, contact: Contact, occurred_at: DateTime, actor: Actor, chance: &mut Chance) -> Option<VisitId> {
        if contact.mode != ContactMode::HomeVisit || !chance.percent(45) {
            return None;
        }
        let made_at = occurred_at.plus_minutes(-24 * 60 * i64::from(chance.between(2, 9)));
        let visit_id = VisitId(chance.id(made_at));
        let plan = PlanVisit { visit_id, case_id: self.case_id, planned_at: occurred_at, mode: contact.mode };
        self.carry_out(&Command::PlanVisit(plan), actor, made_at);
        Some(visit_id)
    }

    fn tasks_done(&mut self, contact: Contact, day: Date, chance: &mut Chance) -> Vec<TaskId> {
        if !matches!(contact.reached, Reached::Client | Reached::Collateral) {
            return Vec::new();
        }
        let was_set = self.open_tasks.iter().take_while(|(_, set_on)| *set_on < day).count();
        if was_set == 0 || !(was_set > 1 || chance.percent(55)) {
            return Vec::new();
        }
        vec![self.open_tasks.remove(0).0]
    }

    /// Ticks off, outside of any note, what the last note left open of the past.
    pub(super) fn finish_old_tasks(&mut self, chance: &mut Chance) {
        let actor = Actor { worker_id: self.staff.own, may: Permissions::usual(Role::CaseManager) };
        for (task_id, set_on) in std::mem::take(&mut self.open_tasks) {
            let day = calendar::workday_before(set_on.plus_days(chance.between(5, 20)).min(self.today.plus_days(-1)));
            let complete = domain::CompleteTask { task_id, case_id: self.case_id };
            self.carry_out(&Command::CompleteTask(complete), actor, calendar::at(day, 17, 5));
        }
    }

    /// Closes goals that have been reached for long.
    pub(super) fn complete_goals(&mut self, chance: &mut Chance) {
        let held: Vec<Goal> = (self.threads.iter().filter_map(|thread| self.records.goal(thread.goal_id)))
            .filter(|goal| goal.achievement == Achievement::Sustaining)
            .cloned()
            .collect();
        for mut goal in held.into_iter().skip(usize::from(self.threads.len() == 1)) {
            if chance.percent(60) {
                goal.lifecycle = GoalLifecycle::Completed;
                self.records.put(Record::Goal(goal));
            }
        }
    }
}

fn purpose_rule(contact: Contact) -> &'static str {
    domain::Term::code(contact.purpose)
}
