//! The sections of the note form.

use domain::{Achievement, CaseId, ContactMode, Goal, GoalId, GoalLifecycle, GoalTouched, Purpose, Reached, Task, TaskId, Term, Visit};
use leptos::prelude::*;

use super::{fields::NoteFields, form::NoteField};
use crate::{
    desk::{DeskState, use_desk},
    ui::{
        Checkbox, ChoiceLayout, DateField, FieldError, Radios, Select, Spoken, TextArea, TextField, TextKind, choices_of, error_of, moments,
    },
};

type Errors = Signal<Vec<FieldError>>;

/// How, and who was reached.
pub fn contact_section(fields: NoteFields, errors: Errors) -> AnyView {
    view! {
        <Radios
            name=NoteField::Mode.id()
            legend=words::note::how_were_you_in_contact()
            options={choices_of::<ContactMode>()}
            layout=ChoiceLayout::Chips
            value=fields.mode
            error=error_of(errors, NoteField::Mode.id())
        />
        <Radios
            name=NoteField::Reached.id()
            legend=words::note::who_was_reached()
            options={choices_of::<Reached>()}
            value=fields.reached
            error=error_of(errors, NoteField::Reached.id())
        />
    }
    .into_any()
}

/// When it began, how long it took and what for.
pub fn time_section(fields: NoteFields, errors: Errors) -> AnyView {
    let purpose = Callback::new(move |code| fields.purpose.set(code));
    view! {
        <div class="field-row">
            <DateField
                id=NoteField::Date.id()
                label=words::note::date()
                value=fields.date
                error=error_of(errors, NoteField::Date.id())
            />
            <TextField
                id=NoteField::Time.id()
                label=words::note::time()
                short=true
                value=fields.time
                error=error_of(errors, NoteField::Time.id())
            />
            <TextField
                id=NoteField::Duration.id()
                label=words::note::minutes()
                kind=TextKind::Number
                short=true
                value=fields.duration
                error=error_of(errors, NoteField::Duration.id())
            />
        </div>
        <Select
            id=NoteField::Purpose.id().to_owned()
            label=words::note::purpose()
            options={choices_of::<Purpose>()}
            value=fields.purpose
            on_choice=purpose
        />
    }
    .into_any()
}

/// What happened.
pub fn narrative_section(fields: NoteFields, errors: Errors) -> AnyView {
    view! {
        <TextArea
            id=NoteField::Narrative.id()
            label=words::note::narrative()
            hint=words::note::what_you_saw()
            value=fields.narrative
            error=error_of(errors, NoteField::Narrative.id())
        />
    }
    .into_any()
}

/// The goals that are being worked on, each with where it stands now.
pub fn goals_section(fields: NoteFields, case_id: CaseId) -> AnyView {
    let state = use_desk().state();
    let goals = Memo::new(move |_| {
        let is_active = |goal: &&Goal| goal.lifecycle == GoalLifecycle::Active;
        state.caseload.with(|all| all.goals_of(case_id).into_iter().filter(is_active).cloned().collect::<Vec<Goal>>())
    });
    let lines = move || goals.get().into_iter().map(|goal| goal_select(goal, fields.goals)).collect_view();
    view! {
        <fieldset class="field form__group">
            <legend class="field__label">{words::note::goals_touched()} <span class="field__optional">" " {words::common::optional()}</span></legend>
            {move || goals.with(Vec::is_empty).then(|| view! { <p class="field__hint">{words::note::there_is_no_active_goal()}</p> })}
            {lines}
        </fieldset>
    }
    .into_any()
}

fn goal_select(goal: Goal, touched: RwSignal<Vec<GoalTouched>>) -> AnyView {
    let Goal { id: goal_id, achievement, statement, .. } = goal;
    let chosen = Signal::derive(move || touched.with(|touched| code_of(touched, goal_id).to_owned()));
    let on_choice = Callback::new(move |code: String| touched.update(|touched| touch(touched, goal_id, achievement, &code)));
    let mut choices = vec![("", words::note::not_touched())];
    choices.extend(choices_of::<Achievement>());
    let label = words::note::goal_now(&statement, achievement.words());
    let mut id = String::from("goal-");
    id.push_str(&goal_id.to_string());
    view! { <Select id=id label=label options=choices value=chosen on_choice=on_choice /> }.into_any()
}

fn code_of(touched: &[GoalTouched], goal_id: GoalId) -> &'static str {
    touched.iter().find(|touched| touched.goal_id == goal_id).map_or("", |touched| touched.to.code())
}

/// Notes the new state of a goal; the empty code takes it out.
fn touch(touched: &mut Vec<GoalTouched>, goal_id: GoalId, from: Achievement, code: &str) {
    let seen = touched.iter().find(|touched| touched.goal_id == goal_id).map_or(from, |touched| touched.from);
    touched.retain(|touched| touched.goal_id != goal_id);
    if let Some(to) = Achievement::from_code(code) {
        touched.push(GoalTouched { goal_id, from: seen, to });
    }
}

