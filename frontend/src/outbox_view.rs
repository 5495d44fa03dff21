//! The outbox as pages see it, and what it lays on top of the caseload. Pure.

use app::desk::{OutboxItem, Whereabouts};
use domain::{Actor, Command, DateTime, Occasion};
use sync::{
    device::{Device, Entry, Standing},
    wire::Mid,
};

/// Everything in the outbox, oldest first. Entries up to `sending` are on their way at this moment; `sealed` says when one was received sealed.
pub(crate) fn items(device: &Device, sending: u64, sealed: impl Fn(Mid) -> Option<DateTime>) -> Vec<OutboxItem> {
    device.entries().map(|entry| item(device, entry, sending, sealed(entry.mutation.mid))).collect()
}

/// The commands that are shown on top of the server's records, with who gave them and when.
pub(crate) fn overlay(device: &Device, actor: Actor) -> Vec<(Command, Occasion)> {
    let shown = |entry: &Entry| {
        let receipt = entry.receipt.as_ref();
        let occasion = Occasion {
            actor,
            recorded_at: entry.mutation.recorded_at,
            received_at: receipt.and_then(|receipt| receipt.received_at),
            late_after_reassignment: false,
        };
        // What an older build wrote may be a type that only the server still reads; it shows nothing here.
        Some((entry.mutation.command().ok()?, occasion))
    };
    device.overlay().filter_map(shown).collect()
}

fn item(device: &Device, entry: &Entry, sending: u64, sealed_at: Option<DateTime>) -> OutboxItem {
    let mutation = &entry.mutation;
    let receipt = entry.receipt.as_ref();
    let received_at = receipt.and_then(|receipt| receipt.received_at).unwrap_or(mutation.recorded_at);
    let whereabouts = match device.standing(entry) {
        Standing::Saved => match sealed_at {
            Some(at) => Whereabouts::Received { at },
            None if mutation.seq <= sending => Whereabouts::Sending,
            None => Whereabouts::Saved,
        },
        Standing::Received => Whereabouts::Received { at: received_at },
        Standing::Safe => Whereabouts::Safe { at: received_at },
        Standing::NeedsPerson => Whereabouts::NeedsPerson,
    };
    OutboxItem {
        seq: mutation.seq,
        entity_id: mutation.entity_id,
        case_id: mutation.command().ok().and_then(|command| command.case_id()),
        kind: mutation.kind.clone(),
        written_at: mutation.recorded_at,
        whereabouts,
        status: receipt.map(|receipt| receipt.status),
        code: receipt.and_then(|receipt| receipt.code.clone()),
        skipped: receipt.map(|receipt| receipt.skipped.clone()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use domain::{CaseId, CompleteTask, Permissions, ScopeId, TaskId, WorkerId};
    use sync::{
        device::NewMutation,
        wire::{DeviceId, IncarnationId, PushResponse, PushResult, Status},
    };
    use uuid::Uuid;

    use super::*;

    const ACTOR: Actor = Actor { worker_id: WorkerId(Uuid::from_u128(7)), may: Permissions::NONE };

    fn at(unix_ms: i64) -> DateTime {
        DateTime::from_unix_ms(unix_ms, 0)
    }

    fn device_with(count: u128) -> Device {
        let mut device = Device::new(DeviceId(Uuid::from_u128(1)));
        device.mark_registered();
        let command =
            |id| Command::CompleteTask(CompleteTask { task_id: TaskId(Uuid::from_u128(id)), case_id: CaseId(Uuid::from_u128(9)) });
        let new = (1..=count).map(|id| NewMutation {
            mid: Mid(Uuid::from_u128(id)),
            group_id: None,
            scope_id: ScopeId(Uuid::from_u128(9)),
            command: command(id),
            recorded_at: at(1_000),
            app_build: "test".to_owned(),
        });
        device.save(new.collect());
        device
    }

    fn answer(device: &mut Device, statuses: &[Status], safe_seq: u64) {
        let request = device.next_push().expect("something to send");
        let result = |(mutation, status): (&sync::wire::Mutation, &Status)| PushResult {
            seq: mutation.seq,
            mid: mutation.mid,
            status: *status,
            code: None,
            blocked_by: None,
            skipped: Vec::new(),
            received_at: Some(at(2_000)),
        };
        let results: Vec<PushResult> = request.mutations.iter().zip(statuses).map(result).collect();
        let device_last_seq = results.len() as u64;
        let incarnation = IncarnationId(Uuid::from_u128(3));
        let response = PushResponse { incarnation, device_last_seq, safe_seq, server_time: at(2_000), results };
        device.pushed(&request, &response);
    }

    #[test]
    fn what_is_being_sent_is_told_from_what_waits() {
        let items = items(&device_with(2), 1, |_| None);
        assert_eq!(items.iter().map(|item| item.whereabouts).collect::<Vec<_>>(), [Whereabouts::Sending, Whereabouts::Saved]);
        assert_eq!(items[0].case_id, Some(CaseId(Uuid::from_u128(9))));
        assert_eq!(items[0].kind, "task.complete");
    }

    #[test]
    fn what_was_handed_in_while_locked_is_received_although_its_receipt_is_still_to_come() {
        let sealed = |mid: Mid| (mid.0.as_u128() == 1).then(|| at(3_000));
        let items = items(&device_with(2), 0, sealed);
        let seen: Vec<Whereabouts> = items.iter().map(|item| item.whereabouts).collect();
        assert_eq!(seen, [Whereabouts::Received { at: at(3_000) }, Whereabouts::Saved]);
    }

    #[test]
    fn receipts_say_how_far_a_thing_went() {
        let mut device = device_with(3);
        answer(&mut device, &[Status::Applied, Status::Quarantined, Status::Applied], 1);
        let seen: Vec<Whereabouts> = items(&device, 0, |_| None).iter().map(|item| item.whereabouts).collect();
        assert_eq!(seen, [Whereabouts::Safe { at: at(2_000) }, Whereabouts::NeedsPerson, Whereabouts::Received { at: at(2_000) }]);
    }

    #[test]
    fn what_waits_for_a_person_is_not_shown_as_done() {
        let mut device = device_with(2);
        answer(&mut device, &[Status::Quarantined, Status::Applied], 0);
        let overlay = overlay(&device, ACTOR);
        assert_eq!(overlay.len(), 1);
        assert_eq!(overlay[0].1.received_at, Some(at(2_000)));
    }
}
