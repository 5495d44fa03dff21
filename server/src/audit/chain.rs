//! How one event is sealed: HMAC-SHA-256 over the seal before it, its place, and everything that is stored of it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use time::OffsetDateTime;

use super::StoredEvent;
use crate::secrets::Secret;

/// What stands behind an event and everything before it.
pub type Seal = [u8; 32];

/// The seal before the first.
pub(crate) const BEGINNING: Seal = [0; 32];

/// Seals an event at its place (from 1) in the chain of its agency.
pub(crate) fn seal(key: &Secret, before: &Seal, position: i64, event: &StoredEvent) -> Seal {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).expect("HMAC takes keys of any length");
    mac.update(b"doorstep audit 1");
    mac.update(before);
    mac.update(&position.to_be_bytes());
    mac.update(event.agency_id.as_bytes());
    mac.update(&event.event_id.to_be_bytes());
    mac.update(&microseconds(event.occurred_at));
    mac.update(event.worker_id.as_bytes());
    let entity_ids: Option<Vec<u8>> =
        event.entity_ids.as_ref().map(|ids| ids.iter().flat_map(|id| id.as_bytes().iter().copied()).collect());
    // Each part with its length, and "absent" told from "empty": no two events are the same bytes.
    for part in [
        event.device_id.as_ref().map(|id| id.as_bytes().as_slice()),
        Some(event.action.as_bytes()),
        event.kind.as_ref().map(String::as_bytes),
        event.entity_id.as_ref().map(|id| id.as_bytes().as_slice()),
        entity_ids.as_deref(),
        Some(event.result.as_bytes()),
        event.code.as_ref().map(String::as_bytes),
    ] {
        match part {
            Some(bytes) => {
                mac.update(&[1]);
                mac.update(&(bytes.len() as u64).to_be_bytes());
                mac.update(bytes);
            }
            None => mac.update(&[0]),
        }
    }
    // Came later than the others: what was sealed before has none, and keeps its seal.
    if let Some(told_at) = event.told_at {
        mac.update(&[2]);
        mac.update(&microseconds(told_at));
    }
    mac.finalize().into_bytes().into()
}

/// PostgreSQL keeps no more than that.
fn microseconds(moment: OffsetDateTime) -> [u8; 16] {
    (moment.unix_timestamp_nanos() / 1000).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn event() -> StoredEvent {
        StoredEvent {
            agency_id: Uuid::from_u128(1),
            event_id: 7,
            occurred_at: time::OffsetDateTime::from_unix_timestamp(1_790_000_000).unwrap(),
            worker_id: Uuid::from_u128(2),
            device_id: None,
            action: "session.start".to_owned(),
            kind: None,
            entity_id: None,
            entity_ids: None,
            result: "applied".to_owned(),
            code: None,
            told_at: None,
            xid: "5".to_owned(),
        }
    }

    #[test]
    fn whatever_is_changed_changes_the_seal() {
        let key = Secret::from_bytes([3; 32]);
        let right = seal(&key, &BEGINNING, 1, &event());
        assert_eq!(seal(&key, &BEGINNING, 1, &event()), right);
        let id = Some(Uuid::from_u128(9));
        let changed = [
            StoredEvent { agency_id: Uuid::from_u128(9), ..event() },
            StoredEvent { event_id: 8, ..event() },
            StoredEvent { occurred_at: event().occurred_at + time::Duration::microseconds(1), ..event() },
            StoredEvent { worker_id: Uuid::from_u128(9), ..event() },
            StoredEvent { device_id: id, ..event() },
            StoredEvent { entity_id: id, ..event() },
            StoredEvent { entity_ids: Some(Vec::new()), ..event() },
            StoredEvent { entity_ids: Some(vec![Uuid::from_u128(9)]), ..event() },
            StoredEvent { action: "session.end".to_owned(), ..event() },
            StoredEvent { kind: Some(String::new()), ..event() },
            StoredEvent { result: "denied".to_owned(), ..event() },
            StoredEvent { code: Some("x".to_owned()), ..event() },
            StoredEvent { told_at: Some(event().occurred_at), ..event() },
        ];
        for event in &changed {
            assert_ne!(seal(&key, &BEGINNING, 1, event), right, "{event:?}");
        }
        assert_ne!(seal(&key, &BEGINNING, 2, &event()), right);
        assert_ne!(seal(&key, &[1; 32], 1, &event()), right);
        assert_ne!(seal(&Secret::from_bytes([4; 32]), &BEGINNING, 1, &event()), right);
    }
}
