//! Proofs of who somebody is, at sign-in and again later.

use std::{net::IpAddr, sync::Arc};

use sqlx::PgConnection;
use sync::wire::ProblemCode;

use super::{
    SignedIn,
    limits::{self, Admission},
    password::{Checked, hash_with_pepper, verify_password},
};
use crate::{
    audit::{self, Event},
    db,
    problem::Problem,
    secrets::Secret,
    state::AppState,
};

/// A password that somebody chose, on its way to be hashed or checked: beside the threads that answer, a few at a time, because each
/// takes a processor and 19 MiB for a moment.
async fn work<T: Send + 'static>(state: &AppState, work: impl FnOnce(&Secret) -> T + Send + 'static) -> Result<T, Problem> {
    let turn = Arc::clone(&state.password_checks).acquire_owned().await.map_err(|_| Problem::unavailable())?;
    let pepper = state.secrets.password_pepper.clone();
    let done = tokio::task::spawn_blocking(move || {
        let done = work(&pepper);
        drop(turn);
        done
    });
    done.await.map_err(|_| Problem::unavailable())
}

/// Checks a password against the hash of an account, where there is one. Right says also whether the hash should be made anew.
pub(super) async fn check_password(state: &AppState, password: String, hash: Option<String>) -> Result<Checked, Problem> {
    work(state, move |pepper| verify_password(&password, hash.as_deref(), pepper)).await
}

/// Hashes a password that will be kept.
pub(crate) async fn hash_new_password(state: &AppState, password: String) -> Result<String, Problem> {
    work(state, move |pepper| hash_with_pepper(&password, pepper)).await?.map_err(|_| Problem::unavailable())
}

/// Keeps a hash as that of the worker's own password.
pub(crate) async fn set_own_password(tx: &mut PgConnection, hash: &str) -> sqlx::Result<()> {
    sqlx::query!("select set_own_password($1)", hash).execute(tx).await.map(drop)
}

/// Checks the password of somebody who is signed in, within the same limits as at sign-in. A wrong one is in the audit trail as `action`.
/// Gives the e-mail of the account.
///
/// # Errors
/// It is wrong, there were too many tries, or the database failed.
pub(crate) async fn check_own_password(
    state: &AppState,
    signed_in: &SignedIn,
    address: IpAddr,
    password: String,
    action: &'static str,
) -> Result<String, Problem> {
    let identity = &signed_in.identity;
    let mut tx = db::begin_reading_as(&state.pool, identity).await?;
    let account = sqlx::query!(r#"select email as "email!", password_hash as "password_hash!" from own_account()"#);
    let account = account.fetch_one(&mut *tx).await?;
    tx.commit().await?;
    let attempt = match limits::admit(&state.pool, &account.email, address).await? {
        Admission::Admitted(attempt) => attempt,
        Admission::Refused(wait) => {
            audit::record_alone(&state.pool, identity, Event::denied(action, "too-many-tries")).await?;
            return Err(Problem::new(ProblemCode::TooManyTries).retry_after(wait));
        }
    };
    if check_password(state, password, Some(account.password_hash)).await? == Checked::Wrong {
        audit::record_alone(&state.pool, identity, Event::denied(action, "wrong-password")).await?;
        return Err(Problem::new(ProblemCode::WrongPassword));
    }
    limits::forgive(&state.pool, &attempt).await?;
    Ok(account.email)
}
