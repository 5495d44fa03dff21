//! The one port between pages and the rest: what a page may read, and what it may ask for.
//!
//! Three desks stand behind it: the server's (reads only, for one page), a browser's (in memory) and an enrolled device's (from the vault).

use std::{collections::HashMap, future::Future, pin::Pin, sync::Arc};

use domain::{
    AttachmentId, CaseId, Caseload, Command, DateTime, DevicePolicy, Lease, NewAttachment, Permission, Record, Skipped, Standing,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use sync::wire::{ProblemCode, Status};
use uuid::Uuid;
use words::{Catalogue, Language};

use crate::page_data::{FailedSignIn, Me, PageData, SignInProblem};

/// A reply that comes later. Only browser desks give one, so it need not cross threads.
pub type Reply<T> = Pin<Box<dyn Future<Output = T>>>;

/// What stands between the worker and the caseload.
#[derive(Clone, Debug, PartialEq)]
pub enum Access {
    /// Nobody is signed in and this browser is not enrolled.
    SignedOut,
    /// This device is enrolled and locked; [`LockState`] says more.
    Locked,
    /// Signed in with a password, where the agency wants a passkey as well: nothing is shown until one was.
    PasskeyNeeded,
    /// Unlocked or signed in; records are on their way.
    Opening,
    Open(Me),
    /// It is being locked: nothing is shown any more.
    Leaving,
    /// Another tab of this browser is the writer.
    OpenElsewhere,
    /// It was reported as lost, has handed in everything and keeps nothing any more.
    Emptied,
    /// The device's storage cannot be read; its words say what to do.
    Broken(StorageProblem),
}

/// Where the records live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// In this page's memory: gone with it.
    Memory,
    /// Sealed on this device.
    Device,
}

/// How far the last contact with the server went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncState {
    /// Nothing was tried yet.
    Idle,
    Syncing,
    /// The caseload is as the server has it, as of this time.
    UpToDate {
        at: DateTime,
    },
    /// The server did not answer, or something between here and there answered in its place.
    Offline,
    /// The session ended; the caseload stays usable, but to send, the worker must sign in.
    SignInNeeded,
    /// The agency wants a passkey shown as well; the caseload stays usable meanwhile.
    PasskeyNeeded,
    /// This build is too old for the server.
    UpdateNeeded,
    /// The device was taken out of service: only what is sealed is taken from it still.
    Revoked,
    /// The server answered with an error; it will be tried again.
    ServerTrouble,
}

/// Where one thing that the worker wrote is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// On this device (or in this page's memory) and nowhere else.
    Saved,
    Sending,
    /// The server has it.
    Received {
        at: DateTime,
    },
    /// The server has it, and it would survive the loss of the server.
    Safe {
        at: DateTime,
    },
    /// The server keeps the text, but a person must look at it.
    NeedsPerson,
}

/// One thing that the worker wrote, on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxItem {
    pub seq: u64,
    /// The record that it makes or changes first, such as the note's id.
    pub entity_id: Uuid,
    pub case_id: Option<CaseId>,
    /// `note.sign`, `visit.plan`, `task.complete`.
    pub kind: String,
    pub written_at: DateTime,
    pub whereabouts: Whereabouts,
    pub status: Option<Status>,
    /// Why it needs a person, as a code of the sync protocol.
    pub code: Option<String>,
    pub skipped: Vec<Skipped>,
}

/// Where the content of an attachment is that this device sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContentPlace {
    /// On this device and nowhere else; parts of it may have been sent.
    Saved {
        sent: u32,
        of: u32,
    },
    Sending {
        sent: u32,
        of: u32,
    },
    /// The server has all of it.
    Received,
    /// It is not taken; a code of `sync::wire::refusal` or of `sync::device`.
    NeedsPerson(String),
}

/// One photo or document that is kept on this device, or was until the server had it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentItem {
    pub attachment_id: AttachmentId,
    /// Its note is signed.
    pub signed: bool,
    pub place: ContentPlace,
}