/// The open tasks, to be ticked off with the note.
pub fn tasks_section(fields: NoteFields, case_id: CaseId) -> AnyView {
    let state = use_desk().state();
    let tasks = Memo::new(move |_| state.caseload.with(|all| all.open_tasks_of(case_id).into_iter().cloned().collect::<Vec<Task>>()));
    let today = move || state.now.get_untracked().date();
    let lines = move || tasks.get().into_iter().map(|task| task_box(task, today(), fields.tasks_done)).collect_view();
    view! {
        <fieldset class="field form__group">
            <legend class="field__label">{words::note::tasks_done()} <span class="field__optional">" " {words::common::optional()}</span></legend>
            {move || tasks.with(Vec::is_empty).then(|| view! { <p class="field__hint">{words::note::there_is_no_open_task()}</p> })}
            <div class="choices">{lines}</div>
        </fieldset>
    }
    .into_any()
}

fn task_box(task: Task, today: domain::Date, done: RwSignal<Vec<TaskId>>) -> AnyView {
    let task_id = task.id;
    let mut id = String::from("task-");
    id.push_str(&task_id.to_string());
    let checked = Signal::derive(move || done.with(|done| done.contains(&task_id)));
    let on_change = Callback::new(move |is_done: bool| {
        done.update(|done| {
            done.retain(|id| *id != task_id);
            if is_done {
                done.push(task_id);
            }
        });
    });
    view! { <Checkbox id=id label=task.title remark=moments::due(task.due_on, today) checked=checked on_change=on_change /> }.into_any()
}

/// The planned visit that the note tells of, where there is one to choose.
pub fn visit_section(fields: NoteFields, case_id: CaseId) -> AnyView {
    let state = use_desk().state();
    let visits = Memo::new(move |_| {
        // A visit that is still days away is not what this note tells of.
        let until = state.now.get().plus_minutes(24 * 60);
        let is_near = |visit: &&Visit| visit.planned_at <= until;
        state.caseload.with(|all| all.planned_visits_of(case_id).into_iter().filter(is_near).cloned().collect::<Vec<Visit>>())
    });
    let list = move || {
        let visits = visits.get();
        (!visits.is_empty()).then(|| {
            let lines = visits.into_iter().map(|visit| visit_box(&visit, state, fields.visit)).collect_view();
            view! {
                <fieldset class="field form__group">
                    <legend class="field__label">{words::note::planned_visit()} <span class="field__optional">" " {words::common::optional()}</span></legend>
                    <div class="choices">{lines}</div>
                </fieldset>
            }
            .into_any()
        })
    };
    view! { {list} }.into_any()
}

fn visit_box(visit: &Visit, state: DeskState, chosen: RwSignal<String>) -> AnyView {
    let code = visit.id.to_string();
    let label = words::note::this_was_the_visit_of(&moments::moment(visit.planned_at, state.now.get_untracked()));
    let id = ["visit-", &code].concat();
    let mine = code.clone();
    let checked = Signal::derive(move || chosen.with(|chosen| *chosen == mine));
    let on_change = Callback::new(move |is_it: bool| chosen.set(if is_it { code.clone() } else { String::new() }));
    view! { <Checkbox id=id label=label remark=visit.mode.words().to_owned() checked=checked on_change=on_change /> }.into_any()
}

/// When to come again.
pub fn next_section(fields: NoteFields, errors: Errors) -> AnyView {
    view! {
        <fieldset class="field form__group">
            <legend class="field__label">{words::note::next_visit()} <span class="field__optional">" " {words::common::optional()}</span></legend>
            <div class="field-row">
                <DateField
                    id=NoteField::NextDate.id()
                    label=words::note::date_of_the_next_visit()
                    hint=words::note::like_11_30_2026()
                    value=fields.next_date
                    error=error_of(errors, NoteField::NextDate.id())
                />
                <TextField
                    id=NoteField::NextTime.id()
                    label=words::note::time_of_the_next_visit()
                    hint=words::note::like_9_30_am()
                    short=true
                    value=fields.next_time
                    error=error_of(errors, NoteField::NextTime.id())
                />
            </div>
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_goal_remembers_where_it_stood_when_it_was_first_touched() {
        let goal_id = GoalId(Uuid::from_u128(1));
        let mut touched = Vec::new();
        touch(&mut touched, goal_id, Achievement::InProgress, "improving");
        touch(&mut touched, goal_id, Achievement::Improving, "achieved");
        assert_eq!(touched, [GoalTouched { goal_id, from: Achievement::InProgress, to: Achievement::Achieved }]);
        touch(&mut touched, goal_id, Achievement::Improving, "");
        assert!(touched.is_empty());
    }
}
