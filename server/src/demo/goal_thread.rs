//! The course of one goal over two years: it moves, gets stuck, falls back, and now and then is reached.

use domain::{Achievement, GoalId};

use super::chance::Chance;

/// One goal on its way.
pub(super) struct GoalThread {
    pub(super) goal_id: GoalId,
    /// The goal's name in the rules.
    pub(super) theme: &'static str,
    /// From 0 to 100.
    progress: i32,
    /// How much a good note moves it.
    step: i32,
    phase: Phase,
}

/// What there is to tell about a goal this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    New,
    Start,
    Work,
    Stuck,
    Back,
    Near,
    Done,
    Hold,
}

impl Phase {
    /// The part of the goal's rules that tells it.
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::New | Self::Start => "start",
            Self::Work => "work",
            Self::Stuck => "stuck",
            Self::Back => "back",
            Self::Near => "near",
            Self::Done => "done",
            Self::Hold => "hold",
        }
    }

    pub(super) fn achievement(self) -> Achievement {
        match self {
            Self::New | Self::Start => Achievement::InProgress,
            Self::Work | Self::Near => Achievement::Improving,
            Self::Stuck => Achievement::NoChange,
            Self::Back => Achievement::Worsening,
            Self::Done => Achievement::Achieved,
            Self::Hold => Achievement::Sustaining,
        }
    }
}

impl GoalThread {
    /// A goal about which some `notes` will be written; by chance it is reached early, late or not in that time.
    pub(super) fn new(goal_id: GoalId, theme: &'static str, notes: usize, chance: &mut Chance) -> Self {
        let share_percent = *chance.pick(&[45, 60, 80, 110, 150, 220]);
        let steps = (i32::try_from(notes).unwrap_or(i32::MAX / 1000) * share_percent / 100).max(2);
        Self { goal_id, theme, progress: 0, step: (160 / steps).max(1), phase: Phase::New }
    }

    /// What the next note tells about it.
    pub(super) fn go_on(&mut self, chance: &mut Chance) -> Phase {
        const NEAR: i32 = 76;
        self.phase = match self.phase {
            Phase::New => Phase::Start,
            Phase::Done | Phase::Hold if chance.percent(95) => Phase::Hold,
            Phase::Done | Phase::Hold => {
                self.progress = 60;
                Phase::Back
            }
            Phase::Back if chance.percent(30) => Phase::Stuck,
            before => match chance.below(100) {
                0..12 if before != Phase::Back => {
                    self.progress = (self.progress - 12).max(0);
                    Phase::Back
                }
                12..26 => Phase::Stuck,
                _ => {
                    self.progress += chance.between(self.step / 2, self.step + self.step / 2);
                    match self.progress {
                        // It is reached only after it was near.
                        100.. if before == Phase::Near => Phase::Done,
                        NEAR.. => Phase::Near,
                        _ => Phase::Work,
                    }
                }
            },
        };
        self.phase
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_begins_at_the_start_and_is_reached_only_when_it_was_near() {
        for seed in 0..50 {
            let mut chance = Chance::from_seed(seed);
            let mut thread = GoalThread::new(GoalId(uuid::Uuid::nil()), "work", 40, &mut chance);
            let phases: Vec<Phase> = (0..40).map(|_| thread.go_on(&mut chance)).collect();
            assert_eq!(phases[0], Phase::Start);
            for pair in phases.windows(2) {
                assert!(pair[1] != Phase::Done || pair[0] == Phase::Near, "{phases:?}");
                assert!(pair[1] != Phase::Hold || matches!(pair[0], Phase::Done | Phase::Hold), "{phases:?}");
            }
        }
    }
}
