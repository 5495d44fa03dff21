//! What a pull brings: the difference between what a device holds and what its worker may see now.

use std::collections::BTreeMap;

use domain::ScopeId;

use crate::wire::Held;

/// How far a scope is on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeHead {
    /// From 1; a new one makes every device fetch the scope in full.
    pub epoch: u32,
    pub head: u64,
    /// Deletions up to here are no longer remembered.
    pub floor: u64,
}

/// What to answer to a pull.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullPlan {
    /// Held, but not to be seen any more.
    pub forget: Vec<ScopeId>,
    /// To be sent, in this order, until the answer is as large as the device wants it.
    pub take: Vec<TakeScope>,
}

/// One scope to be sent: its entries after `after`, ordered by their `seq`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakeScope {
    pub scope_id: ScopeId,
    pub epoch: u32,
    pub head: u64,
    pub after: u64,
    /// The device drops what it holds first; deleted entries need not be sent.
    pub full: bool,
    /// Whatever the size: leave no entry up to here out. The next page would otherwise begin below the floor, and the scope never end.
    pub at_least: u64,
}

impl TakeScope {
    /// What the device holds the scope up to once it has this page: all of it, or what comes before the first entry that was left out.
    pub fn through(&self, first_left_out: Option<u64>) -> u64 {
        first_left_out.map_or(self.head, |seq| seq - 1)
    }
}

/// Compares what a device holds with what its worker may see now. Both are read in the transaction that reads the records.
///
/// `same_incarnation` says that the device named the present life of the database; heads of another life mean nothing.
pub fn plan_pull(
    held: &BTreeMap<ScopeId, Held>,
    visible: &BTreeMap<ScopeId, ScopeHead>,
    same_incarnation: bool,
    first: Option<ScopeId>,
) -> PullPlan {
    let forget = held.keys().filter(|scope_id| !visible.contains_key(scope_id)).copied().collect();
    let mut take: Vec<TakeScope> = (visible.iter())
        .filter_map(|(scope_id, scope)| {
            let known = held.get(scope_id).filter(|held| same_incarnation && goes_on(held, scope));
            match known {
                // Most restricted compartments are empty: of what never held anything, there is nothing to tell.
                None if scope.head == 0 && !held.contains_key(scope_id) => None,
                Some(held) if held.head == scope.head => None,
                Some(held) => Some(take(*scope_id, scope, held.head)),
                None => Some(TakeScope { full: true, at_least: scope.floor, ..take(*scope_id, scope, 0) }),
            }
        })
        .collect();
    take.sort_by_key(|scope| (Some(scope.scope_id) != first, scope.scope_id));
    PullPlan { forget, take }
}

/// Whether what is held is an earlier state of the scope, from which its entries lead on.
fn goes_on(held: &Held, scope: &ScopeHead) -> bool {
    held.epoch != 0 && held.epoch == scope.epoch && held.head <= scope.head && held.head >= scope.floor
}

fn take(scope_id: ScopeId, scope: &ScopeHead, after: u64) -> TakeScope {
    TakeScope { scope_id, epoch: scope.epoch, head: scope.head, after, full: false, at_least: 0 }
}