/// Why a photo or document was not attached, or is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentProblem {
    /// It is no picture or document that is taken, or this browser cannot read it.
    NotReadable,
    /// It has more than [`domain::Attachment::MAX_BYTES`].
    TooLarge,
    NoRoom,
    /// It is not on this device, and the server does not answer.
    NoConnection,
    /// It is on its way still, or was never sent, or may not be seen.
    NotThere,
    /// It is not what its note says.
    Damaged,
    NotAvailable,
}

/// A browser that becomes an enrolled device.
#[derive(Clone)]
pub struct NewDevice {
    pub passphrase: String,
    /// What the worker calls it, so that it is found in the list of devices. May be empty.
    pub name: String,
    /// What the worker wants to be called on the lock page, where everybody can read it. May be empty.
    pub lock_page_name: String,
}

/// A content that is shown: its address in this page's memory, until it is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownContent {
    pub url: String,
    /// RFC 6838.
    pub media_type: String,
}

/// What is known of this device's storage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StorageState {
    /// The browser promised not to clear it; unknown before it was asked.
    pub persisted: Option<bool>,
    pub used_bytes: Option<u64>,
    pub free_bytes: Option<u64>,
    /// Offline set-up is offered in the installed app only, and this is a tab (iPhone and iPad).
    pub install_first: bool,
    /// This browser lacks something that safe offline storage needs.
    pub unsupported: bool,
    /// This browser was a device with a caseload, and has cleared it.
    pub cleared: bool,
    /// The agency switched offline storage off, and what was kept here was removed in this page's life.
    pub withdrawn: bool,
    /// The disk is full: the room set aside for notes is in use, or what came from the server could not be kept.
    pub full: bool,
}

/// What is known of a locked device while nobody has opened it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LockState {
    /// Since it was opened last.
    pub wrong_tries: u32,
    /// How long the next passphrase has to wait, in seconds.
    pub wait_s: u32,
    /// There were too many wrong ones: the caseload is gone from this device, and the worker must sign in before another try.
    pub closed: bool,
    /// The caseload was removed after too many wrong tries; it is fetched anew.
    pub emptied: bool,
    /// The caseload was removed because the agency lets no device keep one any more.
    pub withdrawn: bool,
    /// The device's screen lock opens it as well.
    pub by_screen_lock: bool,
    /// What was written here and has not been handed in, as far as it can be told while locked.
    pub waiting: u32,
    /// A note can be written without unlocking.
    pub takes_blind_notes: bool,
}

/// A worker whose sealed caseload is in this browser, as far as the lock page knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownWorker {
    /// Name of their database: it says nothing about anybody.
    pub place: String,
    /// What they want to be called there; may be empty.
    pub label: String,
    /// Theirs is the device that is to be unlocked.
    pub is_chosen: bool,
}

/// Whether the device's screen lock opens Doorstep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScreenLock {
    /// This device has none that could, or it is not known yet.
    #[default]
    NotThere,
    /// It could be used.
    Possible {
        /// The passphrase has to be given once more for it.
        passphrase_needed: bool,
    },
    InUse,
}

/// Why the device's screen lock did not open anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenLockProblem {
    /// It cannot give a key.
    NotAble,
    /// The worker let it be, or its passkey is not there any more.
    NotGiven,
    /// Another passkey answered.
    Another,
}

/// Why no passkey was made, or none answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyProblem {
    /// This browser or its authenticator cannot do it.
    NotSupported,
    /// The worker let it be, or there is none of theirs here: browsers do not say which.
    NotGiven,
    TimedOut,
    /// This authenticator holds one of this account already.
    AlreadyHere,
    /// The office does not know the one that answered.
    NotKnown,
}

/// What is weak about a passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    TooShort,
    /// A known password, or close to one.
    Common,
    Name,
    Date,
    Repeated,
    /// `abc`, `6543`.
    Sequence,
    /// Neighbours on the keyboard.
    Keyboard,
    /// Anything else that is guessed soon.
    Guessable,
}

