//! What a browser asks the office while there is a network, beside sync: `POST /office/v1/<question>`, JSON both ways.
//!
//! Every question carries the session's cookie and the header [`HEADER`], which no page of another site can add. An answer that is not
//! meant is a [`crate::wire::Problem`]; `step-up-needed` asks for a fresh proof (see [`StepUp`]) and the same question again.

use domain::{DateTime, WorkerId};
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
