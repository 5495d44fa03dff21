//! A server of one test, and the browsers that ask it.

use std::{
    io::Write,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Mutex, Once, OnceLock},
};

use axum::{Router, extract::DefaultBodyLimit, routing::post};
use domain::CaseId;
use reqwest::{Method, RequestBuilder, StatusCode, header, header::HeaderMap, redirect::Policy};
use serde::de::DeserializeOwned;
use server::{Config, Running, problem::Json, sessions, state::AppState, telemetry};
use sqlx::PgPool;
use sync::{
    questions::{HEADER, Question},
    wire::{MAX_BODY_BYTES, Problem},
};
use tracing_subscriber::EnvFilter;

use crate::{
    small_site,
    world::{self, World},
};

/// The password of every worker in these tests.
pub const PASSWORD: &str = "correct horse battery";

/// The real server on a free port, over the test's own database, with a small agency in it.
pub struct TestApp {
    running: Running,
    /// As the owner: past row-level security.
    pub pool: PgPool,
    pub world: World,
}

impl TestApp {
    pub async fn start(pool: PgPool) -> Self {
        Self::start_as(pool, |_| {}).await
    }

    /// With a configuration that a test changes first.
    pub async fn start_as(pool: PgPool, change: impl FnOnce(&mut Config)) -> Self {
        let world = world::create(&pool).await;
        Self::open(pool, world, change).await
    }

    /// Stops the server and leaves its database, does `meanwhile`, and opens again on the database that it gives.
    pub async fn reopen(self, meanwhile: impl AsyncFnOnce() -> PgPool) -> Self {
        let Self { running, pool, world } = self;
        running.stop().await;
        pool.close().await;
        Self::open(meanwhile().await, world, |_| {}).await
    }

    /// Another server over the same database.
    pub async fn start_beside(&self) -> Running {
        server::start_with(config(&self.pool), test_routes()).await.unwrap()
    }

    async fn open(pool: PgPool, world: World, change: impl FnOnce(&mut Config)) -> Self {
        capture_logs();
        let mut config = config(&pool);
        change(&mut config);
        let running = server::start_with(config, test_routes()).await.unwrap();
        Self { running, pool, world }
    }

    pub fn state(&self) -> &AppState {
        &self.running.state
    }

    /// A browser in which nobody is signed in.
    pub fn anonymous(&self) -> Browser {
        let http = reqwest::Client::builder().redirect(Policy::none()).no_gzip().build().unwrap();
        Browser { http, base: format!("http://{}", self.running.address), cookie: None }
    }

