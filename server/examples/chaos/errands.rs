//! What workers do beside notes: they add to one, change what is known of a client, hand a case over, decide what waits for a person. What
//! their role does not allow is not kept: the rules say so.

use domain::{
    AmendNote, Amending, AmendmentId, Caseload, ChangeClient, Command, DecideReview, HandOver, Language, Matter, Names, Outcome, Phone,
    Reach, RelatedChange, RelatedPerson, RiskLevel, Role, SafeContact, Safety, Term, Unit, UnitChange, UnitKind, Worker,
};

use crate::{
    chance::Chance,
    page::Page,
    writer::{narrative, pick_case},
};

/// Whoever has fewer cases gives none away: without any, no notes are written.
const FEWEST_CASES: usize = 4;

/// One thing to do; none where there is nothing of its kind.
pub(crate) fn choose(page: &Page<'_>, caseload: &Caseload, chance: &mut Chance) -> Option<Command> {
    match chance.size(0, 9) {
        0..=3 => amend(page, caseload, chance).map(Command::AmendNote),
        4..=7 => change(page, caseload, chance).map(Command::ChangeClient),
        8 => hand_over(caseload, chance).map(Command::HandOver),
        _ => decide(caseload, chance).map(Command::DecideReview),
    }
}

fn amend(page: &Page<'_>, caseload: &Caseload, chance: &mut Chance) -> Option<AmendNote> {
    let case = pick_case(caseload, chance)?;
    let note = *chance.pick(&caseload.notes_of(case.id))?;
    Some(AmendNote {
        amendment_id: AmendmentId(chance.id(page.clock.now())),
        note_id: note.id,
        case_id: case.id,
        kind: if chance.per_mille(100) { Amending::EnteredInError } else { Amending::Addendum },
        text: narrative(chance),
        seen: u32::try_from(caseload.amendments_of(note.id).len()).ok()?,
    })
}

/// Adds somebody to a client's life, whose name nobody else has; and often changes a field, so that others contradict.
fn change(page: &Page<'_>, caseload: &Caseload, chance: &mut Chance) -> Option<ChangeClient> {
    let client = caseload.client(pick_case(caseload, chance)?.id)?;
    let neighbour =
        RelatedPerson { name: chance.id(page.clock.now()).simple().to_string(), relationship: "neighbour".to_owned(), household: false };
    let mut units = Vec::new();
    if chance.per_mille(700) {
        let kind = *chance.pick(UnitKind::ALL)?;
        let from = Unit::of(kind, client.person, client.case);
        let beside = kind.beside().map(|beside| Unit::of(beside, client.person, client.case));
        units.push(UnitChange { to: changed(&from, chance)?, from, beside });
    }
    let related = RelatedChange { add: vec![neighbour], remove: Vec::new() };
    Some(ChangeClient { case_id: client.case.id, units, related })
}

fn changed(from: &Unit, chance: &mut Chance) -> Option<Unit> {
    let number = chance.between(0, 999);
    Some(match from.clone() {
        Unit::Names(names) => Unit::Names(Names { preferred_name: Some(format!("Called{number}")), ..names }),
        Unit::Language(language) => Unit::Language(Language { interpreter_needed: !language.interpreter_needed, ..language }),
        Unit::Reach(reach) => {
            let phone = Phone { number: format!("555-{number:04}"), safe_contact: *chance.pick(SafeContact::ALL)?, remark: None };
            Unit::Reach(Reach { phones: vec![phone], ..reach })
        }
        Unit::Safety(mut safety) => {
            safety.risk.level = *chance.pick(RiskLevel::ALL)?;
            Unit::Safety(Safety { ..safety })
        }
    })
}

fn hand_over(caseload: &Caseload, chance: &mut Chance) -> Option<HandOver> {
    let case = pick_case(caseload, chance)?;
    let from = case.primary_worker_id;
    if caseload.cases().filter(|case| case.primary_worker_id == from).count() < FEWEST_CASES {
        return None;
    }
    let takes = |worker: &&Worker| worker.role == Role::CaseManager && worker.id != from;
    let colleagues: Vec<&Worker> = caseload.workers().into_iter().filter(takes).collect();
    let to = chance.pick(&colleagues)?.id;
    Some(HandOver { case_id: case.id, from, to, reason: "Moved to another part of town".to_owned() })
}

fn decide(caseload: &Caseload, chance: &mut Chance) -> Option<DecideReview> {
    let mut open = caseload.open_reviews();
    open.sort_unstable_by_key(|review| review.id);
    let review = *chance.pick(&open)?;
    let found = match &review.matter {
        Matter::Held(_) => None,
        Matter::Contradiction(contradiction) => {
            let client = caseload.client(review.case_id?)?;
            Some(Unit::of(contradiction.wanted.kind(), client.person, client.case))
        }
    };
    let outcome = *chance.pick(Outcome::ALL)?;
    Some(DecideReview { review_id: review.id, outcome, reason: "Asked the author".to_owned(), found })
}
