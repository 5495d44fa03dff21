//! The programmes of the demo agency: whom they serve, and what clients want there.

/// A programme.
pub(super) struct Programme {
    pub(super) name: &'static str,
    pub(super) share: usize,
    pub(super) ages: (i32, i32),
    /// Clients have children at home.
    pub(super) families: bool,
    /// Goals, as the rules in `words/goals_*.txt` name them.
    pub(super) goals: &'static [&'static str],
    /// Alerts, as `words/alerts.txt` names them.
    pub(super) alerts: &'static [&'static str],
}

pub(super) const PROGRAMMES: &[Programme] = &[
    Programme {
        name: "Aging at Home",
        share: 32,
        ages: (66, 92),
        families: false,
        goals: &["falls", "medication", "company", "food", "appointments", "benefits"],
        alerts: &["oxygen", "insulin", "hearing", "stairs", "dog", "bedbugs"],
    },
    Programme {
        name: "Family Support",
        share: 26,
        ages: (22, 46),
        families: true,
        goals: &["school", "parenting", "budget", "english", "housing", "food"],
        alerts: &["expartner", "order", "messages", "dog", "bedbugs"],
    },
    Programme {
        name: "Re-entry",
        share: 16,
        ages: (21, 58),
        families: false,
        goals: &["papers", "work", "housing", "parole", "sober"],
        alerts: &["curfew", "messages", "dog"],
    },
    Programme {
        name: "Mental Health Outreach",
        share: 16,
        ages: (20, 67),
        families: false,
        goals: &["sleep", "medication", "company", "work", "sober", "benefits"],
        alerts: &["seizure", "messages", "stairs", "order"],
    },
    Programme {
        name: "Housing Stability",
        share: 10,
        ages: (24, 71),
        families: true,
        goals: &["housing", "budget", "benefits", "work", "english", "appointments"],
        alerts: &["expartner", "bedbugs", "stairs", "insulin"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::grammar::has_rule;

    #[test]
    fn every_goal_and_alert_has_its_words() {
        for programme in PROGRAMMES {
            for goal in programme.goals {
                for part in ["statement", "measure", "task", "start", "work", "stuck", "back", "near", "done", "hold", "did"] {
                    assert!(has_rule(&format!("{goal}.{part}")), "{goal}.{part}");
                }
            }
            for alert in programme.alerts {
                assert!(has_rule(&format!("alert.{alert}.text")) && has_rule(&format!("alert.{alert}.note")), "{alert}");
            }
        }
    }

    #[test]
    fn the_shares_make_a_hundred() {
        assert_eq!(PROGRAMMES.iter().map(|programme| programme.share).sum::<usize>(), 100);
    }
}
