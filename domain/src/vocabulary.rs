//! Controlled words: closed lists with a code for the wire. The words that people read for them are `app`'s, in each language.

/// A controlled word: every value has a stable code.
pub trait Term: Copy + Eq + 'static {
    /// Every value in the order in which a person is offered them.
    const ALL: &'static [Self];

    /// The code on the wire and in the database.
    fn code(self) -> &'static str;

    /// The value with this code.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|term| term.code() == code)
    }
}

macro_rules! terms {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)+
        }

        impl $crate::vocabulary::Term for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
    };
}
pub(crate) use terms;

terms! {
    /// How the contact took place.
    ContactMode {
        HomeVisit = "home";
        Office = "office";
        Clinic = "clinic";
        Community = "community";
        Facility = "facility";
        Phone = "phone";
        Video = "video";
        Text = "text";
        Email = "email";
        Letter = "letter";
    }
}

terms! {
    /// Who was reached.
    Reached {
        Client = "client";
        Collateral = "collateral";
        NoOneMessage = "no-one-message";
        NoOne = "no-one";
        Refused = "refused";
        Unsafe = "unsafe";
    }
}

terms! {
    /// What the contact was for.
    Purpose {
        Monitoring = "monitoring";
        Outreach = "outreach";
        Intake = "intake";
        Assessment = "assessment";
        Planning = "planning";
        Coordination = "coordination";
        Referral = "referral";
        CareTeamMeeting = "care-team-meeting";
        Transition = "transition";
        Crisis = "crisis";
        Advocacy = "advocacy";
        Education = "education";
        Transport = "transport";
        Closure = "closure";
        Supervision = "supervision";
        Administrative = "administrative";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_code_leads_back<T: Term + std::fmt::Debug>() {
        for term in T::ALL {
            assert_eq!(T::from_code(term.code()), Some(*term));
        }
    }

    #[test]
    fn a_code_leads_back_to_its_value() {
        every_code_leads_back::<ContactMode>();
        every_code_leads_back::<Reached>();
        every_code_leads_back::<Purpose>();
        assert_eq!(Purpose::from_code("gossip"), None);
    }

    #[test]
    fn the_wire_and_the_database_use_the_same_code() {
        for mode in ContactMode::ALL {
            assert_eq!(serde_json::to_string(mode).ok(), Some(format!("\"{}\"", mode.code())));
        }
    }
}
