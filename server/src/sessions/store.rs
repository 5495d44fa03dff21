//! Sessions in the database.

use app::page_data::Me;
use domain::{AgencyId, DateTime, Permission, Permissions, Role, Term, WorkerId};
use sqlx::{PgConnection, PgPool};
use sync::{
    questions::{SessionId, SessionSeen},
    wire::DeviceId,
};

use super::{SignedIn, token::TokenHash};
use crate::{
    audit::{self, Event},
    db,
    identity::Identity,
};

/// What is needed to check a password.
pub(super) struct Account {
    pub(super) identity: Identity,
    pub(super) password_hash: String,
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

/// What somebody showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Factor {
    Password,
    /// Something they have, opened by something they know or are.
    Passkey,
}

/// Opens a session, for as long as the agency says at most. `label` says in which browser.
pub(super) async fn open_session(
    tx: &mut PgConnection,
    identity: &Identity,
    token: TokenHash,
    label: &str,
    factor: Factor,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into sessions (agency_id, token_hash, worker_id, label, second_factor, expires_at)
         select $1, $2, $3, $4, $5, now() + make_interval(hours => absolute_hours) from security_policies where agency_id = $1",
        identity.agency_id.0,
        token.as_bytes(),
        identity.worker_id.0,
        label,
        factor == Factor::Passkey,
    )
    .execute(&mut *tx)
    .await?;
    audit::record(tx, identity, Event::applied("session.start")).await
}

