//! Photos and documents on this device: sealed when they are taken, sent in a lane of their own, let go when the server has all of them.
//!
//! What is done and when, [`sync::device::Lane`] decides; here it is carried out and kept.

mod file;
mod send;
mod show;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    rc::Rc,
};

use app::desk::{ContentItem, ContentPlace, DeskError, StorageProblem};
use domain::{AttachmentId, Command};
use serde::{Deserialize, Serialize};
use sync::{
    device::{Entry, Lane, LaneWrites, Parcel, Progress},
    wire::{Base64, Mutation, chunk_sizes},
};

pub(crate) use self::{
    file::attach,
    send::{run, send_while_locked, wake},
    show::{close, show},
};
use crate::{
    core::Core,
    keeper::Keeper,
    store::{Change, Key, Shelf, Store},
};

/// The shape of [`Row`] that this build writes and reads.
const VERSION: u8 = 1;

/// A parcel as it lies on disk. It says how large a content is and what its hash is, and nothing of what is in it.
#[derive(Serialize, Deserialize)]
struct Row {
    v: u8,
    #[serde(flatten)]
    parcel: Parcel,
}

/// What only the author can open of a content.
#[derive(Serialize, Deserialize)]
struct Own {
    media_type: String,
    /// Of its chunks.
    key: Base64,
}

/// The contents of an enrolled device.
#[derive(Clone, Default)]
pub(crate) struct Contents {
    lane: Rc<RefCell<Lane>>,
    /// The one that is being sent at this moment.
    sending: Rc<Cell<Option<AttachmentId>>>,
    /// Those that the server took in this page's life.
    received: Rc<RefCell<BTreeSet<AttachmentId>>>,
}

impl Contents {
    /// Takes the contents as they are on disk.
    pub(crate) fn take_found(&self, rows: &[(Key, String)]) {
        let parse = |json: &String| serde_json::from_slice::<Row>(json.as_bytes()).ok();
        // Those that a newer build wrote are left alone.
        let parcels = rows.iter().filter_map(|(_, json)| parse(json)).filter(|row| row.v == VERSION).map(|row| row.parcel);
        self.lane.replace(Lane::restore(parcels));
    }

    /// Reads them; no key is needed.
    ///
    /// # Errors
    /// The browser refuses.
    pub(crate) async fn read(store: &Store) -> Result<Self, StorageProblem> {
        let contents = Self::default();
        contents.take_found(&store.read_all_texts(Shelf::Parcels).await?);
        Ok(contents)
    }

    /// Whether nothing signed waits here that the server would still take.
    pub(crate) fn is_all_in(&self) -> bool {
        self.lane.borrow().parcels().all(|(parcel, _)| !parcel.signed || parcel.refused.is_some())
    }

    /// As pages show them.
    pub(crate) fn items(&self) -> Vec<ContentItem> {
        let sending = self.sending.get();
        let place = |parcel: &Parcel, Progress { sent, of }: Progress| match &parcel.refused {
            Some(code) => ContentPlace::NeedsPerson(code.clone()),
            None if sending == Some(parcel.attachment_id) => ContentPlace::Sending { sent, of },
            None => ContentPlace::Saved { sent, of },
        };
        let lane = self.lane.borrow();
        let kept = lane.parcels().map(|(parcel, progress)| ContentItem {
            attachment_id: parcel.attachment_id,
            signed: parcel.signed,
            place: place(parcel, progress),
        });
        let received = self.received.borrow();
        let received =
            received.iter().map(|attachment_id| ContentItem { attachment_id: *attachment_id, signed: true, place: ContentPlace::Received });
        kept.chain(received).collect()
    }

    /// Changes the lane once the change is on disk. It is made twice, on a copy and on what the lane is by then, so that nothing that
    /// happens meanwhile is lost.
    ///
    /// # Errors
    /// The disk is full, or the browser refuses; nothing was changed.
    pub(crate) async fn change(
        &self,
        store: &Store,
        more: Vec<Change>,
        change: impl Fn(&mut Lane) -> LaneWrites,
    ) -> Result<(), StorageProblem> {
        let mut changed = self.lane.borrow().clone();
        let writes = change(&mut changed);
        let mut changes = self.changes(&changed, &writes);
        changes.extend(more);
        store.write(&changes).await?;
        change(&mut self.lane.borrow_mut());
        Ok(())
    }

