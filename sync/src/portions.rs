//! The answer to a pull in portions: a big one is read and taken piece by piece, so that a page answers its reader in between. A portion is
//! what the server would have answered to a device that had asked for less.

use std::vec;

use serde_json::value::RawValue;

use crate::wire::{PullResponse, ScopeDelta};

/// How much is read at a time, in bytes of JSON.
const PORTION_BYTES: usize = 96 * 1024;

/// An answer of which only the frame was read so far.
pub type UnreadPull = PullResponse<Box<RawValue>>;

/// What is left of an answer.
pub struct Portions {
    frame: PullResponse,
    unread: vec::IntoIter<Box<RawValue>>,
    is_begun: bool,
}

impl Portions {
    pub fn of(answer: UnreadPull) -> Self {
        let PullResponse { generation, incarnation, device_last_seq, safe_seq, server_time, forget, scopes, more, wipe, policy, seal_key } =
            answer;
        let frame = PullResponse {
            generation,
            incarnation,
            device_last_seq,
            safe_seq,
            server_time,
            forget,
            scopes: Vec::new(),
            more,
            wipe,
            policy,
            seal_key,
        };
        Self { frame, unread: scopes.into_iter(), is_begun: false }
    }

    /// Whether everything was given out.
    pub fn is_empty(&self) -> bool {
        self.is_begun && self.unread.len() == 0
    }

    /// The next portion, to be taken before the one after it: each counts as an answer of its own. At least one is there, also of an answer
    /// without news. None when all were given out.
    ///
    /// # Errors
    /// It is no answer to a pull. What was given out before holds.
    pub fn read_next(&mut self) -> Result<Option<PullResponse>, serde_json::Error> {
        if self.is_empty() {
            return Ok(None);
        }
        let mut scopes = Vec::new();
        let mut bytes = 0;
        while bytes < PORTION_BYTES
            && let Some(unread) = self.unread.next()
        {
            bytes += unread.get().len();
            scopes.push(serde_json::from_slice::<ScopeDelta>(unread.get().as_bytes())?);
        }
        self.is_begun = true;
        let forget = std::mem::take(&mut self.frame.forget);
        let portion = PullResponse { forget, scopes, more: self.frame.more || !self.is_empty(), ..self.frame.clone() };
        self.frame.generation += 1;
        Ok(Some(portion))
    }
}

#[cfg(test)]
mod tests {
    use domain::{CaseId, DateTime, Goal, GoalId, GoalLifecycle, Record, ScopeId};
    use uuid::Uuid;

    use super::*;
    use crate::{
        device::{Device, Pulled},
        wire::{DeviceId, IncarnationId, Keep},
    };

    fn goal(number: u128) -> Record {
        Record::Goal(Goal {
            id: GoalId(Uuid::from_u128(number)),
            case_id: CaseId(Uuid::from_u128(number)),
            statement: "x".repeat(5_000),
            measure: None,
            target_on: None,
            lifecycle: GoalLifecycle::Active,
            achievement: domain::Achievement::InProgress,
            moved_by: None,
            moved_at: None,
        })
    }

    fn answer(scopes: u128, more: bool) -> PullResponse {
        let delta = |number| ScopeDelta {
            scope_id: ScopeId(Uuid::from_u128(number)),
            keep: Keep::default(),
            epoch: 1,
            full: true,
            through: 7,
            head: 7,
            records: vec![goal(number)],
            deleted: Vec::new(),
        };
        PullResponse {
            generation: 0,
            incarnation: IncarnationId(Uuid::from_u128(1)),
            device_last_seq: Some(0),
            safe_seq: 0,
            server_time: DateTime::from_unix_ms(1_790_000_000_000, 0),
            forget: vec![ScopeId(Uuid::from_u128(9_999))],
            scopes: (0..scopes).map(delta).collect(),
            more,
            wipe: false,
            policy: domain::DevicePolicy::default(),
            seal_key: None,
        }
    }

    fn unread(answer: &PullResponse) -> UnreadPull {
        serde_json::from_str(&serde_json::to_string(answer).expect("JSON")).expect("an answer")
    }

    fn all(answer: &PullResponse) -> Vec<PullResponse> {
        let mut portions = Portions::of(unread(answer));
        std::iter::from_fn(|| portions.read_next().expect("an answer")).collect()
    }

    #[test]
    fn portions_are_taken_one_after_the_other_as_if_each_had_been_asked_for() {
        let whole = answer(100, false);
        let portions = all(&whole);
        assert!(portions.len() > 2, "{}", portions.len());
        let (mut at_once, mut in_portions) = (Device::new(DeviceId(Uuid::from_u128(2))), Device::new(DeviceId(Uuid::from_u128(2))));
        assert!(matches!(at_once.pulled(&whole, whole.server_time), Pulled::Fresh { .. }));
        for portion in &portions {
            assert!(matches!(in_portions.pulled(portion, whole.server_time), Pulled::Fresh { .. }));
        }
        assert_eq!(at_once.meta().scopes, in_portions.meta().scopes);
        assert_eq!(portions.iter().map(|portion| portion.more).collect::<Vec<_>>(), [vec![true; portions.len() - 1], vec![false]].concat());
        assert_eq!(portions.iter().flat_map(|portion| portion.scopes.clone()).collect::<Vec<_>>(), whole.scopes);
        assert_eq!(portions.iter().map(|portion| portion.forget.len()).sum::<usize>(), 1);
        assert!(matches!(in_portions.pulled(&portions[1], whole.server_time), Pulled::Stale), "not twice");
    }

    #[test]
    fn an_answer_without_news_is_one_portion_and_one_with_more_says_so_to_the_end() {
        assert_eq!(all(&answer(0, false)), [answer(0, false)]);
        assert!(all(&answer(100, true)).iter().all(|portion| portion.more));
    }

    #[test]
    fn what_is_no_answer_is_found_out_where_it_stands() {
        let mut broken = unread(&answer(3, false));
        broken.scopes[2] = RawValue::from_string("{}".to_owned()).expect("JSON");
        assert!(Portions::of(broken).read_next().is_err());
    }
}
