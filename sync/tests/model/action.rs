//! Everything that can happen in the model. Numbers choose among what is there at that moment, so every list of actions makes sense.

use rand::Rng;

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
pub enum Action {
    /// A worker writes something on a phone.
    Write {
        phone: u8,
        scope: u8,
        what: u8,
        detail: u8,
        killed: Killed,
    },
    /// A phone sends what its core wants sent, whatever is on its way already.
    SendRegister {
        phone: u8,
    },
    SendPush {
        phone: u8,
    },
    /// A locked phone hands in, beside its line, what it has sealed.
    SendSealed {
        phone: u8,
    },
    /// A phone does the next thing for its photos and documents.
    SendContent {
        phone: u8,
    },
    SendPull {
        phone: u8,
        first: u8,
        small: bool,
    },
    /// One of the messages on their way arrives, or does not.
    Deliver {
        message: u8,
        fate: Fate,
    },
    KillPage {
        phone: u8,
    },
    /// The phone is copied to a backup.
    CopyPhone {
        phone: u8,
    },
    /// The phone becomes what it was when it was copied.
    RollPhoneBack {
        phone: u8,
    },
    /// The browser clears the phone's storage.
    Evict {
        phone: u8,
    },
    Reassign {
        scope: u8,
        worker: u8,
    },
    /// Somebody in the office gives a case to one more worker.
    Share {
        scope: u8,
        worker: u8,
    },
    Backup,
    /// The server becomes what it was at its last backup, and says so by a new incarnation.
    Restore,
    /// The same, but nobody told it that it was restored.
    RestoreSilently,
    /// A record is deleted in the office.
    Erase {
        scope: u8,
        record: u8,
    },
    /// Deletions so far are no longer remembered.
    RaiseFloor {
        scope: u8,
    },
    RaiseEpoch {
        scope: u8,
    },
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug)]
pub enum Fate {
    Arrives {
        killed: Killed,
    },
    /// It arrives now, and once more at some later time.
    ArrivesTwice,
    Lost,
    /// The server dies after so many groups; nobody answers.
    ServerDies {
        after_groups: u8,
    },
    /// The server is too busy for all groups but the first few.
    ServerBusy {
        after_groups: u8,
    },
    /// Something on the way answers in the server's place.
    Garbled,
}

/// Whether the page dies around the moment of persisting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Killed {
    Not,
    BeforeDisk,
    AfterDisk,
}

impl Action {
    /// Draws what happens next: mostly work, with every fault every now and then.
    pub fn draw(rng: &mut impl Rng) -> Self {
        let phone = rng.random();
        let scope = rng.random();
        match rng.random_range(0..1000) {
            0..210 => Self::Write { phone, scope, what: rng.random(), detail: rng.random(), killed: Killed::draw(rng) },
            210..220 => Self::SendContent { phone },
            220..260 => Self::SendRegister { phone },
            260..360 => Self::SendPush { phone },
            360..380 => Self::SendSealed { phone },
            380..470 => Self::SendPull { phone, first: scope, small: rng.random() },
            470..825 => Self::Deliver { message: rng.random(), fate: Fate::draw(rng) },
            825..840 => Self::KillPage { phone },
            840..857 => Self::CopyPhone { phone },
            857..877 => Self::RollPhoneBack { phone },
            877..880 => Self::Evict { phone },
            880..900 => Self::Reassign { scope, worker: rng.random() },
            900..935 => Self::Share { scope, worker: rng.random() },
            935..955 => Self::Backup,
            955..960 => Self::Restore,
            960..965 => Self::RestoreSilently,
            965..980 => Self::Erase { scope, record: rng.random() },
            980..990 => Self::RaiseFloor { scope },
            _ => Self::RaiseEpoch { scope },
        }
    }
}

impl Fate {
    fn draw(rng: &mut impl Rng) -> Self {
        match rng.random_range(0..100) {
            0..70 => Self::Arrives { killed: Killed::draw(rng) },
            70..80 => Self::ArrivesTwice,
            80..87 => Self::Lost,
            87..91 => Self::ServerDies { after_groups: rng.random_range(0..4) },
            91..95 => Self::ServerBusy { after_groups: rng.random_range(0..4) },
            _ => Self::Garbled,
        }
    }
}

impl Killed {
    fn draw(rng: &mut impl Rng) -> Self {
        match rng.random_range(0..100) {
            0..2 => Self::BeforeDisk,
            2..4 => Self::AfterDisk,
            _ => Self::Not,
        }
    }
}
