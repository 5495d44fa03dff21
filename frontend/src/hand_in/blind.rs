//! Words written while the device is locked: sealed at once, to the server and into the vault's letterbox, and signed with the device's key.
//! Nobody can read them here until the device is unlocked. Then they go into the outbox like everything else, under the identity that they
//! have had from the beginning: what was handed in meanwhile has its one effect still.

use std::rc::Rc;

use app::desk::DeskError;
use domain::{Actor, BlindNoteId, Caseload, Command, Occasion, Permission, Permissions, ScopeId, WriteBlind, decide};
use sync::wire::{Mid, Mutation, Proof};
use uuid::Uuid;

use super::{Door, Row};
use crate::{
    clock,
    core::Core,
    store::{Key, Shelf, Store, place},
    vault::{Sealer, Stored, Vault},
    wipe,
};

/// Keeps a note of this text, sealed, until it can be handed in.
///
/// # Errors
/// A text is missing or too long, the disk is full, or this device never got the server's key.
pub(crate) async fn write_blind(core: &Core, about: String, narrative: String) -> Result<(), DeskError> {
    // Nobody empties the device meanwhile.
    let _writing = core.drafts.lock().await;
    let (store, keyring) = Store::open_enrolled(&core.place().await).await.map_err(DeskError::Storage)?.ok_or(DeskError::NotAvailable)?;
    let Ok(Stored::Now(keyring)) = Stored::parse(&keyring) else { return Err(DeskError::NotAvailable) };
    let door = Door::read(&store).await.map_err(DeskError::Storage)?.ok_or(DeskError::NotAvailable)?;
    let signing = wipe::device_key(&store).await.ok_or(DeskError::NotAvailable)?;
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
        app_build: core.build.clone(),
        body,
    };
    let sealer = Sealer::new(&door.seal_key, signing, Proof::Device).await.map_err(|_| DeskError::NotAvailable)?;
    let sealed = sealer.seal(&mutation).await.map_err(|_| DeskError::NotAvailable)?;
    let json = serde_json::to_vec(&mutation).expect("a mutation is plain data");
    let letter = keyring.letterbox.put(&json, &letter_context(mutation.mid)).await.map_err(|_| DeskError::NotAvailable)?;
    store.write(&[Row { letter: Some(letter), ..Row::new(sealed) }.change()]).await.map_err(DeskError::Storage)
}

/// Takes what was written while locked into the outbox of the unlocked device; its sealed copy is one like every other from then on. What
/// does not open stays where it is, to be handed in while locked.
pub(crate) async fn adopt_blind(core: &Rc<Core>, vault: &Vault, rows: Vec<Row>) {
    let mut written = Vec::new();
    for row in rows.iter().filter(|row| row.is_blind()) {
        written.extend(read(vault, row).await);
    }
    if written.is_empty() {
        return;
    }
    written.sort_by_key(|mutation| mutation.mid);
    // Where the disk does not take it now, it is found again at the next unlock.
    let _ = core.change(|device| device.adopt(written)).await;
}

async fn read(vault: &Vault, row: &Row) -> Option<Mutation> {
    let mid = row.mutation.mid;
    let json = vault.take_letter(row.letter.as_ref()?, &letter_context(mid)).await.ok()?;
    serde_json::from_slice(&json).ok().filter(|mutation: &Mutation| mutation.mid == mid)
}

fn letter_context(mid: Mid) -> String {
    format!("{}|letter|1", place(Shelf::HandIn, &Key::Text(mid.to_string())))
}
