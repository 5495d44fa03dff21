//! Limits on tries to sign in, per account and per network address, kept in PostgreSQL so that they hold for all servers together.

use std::{net::IpAddr, time::Duration};

use sha2::{Digest, Sha256};
use sqlx::PgPool;

/// Wrong passwords that one account takes in fifteen minutes.
pub const PER_ACCOUNT: i64 = 10;
/// Wrong passwords that one address may send in the same time: an office shares one.
pub const PER_ADDRESS: i64 = 50;
/// Fifteen minutes.
const WINDOW_S: f64 = 900.0;

/// A try that is being checked. It counts as failed until it is known better, so that many at once cannot slip through.
pub struct Attempt {
    id: i64,
    account: [u8; 32],
}

/// The answer to a wish to try.
pub enum Admission {
    Admitted(Attempt),
    /// Try again after this time.
    Refused(Duration),
}

/// Counts a try for an account (whether it exists or not) from an address.
///
/// # Errors
/// The database does not answer.
pub async fn admit(pool: &PgPool, email: &str, address: IpAddr) -> sqlx::Result<Admission> {
    let attempt = Attempt { id: 0, account: digest("account", email) };
    let address = digest("address", &network(address));
    // Committed before it counts: of tries that run at the same time, each sees those that were written before it.
    let id = sqlx::query_scalar!(
        "insert into sign_in_attempts (account_hash, address_hash, succeeded) values ($1, $2, false) returning attempt_id",
        &attempt.account[..],
        &address[..],
    )
    .fetch_one(pool)
    .await?;
    let wait_s = sqlx::query_scalar!(
        r#"
        with recent as (
            select account_hash, attempted_at from sign_in_attempts
            where not succeeded and attempted_at > now() - make_interval(secs => $3)
                and (account_hash = $1 or address_hash = $2)
        ),
        over as (
            (select attempted_at from recent where account_hash = $1 order by attempted_at desc offset $4 limit 1)
            union all
            (select attempted_at from recent order by attempted_at desc offset $5 limit 1)
        )
        select extract(epoch from max(attempted_at) + make_interval(secs => $3) - now())::float8 as wait_s from over
        "#,
        &attempt.account[..],
        &address[..],
        WINDOW_S,
        PER_ACCOUNT,
        PER_ADDRESS,
    )
    .fetch_one(pool)
    .await?;
    let Some(wait_s) = wait_s else { return Ok(Admission::Admitted(Attempt { id, ..attempt })) };
    // A refused try does not make the wait longer.
    sqlx::query!("delete from sign_in_attempts where attempt_id = $1", id).execute(pool).await?;
    Ok(Admission::Refused(Duration::from_secs_f64(wait_s.max(1.0))))
}

/// The password was right: the account starts from nothing again, and what is past its time is swept away.
///
/// # Errors
/// The database does not answer.
pub async fn forgive(pool: &PgPool, attempt: &Attempt) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from sign_in_attempts where attempt_id = $1 or account_hash = $2 or attempted_at < now() - make_interval(secs => $3)",
        attempt.id,
        &attempt.account[..],
        WINDOW_S,
    )
    .execute(pool)
    .await?;
    Ok(())
}

fn digest(kind: &str, value: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(kind.as_bytes());
    hash.update([0]);
    hash.update(value.as_bytes());
    hash.finalize().into()
}

/// One household or office: an IPv4 address, or the /64 that an IPv6 customer gets.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_customer_are_one() {
        let at = |text: &str| network(text.parse().unwrap());
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_eq!(at("::ffff:192.0.2.1"), at("192.0.2.1"));
    }
}
