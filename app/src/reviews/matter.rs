//! What waits for a decision, in words: a text as it was written, or two values of the same thing.

use domain::{
    AmendNote, Amending, CaseId, Caseload, ChangeClient, Command, DateTime, HeldCommand, Matter, Review, SignNote, Term, Unit, WorkerId,
};
use leptos::prelude::*;
use sync::wire::read_command;

use crate::{
    device::{kind_words, reason_words},
    ui::{language_name, words},
};

/// "Note", "Risk and alerts": what it is about, in a few words.
pub fn title_of(review: &Review) -> String {
    match &review.matter {
        Matter::Held(held) => kind_words(&held.kind).to_owned(),
        Matter::Contradiction(contradiction) => [contradiction.wanted.kind().label(), ": two changes"].concat(),
    }
}

/// Why it waits.
pub fn why(review: &Review) -> &'static str {
    match &review.matter {
        Matter::Held(held) => reason_words(Some(&held.code)).0,
        Matter::Contradiction(_) => "Somebody else had changed the same thing meanwhile.",
    }
}

/// A worker's name.
pub fn name_of(caseload: &Caseload, worker_id: WorkerId) -> String {
    caseload.worker(worker_id).map_or_else(|| "A colleague".to_owned(), |worker| worker.name.clone())
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
            ("Given name", names.given_name.clone()),
            ("Family name", names.family_name.clone()),
            ("Name to say at the door", names.preferred_name.clone().unwrap_or_else(none)),
        ],
        Unit::Language(language) => vec![
            ("Language", language_name(&language.language).to_owned()),
            ("Interpreter", if language.interpreter_needed { "Needed" } else { "Not needed" }.to_owned()),
        ],
        Unit::Reach(reach) => {
            let phone = |phone: &domain::Phone| {
                let remark = phone.remark.as_ref().map(|remark| [" (", remark, ")"].concat()).unwrap_or_default();
                ("Phone", [phone.number.as_str(), " – ", phone.safe_contact.label(), &remark].concat())
            };
            let address = |address: &domain::Address| {
                let mark = if address.confidential { " – confidential" } else { "" };
                ("Address", [address.text.as_str(), mark].concat())
            };
            or_none("Phones and addresses", reach.phones.iter().map(phone).chain(reach.addresses.iter().map(address)).collect())
        }
        Unit::Safety(safety) => {
            let reason = safety.risk.reason.as_ref().map(|reason| [": ", reason].concat()).unwrap_or_default();
            let mut facts = vec![("Risk", [safety.risk.level.label(), &reason].concat())];
            let alert = |alert: &domain::Alert| ("Alert", [alert.kind.label(), ": ", &alert.text].concat());
            facts.extend(or_none("Alerts", safety.alerts.iter().map(alert).collect()));
            facts
        }
    }
}

fn none() -> String {
    "None".to_owned()
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
                <dd>{value}</dd>
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
        Ok(Command::WriteBlind(blind)) => words_view(vec![("About", blind.about)], &blind.narrative),
        Ok(Command::PlanVisit(plan)) => {
            facts_view(vec![("Planned for", words::moment(plan.planned_at, now)), ("How", plan.mode.label().to_owned())])
        }
        Ok(Command::CompleteTask(done)) => {
            let title = caseload.task(done.task_id).map_or_else(|| "A task that is not here".to_owned(), |task| task.title.clone());
            facts_view(vec![("Done", title)])
        }
        Ok(Command::ChangeClient(change)) => change_view(&change),
        Ok(Command::HandOver(hand_over)) => facts_view(vec![
            ("From", name_of(caseload, hand_over.from)),
            ("To", name_of(caseload, hand_over.to)),
            ("Reason", hand_over.reason),
        ]),
        Ok(Command::DecideReview(decide)) => facts_view(vec![("Decision", decide.outcome.label().to_owned()), ("Reason", decide.reason)]),
        // What this build cannot read is shown as it came: nothing is hidden.
        Ok(Command::LogReads(_)) | Err(_) => view! { <pre class="matter__raw">{held.body.clone()}</pre> }.into_any(),
    }
}

fn note_view(sign: &SignNote, now: DateTime) -> AnyView {
    let facts = vec![
        ("When", words::moment(sign.occurred_at, now)),
        ("How", sign.mode.label().to_owned()),
        ("Reached", sign.reached.label().to_owned()),
        ("Purpose", sign.purpose.label().to_owned()),
        ("Length", words::duration(sign.duration_min)),
    ];
    words_view(facts, &sign.narrative)
}

fn amendment_view(amend: AmendNote) -> AnyView {
    let what = if amend.kind == Amending::EnteredInError { "Mark the note as entered in error" } else { "Add to a note" };
    words_view(vec![("What", what.to_owned())], &amend.text)
}

fn words_view(facts: Facts, text: &str) -> AnyView {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    let paragraphs = paragraphs.map(|part| view! { <p>{part.to_owned()}</p> }.into_any()).collect_view();
    view! {
        {facts_view(facts)}
        <div class="note__narrative">{paragraphs}</div>
    }
    .into_any()
}

fn change_view(change: &ChangeClient) -> AnyView {
    let unit = |change: &domain::UnitChange| {
        view! {
            <h3>{change.to.kind().label()}</h3>
            {facts_view(facts_of_unit(&change.to))}
        }
        .into_any()
    };
    let person = |what: &'static str| move |one: &domain::RelatedPerson| (what, [one.name.as_str(), " (", &one.relationship, ")"].concat());
    let people: Facts = change.related.add.iter().map(person("Add")).chain(change.related.remove.iter().map(person("Remove"))).collect();
    view! {
        {change.units.iter().map(unit).collect_view()}
        {(!people.is_empty()).then(|| view! { <h3>"People"</h3> {facts_view(people)} })}
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
