//! Which page an address means. A small table instead of nested route types: it matches at once, and a page is drawn in the same turn.

use domain::{CaseId, NoteId, ReviewId};

use crate::paths;

/// A page of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Today,
    Caseload,
    CaseTable,
    Client(CaseId),
    BeforeVisit(CaseId),
    ReadAloud(CaseId),
    Letter(CaseId),
    WriteNote(CaseId),
    AmendNote(CaseId, NoteId),
    EditClient(CaseId),
    HandOver(CaseId),
    Reviews,
    Review(ReviewId),
    ToFile,
    More,
    Sessions,
    LostDevice,
    Password,
    Passkeys,
    Notices,
    Emergency,
    Rules,
    Device,
    SetUpDevice,
    SignIn,
    /// No page has this address.
    Nowhere,
}

impl Place {
    /// The page at `path`, whose trailing slash does not matter.
    pub fn of(path: &str) -> Self {
        let path = path.strip_suffix('/').unwrap_or(path);
        match path {
            "" | paths::TODAY => Self::Today,
            paths::CASELOAD => Self::Caseload,
            paths::CASE_TABLE => Self::CaseTable,
            paths::DEVICE => Self::Device,
            paths::SET_UP_DEVICE => Self::SetUpDevice,
            paths::SIGN_IN => Self::SignIn,
            paths::REVIEWS => Self::Reviews,
            paths::TO_FILE => Self::ToFile,
            paths::MORE => Self::More,
            paths::SESSIONS => Self::Sessions,
            paths::LOST_DEVICE => Self::LostDevice,
            paths::PASSWORD => Self::Password,
            paths::PASSKEYS => Self::Passkeys,
            paths::NOTICES => Self::Notices,
            paths::EMERGENCY => Self::Emergency,
            paths::RULES => Self::Rules,
            _ => Self::of_client(path).or_else(|| Self::of_review(path)).unwrap_or(Self::Nowhere),
        }
    }

    fn of_client(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/clients/")?;
        match rest.split_once('/') {
            None => Some(Self::Client(rest.parse().ok()?)),
            Some((id, "before-visit")) => Some(Self::BeforeVisit(id.parse().ok()?)),
            Some((id, "read-aloud")) => Some(Self::ReadAloud(id.parse().ok()?)),
            Some((id, "letter")) => Some(Self::Letter(id.parse().ok()?)),
            Some((id, "notes/new")) => Some(Self::WriteNote(id.parse().ok()?)),
            Some((id, "edit")) => Some(Self::EditClient(id.parse().ok()?)),
            Some((id, "hand-over")) => Some(Self::HandOver(id.parse().ok()?)),
            Some((id, rest)) => {
                let note_id = rest.strip_prefix("notes/")?.strip_suffix("/amend")?;
                Some(Self::AmendNote(id.parse().ok()?, note_id.parse().ok()?))
            }
        }
    }

    fn of_review(path: &str) -> Option<Self> {
        Some(Self::Review(path.strip_prefix("/reviews/")?.parse().ok()?))
    }