/// Why the device's storage did not do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StorageProblem {
    /// No room left.
    Full,
    /// The database belongs to a newer build.
    NewerBuild,
    /// The sealed data cannot be opened.
    Unreadable,
    /// Anything else the browser said.
    Failed,
}

/// Why an action did not happen. What was typed stays where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskError {
    Rejected(domain::Rejection),
    Storage(StorageProblem),
    SignIn(SignInProblem),
    WrongPassphrase,
    /// After several wrong passphrases the next one has to wait.
    MustWait,
    /// After too many of them the worker has to sign in first.
    SignInFirst,
    ScreenLock(ScreenLockProblem),
    Passkey(PasskeyProblem),
    PassphraseTooWeak(Weakness),
    /// This page is not the writer any more.
    NotTheWriter,
    /// The words of another language are not on this device, and the server does not answer.
    NoWords,
    NotAvailable,
}

/// Whether a visit can do without a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackState {
    /// The caseload is on its way.
    Fetching,
    /// Everything that it needs was found on this device's disk, opened, and is what the server gave.
    Ready,
    /// Something is missing or damaged on disk, and could not be written anew.
    NotKept,
}

/// What this browser can do with a voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dictation {
    /// It writes nothing down.
    NotThere,
    /// It understands the language that is spoken on this device itself.
    StaysHere,
    /// It sends the voice to its maker, who writes it down.
    GoesToItsMaker,
}

/// Whether this device reminds its worker while the app is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reminding {
    /// This browser can't, or nobody knows yet.
    NotThere,
    Off,
    /// Off, and it is not to be offered again.
    Declined,
    On,
    /// The browser was told to show no notifications.
    Blocked,
}

/// Why reminders were not switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReminderProblem {
    /// The browser may not show notifications.
    Blocked,
    /// The browser's push service did not answer, or is none that the office sends to.
    NoService,
    NoConnection,
    NotAvailable,
}

/// Why a question to the office was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskError {
    /// Nobody answered, or somebody in between did.
    NoConnection,
    Refused(ProblemCode),
}

/// What the worker typed so far on one form, as that form reads and writes it (JSON).
pub type Draft = String;

/// Everything that pages read. Signals, so a page follows what happens elsewhere.
#[derive(Clone, Copy)]
pub struct DeskState {
    pub access: RwSignal<Access>,
    pub caseload: RwSignal<Caseload>,
    /// The present moment at the offset of this place; moves on by itself in a browser.
    pub now: RwSignal<DateTime>,
    pub keeping: RwSignal<Keeping>,
    pub sync: RwSignal<SyncState>,
    /// Whether everything the worker may see is here.
    pub complete: RwSignal<bool>,
    /// What this device wrote and the server has not confirmed safe, oldest first.
    pub outbox: RwSignal<Vec<OutboxItem>>,
    /// Photos and documents that this device keeps, or sent in this page's life, oldest first.
    pub contents: RwSignal<Vec<ContentItem>>,
    /// Whether the visits of today and tomorrow are ready on this device, by the client; nothing where it keeps nothing.
    pub packs: RwSignal<HashMap<CaseId, PackState>>,
    /// How many photos and documents of another app wait in this page to be added to a note.
    pub shared: RwSignal<usize>,
    pub storage: RwSignal<StorageState>,
    pub lock: RwSignal<LockState>,
    /// Whose devices are in this browser, as long as it is locked or was a moment ago.
    pub workers: RwSignal<Vec<KnownWorker>>,
    pub screen_lock: RwSignal<ScreenLock>,
    /// Until when this device may show what it keeps; absent before the first contact, and where nothing is kept.
    pub lease: RwSignal<Option<Lease>>,
    /// What the agency allows its devices, as of the last contact.
    pub policy: RwSignal<DevicePolicy>,
    pub failed_sign_in: RwSignal<Option<FailedSignIn>>,
    /// How many notices of the office this worker has not seen, as of the last time it was asked.
    pub unseen_notices: RwSignal<usize>,
    pub demo: RwSignal<bool>,
    /// The browser offers to install this as an app.
    pub can_install: RwSignal<bool>,
    pub reminding: RwSignal<Reminding>,
    /// The browser listens and writes down what it hears.
    pub dictating: RwSignal<bool>,
    /// What is spoken. Pages are drawn anew when it changes; what is typed is kept as drafts are.
    pub language: RwSignal<Language>,
    /// A newer build is installed and waits until nothing is being written.
    pub update_ready: RwSignal<bool>,
    /// It was asked for, but in some open page something is still being written or sent.
    pub update_held: RwSignal<bool>,
    /// Something is typed in this page that is not kept yet.
    pub unkept: RwSignal<bool>,
}