    /// Its note is among these entries, which are about to be written: what has to be written with them.
    pub(crate) fn signed_with<'a>(&self, entries: impl Iterator<Item = &'a Entry>) -> (Vec<AttachmentId>, Vec<Change>) {
        if self.unsigned().is_empty() {
            return (Vec::new(), Vec::new());
        }
        let named: Vec<AttachmentId> = entries.flat_map(|entry| attachments_of(&entry.mutation)).collect();
        let mut lane = self.lane.borrow().clone();
        let (mut signed, mut changes) = (Vec::new(), Vec::new());
        for attachment_id in named {
            let writes = lane.sign(attachment_id);
            if !writes.is_empty() {
                changes.extend(self.changes(&lane, &writes));
                signed.push(attachment_id);
            }
        }
        (signed, changes)
    }

    /// Notes that this is on disk.
    pub(crate) fn note_signed(&self, signed: &[AttachmentId]) {
        let mut lane = self.lane.borrow_mut();
        signed.iter().for_each(|attachment_id| drop(lane.sign(*attachment_id)));
    }

    /// Whether the disk keeps none, signed or not.
    pub(crate) fn is_empty(&self) -> bool {
        self.lane.borrow().parcels().next().is_none()
    }

    /// Those that no note names yet.
    pub(crate) fn unsigned(&self) -> Vec<AttachmentId> {
        self.lane.borrow().parcels().filter(|(parcel, _)| !parcel.signed).map(|(parcel, _)| parcel.attachment_id).collect()
    }

    fn changes(&self, lane: &Lane, writes: &LaneWrites) -> Vec<Change> {
        let row = |attachment_id: &AttachmentId| {
            let row = Row { v: VERSION, parcel: lane.parcel(*attachment_id)?.clone() };
            let json = serde_json::to_string(&row).expect("a parcel is plain data");
            Some(Change::PutText(Shelf::Parcels, key(*attachment_id), json))
        };
        let known = self.lane.borrow();
        let gone = writes.drop.iter().flat_map(|attachment_id| {
            let size_bytes = known.parcel(*attachment_id).map_or(0, |parcel| parcel.size_bytes);
            let chunks =
                (0..).zip(chunk_sizes(size_bytes)).map(|(chunk, _)| Change::Delete(Shelf::Chunks, chunk_key(*attachment_id, chunk)));
            let rows = [Shelf::Parcels, Shelf::Attachments].map(|shelf| Change::Delete(shelf, key(*attachment_id)));
            rows.into_iter().chain(chunks).collect::<Vec<_>>()
        });
        writes.put.iter().filter_map(row).chain(gone).collect()
    }
}

/// Removes what was taken for a note that was never signed and is not being written any more.
pub(crate) async fn forget_orphans(core: Rc<Core>) {
    let Keeper::Disk(disk) = core.keeper() else { return };
    let unsigned = disk.contents().unsigned();
    // Where the drafts are not read, nothing is removed.
    let Ok(drafts) = disk.drafts().await else { return };
    for attachment_id in unsigned {
        let name = attachment_id.to_string();
        if !drafts.iter().any(|draft| draft.contains(&name)) {
            // Where the disk does not take it now, it is found again at the next unlock.
            let _ = disk.contents().change(disk.store(), Vec::new(), |lane| lane.remove(attachment_id)).await;
        }
    }
    core.show_contents();
}

/// A person gives a content up, or takes it off a note that is not signed.
///
/// # Errors
/// The browser refuses.
pub(crate) async fn remove(core: &Core, attachment_id: AttachmentId) -> Result<(), DeskError> {
    change(core, |lane| lane.remove(attachment_id)).await
}

/// A person asks to send a content again.
///
/// # Errors
/// The browser refuses.
pub(crate) async fn send_again(core: &Core, attachment_id: AttachmentId) -> Result<(), DeskError> {
    change(core, |lane| lane.try_again(attachment_id)).await?;
    wake(core);
    Ok(())
}

async fn change(core: &Core, change: impl Fn(&mut Lane) -> LaneWrites) -> Result<(), DeskError> {
    let Keeper::Disk(disk) = core.keeper() else { return Err(DeskError::NotAvailable) };
    if !core.is_writer.get() {
        return Err(DeskError::NotTheWriter);
    }
    disk.contents().change(disk.store(), Vec::new(), change).await.map_err(DeskError::Storage)?;
    core.show_contents();
    Ok(())
}

/// What a mutation names, if it is a note.
fn attachments_of(mutation: &Mutation) -> Vec<AttachmentId> {
    match mutation.command() {
        Ok(Command::SignNote(note)) => note.attachments.iter().map(|attachment| attachment.attachment_id).collect(),
        _ => Vec::new(),
    }
}

fn key(attachment_id: AttachmentId) -> Key {
    Key::Text(attachment_id.to_string())
}

fn chunk_key(attachment_id: AttachmentId, chunk: u32) -> Key {
    Key::Text(format!("{attachment_id}/{chunk}"))
}
