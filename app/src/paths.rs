//! Every address of the app, built by functions so that no page spells one out.

use domain::{CaseId, NoteId, VisitId};

pub const HOME: &str = "/";
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_OUT: &str = "/sign-out";
pub const TODAY: &str = "/today";
pub const CASELOAD: &str = "/caseload";
pub const DEVICE: &str = "/device";
pub const SET_UP_DEVICE: &str = "/device/set-up";
/// The page without data that an enrolled device starts from.
pub const SHELL: &str = "/shell";

pub fn client(case_id: CaseId) -> String {
    format!("/clients/{case_id}")
}

pub fn write_note(case_id: CaseId) -> String {
    format!("/clients/{case_id}/notes/new")
}

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
