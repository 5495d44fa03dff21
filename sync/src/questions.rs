//! What a browser asks the office while there is a network, beside sync: `POST /office/v1/<question>`, JSON both ways.
//!
//! Every question carries the session's cookie and the header [`HEADER`], which no page of another site can add. An answer that is not
//! meant is a [`crate::wire::Problem`]; `step-up-needed` asks for a fresh proof (see [`StepUp`]) and the same question again.

use domain::{CaseId, DateTime, DevicePolicy, Role, ScopeId, WorkerId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::wire::DeviceId;

/// The header of every question; its value means nothing.
pub const HEADER: &str = "doorstep-question";

/// A question: where it is asked, and what is answered.
pub trait Question: Serialize + DeserializeOwned {
    const PATH: &'static str;
    type Answer: Serialize + DeserializeOwned;
}

macro_rules! questions {
    ($($question:ty => $path:literal, $answer:ty;)+) => {
        $(impl Question for $question {
            const PATH: &'static str = concat!("/office/v1/", $path);
            type Answer = $answer;
        })+

        /// Where questions are asked.
        pub const PATHS: &[&str] = &[$(<$question as Question>::PATH),+];
    };
}

questions! {
    ListSessions => "sessions", Sessions;
    EndSession => "end-session", Done;
    EndOtherSessions => "end-other-sessions", Ended;
    StepUp => "step-up", Done;
    ChangePassword => "change-password", PasswordChange;
    BeginPasskey => "passkeys/begin", Challenge;
    AddPasskey => "passkeys/add", Done;
    ListPasskeys => "passkeys", Passkeys;
    RevokePasskey => "passkeys/revoke", Done;
    BeginProof => "passkeys/begin-proof", Challenge;
    SignInWithPasskey => "passkeys/sign-in", Done;
    StepUpWithPasskey => "passkeys/step-up", Done;
    BreakGlass => "break-glass", GlassBroken;
    ListBreakGlass => "break-glass/list", GlassList;
    ReviewBreakGlass => "break-glass/review", Done;
    ListNotices => "notices", Notices;
    MarkNoticeSeen => "notices/seen", Done;
    ListDevices => "devices", Devices;
    ReportLost => "devices/lost", Done;
    ReportReads => "reads", Done;
    FindCase => "break-glass/find", FoundCases;
    ShowRules => "rules", Rules;
    SetRules => "rules/set", Done;
    ShowReminders => "reminders", Reminders;
    SetReminders => "reminders/set", Done;
    ExportCases => "cases/export", Done;
}

/// The name of a session. It is no secret: the token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub Uuid);

/// It was done, and there is nothing more to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {}

/// Where is somebody signed in? One's own sessions, or those of a worker whom one may manage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSessions {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker_id: Option<WorkerId>,
}

/// The sessions that are good now, the latest used first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sessions {
    pub sessions: Vec<SessionSeen>,
}

/// One session, for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionSeen {
    pub session_id: SessionId,
    /// The one that asks.
    pub is_this: bool,
    /// The browser and its system: "Firefox on Windows".
    pub label: String,
    /// The enrolled device that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<DeviceId>,
    pub started_at: DateTime,
    pub last_seen_at: DateTime,
    /// Whatever happens.
    pub ends_at: DateTime,
}

/// Ends one session: one's own, or that of a worker whom one may manage (which asks for a fresh proof).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndSession {
    pub session_id: SessionId,
}

/// Ends all of one's own sessions but this, or all of a worker whom one may manage (which asks for a fresh proof).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndOtherSessions {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker_id: Option<WorkerId>,
}

/// How many sessions ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub count: u32,
}

/// Shows the password once more. For five minutes, questions that need a fresh proof are answered; the cookie is a new one.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    pub password: String,
}

/// How long a new password should be, in characters: a sentence. Eight are taken.
pub const SUGGESTED_PASSWORD_CHARACTERS: usize = 15;

/// Changes one's own password. All other sessions end, and the cookie is a new one.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    pub current: String,
    pub new: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChange {
    pub outcome: PasswordOutcome,
}

/// A new password, or why it was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordOutcome {
    Changed,
    TooShort,
    TooLong,
    /// Everybody tries it first.
    TooCommon,
    /// It is the name, the e-mail or the agency.
    LikeYourself,
    /// It is the one before.
    Unchanged,
}

