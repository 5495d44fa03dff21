//! What every handler may reach.

use std::sync::Arc;

use axum::extract::FromRef;
use sqlx::PgPool;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use webauthn_rs::Webauthn;

use crate::{
    attachments::Storage,
    config::Config,
    push::Push,
    secrets::Secrets,
    site::Site,
    sync::{Pokes, SealKeys, Turns},
};

/// Shared by all requests; cheap to clone.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// Connections of the role that row-level security applies to.
    pub pool: PgPool,
    /// Where a commit tells what it touched.
    pub pokes: Pokes,
    /// Of devices that push.
    pub turns: Turns,
    pub site: Arc<Site>,
    pub config: Arc<Config>,
    pub secrets: Arc<Secrets>,
    /// To which devices seal, and what opens that.
    pub seal_keys: Arc<SealKeys>,
    /// Where the contents of attachments lie.
    pub storage: Arc<Storage>,
    /// What wakes devices that are to be reminded.
    pub push: Arc<Push>,
    /// What passkeys are made for and held against.
    pub webauthn: Arc<Webauthn>,
    /// One turn a processor: checking a password takes memory and time.
    pub password_checks: Arc<Semaphore>,
    /// The database holds the demo agency, so the sign-in page may offer its accounts.
    #[from_ref(skip)]
    pub demo: bool,
    /// Cancelled when the server stops: answers without an end must end then.
    pub stopping: CancellationToken,
}
