//! Errors as callers of the API see them: `application/problem+json` with a code and a sentence, never a cause.

use std::time::Duration;

use axum::{
    extract::{FromRequest, Request, rejection::JsonRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use sync::wire::{self, ProblemCode};

/// An error answer on its way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    body: wire::Problem,
    retry_after: Option<Duration>,
}

impl Problem {
    /// The problem of a code, with its usual status and sentence.
    pub fn new(code: ProblemCode) -> Self {
        let (status, title) = words(code);
        Self { body: wire::Problem { status: status.as_u16(), code, title: title.to_owned(), expected: None }, retry_after: None }
    }

    /// A passing fault of this server or its database. The cause belongs in the log, where it was noticed.
    pub fn unavailable() -> Self {
        Self::new(ProblemCode::Unavailable).retry_after(Duration::from_secs(5))
    }

    /// Says when to try again.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Names the next `seq` that the server takes.
    pub fn expecting(mut self, seq: u64) -> Self {
        self.body.expected = Some(seq);
        self
    }

    pub fn code(&self) -> ProblemCode {
        self.body.code
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.body.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// When to try again, where that is known.
    pub fn wait(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The problem that stands for an answer that has only a status, such as the router's own 405.
    pub fn of_status(status: StatusCode) -> Self {
        let code = match status {
            StatusCode::UNAUTHORIZED => ProblemCode::SignInNeeded,
            StatusCode::FORBIDDEN => ProblemCode::CrossSite,
            StatusCode::NOT_FOUND => ProblemCode::NotFound,
            StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::TooLarge,
            StatusCode::TOO_MANY_REQUESTS => ProblemCode::TooManyTries,
            status if status.is_client_error() => ProblemCode::Malformed,
            _ => ProblemCode::Unavailable,
        };
        let mut problem = Self::new(code);
        problem.body.status = status.as_u16();
        problem
    }
}

/// What happened and how to mend it.
fn words(code: ProblemCode) -> (StatusCode, &'static str) {
    match code {
        ProblemCode::SignInNeeded => (StatusCode::UNAUTHORIZED, "Sign in to go on. What you wrote is kept on your device."),
        ProblemCode::WrongPassword => (StatusCode::UNAUTHORIZED, "The email or the password is wrong. Check both and try again."),
        ProblemCode::TooManyTries => (StatusCode::TOO_MANY_REQUESTS, "There were too many tries. Wait some minutes and try again."),
        ProblemCode::CrossSite => {
            (StatusCode::FORBIDDEN, "Another website sent this request, so nothing was done. Open Doorstep and do it there.")
        }
        ProblemCode::NotFound => (StatusCode::NOT_FOUND, "There is nothing here that you can see. Check the address."),
        ProblemCode::Malformed => {
            (StatusCode::BAD_REQUEST, "The request does not have the shape that this address reads. Update Doorstep and try again.")
        }
        ProblemCode::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "The request is larger than this server takes. Send it in smaller parts."),
        ProblemCode::DeviceUnknown => (StatusCode::NOT_FOUND, "This server does not know the device. Register it and send again."),
        ProblemCode::DeviceRevoked => (StatusCode::FORBIDDEN, "This device may no longer be used. Ask your supervisor."),
        ProblemCode::NotAllowed => (StatusCode::FORBIDDEN, "Your role does not allow this. Ask your supervisor or administrator."),
        ProblemCode::StepUpNeeded => {
            (StatusCode::FORBIDDEN, "Prove once more that it is you: enter your password or use your passkey, then try again.")
        }
        ProblemCode::DeviceForked => {
            (StatusCode::CONFLICT, "Another copy of this device sent something else. Register as a new device and send again.")
        }
        ProblemCode::SeqGap => (StatusCode::CONFLICT, "Something that came before is missing. Send from the number in `expected` on."),
        ProblemCode::UpgradeRequired => {
            (StatusCode::UPGRADE_REQUIRED, "This version of Doorstep is too old. Load the new one; what you wrote is kept.")
        }
        ProblemCode::Unavailable | ProblemCode::Unknown => {
            (StatusCode::SERVICE_UNAVAILABLE, "The server could not do this now. Nothing is lost; try again in a moment.")
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status(), axum::Json(self.body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wait) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        response
    }
}

impl From<sqlx::Error> for Problem {
    /// Logs the fault here, once, without its values: a constraint's name says which rule, a message could say whose.
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|database| database.code().map(|code| code.into_owned()));
        let constraint = error.as_database_error().and_then(|database| database.constraint().map(str::to_owned));
        let kind = kind_of(&error);
        tracing::error!(kind, code, constraint, "the database did not do what was asked");
        Self::unavailable()
    }
}

fn kind_of(error: &sqlx::Error) -> &'static str {
    match error {
        sqlx::Error::Database(_) => "database",
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) => "connection",
        sqlx::Error::PoolTimedOut => "pool-timed-out",
        sqlx::Error::RowNotFound => "row-not-found",
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => "decode",
        _ => "other",
    }
}

/// A JSON body in or out; what cannot be read is a [`Problem`].
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(refused(&rejection)),
        }
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

fn refused(rejection: &JsonRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE || hit_length_limit(rejection) {
        Problem::new(ProblemCode::TooLarge)
    } else if matches!(rejection, JsonRejection::MissingJsonContentType(_)) {
        Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    } else {
        Problem::new(ProblemCode::Malformed)
    }
}

/// A limit beneath the decompression shows only deep in the chain of causes.
fn hit_length_limit(rejection: &JsonRejection) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(rejection);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}
