//! Words written while the device is locked: sealed to the server at once, readable for nobody here, signed with the device's key.

use app::desk::DeskError;
use domain::{Actor, BlindNoteId, Caseload, Command, Occasion, Permission, Permissions, ScopeId, WriteBlind, decide};
use sync::wire::{Mid, Mutation, Proof};
use uuid::Uuid;
use wasm_bindgen::JsCast;
use web_sys::CryptoKey;

use super::{Door, Row};
use crate::{
    clock,
    store::{Open, Store},
    vault::Sealer,
};

/// Keeps a note of this text, sealed, until it can be handed in.
///
/// # Errors
/// A text is missing or too long, the disk is full, or this device never got the server's key.
pub(crate) async fn write_blind(build: String, about: String, narrative: String) -> Result<(), DeskError> {
    let (store, _) = Store::open_enrolled().await.map_err(DeskError::Storage)?.ok_or(DeskError::NotAvailable)?;
    let door = Door::read(&store).await.map_err(DeskError::Storage)?.ok_or(DeskError::NotAvailable)?;
    let signing = store.read_open(Open::DeviceKey).await.map_err(DeskError::Storage)?;
    let signing = signing.and_then(|key| key.dyn_into::<CryptoKey>().ok()).ok_or(DeskError::NotAvailable)?;
    let blind_note_id = BlindNoteId(Uuid::now_v7());
    let command = Command::WriteBlind(WriteBlind { blind_note_id, about, narrative });
    // Whether the worker may still write, the server decides. The rest of the rule is the same here.
    let actor = Actor { worker_id: door.worker_id, may: Permissions::NONE.with(Permission::WriteInCases) };
    let recorded_at = clock::now();
    let occasion = Occasion { actor, recorded_at, received_at: None, late_after_reassignment: false };
    decide(&command, &occasion, &Caseload::default()).map_err(DeskError::Rejected)?;
    let (kind, v, body) = Mutation::wrap(&command);
    let mutation = Mutation {
        mid: Mid(Uuid::now_v7()),
        // It has no place in the order of this device: that is sealed now.
        seq: 0,
        group_id: None,
        kind: kind.to_owned(),
        v,
        scope_id: ScopeId(door.worker_id.0),
        entity_id: command.entity_id(),
        recorded_at,
        app_build: build,
        body,
    };
    let sealer = Sealer::new(&door.seal_key, signing, Proof::Device).await.map_err(|_| DeskError::NotAvailable)?;
    let sealed = sealer.seal(&mutation).await.map_err(|_| DeskError::NotAvailable)?;
    store.write(&[Row::new(sealed).change()]).await.map_err(DeskError::Storage)
}