impl DeskState {
    /// The state that a page starts from; the server and the browser both begin here.
    pub fn of_page(page: &PageData, records: Vec<Record>) -> Self {
        let access = match &page.me {
            _ if page.passkey_needed => Access::PasskeyNeeded,
            Some(me) => Access::Open(me.clone()),
            None => Access::SignedOut,
        };
        Self {
            access: RwSignal::new(access),
            caseload: RwSignal::new(Caseload::from_records(records)),
            now: RwSignal::new(page.now),
            keeping: RwSignal::new(Keeping::Memory),
            sync: RwSignal::new(SyncState::Idle),
            complete: RwSignal::new(false),
            outbox: RwSignal::new(Vec::new()),
            contents: RwSignal::new(Vec::new()),
            packs: RwSignal::new(HashMap::new()),
            shared: RwSignal::new(0),
            storage: RwSignal::new(StorageState::default()),
            lock: RwSignal::new(LockState::default()),
            workers: RwSignal::new(Vec::new()),
            screen_lock: RwSignal::new(ScreenLock::default()),
            lease: RwSignal::new(None),
            policy: RwSignal::new(DevicePolicy::default()),
            failed_sign_in: RwSignal::new(page.failed_sign_in.clone()),
            unseen_notices: RwSignal::new(0),
            demo: RwSignal::new(page.demo),
            can_install: RwSignal::new(false),
            reminding: RwSignal::new(Reminding::NotThere),
            dictating: RwSignal::new(false),
            language: RwSignal::new(words::current()),
            update_ready: RwSignal::new(false),
            update_held: RwSignal::new(false),
            unkept: RwSignal::new(false),
        }
    }

    /// The signed-in worker, if the caseload is open.
    pub fn me(&self) -> Option<Me> {
        match self.access.get() {
            Access::Open(me) => Some(me),
            _ => None,
        }
    }

    /// What this device may show now. What is in a page's memory only has no lease: it is gone with the page.
    pub fn standing(&self) -> Option<Standing> {
        let (policy, now) = (self.policy.get(), self.now.get());
        match self.keeping.get() {
            Keeping::Memory => None,
            Keeping::Device => Some(self.lease.get().map_or(Standing::Ended, |lease| lease.standing(&policy, now))),
        }
    }

    /// Whether the worker whose caseload is open may do this.
    pub fn may(&self, permission: Permission) -> bool {
        self.me().is_some_and(|me| me.permissions().has(permission))
    }
}

/// What pages ask for. Every reply comes when the thing is done, not when it is begun.
///
/// A desk that only shows, as the server's, leaves everything but the first two to what stands here: nothing can be done at it.
pub trait Desk: Send + Sync {
    fn state(&self) -> DeskState;

    /// A new identity for something that is about to be written.
    fn new_id(&self) -> Uuid;

    /// Somebody waits for this case: fetch it before the others.
    fn open(&self, _case_id: CaseId) {}

    /// Writes the commands as one group. Done when they are sealed on this device's disk, or, in memory only, when they are queued.
    fn submit(&self, _commands: Vec<Command>) -> Reply<Result<(), DeskError>> {
        reply(Err(DeskError::NotAvailable))
    }

