//! A phone that runs the shipped core (`sync::device`) over HTTP, with everything it keeps in one place, so that a test can copy it, take
//! it away or set it back.

use std::{cell::Cell, collections::BTreeMap};

use domain::*;
use reqwest::{Method, StatusCode};
use serde::{Serialize, de::DeserializeOwned};
use sync::{
    device::{Device, NewMutation, Pulled},
    wire::*,
};
use uuid::Uuid;

use crate::{
    helpers::{Answer, Browser, TestApp, send},
    sync_phone::{moment, sign},
};

/// How often a core may be refused in one round before that is no bookkeeping any more.
const MAX_REFUSALS: usize = 8;

/// What happens to one request and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Good,
    /// It never arrives.
    RequestLost,
    /// It arrives and is answered; the answer is lost.
    AnswerLost,
    /// Something in between answers with 200 and a page of its own.
    Portal,
}

/// What is on a phone's disk.
#[derive(Clone)]
pub struct Disk {
    pub core: Device,
    pub rows: BTreeMap<ScopeId, BTreeMap<RecordRef, Record>>,
}

pub struct CorePhone {
    pub browser: Browser,
    pub disk: Disk,
    /// Asked before each request, with its number.
    pub line: Box<dyn Fn(u32) -> Line>,
    /// How much a pull may bring, in bytes.
    pub limit_bytes: u32,
    requests: Cell<u32>,
}

impl CorePhone {
    pub async fn of(app: &TestApp, name: &str) -> Self {
        let disk = Disk { core: Device::new(DeviceId(Uuid::now_v7())), rows: BTreeMap::new() };
        Self { browser: app.worker(name).await, disk, line: Box::new(|_| Line::Good), limit_bytes: 1_000_000, requests: Cell::new(0) }
    }

    /// Signs a note about a contact in which nobody was reached.
    pub fn sign(&mut self, case_id: CaseId, words: &str) -> Mid {
        let mid = Mid(Uuid::now_v7());
        let new = NewMutation {
            mid,
            group_id: None,
            scope_id: ScopeId(Uuid::nil()),
            command: sign(case_id, words),
            recorded_at: moment(),
            app_build: "test".to_owned(),
        };
        self.disk.core.save(vec![new]);
        mid
    }

    /// Everything unsent goes up, then everything new comes down. False where a request came to nothing.
    pub async fn round(&mut self) -> bool {
        self.push_all().await && self.pull_all().await
    }

    pub async fn push_all(&mut self) -> bool {
        for _ in 0..MAX_REFUSALS {
            if !self.register().await {
                return false;
            }
            let Some(request) = self.disk.core.next_push() else { return true };
            match self.ask::<PushResponse>("/sync/v1/push", &request).await {
                Some(Ok(response)) => drop(self.disk.core.pushed(&request, &response)),
                Some(Err(problem)) => drop(self.disk.core.push_refused(&problem, DeviceId(Uuid::now_v7()))),
                None => return false,
            }
        }
        self.disk.core.unsent() == 0
    }

    pub async fn pull_all(&mut self) -> bool {
        loop {
            match self.pull_page().await {
                Some(true) => {}
                Some(false) => return true,
                None => return false,
            }
        }
    }

    /// One pull; says whether there is more, or nothing where it came to nothing.
    pub async fn pull_page(&mut self) -> Option<bool> {
        let request = self.disk.core.next_pull(None, self.limit_bytes);
        match self.ask::<PullResponse>("/sync/v1/pull", &request).await? {
            Ok(response) => {
                self.take(&response);
                Some(response.more)
            }
            Err(problem) => {
                self.disk.core.pull_refused(&problem);
                None
            }
        }
    }

    fn take(&mut self, response: &PullResponse) {
        let Pulled::Fresh { forget, .. } = self.disk.core.pulled(response, moment()) else { return };
        for scope_id in forget {
            self.disk.rows.remove(&scope_id);
        }
        for delta in &response.scopes {
            let rows = self.disk.rows.entry(delta.scope_id).or_default();
            if delta.full {
                rows.clear();
            }
            rows.retain(|record_ref, _| !delta.deleted.contains(record_ref));
            rows.extend(delta.records.iter().map(|record| (record.record_ref(), record.clone())));
        }
    }

    /// How many records it holds.
    pub fn held(&self) -> usize {
        self.disk.rows.values().map(BTreeMap::len).sum()
    }

    async fn register(&mut self) -> bool {
        if self.disk.core.meta().registered {
            return true;
        }
        let request = RegisterDevice {
            device_id: self.disk.core.meta().device_id,
            enrolled: true,
            app_build: "test".to_owned(),
            label: String::new(),
            keys: None,
        };
        match self.ask::<serde::de::IgnoredAny>("/sync/v1/devices", &request).await {
            Some(Ok(_)) => drop(self.disk.core.mark_registered()),
            Some(Err(problem)) => drop(self.disk.core.push_refused(&problem, DeviceId(Uuid::now_v7()))),
            None => return false,
        }
        self.disk.core.meta().registered
    }

    /// The answer of this server, or nothing: as `frontend` tells its answers from those of somebody in between.
    async fn ask<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Option<Result<T, Problem>> {
        let number = self.requests.replace(self.requests.get() + 1);
        let line = (self.line)(number);
        if matches!(line, Line::RequestLost | Line::Portal) {
            return None;
        }
        let body = serde_json::to_vec(body).unwrap();
        let post = self.browser.request(Method::POST, path).header("content-type", "application/json").body(body);
        let answer: Answer = send(post).await;
        if line == Line::AnswerLost {
            return None;
        }
        match answer.header("content-type") {
            "application/json" if answer.status == StatusCode::OK => Some(Ok(answer.json())),
            "application/problem+json" => Some(Err(answer.problem())),
            _ => None,
        }
    }
}
