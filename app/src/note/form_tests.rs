use uuid::Uuid;

use super::*;
use crate::samples;

fn filled() -> NoteForm {
    NoteForm {
        note_id: Some(NoteId(Uuid::from_u128(1))),
        next_visit_id: Some(VisitId(Uuid::from_u128(2))),
        mode: "home".to_owned(),
        reached: "client".to_owned(),
        purpose: "monitoring".to_owned(),
        date: "11/23/2026".to_owned(),
        time: "14:00".to_owned(),
        duration: "45".to_owned(),
        narrative: "We talked about the rail.".to_owned(),
        ..NoteForm::default()
    }
}

fn flaws(form: &NoteForm) -> Flaws {
    form.commands(samples::case_id(), samples::now()).expect_err("the form must be mended")
}

#[test]
fn a_filled_form_signs_a_note() {
    let commands = filled().commands(samples::case_id(), samples::now()).expect("nothing to mend");
    let [Command::SignNote(sign)] = commands.as_slice() else { panic!("one note: {commands:?}") };
    assert_eq!(sign.mode, ContactMode::HomeVisit);
    assert_eq!(sign.duration_min, 45);
    assert_eq!(sign.occurred_at, samples::now().plus_minutes(-30));
}

#[test]
fn a_next_visit_travels_with_the_note() {
    let form = NoteForm { next_date: "tomorrow".to_owned(), next_time: "9:30 am".to_owned(), ..filled() };
    let commands = form.commands(samples::case_id(), samples::now()).expect("nothing to mend");
    let [_, Command::PlanVisit(plan)] = commands.as_slice() else { panic!("a note and a visit: {commands:?}") };
    assert_eq!(plan.planned_at.date(), samples::today().plus_days(1));
    assert_eq!(plan.planned_at.hour_minute(), (9, 30));
}

#[test]
fn an_empty_form_tells_every_field_in_order() {
    let fields: Vec<NoteField> = flaws(&NoteForm::default()).into_iter().map(|(field, _)| field).collect();
    assert_eq!(
        fields,
        [
            NoteField::Mode,
            NoteField::Reached,
            NoteField::Date,
            NoteField::Time,
            NoteField::Duration,
            NoteField::Purpose,
            NoteField::Narrative
        ]
    );
}

#[test]
fn a_contact_in_the_future_and_a_next_visit_in_the_past_are_told() {
    let form = NoteForm { time: "17:00".to_owned(), next_date: "11/20/2026".to_owned(), next_time: "9".to_owned(), ..filled() };
    assert_eq!(flaws(&form), [(NoteField::Date, Flaw::InTheFuture), (NoteField::NextDate, Flaw::InThePast)]);
}

#[test]
fn half_a_next_visit_is_told() {
    let form = NoteForm { next_date: "tomorrow".to_owned(), ..filled() };
    assert_eq!(flaws(&form), [(NoteField::NextTime, Flaw::Missing)]);
}

#[test]
fn no_message_scolds() {
    for field in [NoteField::Mode, NoteField::Date, NoteField::Time, NoteField::Duration, NoteField::Narrative, NoteField::NextDate] {
        for flaw in [Flaw::Missing, Flaw::NotReadable, Flaw::InTheFuture] {
            let words = flaw.words(field).to_lowercase();
            assert!(!["please", "invalid", "oops", "sorry", "forgot"].iter().any(|bad| words.contains(bad)), "{words}");
        }
    }
}

#[test]
fn a_draft_of_an_older_form_is_still_read() {
    let form: NoteForm = serde_json::from_str(r#"{"narrative":"Half a","unknown":1}"#).expect("drafts stay readable");
    assert_eq!(form.narrative, "Half a");
    let whole = serde_json::to_string(&filled()).expect("a form is plain data");
    assert_eq!(serde_json::from_str::<NoteForm>(&whole).expect("what was written is read"), filled());
}