    /// A browser in which one of the agency's workers is signed in: maria, omar, ruth or ada.
    pub async fn worker(&self, name: &str) -> Browser {
        let mut browser = self.anonymous();
        let answer = browser.sign_in(&world::email(name), PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        browser.cookie = answer.session_cookie();
        browser
    }

    /// Maria's client, whose names and note must never leak.
    pub fn case_id(&self) -> CaseId {
        self.world.case_of_maria
    }

    pub async fn stop(self) {
        self.running.stop().await;
    }
}

fn config(pool: &PgPool) -> Config {
    Config {
        database: (*pool.connect_options()).clone(),
        address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        max_connections: 4,
        site_dir: site_dir().to_owned(),
        data_dir: data_dir(),
        attachments: None,
        origin: None,
        demo_if_empty: false,
        push_services: server::push::SERVICES.to_owned(),
        behind_tls_proxy: false,
    }
}

/// Behind the same defences as the server's own routes: one that fails, and one that reads as much as sync does.
fn test_routes() -> Router<AppState> {
    async fn panicking() {
        panic!("while working on {}", world::CLIENT_NAME);
    }
    async fn echo(Json(value): Json<serde_json::Value>) -> Json<serde_json::Value> {
        Json(value)
    }
    let large = Router::new().route("/test/echo", post(echo)).layer(DefaultBodyLimit::max(MAX_BODY_BYTES));
    Router::new().route("/test/panic", post(panicking)).merge(large)
}

/// Something that sends requests, with a cookie or without.
pub struct Browser {
    http: reqwest::Client,
    pub base: String,
    /// `name=value` of the session's cookie.
    pub cookie: Option<String>,
}

impl Browser {
    /// The same browser, with another server of the same database.
    pub fn at(&self, server: &Running) -> Self {
        Self { http: self.http.clone(), base: format!("http://{}", server.address), cookie: self.cookie.clone() }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    /// As a person who follows a link.
    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path).header(header::ACCEPT, "text/html,*/*")).await
    }

    pub async fn post_json(&self, path: &str, body: &serde_json::Value) -> Answer {
        send(self.request(Method::POST, path).json(body)).await
    }

    /// As our own pages ask the office.
    pub async fn ask<Q: Question>(&self, question: &Q) -> Answer {
        send(self.request(Method::POST, Q::PATH).header(HEADER, "1").json(question)).await
    }

    /// The answer, where it must be one.
    pub async fn answer_to<Q: Question>(&self, question: &Q) -> Q::Answer {
        let answer = self.ask(question).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    /// As the app does it.
    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.post_json("/sign-in", &serde_json::json!({ "email": email, "password": password })).await
    }

    /// As a page without JavaScript does it.
    pub async fn sign_in_by_form(&self, email: &str, password: &str) -> Answer {
        let body = format!("email={}&password={}", email.replace('@', "%40"), password.replace(' ', "+"));
        let request = self.request(Method::POST, "/sign-in").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        send(request.body(body)).await
    }
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

pub async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    Answer { status, headers, body: response.bytes().await.unwrap().to_vec() }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn problem(&self) -> Problem {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem: Problem = self.json();
        assert_eq!(problem.status, self.status.as_u16());
        problem
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The session's cookie as the browser would send it back.
    pub fn session_cookie(&self) -> Option<String> {
        let set = self.headers.get_all(header::SET_COOKIE).into_iter().map(|value| value.to_str().unwrap());
        let mut pairs = set.filter_map(|line| line.split(';').next());
        pairs.find(|pair| pair.starts_with(sessions::COOKIE) && !pair.ends_with('=')).map(str::to_owned)
    }
}

/// A small build of the browser half: the real service worker and manifest around files of a few bytes.
pub fn site_dir() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = own_folder("site");
        small_site::write(&folder).unwrap();
        folder
    })
}

/// Where the servers of this process keep their secrets.
pub fn data_dir() -> PathBuf {
    own_folder("data")
}

/// The path of a folder of this process, below the build's own folder for temporary files. What processes left that have ended goes with
/// the first call: nothing runs when this one ends.
pub fn own_folder(what: &str) -> PathBuf {
    const PREFIX: &str = "doorstep-api-test-";
    static SWEEP: Once = Once::new();
    let all = Path::new(env!("CARGO_TARGET_TMPDIR"));
    SWEEP.call_once(|| {
        let has_ended =
            |pid: &str| pid.parse::<u32>().is_ok() && Path::new("/proc/self").exists() && !Path::new("/proc").join(pid).exists();
        for folder in std::fs::read_dir(all).unwrap().flatten() {
            let name = folder.file_name().into_string().unwrap_or_default();
            if name.strip_prefix(PREFIX).and_then(|name| name.rsplit_once('-')).is_some_and(|(_, pid)| has_ended(pid)) {
                std::fs::remove_dir_all(folder.path()).ok();
            }
        }
    });
    all.join(format!("{PREFIX}{what}-{}", std::process::id()))
}

static LOGS: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Everything that any server of this process logged so far.
pub fn logs() -> String {
    String::from_utf8_lossy(&LOGS.lock().unwrap()).into_owned()
}

fn capture_logs() {
    struct Captured;
    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            LOGS.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let filter = EnvFilter::new(format!("{},server=trace", telemetry::DEFAULT_FILTER));
        tracing::subscriber::set_global_default(telemetry::subscriber(filter, || Captured)).unwrap();
    });
}
