//! Changes to what is known of a client: merged where nothing contradicts, left to a person where something does.

use crate::{
    Case, Caseload, ChangeClient, Contradiction, Decision, MAX_SHORT_CHARS, Occasion, Person, Reach, Record, RecordKind, RecordRef,
    Rejection, Unit, UnitChange, Written,
};

/// How many phones, addresses, alerts or people one client may have.
const MAX_LISTED: usize = 50;

pub(super) fn change(change: &ChangeClient, occasion: &Occasion, records: &Caseload) -> Result<Decision, Rejection> {
    let client = records.client(change.case_id).ok_or(Rejection::NoSuchCase)?;
    let (mut person, mut case) = (client.person.clone(), client.case.clone());
    let mut decision = Decision::default();
    let written = Written { by: occasion.actor.worker_id, at: occasion.recorded_at };
    for unit in &change.units {
        check(unit)?;
        match judge(unit, &person, &case) {
            Verdict::AsWanted => {}
            Verdict::Apply => unit.to.clone().write_into(written, &mut person, &mut case),
            Verdict::Contradicts(found) => decision.contradictions.push(Contradiction {
                record: record_of(unit, &person, &case),
                seen: unit.from.clone(),
                wanted: unit.to.clone(),
                found,
                found_by: unit.from.kind().writer(&person, &case),
            }),
        }
    }
    person.related = change.related.applied_to(&person.related);
    if person.related.len() > MAX_LISTED {
        return Err(Rejection::TooMany);
    }
    if person != *client.person {
        decision.changed.push(Record::Person(person));
    }
    if case != *client.case {
        decision.changed.push(Record::Case(case));
    }
    Ok(decision)
}

enum Verdict {
    /// Somebody else wanted the same.
    AsWanted,
    Apply,
    Contradicts(Unit),
}

fn judge(change: &UnitChange, person: &Person, case: &Case) -> Verdict {
    let kind = change.from.kind();
    let found = Unit::of(kind, person, case);
    if found == change.to {
        return Verdict::AsWanted;
    }
    // Whoever changes how a client is reached has to know of a new danger, and the other way round.
    let beside_as_seen = kind.beside().is_none_or(|beside| change.beside.as_ref() == Some(&Unit::of(beside, person, case)));
    if found == change.from && beside_as_seen { Verdict::Apply } else { Verdict::Contradicts(found) }
}

fn record_of(change: &UnitChange, person: &Person, case: &Case) -> RecordRef {
    if change.from.is_of_case() {
        RecordRef { kind: RecordKind::Case, id: case.id.0 }
    } else {
        RecordRef { kind: RecordKind::Person, id: person.id.0 }
    }
}

/// What holds for every value, whatever stands in the records.
fn check(change: &UnitChange) -> Result<(), Rejection> {
    let kind = change.from.kind();
    let fits = change.to.kind() == kind && change.beside.as_ref().map(Unit::kind) == kind.beside();
    if !fits {
        return Err(Rejection::UnitsDoNotFit);
    }
    let is_short = |text: &str| text.chars().count() <= MAX_SHORT_CHARS;
    let (length, texts): (usize, Vec<&str>) = match &change.to {
        Unit::Names(names) => {
            if names.given_name.trim().is_empty() && names.family_name.trim().is_empty() {
                return Err(Rejection::NameMissing);
            }
            (1, vec![&names.given_name, &names.family_name, names.preferred_name.as_deref().unwrap_or("")])
        }
        Unit::Language(language) => (1, vec![&language.language]),
        Unit::Reach(reach) => (reach.phones.len().max(reach.addresses.len()), texts_of_reach(reach)),
        Unit::Safety(safety) => {
            let alerts = safety.alerts.iter().map(|alert| alert.text.as_str());
            (safety.alerts.len(), alerts.chain(safety.risk.reason.as_deref()).collect())
        }
    };
    match () {
        () if length > MAX_LISTED => Err(Rejection::TooMany),
        () if !texts.into_iter().all(is_short) => Err(Rejection::TextTooLong),
        () => Ok(()),
    }
}

fn texts_of_reach(reach: &Reach) -> Vec<&str> {
    let phones = reach.phones.iter().flat_map(|phone| [phone.number.as_str(), phone.remark.as_deref().unwrap_or("")]);
    phones.chain(reach.addresses.iter().map(|address| address.text.as_str())).collect()
}
