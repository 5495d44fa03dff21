//! Sessions in the database.

use domain::{AgencyId, Permission, Permissions, Role, Term, WorkerId};
use sqlx::PgPool;

use app::page_data::Me;

use super::token::TokenHash;
use crate::{db, identity::Identity};

/// What is needed to check a password.
pub(super) struct Account {
    pub(super) identity: Identity,
    pub(super) password_hash: String,
    pub(super) me: Me,
}

/// A session that is good now.
pub(super) struct Session {
    pub(super) identity: Identity,
    pub(super) me: Me,
}

/// The active account with this e-mail.
pub(super) async fn find_account(pool: &PgPool, email: &str) -> sqlx::Result<Option<Account>> {
    let row = sqlx::query!(
        r#"
        select agency_id as "agency_id!", worker_id as "worker_id!", password_hash as "password_hash!", role as "role!",
            permissions as "permissions!", name as "name!", agency_name as "agency_name!"
        from sign_in_account($1)
        "#,
        email,
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (role, may) = (read_role(&row.role)?, read_permissions(&row.permissions));
    let worker_id = WorkerId(row.worker_id);
    Ok(Some(Account {
        identity: Identity { agency_id: AgencyId(row.agency_id), worker_id, role, may },
        password_hash: row.password_hash,
        me: Me { worker_id, name: row.name, role, may: Some(may), agency_name: row.agency_name },
    }))
}

/// Opens a session, for half a day at most.
pub(super) async fn open_session(pool: &PgPool, identity: &Identity, token: TokenHash) -> sqlx::Result<()> {
    let mut tx = db::begin_as(pool, identity).await?;
    sqlx::query!(
        "insert into sessions (agency_id, token_hash, worker_id, expires_at) values ($1, $2, $3, now() + interval '12 hours')",
        identity.agency_id.0,
        token.as_bytes(),
        identity.worker_id.0,
    )
    .execute(&mut *tx)
    .await?;
    record_event(&mut tx, identity, "session.start").await?;
    tx.commit().await
}

/// The session of a token, if it was neither ended nor left alone for half an hour. Being asked for keeps it awake.
pub(super) async fn find_session(pool: &PgPool, token: TokenHash) -> sqlx::Result<Option<Session>> {
    let row = sqlx::query!(
        r#"
        select agency_id as "agency_id!", worker_id as "worker_id!", role as "role!", permissions as "permissions!", name as "name!",
            agency_name as "agency_name!", last_seen_at > now() - interval '30 minutes' as "awake!", last_seen_at < now() - interval '1 minute' as "dozing!"
        from session_of_token($1)
        "#,
        token.as_bytes(),
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row.filter(|row| row.awake) else { return Ok(None) };
    let (role, may) = (read_role(&row.role)?, read_permissions(&row.permissions));
    let worker_id = WorkerId(row.worker_id);
    let identity = Identity { agency_id: AgencyId(row.agency_id), worker_id, role, may };
    if row.dozing {
        keep_awake(pool, &identity, token).await?;
    }
    Ok(Some(Session { identity, me: Me { worker_id, name: row.name, role, may: Some(may), agency_name: row.agency_name } }))
}

/// Written at most once a minute, not with each request.
async fn keep_awake(pool: &PgPool, identity: &Identity, token: TokenHash) -> sqlx::Result<()> {
    let mut tx = db::begin_as(pool, identity).await?;
    sqlx::query!("update sessions set last_seen_at = now() where token_hash = $1", token.as_bytes()).execute(&mut *tx).await?;
    tx.commit().await
}

/// Ends a session for good.
pub(super) async fn end_session(pool: &PgPool, identity: &Identity, token: TokenHash) -> sqlx::Result<()> {
    let mut tx = db::begin_as(pool, identity).await?;
    sqlx::query!("update sessions set ended_at = now() where token_hash = $1 and ended_at is null", token.as_bytes())
        .execute(&mut *tx)
        .await?;
    record_event(&mut tx, identity, "session.end").await?;
    tx.commit().await
}

/// Notes in the audit trail that a password was wrong for an account that exists.
pub(super) async fn record_wrong_password(pool: &PgPool, identity: &Identity) -> sqlx::Result<()> {
    let mut tx = db::begin_as(pool, identity).await?;
    sqlx::query!(
        "insert into audit_events (agency_id, worker_id, action, result, code) values ($1, $2, 'session.start', 'denied', 'wrong-password')",
        identity.agency_id.0,
        identity.worker_id.0,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

async fn record_event(connection: &mut sqlx::PgConnection, identity: &Identity, action: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into audit_events (agency_id, worker_id, action, result) values ($1, $2, $3, 'applied')",
        identity.agency_id.0,
        identity.worker_id.0,
        action,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A permission that this build does not know is one that it does not ask for.
fn read_permissions(codes: &[String]) -> Permissions {
    codes.iter().filter_map(|code| Permission::from_code(code)).collect()
}

fn read_role(code: &str) -> sqlx::Result<Role> {
    Role::from_code(code).ok_or_else(|| sqlx::Error::Decode("workers.role holds a code that this build does not know".into()))
}
