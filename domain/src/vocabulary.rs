//! Controlled words: closed lists with a code for the wire and a word for people.

/// A controlled word: every value has a stable code and a plain English name.
pub trait Term: Copy + Eq + 'static {
    /// Every value in the order in which a person is offered them.
    const ALL: &'static [Self];

    /// The code on the wire and in the database.
    fn code(self) -> &'static str;

    /// The words that a person reads.
    fn label(self) -> &'static str;

    /// The value with this code.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|term| term.code() == code)
    }
}

macro_rules! terms {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $label:literal;)+ }) => {
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

            fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }
    };
}
pub(crate) use terms;

terms! {
    /// How the contact took place.
    ContactMode {
        HomeVisit = "home", "Home visit";
        Office = "office", "Office";
        Clinic = "clinic", "Clinic";
        Community = "community", "Community";
        Facility = "facility", "Facility";
        Phone = "phone", "Phone";
        Video = "video", "Video";
        Text = "text", "Text message";
        Email = "email", "E-mail";
        Letter = "letter", "Letter";
    }
}

terms! {
    /// Who was reached.
    Reached {
        Client = "client", "Client";
        Collateral = "collateral", "Someone else in the client's life";
        NoOneMessage = "no-one-message", "No one, message left";
        NoOne = "no-one", "No one, no message";
        Refused = "refused", "Client did not want contact";
        Unsafe = "unsafe", "Unsafe to continue";
    }
}

terms! {
    /// What the contact was for.
    Purpose {
        Monitoring = "monitoring", "Check-in";
        Outreach = "outreach", "Outreach";
        Intake = "intake", "Intake";
        Assessment = "assessment", "Assessment";
        Planning = "planning", "Planning";
        Coordination = "coordination", "Coordination";
        Referral = "referral", "Referral";
        CareTeamMeeting = "care-team-meeting", "Care team meeting";
        Transition = "transition", "Follow-up after a hospital or facility";
        Crisis = "crisis", "Crisis response";
        Advocacy = "advocacy", "Advocacy";
        Education = "education", "Education";
        Transport = "transport", "Transport";
        Closure = "closure", "Closing";
        Supervision = "supervision", "Supervision";
        Administrative = "administrative", "Administrative";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_code_leads_back<T: Term + std::fmt::Debug>() {
        for term in T::ALL {
            assert_eq!(T::from_code(term.code()), Some(*term));
            assert!(!term.label().is_empty());
        }
    }

    #[test]
    fn a_code_leads_back_to_its_word() {
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
