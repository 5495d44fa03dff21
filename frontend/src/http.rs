//! Asking the server, and telling its answers from those of somebody in between.

use domain::WorkerId;
use serde::{Serialize, de::DeserializeOwned};
use sync::{
    questions::HEADER,
    wire::{Problem, WORKER_HEADER},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request, RequestCache, RequestInit, RequestRedirect, Response};

use crate::platform::CompressionStream;

/// Bodies above this size travel compressed, in bytes.
const COMPRESS_ABOVE: usize = 1024;

/// How long an answer may take.
#[derive(Clone, Copy)]
pub(crate) enum Patience {
    /// A small question, in the worker's sight.
    Short,
    /// A batch over a slow line.
    Long,
}

/// What came of a request.
pub(crate) enum Answer<T> {
    Ok(T),
    /// The server said why not.
    Refused {
        problem: Problem,
        retry_after_ms: Option<u32>,
    },
    /// No answer, or not one of this server: a captive portal, a proxy's page, half a body.
    Nobody,
}

pub(crate) async fn get<T: DeserializeOwned>(url: &str) -> Answer<T> {
    ask(url, "GET", None, Patience::Short).await
}

pub(crate) async fn post<T: DeserializeOwned>(url: &str, body: &impl Serialize, patience: Patience) -> Answer<T> {
    ask(url, "POST", Some(to_json(body)), patience).await
}

/// Asks as this worker: under the session of somebody else the server does nothing.
pub(crate) async fn post_as<T: DeserializeOwned>(worker_id: WorkerId, url: &str, body: &impl Serialize, patience: Patience) -> Answer<T> {
    ask_with(url, "POST", Some(to_json(body)), patience, &[(WORKER_HEADER, &worker_id.to_string())]).await
}

/// Asks the office a question as this worker, as JSON, and gives the answer as it came. One of the headers no other site can add.
pub(crate) async fn ask_office(worker_id: Option<WorkerId>, url: &str, question: Vec<u8>) -> Answer<String> {
    let worker_id = worker_id.map(|worker_id| worker_id.to_string());
    let headers: Vec<(&str, &str)> = [(HEADER, "1")].into_iter().chain(worker_id.as_deref().map(|id| (WORKER_HEADER, id))).collect();
    match ask_with::<serde_json::Value>(url, "POST", Some(question), Patience::Short, &headers).await {
        Answer::Ok(answer) => Answer::Ok(answer.to_string()),
        Answer::Refused { problem, retry_after_ms } => Answer::Refused { problem, retry_after_ms },
        Answer::Nobody => Answer::Nobody,
    }
}

/// Sends bytes as they are, with these headers beside them.
pub(crate) async fn post_bytes<T: DeserializeOwned>(url: &str, bytes: &js_sys::Uint8Array, headers: &[(&str, String)]) -> Answer<T> {
    let answer = async {
        let request = Request::new_with_str_and_init(url, &init("POST", Patience::Long, Some(bytes)))?;
        request.headers().set("accept", "application/json")?;
        request.headers().set("content-type", "application/octet-stream")?;
        for (name, value) in headers {
            request.headers().set(name, value)?;
        }
        read(&fetch(&request).await?).await
    };
    answer.await.unwrap_or(Answer::Nobody)
}

/// Asks for something that is no JSON. What it is, only its hash can tell.
pub(crate) async fn post_for_bytes(url: &str, body: &impl Serialize) -> Answer<js_sys::Uint8Array> {
    let body = serde_json::to_vec(body).expect("what travels is plain data");
    let answer = async {
        let response = fetch(&build_request(url, "POST", Some(body), Patience::Long).await?).await?;
        if response.ok() {
            return Ok::<_, JsValue>(Answer::Ok(js_sys::Uint8Array::new(&JsFuture::from(response.array_buffer()?).await?)));
        }
        Ok(match read::<serde::de::IgnoredAny>(&response).await? {
            Answer::Refused { problem, retry_after_ms } => Answer::Refused { problem, retry_after_ms },
            Answer::Ok(_) | Answer::Nobody => Answer::Nobody,
        })
    };
    answer.await.unwrap_or(Answer::Nobody)
}