    /// The title of the browser's tab: never a name, tabs and histories are read by others.
    pub fn title(self) -> &'static str {
        match self {
            Self::Today => words::titles::today_doorstep(),
            Self::Caseload => words::titles::caseload_doorstep(),
            Self::CaseTable => words::titles::all_cases_doorstep(),
            Self::Client(_) => words::titles::client_doorstep(),
            Self::BeforeVisit(_) => words::titles::before_you_knock_doorstep(),
            Self::ReadAloud(_) => words::titles::read_aloud_doorstep(),
            Self::Letter(_) => words::titles::letter_doorstep(),
            Self::WriteNote(_) => words::titles::write_note_doorstep(),
            Self::AmendNote(..) => words::titles::amend_note_doorstep(),
            Self::EditClient(_) => words::titles::edit_client_doorstep(),
            Self::HandOver(_) => words::titles::hand_over_doorstep(),
            Self::Reviews => words::titles::reviews_doorstep(),
            Self::Review(_) => words::titles::review_doorstep(),
            Self::ToFile => words::titles::notes_to_file_doorstep(),
            Self::More => words::titles::more_doorstep(),
            Self::Sessions => words::titles::sessions_and_devices_doorstep(),
            Self::LostDevice => words::titles::lost_device_doorstep(),
            Self::Password => words::titles::change_password_doorstep(),
            Self::Passkeys => words::titles::passkeys_doorstep(),
            Self::Notices => words::titles::notices_doorstep(),
            Self::Emergency => words::titles::emergency_access_doorstep(),
            Self::Rules => words::titles::agency_rules_doorstep(),
            Self::Device => words::titles::on_this_device_doorstep(),
            Self::SetUpDevice => words::titles::set_up_this_device_doorstep(),
            Self::SignIn => words::titles::sign_in_doorstep(),
            Self::Nowhere => words::titles::not_found_doorstep(),
        }
    }

    /// The client whose page this is.
    pub fn case_id(self) -> Option<CaseId> {
        match self {
            Self::Client(case_id)
            | Self::BeforeVisit(case_id)
            | Self::ReadAloud(case_id)
            | Self::Letter(case_id)
            | Self::WriteNote(case_id)
            | Self::AmendNote(case_id, _)
            | Self::EditClient(case_id)
            | Self::HandOver(case_id) => Some(case_id),
            _ => None,
        }
    }

    /// Whether nobody opens it on an ordinary day: it is drawn by [`crate::rare`].
    pub fn is_rare(self) -> bool {
        match self {
            Self::Today | Self::SignIn | Self::Caseload | Self::More | Self::Device | Self::Nowhere => false,
            Self::Client(_) | Self::BeforeVisit(_) | Self::WriteNote(_) => false,
            Self::AmendNote(..) | Self::ReadAloud(_) | Self::Letter(_) | Self::EditClient(_) | Self::HandOver(_) | Self::SetUpDevice => {
                true
            }
            Self::CaseTable | Self::Reviews | Self::Review(_) | Self::ToFile | Self::Rules => true,
            Self::Sessions | Self::LostDevice | Self::Password | Self::Passkeys | Self::Notices | Self::Emergency => true,
        }
    }

    /// Whether it shows anything about clients.
    pub fn shows_clients(self) -> bool {
        match self {
            Self::Today | Self::SignIn | Self::Caseload | Self::CaseTable | Self::Reviews | Self::Review(_) | Self::ToFile => true,
            place => place.case_id().is_some(),
        }
    }

    /// Whether it is reached by way of "More".
    pub fn is_in_more(self) -> bool {
        let is_own = matches!(self, Self::ToFile | Self::Notices | Self::Sessions | Self::Password | Self::Passkeys);
        is_own || matches!(self, Self::More | Self::Emergency | Self::LostDevice | Self::Rules)
    }

    /// Whether the list of clients belongs to it.
    pub fn is_in_caseload(self) -> bool {
        matches!(self, Self::Caseload | Self::CaseTable) || self.case_id().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_that_is_built_leads_to_its_page() {
        let case_id = CaseId(uuid::Uuid::from_u128(7));
        assert_eq!(Place::of(paths::HOME), Place::Today);
        assert_eq!(Place::of(paths::TODAY), Place::Today);
        assert_eq!(Place::of(paths::CASELOAD), Place::Caseload);
        assert_eq!(Place::of(paths::DEVICE), Place::Device);
        assert_eq!(Place::of(paths::SET_UP_DEVICE), Place::SetUpDevice);
        assert_eq!(Place::of(paths::SIGN_IN), Place::SignIn);
        assert_eq!(Place::of(&paths::client(case_id)), Place::Client(case_id));
        assert_eq!(Place::of(&paths::before_visit(case_id)), Place::BeforeVisit(case_id));
        assert_eq!(Place::of(&paths::read_aloud(case_id)), Place::ReadAloud(case_id));
        assert_eq!(Place::of(&paths::letter(case_id)), Place::Letter(case_id));
        assert_eq!(Place::of(&paths::write_note(case_id)), Place::WriteNote(case_id));
        let note_id = NoteId(uuid::Uuid::from_u128(8));
        assert_eq!(Place::of(&paths::amend_note(case_id, note_id)), Place::AmendNote(case_id, note_id));
        assert_eq!(Place::of(&paths::edit_client(case_id)), Place::EditClient(case_id));
        assert_eq!(Place::of(&paths::hand_over(case_id)), Place::HandOver(case_id));
        let review_id = ReviewId(uuid::Uuid::from_u128(9));
        assert_eq!(Place::of(&paths::review(review_id)), Place::Review(review_id));
        let fixed = [
            (paths::REVIEWS, Place::Reviews),
            (paths::TO_FILE, Place::ToFile),
            (paths::MORE, Place::More),
            (paths::SESSIONS, Place::Sessions),
            (paths::LOST_DEVICE, Place::LostDevice),
            (paths::PASSWORD, Place::Password),
            (paths::PASSKEYS, Place::Passkeys),
            (paths::NOTICES, Place::Notices),
            (paths::EMERGENCY, Place::Emergency),
            (paths::RULES, Place::Rules),
            (paths::CASE_TABLE, Place::CaseTable),
        ];
        for (path, place) in fixed {
            assert_eq!(Place::of(path), place, "{path}");
        }
    }

    #[test]
    fn an_address_that_means_nothing_is_nowhere() {
        for path in
            ["/clients", "/clients/7", "/clients/../today", "/today/x", "/clients/00000000-0000-0000-0000-000000000007/notes", "/reviews/7"]
        {
            assert_eq!(Place::of(path), Place::Nowhere, "{path}");
        }
    }
}