/// Asks for what a new passkey is made from. Needs a fresh proof; with a passkey, where the worker has one already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginPasskey {}

/// What a browser gives to `navigator.credentials`, good for one answer within five minutes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Challenge {
    pub ceremony_id: Uuid,
    /// `{"publicKey": …}` in JSON, as WebAuthn level 3 writes it (`parseCreationOptionsFromJSON`, `parseRequestOptionsFromJSON`).
    pub options: serde_json::Value,
}

/// Hands in the passkey that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddPasskey {
    pub ceremony_id: Uuid,
    /// What its owner calls it, 1 to 100 characters: "My phone".
    pub name: String,
    /// `PublicKeyCredential.toJSON()`
    pub credential: serde_json::Value,
}

/// One's own passkeys, or those of a worker whom one may manage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListPasskeys {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker_id: Option<WorkerId>,
}

/// Those that were not revoked, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passkeys {
    pub passkeys: Vec<PasskeySeen>,
    /// The agency asks their owner for one: the last of them cannot be revoked by its owner.
    #[serde(default)]
    pub needed: bool,
}

/// A passkey, for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PasskeySeen {
    pub passkey_id: Uuid,
    pub name: String,
    pub created_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<DateTime>,
}

/// A passkey was lost: it is worth nothing from now on, and the other sessions of its owner end. Needs a fresh proof. Their own last one
/// nobody revokes where the agency asks for one (`not-allowed`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokePasskey {
    pub passkey_id: Uuid,
}

/// Asks for what a passkey signs, to sign in or for a fresh proof. Anybody may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginProof {}

/// Signs in with a passkey, which also says who it is. The cookie is set. Anybody may try.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInWithPasskey {
    pub ceremony_id: Uuid,
    /// `PublicKeyCredential.toJSON()`
    pub credential: serde_json::Value,
}

/// As [`StepUp`], with a passkey of whoever is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepUpWithPasskey {
    pub ceremony_id: Uuid,
    /// `PublicKeyCredential.toJSON()`
    pub credential: serde_json::Value,
}

/// How long a reason or a remark may be, in characters.
pub const MAX_REASON_CHARACTERS: usize = 1000;

/// The least that a reason says, in characters.
pub const MIN_REASON_CHARACTERS: usize = 10;

/// Opens a case that is not one's own, in an emergency. Supervisors hear of it at once and judge it afterwards. Needs a fresh proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakGlass {
    pub case_id: CaseId,
    /// For the supervisors: at least [`MIN_REASON_CHARACTERS`].
    pub reason: String,
}

/// One opening of a case in an emergency. The name of a row, no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BreakGlassId(pub Uuid);

/// The case can be pulled now, until the given moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GlassBroken {
    pub break_glass_id: BreakGlassId,
    pub scope_id: ScopeId,
    pub expires_at: DateTime,
}

/// What was opened in emergencies: by oneself, and for those who review, by everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListBreakGlass {}

/// What waits for a review first, then the latest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GlassList {
    pub entries: Vec<GlassEntry>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GlassEntry {
    pub break_glass_id: BreakGlassId,
    pub worker_id: WorkerId,
    pub case_id: CaseId,
    pub reason: String,
    pub opened_at: DateTime,
    pub expires_at: DateTime,
    /// Absent while nobody has judged it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<GlassReview>,
}

/// A supervisor's judgement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GlassReview {
    pub by: WorkerId,
    pub at: DateTime,
    pub justified: bool,
    pub remark: String,
}

/// Judges what another worker opened. What was not justified ends at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewBreakGlass {
    pub break_glass_id: BreakGlassId,
    pub justified: bool,
    #[serde(default)]
    pub remark: String,
}

/// What should I look at?
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListNotices {
    /// Those that were seen as well.
    #[serde(default)]
    pub seen_too: bool,
}

/// The notices that were not seen yet, the latest first; then, where they were asked for, those that were.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notices {
    pub notices: Vec<Notice>,
}

/// Something to look at; the words are the page's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    pub notice_id: Uuid,
    pub kind: NoticeKind,
    /// For `break-glass`: which.
    pub about: Uuid,
    pub created_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<DateTime>,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    BreakGlass,
    /// A newer server has more to say.
    #[serde(other)]
    Unknown,
}

