//! Which page an address means. A small table instead of nested route types: it matches at once, and a page is drawn in the same turn.

use domain::CaseId;

use crate::paths;

/// A page of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Today,
    Caseload,
    Client(CaseId),
    WriteNote(CaseId),
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
            paths::DEVICE => Self::Device,
            paths::SET_UP_DEVICE => Self::SetUpDevice,
            paths::SIGN_IN => Self::SignIn,
            _ => Self::of_client(path).unwrap_or(Self::Nowhere),
        }
    }

    fn of_client(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/clients/")?;
        match rest.split_once('/') {
            None => Some(Self::Client(rest.parse().ok()?)),
            Some((id, "notes/new")) => Some(Self::WriteNote(id.parse().ok()?)),
            Some(_) => None,
        }
    }

    /// The title of the browser's tab: never a name, tabs and histories are read by others.
    pub fn title(self) -> &'static str {
        match self {
            Self::Today => "Today – Doorstep",
            Self::Caseload => "Caseload – Doorstep",
            Self::Client(_) => "Client – Doorstep",
            Self::WriteNote(_) => "Write note – Doorstep",
            Self::Device => "On this device – Doorstep",
            Self::SetUpDevice => "Set up this device – Doorstep",
            Self::SignIn => "Sign in – Doorstep",
            Self::Nowhere => "Not found – Doorstep",
        }
    }

    /// The client whose page this is.
    pub fn case_id(self) -> Option<CaseId> {
        match self {
            Self::Client(case_id) | Self::WriteNote(case_id) => Some(case_id),
            _ => None,
        }
    }

    /// Whether the list of clients belongs to it.
    pub fn is_in_caseload(self) -> bool {
        matches!(self, Self::Caseload | Self::Client(_) | Self::WriteNote(_))
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
        assert_eq!(Place::of(&paths::write_note(case_id)), Place::WriteNote(case_id));
    }

    #[test]
    fn an_address_that_means_nothing_is_nowhere() {
        for path in ["/clients", "/clients/7", "/clients/../today", "/today/x", "/clients/00000000-0000-0000-0000-000000000007/notes"] {
            assert_eq!(Place::of(path), Place::Nowhere, "{path}");
        }
    }
}
