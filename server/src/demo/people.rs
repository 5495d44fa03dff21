//! Made-up clients: who they are, with whom they live, and how to reach them without harm.

use domain::{Address, Date, DateTime, Person, PersonId, Phone, RelatedPerson, SafeContact};

use super::{
    chance::Chance,
    grammar::Speaker,
    names::{COMMUNITIES, Community, SHELTERS, STREETS, TOWNS},
    programme::{PROGRAMMES, Programme},
};

/// A client as the story needs them.
pub(super) struct Client {
    pub(super) person: Person,
    pub(super) programme: &'static Programme,
    pub(super) language_name: &'static str,
    /// Chosen from the programme's list, at most two.
    pub(super) alerts: Vec<&'static str>,
    pub(super) children: Vec<&'static str>,
    pronoun: Pronoun,
}

#[derive(Clone, Copy)]
enum Pronoun {
    She,
    He,
    They,
}

impl Client {
    pub(super) fn by_chance(number: usize, made_at: DateTime, today: Date, chance: &mut Chance) -> Self {
        let community = chance.weighted(&COMMUNITIES.iter().map(|community| (community, community.share)).collect::<Vec<_>>());
        let programme = chance.weighted(&PROGRAMMES.iter().map(|programme| (programme, programme.share)).collect::<Vec<_>>());
        let woman = chance.percent(55);
        let (given_name, short) = given_name(community, woman, chance);
        let family_name = (*chance.pick(community.families)).to_owned();
        let age_days = chance.between(programme.ages.0 * 365, programme.ages.1 * 365);
        let alerts = some_alerts(programme, chance);
        let (related, children) = household(community, programme, &family_name, chance);
        let person = Person {
            id: PersonId(chance.id(made_at)),
            client_number: Some(format!("HS-{:04}", 1000 + 7 * number)),
            given_name: given_name.to_owned(),
            family_name,
            preferred_name: short.filter(|_| chance.percent(65)).map(str::to_owned),
            birth_date: chance.percent(96).then(|| today.plus_days(-age_days)),
            language: community.language.to_owned(),
            interpreter_needed: chance.percent(community.interpreter_percent),
            phones: phones(&alerts, chance),
            addresses: vec![address(programme, &alerts, chance)],
            related,
            written: domain::Writers::new(),
        };
        let pronoun = match woman {
            _ if chance.percent(4) => Pronoun::They,
            true => Pronoun::She,
            false => Pronoun::He,
        };
        Self { person, programme, language_name: community.language_name, alerts, children, pronoun }
    }

    /// Somebody who knows how to speak of this client.
    pub(super) fn speaker(&self) -> Speaker {
        let words = match self.pronoun {
            Pronoun::She => ["she", "her", "her", "hers", "herself", "was", "is", "has", "does", "s", "es"],
            Pronoun::He => ["he", "him", "his", "his", "himself", "was", "is", "has", "does", "s", "es"],
            Pronoun::They => ["they", "them", "their", "theirs", "themselves", "were", "are", "have", "do", "", ""],
        };
        let names = ["they", "them", "their", "theirs", "themselves", "was", "is", "has", "do", "s", "es"];
        let mut speaker = Speaker::default();
        names.into_iter().zip(words).for_each(|(name, word)| speaker.learn(name, word));
        speaker.learn("name", self.person.preferred_name.clone().unwrap_or_else(|| self.person.given_name.clone()));
        speaker.learn("language", self.language_name);
        let worship = match self.person.language.as_str() {
            "ar" | "so" => "the mosque",
            "vi" | "cmn" => "the temple",
            _ => "the church",
        };
        speaker.learn("worship", worship);
        speaker
    }

    /// Somebody in the client's life, as a note calls them.
    pub(super) fn kin(&self, their: &str, chance: &mut Chance) -> String {
        if self.person.related.is_empty() {
            return "a friend".to_owned();
        }
        let related = chance.pick(&self.person.related);
        let given = related.name.split(' ').next().unwrap_or(&related.name);
        format!("{their} {} {given}", related.relationship)
    }

    pub(super) fn their(&self) -> &'static str {
        match self.pronoun {
            Pronoun::She => "her",
            Pronoun::He => "his",
            Pronoun::They => "their",
        }
    }

    /// What may be done with the number that is called first.
    pub(super) fn first_rule(&self) -> Option<SafeContact> {
        let usable = self.person.phones.iter().find(|phone| phone.safe_contact != SafeContact::DoNotUse);
        usable.map(|phone| phone.safe_contact)
    }
}

fn given_name(community: &'static Community, woman: bool, chance: &mut Chance) -> (&'static str, Option<&'static str>) {
    let name = *chance.pick(if woman { community.women } else { community.men });
    name.split_once('/').map_or((name, None), |(name, short)| (name, Some(short)))
}