    /// Takes a picture or document for a note that is being written: redrawn, sealed and on this device's disk when it is done.
    fn attach(&self, _file: web_sys::File) -> Reply<Result<NewAttachment, ContentProblem>> {
        reply(Err(ContentProblem::NotAvailable))
    }

    /// Hands over what another app shared with this one; it waits no longer then.
    fn take_shared(&self) -> Vec<web_sys::File> {
        Vec::new()
    }

    /// Removes a content from this device: one whose note is not signed, or one that a person gives up.
    fn remove_content(&self, _attachment_id: AttachmentId) -> Reply<Result<(), DeskError>> {
        reply(Err(DeskError::NotAvailable))
    }

    /// Tries again to send a content that was not taken.
    fn send_again(&self, _attachment_id: AttachmentId) -> Reply<Result<(), DeskError>> {
        reply(Err(DeskError::NotAvailable))
    }

    /// Opens a content, from this device or from the server, and looks whether it is what its note says.
    fn show_content(&self, _attachment_id: AttachmentId) -> Reply<Result<ShownContent, ContentProblem>> {
        reply(Err(ContentProblem::NotAvailable))
    }

    /// Forgets a content that was shown.
    fn close_content(&self, _url: String) {}

    /// The draft of one form about one record, such as a case; `form` is the form's short name.
    fn load_draft(&self, _form: &'static str, _about: Uuid) -> Reply<Option<Draft>> {
        reply(None)
    }

    /// Keeps the draft in place of the one before.
    fn save_draft(&self, _form: &'static str, _about: Uuid, _draft: Draft) -> Reply<Result<(), DeskError>> {
        reply(Err(DeskError::NotAvailable))
    }

    fn discard_draft(&self, _form: &'static str, _about: Uuid) -> Reply<()> {
        reply(())
    }

    fn sign_in(&self, _email: String, _password: String) -> Reply<Result<(), DeskError>> {
        reply(Err(DeskError::NotAvailable))
    }

    /// Signs in with a passkey, which also says who it is.
    fn sign_in_with_passkey(&self) -> Reply<Result<(), DeskError>> {
        reply(Err(DeskError::NotAvailable))
    }

    /// Lets the browser make a passkey from an office's [`sync::questions::Challenge`]; JSON both ways, as WebAuthn writes it.
    fn make_passkey(&self, _options: String) -> Reply<Result<String, PasskeyProblem>> {
        reply(Err(PasskeyProblem::NotSupported))
    }

    /// Lets a passkey answer such a challenge; JSON both ways.
    fn show_passkey(&self, _options: String) -> Reply<Result<String, PasskeyProblem>> {
        reply(Err(PasskeyProblem::NotSupported))
    }

    /// Lets the browser ask whether this is to be installed as an app.
    fn install(&self) {}

    /// Saves a file where the browser saves what it downloads. Anybody can read it there.
    fn save_file(&self, _name: &'static str, _media_type: &'static str, _content: String) {}

    /// Looks whether this device is reminded while the app is closed; `DeskState::reminding` tells.
    fn look_at_reminders(&self) {}

    /// Reminds from now on, or no longer. The browser may ask first.
    fn remind(&self, _on: bool) -> Reply<Result<(), ReminderProblem>> {
        reply(Err(ReminderProblem::NotAvailable))
    }

    /// Offers reminders no more.
    fn decline_reminders(&self) {}

    /// Shows a number on the app's icon, where there is one; 0 takes it away. A number says nothing about anybody.
    fn mark_icon(&self, _count: usize) {}

    /// Keeps the screen on, or lets it go dark again.
    fn stay_awake(&self, _awake: bool) {}

    /// Whether the browser can write down what it hears, and who hears it too.
    fn dictation(&self) -> Reply<Dictation> {
        reply(Dictation::NotThere)
    }

    /// Listens, and adds what was understood to `text`, until it is stopped.
    fn dictate(&self, _kind: Dictation, _text: RwSignal<String>) {}

    fn stop_dictating(&self) {}

