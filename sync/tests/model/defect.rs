//! The mistakes that the model has to notice, each made by what stands around the shipped cores.

/// One mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// The server applies what it has applied before.
    NoDedupe,
    /// The server answers "quarantined" and keeps no text.
    RejectedNotKept,
    /// The server notes the `mid` as done, then carries it out, in two transactions.
    ReservedBeforeEffect,
    /// The device drops an entry as soon as it has a receipt.
    DropAtReceipt,
    /// The device drops the unsent work of a case that it may no longer see.
    RevokePurgesOutbox,
    /// The device applies an answer to a pull whatever its generation.
    StalePullApplied,
    /// The server tells of a lost case once, instead of comparing what is held with what may be seen.
    TombstonesForForget,
    /// The server answers by `(device, seq)` without comparing the `mid`.
    NoMidCrossCheck,
    /// The device does not compare `device_last_seq` with its receipts.
    NoRegressCheck,
    /// The server takes the later of two changes of one unit, whatever its author saw.
    LastChangeWins,
    /// The server takes what comes sealed without looking for its `mid`.
    SealedTwice,
    /// The server writes down no place of what came sealed, when it comes again in the line.
    SealedHasNoPlace,
    /// The server answers "conflict" and keeps no proposal.
    ProposalNotKept,
    /// The device lets go of a content when it has sent the last chunk, not when it has the receipt.
    ContentGoneWhenSent,
    /// The device does not push a note before the contents that it names are received.
    NoteWaitsForContent,
    /// The device never begins an upload again that the server has forgotten.
    BegunOnce,
}

impl Defect {
    pub const ALL: [Self; 16] = [
        Self::NoDedupe,
        Self::RejectedNotKept,
        Self::ReservedBeforeEffect,
        Self::DropAtReceipt,
        Self::RevokePurgesOutbox,
        Self::StalePullApplied,
        Self::TombstonesForForget,
        Self::NoMidCrossCheck,
        Self::NoRegressCheck,
        Self::LastChangeWins,
        Self::SealedTwice,
        Self::SealedHasNoPlace,
        Self::ProposalNotKept,
        Self::ContentGoneWhenSent,
        Self::NoteWaitsForContent,
        Self::BegunOnce,
    ];
}