async fn fetch(request: &Request) -> Result<Response, JsValue> {
    JsFuture::from(leptos::prelude::window().fetch_with_request(request)).await?.dyn_into()
}

/// The text of a page of this site, whatever it says.
pub(crate) async fn get_text(url: &str) -> Option<String> {
    let request = build_request(url, "GET", None, Patience::Short).await.ok()?;
    let response = JsFuture::from(leptos::prelude::window().fetch_with_request(&request)).await.ok()?.dyn_into::<Response>().ok()?;
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

fn to_json(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).expect("what travels is plain data")
}

async fn ask<T: DeserializeOwned>(url: &str, method: &str, body: Option<Vec<u8>>, patience: Patience) -> Answer<T> {
    ask_with(url, method, body, patience, &[]).await
}

async fn ask_with<T: DeserializeOwned>(
    url: &str,
    method: &str,
    body: Option<Vec<u8>>,
    patience: Patience,
    headers: &[(&str, &str)],
) -> Answer<T> {
    match exchange(url, method, body, patience, headers).await {
        Ok(answer) => answer,
        Err(_) => Answer::Nobody,
    }
}

async fn exchange<T: DeserializeOwned>(
    url: &str,
    method: &str,
    body: Option<Vec<u8>>,
    patience: Patience,
    headers: &[(&str, &str)],
) -> Result<Answer<T>, JsValue> {
    let request = build_request(url, method, body, patience).await?;
    for (name, value) in headers {
        request.headers().set(name, value)?;
    }
    read(&fetch(&request).await?).await
}

async fn read<T: DeserializeOwned>(response: &Response) -> Result<Answer<T>, JsValue> {
    let content_type = response.headers().get("content-type")?.unwrap_or_default();
    let bytes = || async { Ok::<_, JsValue>(js_sys::Uint8Array::new(&JsFuture::from(response.array_buffer()?).await?).to_vec()) };
    if response.ok() && content_type.starts_with("application/json") {
        return Ok(serde_json::from_slice(&bytes().await?).map_or(Answer::Nobody, Answer::Ok));
    }
    if content_type.starts_with("application/problem+json") {
        let retry_after_ms = response.headers().get("retry-after")?.and_then(|text| seconds(&text));
        let refused = |problem| Answer::Refused { problem, retry_after_ms };
        return Ok(serde_json::from_slice(&bytes().await?).map_or(Answer::Nobody, refused));
    }
    Ok(Answer::Nobody)
}

/// What every request has.
fn init(method: &str, patience: Patience, body: Option<&js_sys::Uint8Array>) -> RequestInit {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_cache(RequestCache::NoStore);
    // Only somebody in between would redirect these.
    init.set_redirect(RequestRedirect::Error);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(patience.limit_ms())));
    if let Some(body) = body {
        init.set_body(body);
    }
    init
}

async fn build_request(url: &str, method: &str, body: Option<Vec<u8>>, patience: Patience) -> Result<Request, JsValue> {
    let init = init(method, patience, None);
    let mut compressed = false;
    if let Some(body) = body {
        let body = js_sys::Uint8Array::from(body.as_slice());
        compressed = body.length() as usize > COMPRESS_ABOVE;
        init.set_body(&if compressed { gzip(&body).await? } else { body.into() });
    }
    let request = Request::new_with_str_and_init(url, &init)?;
    request.headers().set("accept", "application/json")?;
    if method == "POST" {
        request.headers().set("content-type", "application/json")?;
    }
    if compressed {
        request.headers().set("content-encoding", "gzip")?;
    }
    Ok(request)
}

async fn gzip(bytes: &js_sys::Uint8Array) -> Result<JsValue, JsValue> {
    let plain = Response::new_with_opt_js_u8_array(Some(bytes))?.body().ok_or(JsValue::NULL)?;
    let packed = plain.pipe_through(CompressionStream::new("gzip")?.unchecked_ref());
    JsFuture::from(Response::new_with_opt_readable_stream(Some(&packed))?.array_buffer()?).await
}

impl Patience {
    fn limit_ms(self) -> u32 {
        match self {
            Self::Short => 15_000,
            Self::Long => 60_000,
        }
    }
}

fn seconds(text: &str) -> Option<u32> {
    text.trim().parse::<u32>().ok().map(|seconds| seconds.saturating_mul(1_000))
}
