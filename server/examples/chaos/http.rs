//! Asking the server as frontend/src/http.rs does, and telling its answers from those of somebody in between.

use std::{io::Write, net::SocketAddr, time::Duration};

use anyhow::Result;
use flate2::{Compression, write::GzEncoder};
use reqwest::{Client, Response, header, redirect::Policy};
use serde::{Serialize, de::DeserializeOwned};
use sync::wire::Problem;

/// Bodies above this size travel compressed, in bytes.
const COMPRESS_ABOVE: usize = 1024;

/// How long a device waits for an answer. Shorter than a browser does, so that a swallowed request does not hold the run up.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came of a request.
pub(crate) enum Answer<T> {
    Ok(T),
    /// The server said why not.
    Refused(Problem),
    /// No answer, or not one of this server: half a body, somebody else's page.
    Nobody,
}

/// A line to the server, or to what stands before it. Every request takes a connection of its own.
#[derive(Clone)]
pub(crate) struct Line {
    client: Client,
    address: SocketAddr,
}

impl Line {
    /// # Errors
    /// The system has no sockets left.
    pub(crate) fn to(address: SocketAddr) -> Result<Self> {
        server::tls::choose();
        let client = Client::builder().no_proxy().redirect(Policy::none()).pool_max_idle_per_host(0).timeout(PATIENCE).build()?;
        Ok(Self { client, address })
    }

    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize, cookie: Option<&str>) -> Answer<T> {
        match self.send(path, body, cookie).await {
            Ok(response) => read(response).await,
            Err(_) => Answer::Nobody,
        }
    }

    /// Signs in; the answer is the session's cookie as `name=value`.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Answer<String> {
        let body = serde_json::json!({ "email": email, "password": password });
        let Ok(response) = self.send("/sign-in", &body, None).await else { return Answer::Nobody };
        let set = response.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok());
        let cookie = set.and_then(|line| line.split(';').next()).map(str::to_owned);
        match (read::<serde_json::Value>(response).await, cookie) {
            (Answer::Ok(_), Some(cookie)) => Answer::Ok(cookie),
            (Answer::Refused(problem), _) => Answer::Refused(problem),
            _ => Answer::Nobody,
        }
    }

    async fn send(&self, path: &str, body: &impl Serialize, cookie: Option<&str>) -> Result<Response> {
        let body = serde_json::to_vec(body)?;
        let mut request = self.client.post(format!("http://{}{path}", self.address)).header(header::CONNECTION, "close");
        request = request.header(header::ACCEPT, "application/json").header(header::CONTENT_TYPE, "application/json");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        request = match body.len() > COMPRESS_ABOVE {
            true => request.header(header::CONTENT_ENCODING, "gzip").body(gzip(&body)?),
            false => request.body(body),
        };
        Ok(request.send().await?)
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> Answer<T> {
    let is_success = response.status().is_success();
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let Ok(bytes) = response.bytes().await else { return Answer::Nobody };
    if is_success && content_type.starts_with("application/json") {
        return serde_json::from_slice(&bytes).map_or(Answer::Nobody, Answer::Ok);
    }
    if content_type.starts_with("application/problem+json") {
        return serde_json::from_slice(&bytes).map_or(Answer::Nobody, Answer::Refused);
    }
    Answer::Nobody
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
