//! A locked device: it hands in what is unsent, sealed and without a session, as frontend/src/hand_in does. It takes nothing out of its
//! outbox for it, and pushes the same when it is open again.

use sync::wire::{DeviceSays, Mutation, Proof, SealedMutation, SealedRequest, SealedResponse};

use crate::{chance::Chance, page::Page};

const SEALED: &str = "/sync/v1/sealed";

/// What is counted of it.
pub(crate) const HANDED_IN: &str = "hand-ins while locked";

/// Offers some of what is unsent, the oldest first by their ids. Whatever is answered changes nothing here.
pub(crate) async fn hand_in(page: &Page<'_>, chance: &mut Chance) {
    let Some(to) = page.home.disk.seal_key() else { return };
    let device = page.device();
    let mut unsent: Vec<&Mutation> = device.entries().filter(|entry| !entry.is_received()).map(|entry| &entry.mutation).collect();
    if unsent.is_empty() || !device.meta().registered {
        return;
    }
    unsent.sort_unstable_by_key(|mutation| mutation.mid);
    // A request is full at some number: groups may be cut in two there, as older builds do.
    unsent.truncate(chance.size(1, unsent.len()));
    let sealed: Vec<SealedMutation> =
        unsent.into_iter().filter_map(|mutation| page.home.sealer.seal(mutation, Proof::Author, &to, &chance.key())).collect();
    let device_id = device.meta().device_id;
    let presence = Some(page.home.sealer.says(DeviceSays::Here, device_id));
    let request = SealedRequest { device_id, mutations: sealed, presence };
    page.home.weather.count(HANDED_IN);
    // Whoever carries it is not signed in.
    page.home.line.post::<SealedResponse>(SEALED, &request, None).await;
}
