//! Proofs of who somebody is, at sign-in and again later.

use std::{net::IpAddr, sync::Arc};

use sync::wire::ProblemCode;

use super::{
    SignedIn,
    limits::{self, Admission},
    password::verify_password,
};
use crate::{
    audit::{self, Event},
    db,
    problem::Problem,
    state::AppState,
};

/// Takes a processor and 19 MiB for a moment, so only a few are checked at once and none on the threads that answer.
pub(super) async fn password_fits(state: &AppState, password: String, hash: Option<String>) -> Result<bool, Problem> {
    let turn = Arc::clone(&state.password_checks).acquire_owned().await.map_err(|_| Problem::unavailable())?;
    let checked = tokio::task::spawn_blocking(move || {
        let fits = verify_password(&password, hash.as_deref());
        drop(turn);
        fits
    });
    checked.await.map_err(|_| Problem::unavailable())
}

/// Checks the password of somebody who is signed in, within the same limits as at sign-in. A wrong one is in the audit trail as `action`.
///
/// # Errors
/// It is wrong, there were too many tries, or the database failed.
pub(crate) async fn check_own_password(
    state: &AppState,
    signed_in: &SignedIn,
    address: IpAddr,
    password: String,
    action: &'static str,
) -> Result<(), Problem> {
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
    if !password_fits(state, password, Some(account.password_hash)).await? {
        audit::record_alone(&state.pool, identity, Event::denied(action, "wrong-password")).await?;
        return Err(Problem::new(ProblemCode::WrongPassword));
    }
    Ok(limits::forgive(&state.pool, &attempt).await?)
}
