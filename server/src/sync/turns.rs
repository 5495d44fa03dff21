//! One device, one push at a time.
//!
//! PostgreSQL makes a device's pushes wait for each other by the row of the device (`attempt.rs`), and each that waits there has a
//! connection. A phone on a bad line sends the same again and again: without turns, its own pushes take every connection and everybody else
//! waits. Here they wait before they have one; who hangs up meanwhile is gone. Servers beside this one have turns of their own, and the row.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use domain::{AgencyId, WorkerId};
use sync::wire::DeviceId;
use tokio::sync::{Mutex as Queue, OwnedMutexGuard};

use crate::identity::Identity;

/// Whose device: an id alone is what a caller says.
type Key = (AgencyId, WorkerId, DeviceId);

/// The turns of this server's devices. Cheap to clone.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<Key, Weak<Queue<()>>>>>);

/// It is this one's turn for as long as it is held.
pub(super) type Turn = OwnedMutexGuard<()>;

impl Turns {
    /// Waits until no other push of the device is under way at this server.
    pub(super) async fn take(&self, identity: &Identity, device_id: DeviceId) -> Turn {
        let queue = self.queue((identity.agency_id, identity.worker_id, device_id));
        queue.lock_owned().await
    }

    fn queue(&self, key: Key) -> Arc<Queue<()>> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get(&key).and_then(Weak::upgrade) {
            return queue;
        }
        queues.retain(|_, queue| queue.strong_count() > 0);
        let queue = Arc::default();
        queues.insert(key, Arc::downgrade(&queue));
        queue
    }
}

#[cfg(test)]
mod tests {
    use domain::{Permissions, Role};
    use futures::FutureExt;
    use uuid::Uuid;

    use super::*;

    fn identity(worker: u128) -> Identity {
        Identity {
            agency_id: AgencyId(Uuid::nil()),
            worker_id: WorkerId(Uuid::from_u128(worker)),
            role: Role::CaseManager,
            may: Permissions::NONE,
        }
    }

    #[test]
    fn a_device_has_one_turn_at_a_time_and_keeps_nobody_else_waiting() {
        let turns = Turns::default();
        let device_id = DeviceId(Uuid::from_u128(7));
        let take = |worker| turns.take(&identity(worker), device_id).now_or_never();
        let first = take(1);
        assert!(first.is_some());
        assert!(take(1).is_none(), "its second push waits");
        let other = take(2);
        assert!(other.is_some(), "another worker's device of the same id is another device");
        drop(first);
        assert!(take(1).is_some());
        drop(other);
        assert_eq!(turns.0.lock().unwrap().len(), 2);
        let kept = take(3);
        assert_eq!(turns.0.lock().unwrap().len(), 1, "nothing stays of those who are done");
        drop(kept);
    }
}
