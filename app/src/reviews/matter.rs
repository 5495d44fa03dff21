//! What waits for a decision, in words: a text as it was written, or two values of the same thing.

use domain::{
    AmendNote, Amending, CaseId, Caseload, ChangeClient, Command, DateTime, HeldCommand, Matter, Review, SignNote, Unit, WorkerId,
};
use leptos::prelude::*;
use sync::wire::read_command;

use crate::{
    device::{kind_words, reason_words},
    ui::{Spoken, language_name, moments},
};

/// "Note", "Risk and alerts": what it is about, in a few words.
pub fn title_of(review: &Review) -> String {
    match &review.matter {
        Matter::Held(held) => kind_words(&held.kind).to_owned(),
        Matter::Contradiction(contradiction) => words::reviews::two_changes(contradiction.wanted.kind().words()),
    }
}

/// Why it waits.
pub fn why(review: &Review) -> &'static str {
    match &review.matter {
        Matter::Held(held) => reason_words(Some(&held.code)).0,
        Matter::Contradiction(_) => words::reviews::somebody_else_had_changed(),
    }
}

/// A worker's name.
pub fn name_of(caseload: &Caseload, worker_id: WorkerId) -> String {
    caseload.worker(worker_id).map_or_else(|| words::reviews::a_colleague().to_owned(), |worker| worker.name.clone())
}

/// A client's name, where the reader may know it.
pub fn client_name(caseload: &Caseload, case_id: Option<CaseId>) -> Option<String> {
    Some(caseload.client(case_id?)?.person.name())
}

