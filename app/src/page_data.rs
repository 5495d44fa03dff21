//! What the server knew when it drew a page. The browser reads it back before it hydrates, so both draw the same.

use domain::{DateTime, Permissions, Role, WorkerId};
use serde::{Deserialize, Serialize};
use words::Language;

/// The signed-in worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Me {
    pub worker_id: WorkerId,
    pub name: String,
    pub role: Role,
    /// What the agency lets them do; absent in what older builds wrote down.
    #[serde(default)]
    pub may: Option<Permissions>,
    pub agency_name: String,
}

impl Me {
    pub fn permissions(&self) -> Permissions {
        self.may.unwrap_or(Permissions::usual(self.role))
    }
}

/// What went wrong at sign-in; the words are chosen on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInProblem {
    WrongPassword,
    TooManyTries,
    SessionEnded,
    /// This device keeps the sealed caseload of somebody else.
    AnotherWorker,
    NoConnection,
    Unavailable,
}

/// A sign-in that did not work, with what was typed (never the password).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailedSignIn {
    pub email: String,
    pub problem: SignInProblem,
}

/// What a page is drawn from, beside the records that it shows. Sent as JSON in `<script type="application/json" id="page-data">`; the
/// records stand in a block of their own, because the part of the program that a page to sign in needs cannot read them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageData {
    /// Nobody is signed in where it is absent.
    #[serde(default)]
    pub me: Option<Me>,
    /// They signed in with a password, and their agency wants a passkey as well.
    #[serde(default)]
    pub passkey_needed: bool,
    /// The server's clock, at the offset of the browser as far as a cookie told it.
    pub now: DateTime,
    #[serde(default)]
    pub failed_sign_in: Option<FailedSignIn>,
    /// Demo accounts are offered on the sign-in page.
    #[serde(default)]
    pub demo: bool,
    /// In which it is drawn. A browser reads it from the document.
    #[serde(skip)]
    pub language: Language,
    /// Identity of the build whose WASM must draw this page.
    pub build: String,
}
