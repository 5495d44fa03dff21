//! Every address of the app, built by functions so that no page spells one out.

use domain::{BlindNoteId, CaseId, NoteId, ReviewId, VisitId};

use crate::place::Place;

pub const HOME: &str = "/";
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_OUT: &str = "/sign-out";
pub const TODAY: &str = "/today";
pub const CASELOAD: &str = "/caseload";
/// Every case as a table.
pub const CASE_TABLE: &str = "/caseload/table";
/// Name of the query's part with which a page draws a whole list at once.
pub const ALL: &str = "all";
pub const DEVICE: &str = "/device";
pub const SET_UP_DEVICE: &str = "/device/set-up";
pub const REVIEWS: &str = "/reviews";
/// What was written while locked and belongs to no client yet.
pub const TO_FILE: &str = "/to-file";
pub const MORE: &str = "/more";
pub const SESSIONS: &str = "/sessions";
pub const LOST_DEVICE: &str = "/lost-device";
pub const PASSWORD: &str = "/password";
pub const PASSKEYS: &str = "/passkeys";
pub const NOTICES: &str = "/notices";
pub const EMERGENCY: &str = "/emergency";
pub const RULES: &str = "/rules";
/// The page to sign in, in a language by its tag.
pub fn sign_in_in(tag: &str) -> String {
    [SIGN_IN, "?language=", tag].concat()
}

/// Where one signs in to go on to `wanted`, an address with its query. Behind `#` no server and no log sees it.
pub fn sign_in_for(wanted: &str) -> String {
    match place_of(wanted) {
        Place::SignIn | Place::Nowhere => SIGN_IN.to_owned(),
        _ => [SIGN_IN, "#", wanted].concat(),
    }
}

/// Where somebody wanted to go who had to sign in first; nothing where that is no page.
pub fn wanted_of_hash(hash: &str) -> Option<&str> {
    let wanted = hash.trim_start_matches('#');
    (wanted.starts_with('/') && place_of(wanted) != Place::Nowhere).then_some(wanted)
}

fn place_of(path_and_query: &str) -> Place {
    Place::of(path_and_query.split(['?', '#']).next().unwrap_or_default())
}

/// The page without data that an enrolled device starts from.
pub const SHELL: &str = "/shell";

pub fn client(case_id: CaseId) -> String {
    format!("/clients/{case_id}")
}

/// The caseload, drawn at once to its end: without a script nothing draws the rest later.
pub fn all_clients() -> String {
    [CASELOAD, "?", ALL].concat()
}

/// What is read before knocking.
pub fn before_visit(case_id: CaseId) -> String {
    format!("/clients/{case_id}/before-visit")
}

/// What is read aloud to a client.
pub fn read_aloud(case_id: CaseId) -> String {
    format!("/clients/{case_id}/read-aloud")
}

/// A letter to a client.
pub fn letter(case_id: CaseId) -> String {
    format!("/clients/{case_id}/letter")
}

pub fn write_note(case_id: CaseId) -> String {
    format!("/clients/{case_id}/notes/new")
}

pub fn amend_note(case_id: CaseId, note_id: NoteId) -> String {
    format!("/clients/{case_id}/notes/{note_id}/amend")
}

pub fn edit_client(case_id: CaseId) -> String {
    format!("/clients/{case_id}/edit")
}

pub fn hand_over(case_id: CaseId) -> String {
    format!("/clients/{case_id}/hand-over")
}

pub fn review(review_id: ReviewId) -> String {
    format!("/reviews/{review_id}")
}

/// The form for the note that files words written while locked.
pub fn file_words(case_id: CaseId, blind_note_id: BlindNoteId) -> String {
    format!("/clients/{case_id}/notes/new?{WORDS}={blind_note_id}")
}

/// Name of the query's part that names words written while locked.
pub const WORDS: &str = "words";

/// A note's place in its client's timeline.
pub fn note(case_id: CaseId, note_id: NoteId) -> String {
    format!("/clients/{case_id}#{}", note_anchor(note_id))
}

/// Id of a note's element on its client's page.
pub fn note_anchor(note_id: NoteId) -> String {
    format!("note-{note_id}")
}

/// The note that the part of an address behind `#` names.
pub fn note_of_hash(hash: &str) -> Option<NoteId> {
    hash.trim_start_matches('#').strip_prefix("note-")?.parse().ok()
}

/// The form for the note of a planned visit.
pub fn write_note_of_visit(case_id: CaseId, visit_id: VisitId) -> String {
    format!("/clients/{case_id}/notes/new?{VISIT}={visit_id}")
}

/// Name of the query's part that names a planned visit.
pub const VISIT: &str = "visit";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_signs_in_goes_on_to_the_page_that_was_wanted_and_to_no_other_site() {
        let case_id = CaseId(uuid::Uuid::from_u128(7));
        let wanted = write_note_of_visit(case_id, VisitId(uuid::Uuid::from_u128(8)));
        let address = sign_in_for(&wanted);
        assert_eq!(address.strip_prefix(SIGN_IN).and_then(wanted_of_hash), Some(wanted.as_str()));
        for nowhere in [SIGN_IN, "/style", "//evil.example/today"] {
            assert_eq!(sign_in_for(nowhere), SIGN_IN, "{nowhere}");
        }
        for hash in ["", "#", "#content", "#//evil.example", "#https://evil.example/today", "#javascript:alert(1)"] {
            assert_eq!(wanted_of_hash(hash), None, "{hash}");
        }
    }
}