/// Facts with their names.
type Facts = Vec<(&'static str, String)>;

/// The lines of a unit: what it says, one fact a line.
pub fn facts_of_unit(unit: &Unit) -> Facts {
    match unit {
        Unit::Names(names) => vec![
            (words::reviews::given_name(), names.given_name.clone()),
            (words::reviews::family_name(), names.family_name.clone()),
            (words::reviews::name_to_say(), names.preferred_name.clone().unwrap_or_else(none)),
        ],
        Unit::Language(language) => vec![
            (words::reviews::language(), language_name(&language.language)),
            (
                words::reviews::interpreter(),
                if language.interpreter_needed { words::reviews::needed() } else { words::reviews::not_needed() }.to_owned(),
            ),
        ],
        Unit::Reach(reach) => {
            let phone = |phone: &domain::Phone| {
                let remark = phone.remark.as_ref().map(|remark| [" (", remark, ")"].concat()).unwrap_or_default();
                (words::reviews::phone(), [phone.number.as_str(), " – ", phone.safe_contact.words(), &remark].concat())
            };
            let address = |address: &domain::Address| {
                let text = match address.confidential {
                    true => words::reviews::confidential_address(&address.text),
                    false => address.text.clone(),
                };
                (words::reviews::address(), text)
            };
            or_none(
                words::reviews::phones_and_addresses(),
                reach.phones.iter().map(phone).chain(reach.addresses.iter().map(address)).collect(),
            )
        }
        Unit::Safety(safety) => {
            let reason = safety.risk.reason.as_ref().map(|reason| [": ", reason].concat()).unwrap_or_default();
            let mut facts = vec![(words::reviews::risk(), [safety.risk.level.words(), &reason].concat())];
            let alert = |alert: &domain::Alert| (words::reviews::alert(), [alert.kind.words(), ": ", &alert.text].concat());
            facts.extend(or_none(words::reviews::alerts(), safety.alerts.iter().map(alert).collect()));
            facts
        }
    }
}

fn none() -> String {
    words::reviews::none().to_owned()
}

fn or_none(name: &'static str, facts: Facts) -> Facts {
    if facts.is_empty() { vec![(name, none())] } else { facts }
}

/// Facts as a list.
pub fn facts_view(facts: Facts) -> AnyView {
    let lines = facts.into_iter().map(|(name, value)| {
        view! {
            <div class="facts__fact">
                <dt>{name}</dt>
                <dd><bdi>{value}</bdi></dd>
            </div>
        }
        .into_any()
    });
    view! { <dl class="matter__facts">{lines.collect_view()}</dl> }.into_any()
}

/// A command that was not applied, as its author wrote it.
pub fn held_view(held: &HeldCommand, caseload: &Caseload, now: DateTime) -> AnyView {
    match read_command(&held.kind, held.v, &held.body) {
        Ok(Command::SignNote(sign)) => note_view(&sign, now),
        Ok(Command::AmendNote(amend)) => amendment_view(amend),
        Ok(Command::WriteBlind(blind)) => words_view(vec![(words::reviews::about(), blind.about)], &blind.narrative),
        Ok(Command::PlanVisit(plan)) => facts_view(vec![
            (words::reviews::planned_for(), moments::moment(plan.planned_at, now)),
            (words::reviews::how(), plan.mode.words().to_owned()),
        ]),
        Ok(Command::CompleteTask(done)) => {
            let title = caseload.task(done.task_id).map_or_else(|| words::reviews::a_task().to_owned(), |task| task.title.clone());
            facts_view(vec![(words::reviews::done(), title)])
        }
        Ok(Command::ChangeClient(change)) => change_view(&change),
        Ok(Command::HandOver(hand_over)) => facts_view(vec![
            (words::reviews::from(), name_of(caseload, hand_over.from)),
            (words::reviews::to(), name_of(caseload, hand_over.to)),
            (words::reviews::reason(), hand_over.reason),
        ]),
        Ok(Command::DecideReview(decide)) => {
            facts_view(vec![(words::reviews::decision(), decide.outcome.words().to_owned()), (words::reviews::reason(), decide.reason)])
        }
        // What this build cannot read is shown as it came: nothing is hidden.
        Ok(Command::LogReads(_)) | Err(_) => view! { <pre class="matter__raw">{held.body.clone()}</pre> }.into_any(),
    }
}

fn note_view(sign: &SignNote, now: DateTime) -> AnyView {
    let facts = vec![
        (words::reviews::when(), moments::moment(sign.occurred_at, now)),
        (words::reviews::how(), sign.mode.words().to_owned()),
        (words::reviews::reached(), sign.reached.words().to_owned()),
        (words::reviews::purpose(), sign.purpose.words().to_owned()),
        (words::reviews::length(), moments::duration(sign.duration_min)),
    ];
    words_view(facts, &sign.narrative)
}

fn amendment_view(amend: AmendNote) -> AnyView {
    let what =
        if amend.kind == Amending::EnteredInError { words::reviews::mark_the_note_as_entered() } else { words::reviews::add_to_a_note() };
    words_view(vec![(words::reviews::what(), what.to_owned())], &amend.text)
}

fn words_view(facts: Facts, text: &str) -> AnyView {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    let paragraphs = paragraphs.map(|part| view! { <p dir="auto">{part.to_owned()}</p> }.into_any()).collect_view();
    view! {
        {facts_view(facts)}
        <div class="note__narrative">{paragraphs}</div>
    }
    .into_any()
}

fn change_view(change: &ChangeClient) -> AnyView {
    let unit = |change: &domain::UnitChange| {
        view! {
            <h3>{change.to.kind().words()}</h3>
            {facts_view(facts_of_unit(&change.to))}
        }
        .into_any()
    };
    let person = |what: &'static str| move |one: &domain::RelatedPerson| (what, [one.name.as_str(), " (", &one.relationship, ")"].concat());
    let people: Facts = change
        .related
        .add
        .iter()
        .map(person(words::reviews::add()))
        .chain(change.related.remove.iter().map(person(words::reviews::remove())))
        .collect();
    view! {
        {change.units.iter().map(unit).collect_view()}
        {(!people.is_empty()).then(|| view! { <h3>{words::reviews::people()}</h3> {facts_view(people)} })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::{Risk, RiskLevel, Safety};

    use super::*;

    #[test]
    fn an_empty_list_is_told_too() {
        let safety = Safety { risk: Risk { level: RiskLevel::High, reason: Some("Fell".to_owned()), since: None }, alerts: Vec::new() };
        assert_eq!(facts_of_unit(&Unit::Safety(safety)), [("Risk", "High risk: Fell".to_owned()), ("Alerts", "None".to_owned())]);
    }
}
