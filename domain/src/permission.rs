//! What somebody may do. An agency gives permissions to its roles; a role is a name for a set of them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Role, Term, vocabulary::terms};

terms! {
    /// One thing that a role may or may not do.
    Permission {
        WriteInCases = "write-in-cases";
        HandOverCases = "hand-over-cases";
        DecideReviews = "decide-reviews";
        SeeAllCases = "see-all-cases";
        ManageDevices = "manage-devices";
        ReadAudit = "read-audit";
        BreakGlass = "break-glass";
        ReviewBreakGlass = "review-break-glass";
        ManageAgency = "manage-agency";
        ExportCases = "export-cases";
    }
}

/// A set of permissions; written as a list of their codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Permissions(u32);

impl Permissions {
    /// No permission at all.
    pub const NONE: Self = Self(0);

    pub const fn has(self, permission: Permission) -> bool {
        self.0 & bit(permission) != 0
    }

    #[must_use]
    pub const fn with(self, permission: Permission) -> Self {
        Self(self.0 | bit(permission))
    }

    #[must_use]
    pub const fn without(self, permission: Permission) -> Self {
        Self(self.0 & !bit(permission))
    }

    /// Each of them, in the order of the vocabulary.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.has(*permission))
    }

    /// What a role may do in an agency that has changed nothing.
    pub fn usual(role: Role) -> Self {
        use Permission::*;
        let list: &[Permission] = match role {
            Role::CaseManager => &[WriteInCases, BreakGlass],
            Role::Supervisor => {
                &[WriteInCases, HandOverCases, DecideReviews, SeeAllCases, ManageDevices, BreakGlass, ReviewBreakGlass, ExportCases]
            }
            Role::Administrator => &[ManageDevices, ReadAudit, ManageAgency],
        };
        list.iter().copied().collect()
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::NONE, Self::with)
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Permissions {
    /// A permission that this build does not know is one that it does not ask for.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let codes = Vec::<String>::deserialize(deserializer)?;
        Ok(codes.iter().filter_map(|code| Permission::from_code(code)).collect())
    }
}

const fn bit(permission: Permission) -> u32 {
    1 << permission as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_read_as_it_is_written_and_passes_over_what_it_does_not_know() {
        let set = Permissions::usual(Role::Supervisor);
        let json = serde_json::to_string(&set).expect("codes");
        assert_eq!(serde_json::from_str::<Permissions>(&json).expect("codes"), set);
        let newer: Permissions = serde_json::from_str(r#"["write-in-cases","fly"]"#).expect("codes");
        assert_eq!(newer, Permissions::NONE.with(Permission::WriteInCases));
    }

    #[test]
    fn an_administrator_writes_in_no_case_and_a_case_manager_decides_nothing() {
        assert!(!Permissions::usual(Role::Administrator).has(Permission::WriteInCases));
        assert!(!Permissions::usual(Role::CaseManager).has(Permission::DecideReviews));
        let set = Permissions::usual(Role::CaseManager).without(Permission::WriteInCases);
        assert!(!set.has(Permission::WriteInCases) && set.has(Permission::BreakGlass));
    }
}
