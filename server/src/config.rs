//! What an operator sets.

use std::{net::SocketAddr, path::PathBuf};

use sqlx::postgres::PgConnectOptions;

/// How one server runs.
#[derive(Clone)]
pub struct Config {
    /// The role that it names owns the tables and runs the migrations; requests run as `doorstep_app`, of which it is a member.
    pub database: PgConnectOptions,
    /// Port 0 takes a free one.
    pub address: SocketAddr,
    /// Connections to PostgreSQL that requests share.
    pub max_connections: u32,
    /// The browser half, as `xtask` built it.
    pub site_dir: PathBuf,
    /// Where browsers find this server, as `https://host` or `https://host:port`; passkeys belong to its host. Without it, localhost.
    pub origin: Option<String>,
    /// The folder of what only this machine keeps: its secrets, the anchors of the audit trail, and the contents of attachments, unless
    /// those lie in a bucket.
    pub data_dir: PathBuf,
    /// The bucket of attachments, as `s3://bucket/folder`; its keys are in the usual `AWS_*` variables.
    pub attachments: Option<String>,
    /// The push services that devices may be woken by: origins with commas between them, as [`crate::push::SERVICES`].
    pub push_services: String,
    /// Fill an empty database with the demo agency, and offer its accounts on the sign-in page.
    pub demo_if_empty: bool,
    /// A proxy in front of this server ends TLS and appends the caller's address to `X-Forwarded-For`.
    pub behind_tls_proxy: bool,
}
