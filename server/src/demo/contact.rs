//! What kind of contact a note tells of: how, with whom, what for. The rules of `words/contact.txt` are named after these.

use domain::{ContactMode, Purpose, Reached, SafeContact, Term};

use super::{chance::Chance, people::Client};

/// One contact.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contact {
    pub(super) mode: ContactMode,
    pub(super) reached: Reached,
    pub(super) purpose: Purpose,
    pub(super) duration_min: u16,
}

impl Contact {
    /// The contact of the note number `at` of a case.
    pub(super) fn by_chance(at: usize, client: &Client, chance: &mut Chance) -> Self {
        let purpose = match at {
            0 => Purpose::Intake,
            1 => Purpose::Assessment,
            2 => Purpose::Planning,
            _ => later_purpose(client, chance),
        };
        let reached = match purpose {
            Purpose::Monitoring => chance.weighted(&[
                (Reached::Client, 70),
                (Reached::Collateral, 9),
                (Reached::NoOne, 8),
                (Reached::NoOneMessage, 8),
                (Reached::Refused, 3),
                (Reached::Unsafe, 1),
            ]),
            Purpose::Coordination | Purpose::Advocacy if chance.percent(40) => Reached::Collateral,
            _ => Reached::Client,
        };
        let mode = mode(purpose, reached, client, chance);
        let reached = match (reached, mode, client.first_rule()) {
            // Nobody leaves a message where none may be left, and a card or a text counts as one.
            (Reached::NoOneMessage, ContactMode::Phone, Some(SafeContact::Anything)) => reached,
            (Reached::NoOneMessage, ContactMode::Phone, _) => Reached::NoOne,
            (Reached::NoOne, ContactMode::Text, _) => Reached::NoOneMessage,
            _ => reached,
        };
        let minutes: &[i32] = match (reached, mode) {
            (Reached::NoOne | Reached::NoOneMessage, _) => &[5, 5, 10, 15],
            (Reached::Refused | Reached::Unsafe, _) => &[5, 10, 15],
            (_, ContactMode::Text | ContactMode::Email) => &[5, 10, 10, 15],
            (_, ContactMode::Phone) => &[10, 15, 15, 20, 25, 35],
            _ => &[30, 40, 45, 45, 50, 60, 60, 75, 90],
        };
        let duration_min = u16::try_from(*chance.pick(minutes)).unwrap_or(30);
        Self { mode, reached, purpose, duration_min }
    }

    /// The rule that opens the note.
    pub(super) fn opening(self) -> String {
        match (self.reached, self.mode) {
            (Reached::Collateral, _) => "open.collateral".to_owned(),
            (Reached::Refused, ContactMode::HomeVisit) => "refused.home".to_owned(),
            (Reached::Refused, _) => "refused.phone".to_owned(),
            (Reached::Unsafe, _) => "unsafe".to_owned(),
            (Reached::NoOneMessage, ContactMode::HomeVisit) => "noone.home.card".to_owned(),
            (Reached::NoOneMessage, ContactMode::Phone) => "noone.phone.message".to_owned(),
            (Reached::NoOneMessage, _) => "noone.text".to_owned(),
            (Reached::NoOne, ContactMode::HomeVisit) => "noone.home".to_owned(),
            (Reached::NoOne, _) => "noone.phone".to_owned(),
            (Reached::Client, mode) => format!("open.{}", mode.code()),
        }
    }

    /// The worker saw the client with their own eyes.
    pub(super) fn is_in_person(self) -> bool {
        use ContactMode::{Clinic, Community, Facility, HomeVisit, Office, Video};
        self.reached == Reached::Client && matches!(self.mode, HomeVisit | Office | Clinic | Community | Facility | Video)
    }
}

fn later_purpose(client: &Client, chance: &mut Chance) -> Purpose {
    let sick = matches!(client.programme.name, "Aging at Home" | "Mental Health Outreach");
    chance.weighted(&[
        (Purpose::Monitoring, 56),
        (Purpose::Coordination, 10),
        (Purpose::Referral, 6),
        (Purpose::Education, 6),
        (Purpose::Advocacy, 5),
        (Purpose::Transport, 4),
        (Purpose::CareTeamMeeting, 3),
        (Purpose::Planning, 3),
        (Purpose::Administrative, 3),
        (Purpose::Outreach, 2),
        (Purpose::Crisis, if sick { 2 } else { 1 }),
        (Purpose::Transition, if sick { 3 } else { 0 }),
    ])
}

fn mode(purpose: Purpose, reached: Reached, client: &Client, chance: &mut Chance) -> ContactMode {
    use ContactMode::{Clinic, Community, Email, Facility, HomeVisit, Office, Phone, Text, Video};
    let (phone, text) = match client.first_rule() {
        None => (0, 0),
        Some(SafeContact::TextOnly) => (0, 22),
        Some(_) => (24, 5),
    };
    let can_call = phone > 0;
    match (purpose, reached) {
        (_, Reached::Unsafe) => HomeVisit,
        (_, Reached::Collateral) => Phone,
        (_, Reached::Refused) => *chance.pick(if can_call { &[HomeVisit, Phone] } else { &[HomeVisit] }),
        (_, Reached::NoOne | Reached::NoOneMessage) => chance.weighted(&[(HomeVisit, 40), (Phone, 2 * phone), (Text, text)]),
        (Purpose::Intake, _) => chance.weighted(&[(Office, 50), (HomeVisit, 50)]),
        (Purpose::Assessment | Purpose::Planning, _) => chance.weighted(&[(HomeVisit, 65), (Office, 35)]),
        (Purpose::Transport, _) => Community,
        (Purpose::CareTeamMeeting, _) => chance.weighted(&[(Office, 45), (Video, 35), (Clinic, 20)]),
        (Purpose::Crisis, _) => {
            if can_call && chance.percent(40) {
                Phone
            } else {
                HomeVisit
            }
        }
        (Purpose::Transition, _) => chance.weighted(&[(Facility, 40), (HomeVisit, 40), (Clinic, 20)]),
        (Purpose::Administrative, _) => chance.weighted(&[(Office, 60), (HomeVisit, 20), (Email, 20)]),
        _ => chance.weighted(&[(HomeVisit, 40), (Office, 16), (Phone, phone), (Text, text), (Community, 10), (Video, 4), (Clinic, 3)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::grammar::has_rule;

    #[test]
    fn every_contact_has_words_to_begin_with() {
        for reached in Reached::ALL {
            for mode in ContactMode::ALL {
                let contact = Contact { mode: *mode, reached: *reached, purpose: Purpose::Monitoring, duration_min: 5 };
                assert!(has_rule(&contact.opening()), "{contact:?}");
            }
        }
    }
}