/// The session of a token, if it was neither ended nor left alone for too long. Being asked for keeps it awake.
pub(super) async fn find_session(pool: &PgPool, token: TokenHash) -> sqlx::Result<Option<SignedIn>> {
    let row = sqlx::query!(
        r#"
        select agency_id as "agency_id!", worker_id as "worker_id!", role as "role!", permissions as "permissions!", name as "name!",
            agency_name as "agency_name!", session_id as "session_id!", device_id, is_dozing as "is_dozing!", is_fresh as "is_fresh!",
            second_factor as "second_factor!", needs_second_factor as "needs_second_factor!"
        from session_of_token($1)
        "#,
        token.as_bytes(),
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (role, may) = (read_role(&row.role)?, read_permissions(&row.permissions));
    let worker_id = WorkerId(row.worker_id);
    let identity = Identity { agency_id: AgencyId(row.agency_id), worker_id, role, may };
    let session_id = SessionId(row.session_id);
    if row.is_dozing {
        keep_awake(pool, &identity, session_id).await?;
    }
    let me = Me { worker_id, name: row.name, role, may: Some(may), agency_name: row.agency_name };
    Ok(Some(SignedIn {
        identity,
        session_id,
        device_id: row.device_id.map(DeviceId),
        is_fresh: row.is_fresh,
        second_factor: row.second_factor,
        needs_second_factor: row.needs_second_factor,
        me,
    }))
}

/// Written at most once a minute, not with each request.
async fn keep_awake(pool: &PgPool, identity: &Identity, session_id: SessionId) -> sqlx::Result<()> {
    let mut tx = db::begin_as(pool, identity).await?;
    sqlx::query!("update sessions set last_seen_at = now() where agency_id = $1 and session_id = $2", identity.agency_id.0, session_id.0)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Whether a session still holds. Asking does not keep it awake.
pub(crate) async fn is_good(pool: &PgPool, identity: &Identity, session_id: SessionId) -> sqlx::Result<bool> {
    let mut tx = db::begin_as(pool, identity).await?;
    sqlx::query_scalar!(
        r#"select exists (
            select from sessions s join workers w using (agency_id, worker_id) join security_policies p using (agency_id)
            where s.agency_id = $1 and s.session_id = $2 and s.ended_at is null and s.expires_at > now()
                and s.last_seen_at > now() - make_interval(mins => p.idle_min) and w.active
        ) as "good!""#,
        identity.agency_id.0,
        session_id.0,
    )
    .fetch_one(&mut *tx)
    .await
}

/// Ends one of the worker's own sessions for good.
pub(super) async fn end_session(pool: &PgPool, identity: &Identity, session_id: SessionId) -> sqlx::Result<()> {
    let mut tx = db::begin_as(pool, identity).await?;
    sqlx::query!(
        "update sessions set ended_at = now(), ended_by = $3 where agency_id = $1 and session_id = $2 and ended_at is null",
        identity.agency_id.0,
        session_id.0,
        identity.worker_id.0,
    )
    .execute(&mut *tx)
    .await?;
    audit::record(&mut tx, identity, Event::applied("session.end")).await?;
    tx.commit().await
}

/// Gives a session another token after a fresh proof: whoever had seen the one before has nothing.
pub(crate) async fn renew_token(
    tx: &mut PgConnection,
    identity: &Identity,
    session_id: SessionId,
    token: TokenHash,
    factor: Factor,
) -> sqlx::Result<()> {
    let done = sqlx::query!(
        "update sessions set token_hash = $3, proved_at = now(), second_factor = second_factor or $4
         where agency_id = $1 and session_id = $2 and ended_at is null",
        identity.agency_id.0,
        session_id.0,
        token.as_bytes(),
        factor == Factor::Passkey,
    )
    .execute(tx)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// The sessions of a worker that are good now, the latest used first.
pub(crate) async fn list_sessions(tx: &mut PgConnection, worker_id: WorkerId, this: SessionId) -> sqlx::Result<Vec<SessionSeen>> {
    let rows = sqlx::query!(
        "select s.session_id, s.label, s.device_id, s.created_at, s.last_seen_at, s.expires_at
         from sessions s join security_policies p using (agency_id)
         where s.agency_id = app_agency() and s.worker_id = $1 and s.ended_at is null and s.expires_at > now()
            and s.last_seen_at > now() - make_interval(mins => p.idle_min)
         order by s.last_seen_at desc, s.session_id",
        worker_id.0
    )
    .fetch_all(tx)
    .await?;
    let seen = rows.into_iter().map(|row| SessionSeen {
        session_id: SessionId(row.session_id),
        is_this: row.session_id == this.0,
        label: row.label,
        device_id: row.device_id.map(DeviceId),
        started_at: DateTime::from_time(row.created_at, 0),
        last_seen_at: DateTime::from_time(row.last_seen_at, 0),
        ends_at: DateTime::from_time(row.expires_at, 0),
    });
    Ok(seen.collect())
}

/// Whose session it is, as far as whoever asks may see it.
pub(crate) async fn find_owner(tx: &mut PgConnection, session_id: SessionId) -> sqlx::Result<Option<WorkerId>> {
    let owner = sqlx::query_scalar!("select worker_id from sessions where agency_id = app_agency() and session_id = $1", session_id.0);
    Ok(owner.fetch_optional(tx).await?.map(WorkerId))
}

/// Which sessions of a worker.
#[derive(Clone, Copy)]
pub(crate) enum Which {
    One(SessionId),
    All,
    AllBut(SessionId),
}

/// Ends sessions of a worker who is whoever asks or whom they may manage, and says how many.
pub(crate) async fn end_sessions(tx: &mut PgConnection, by: &Identity, worker_id: WorkerId, which: Which) -> sqlx::Result<u64> {
    let (one, but) = match which {
        Which::One(session_id) => (Some(session_id.0), None),
        Which::All => (None, None),
        Which::AllBut(session_id) => (None, Some(session_id.0)),
    };
    let done = sqlx::query!(
        "update sessions set ended_at = now(), ended_by = $2
         where agency_id = app_agency() and worker_id = $1 and ended_at is null
            and ($3::uuid is null or session_id = $3) and ($4::uuid is null or session_id <> $4)",
        worker_id.0,
        by.worker_id.0,
        one,
        but,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// A permission that this build does not know is one that it does not ask for.
pub(crate) fn read_permissions(codes: &[String]) -> Permissions {
    codes.iter().filter_map(|code| Permission::from_code(code)).collect()
}

pub(crate) fn read_role(code: &str) -> sqlx::Result<Role> {
    Role::from_code(code).ok_or_else(|| sqlx::Error::Decode("workers.role holds a code that this build does not know".into()))
}