fn some_alerts(programme: &Programme, chance: &mut Chance) -> Vec<&'static str> {
    let mut alerts = programme.alerts.to_vec();
    chance.shuffle(&mut alerts);
    alerts.truncate(chance.weighted(&[(0, 50), (1, 38), (2, 12)]));
    alerts
}

fn phones(alerts: &[&str], chance: &mut Chance) -> Vec<Phone> {
    const REMARKS: &[&str] =
        &["after 5 pm", "before noon", "let it ring", "work; ask for the kitchen", "shared with a neighbor", "say “the library”"];
    let count = chance.weighted(&[(0, 3), (1, 62), (2, 35)]);
    let mut phones: Vec<Phone> = Vec::new();
    for at in 0..count {
        // 555-0100 to 555-0199 belong to nobody, in every area.
        let number = format!("({}) 555-01{:02}", chance.pick(&[341, 352, 387]), chance.between(0, 99));
        let safe_contact = match at {
            0 => chance.weighted(&[(SafeContact::Anything, 66), (SafeContact::NoMessages, 20), (SafeContact::TextOnly, 14)]),
            _ => chance.weighted(&[(SafeContact::Anything, 30), (SafeContact::NoMessages, 35), (SafeContact::DoNotUse, 35)]),
        };
        let remark = chance.percent(28).then(|| (*chance.pick(REMARKS)).to_owned());
        phones.push(Phone { number, safe_contact, remark });
    }
    if alerts.contains(&"messages") {
        phones
            .iter_mut()
            .filter(|phone| phone.safe_contact == SafeContact::Anything)
            .for_each(|phone| phone.safe_contact = SafeContact::NoMessages);
    }
    phones
}

fn address(programme: &Programme, alerts: &[&str], chance: &mut Chance) -> Address {
    let confidential = alerts.contains(&"expartner") || alerts.contains(&"order");
    let unsettled = matches!(programme.name, "Re-entry" | "Housing Stability") && chance.percent(30);
    if unsettled && !confidential {
        return Address { text: (*chance.pick(SHELTERS)).to_owned(), confidential };
    }
    let flat = match chance.percent(60) {
        true => format!(", Apt {}{}", chance.between(1, 6), chance.pick(&["A", "B", "C", "D"])),
        false => String::new(),
    };
    let text = format!("{} {}{flat}, {}", chance.between(2, 240), chance.pick(STREETS), chance.pick(TOWNS));
    Address { text, confidential }
}

/// The people in a client's life, and which of them are children at home.
fn household(
    community: &'static Community,
    programme: &Programme,
    family_name: &str,
    chance: &mut Chance,
) -> (Vec<RelatedPerson>, Vec<&'static str>) {
    const ELDERS: &[(&str, bool)] = &[
        ("daughter", false),
        ("son", false),
        ("wife", true),
        ("husband", true),
        ("granddaughter", false),
        ("neighbor", false),
        ("niece", false),
    ];
    const ADULTS: &[(&str, bool)] =
        &[("mother", false), ("sister", false), ("brother", false), ("partner", true), ("uncle", false), ("cousin", false)];
    let mut related: Vec<RelatedPerson> = Vec::new();
    let mut children = Vec::new();
    let mut named: Vec<&str> = Vec::new();
    let mut add = |relationship: &str, household: bool, chance: &mut Chance| {
        let woman = match relationship {
            "daughter" | "wife" | "granddaughter" | "niece" | "mother" | "sister" => true,
            "son" | "husband" | "brother" | "uncle" => false,
            _ => chance.percent(50),
        };
        let mut given = given_name(community, woman, chance).0;
        for _ in 0..5 {
            if !named.contains(&given) {
                break;
            }
            given = given_name(community, woman, chance).0;
        }
        named.push(given);
        let other_family = relationship == "neighbor" || chance.percent(20);
        let family = if other_family { *chance.pick(community.families) } else { family_name };
        related.push(RelatedPerson { name: format!("{given} {family}"), relationship: relationship.to_owned(), household });
        given
    };
    if programme.families {
        for _ in 0..chance.between(1, 3) {
            let relationship = *chance.pick(&["daughter", "son"]);
            children.push(add(relationship, true, chance));
        }
    }
    let adults = if programme.ages.0 > 60 { ELDERS } else { ADULTS };
    let mut adults = adults.to_vec();
    chance.shuffle(&mut adults);
    for (relationship, household) in adults.into_iter().take(chance.weighted(&[(0, 20), (1, 50), (2, 30)])) {
        add(relationship, household, chance);
    }
    (related, children)
}