    /// The words of a language, for what stands beside the one that is spoken.
    fn words_of(&self, _language: Language) -> Reply<Option<&'static Catalogue>> {
        reply(None)
    }

    /// Speaks another language from now on, also without a signal and before somebody signs in or unlocks.
    fn speak(&self, _language: Language) -> Reply<Result<(), DeskError>> {
        reply(Err(DeskError::NotAvailable))
    }

    /// Ends the session; an enrolled device is locked as well and keeps what is unsent.
    fn sign_out(&self) -> Reply<()> {
        reply(())
    }

    /// What kind of device this is, as a first guess at its name: "Android phone". Empty where the browser does not tell.
    fn device_kind(&self) -> &'static str {
        ""
    }

    /// Makes this browser an enrolled device of the worker: makes keys, wraps them with the passphrase, fetches the whole caseload, seals it.
    fn enrol(&self, _device: NewDevice) -> Reply<Result<(), DeskError>> {
        reply(Err(DeskError::NotAvailable))
    }

    fn unlock(&self, _passphrase: String) -> Reply<Result<(), DeskError>> {
        reply(Err(DeskError::NotAvailable))
    }

    /// Opens with the device's screen lock.
    fn unlock_by_screen_lock(&self) -> Reply<Result<(), DeskError>> {
        reply(Err(DeskError::NotAvailable))
    }

    /// Lets the device's screen lock open Doorstep too. The passphrase is needed unless this very page has set the device up.
    fn add_screen_lock(&self, _passphrase: Option<String>) -> Reply<Result<(), DeskError>> {
        reply(Err(DeskError::NotAvailable))
    }

    /// From now on only the passphrase opens it.
    fn remove_screen_lock(&self) -> Reply<Result<(), DeskError>> {
        reply(Err(DeskError::NotAvailable))
    }

    /// A fresh passphrase of random words; none where the list of words did not come.
    fn make_passphrase(&self) -> Reply<Option<String>> {
        reply(None)
    }

    /// Keeps words that are written while the device is locked, sealed at once.
    fn write_blind(&self, _about: String, _narrative: String) -> Reply<Result<(), DeskError>> {
        reply(Err(DeskError::NotAvailable))
    }

    /// Forgets keys and caseload in memory; what is on disk stays sealed.
    fn lock(&self) {}

    /// The lock page turns to the device of another worker ([`KnownWorker::place`]).
    fn choose_worker(&self, _place: String) {}

    /// Somebody who is not on the lock page wants to sign in.
    fn welcome_another(&self) {}

    /// Makes this tab the writer in place of the other one.
    fn use_here(&self) {}

    fn sync_now(&self) {}

    /// Asks the office one question of `sync::questions`, JSON both ways; `crate::ask` has it typed.
    fn ask(&self, _path: &'static str, _question: String) -> Reply<Result<String, AskError>> {
        reply(Err(AskError::NoConnection))
    }

    /// Asks the browser again never to clear this app's storage.
    fn ask_to_persist(&self) -> Reply<bool> {
        reply(false)
    }

    /// Loads the newer build, in all open pages, as soon as nothing in them is being written or sent.
    fn update_now(&self) {}
}

/// A reply that is there at once.
fn reply<T: Send + 'static>(reply: T) -> Reply<T> {
    Box::pin(std::future::ready(reply))
}

/// Where the desk stands. Another one may take its place; pages that are drawn after that turn to the new one.
pub type DeskPlace = StoredValue<Option<Arc<dyn Desk>>>;

/// Gives the pages their desk; `make` is told where it will stand.
pub fn provide_desk(make: impl FnOnce(DeskPlace) -> Arc<dyn Desk>) {
    let place = DeskPlace::new(None);
    place.set_value(Some(make(place)));
    provide_context(place);
}

/// The desk of this page.
///
/// # Panics
/// Where no desk was provided: every start of the app provides one first.
pub fn use_desk() -> Arc<dyn Desk> {
    let place = use_context::<DeskPlace>();
    place.and_then(|place| place.get_value()).expect("every start of the app provides a desk")
}