/// It was looked at. Doing it again changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkNoticeSeen {
    pub notice_id: Uuid,
}

/// Which devices keep a sealed caseload? One's own, or those of a worker whom one may manage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListDevices {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker_id: Option<WorkerId>,
}

/// Enrolled devices, the latest used first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Devices {
    pub devices: Vec<DeviceSeen>,
}

/// One device, for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceSeen {
    pub device_id: DeviceId,
    /// The one that the session which asks belongs to.
    pub is_this: bool,
    /// What its worker calls it: "Maria's tablet"; empty where they were never asked.
    pub label: String,
    pub registered_at: DateTime,
    pub last_seen_at: DateTime,
    pub fate: DeviceFate,
}

/// Whether a device is in use, or how far its end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceFate {
    InUse,
    /// Reported as lost: it removes everything at its next contact.
    Lost,
    /// It has removed everything.
    Wiped,
    LockedOut,
    #[serde(other)]
    Unknown,
}

/// Reports a device as lost: its sessions end, and it removes everything at its next contact. One's own, or that of a worker whom one may
/// manage (which asks for a fresh proof).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportLost {
    pub device_id: DeviceId,
}

/// Which clients' pages the worker opened where the server could not see it: it goes into the audit trail. The same report again, after an
/// answer that was not heard, changes nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportReads {
    /// Made by the device.
    pub report_id: Uuid,
    /// 1 to [`MOST_READS`], in the order in which they happened.
    pub reads: Vec<ClientRead>,
}

/// The most reads in one report: it stays below the size that questions may have.
pub const MOST_READS: usize = 100;

/// A client's page was opened.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientRead {
    pub case_id: CaseId,
    /// By the device's clock.
    pub read_at: DateTime,
}

/// Which cases has the client with exactly this number? For an emergency; needs a fresh proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindCase {
    pub client_number: String,
}

/// The cases, without a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundCases {
    pub cases: Vec<FoundCase>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundCase {
    pub case_id: CaseId,
    pub programme: String,
}

/// What are the agency's rules? For whoever may change them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowRules {}

/// The agency's rules for devices and for signing in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub devices: DevicePolicy,
    /// Roles that must have more than a password.
    pub second_factor_roles: Vec<Role>,
    /// How long a case stays open in an emergency: 1 to 24.
    pub break_glass_hours: u16,
}

/// Sets them, all at once. Needs a fresh proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetRules {
    pub rules: Rules,
}

impl Rules {
    /// Whether every figure is one that may be.
    pub fn are_possible(&self) -> bool {
        let devices = &self.devices;
        (1..=720).contains(&devices.lease_hours)
            && (1..=devices.lease_hours).contains(&devices.restricted_lease_hours)
            && (1..=60).contains(&devices.lock_after_idle_min)
            && devices.lock_after_hidden_s <= 3600
            && (1..=24).contains(&self.break_glass_hours)
    }
}

/// Is the device of this session reminded while the app is closed, and to whose key does it subscribe?
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowReminders {}

/// What a browser needs to subscribe, and what the office has of this device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reminders {
    /// `applicationServerKey` of the Push API: base64url.
    pub application_server_key: String,
    /// Absent where the device is not reminded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<PushSubscription>,
}

/// Where a device can be woken, and what time it is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushSubscription {
    /// `PushSubscription.endpoint` of the Push API, at a push service that the office knows.
    pub endpoint: String,
    /// IANA: `America/Chicago`.
    pub time_zone: String,
}

impl PushSubscription {
    /// The longest address of a device, in bytes.
    pub const MAX_ENDPOINT_BYTES: usize = 2000;
}

/// Reminds the device of this session from now on, or no longer. It must be an enrolled one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetReminders {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<PushSubscription>,
}

/// The most cases in one file.
pub const MOST_EXPORTED: usize = 5_000;

/// Takes a table of cases out of Doorstep as a file that anybody can read: it goes into the audit trail, and only then is the file made,
/// from what is on the screen. Needs a fresh proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportCases {
    /// 1 to [`MOST_EXPORTED`], each once.
    pub case_ids: Vec<CaseId>,
}
