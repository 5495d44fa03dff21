//! Passwords: Argon2id, with the cost that OWASP names as the least (19 MiB, two passes, one lane), and a pepper that the database never
//! sees: what somebody copies of the table alone can't be tried out.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, KeyId, Params, ParamsBuilder, PasswordHasher, PasswordVerifier, Version,
    password_hash::{self, phc::PasswordHash},
};

use crate::secrets::Secret;

/// Checked against where no account has the e-mail, so that the answer takes as long.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_password("nobody has this password").ok());

/// The name of the pepper in a hash that was made with it. Another pepper gets another name.
const PEPPER_ID: &[u8] = b"1";

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    Wrong,
    Right,
    /// Right, and the hash should be made anew: it has no pepper, or a lower cost.
    RightButOld,
}

/// Hashes a password for storage, as a PHC string: for accounts that are made without a server, such as the demo's. Takes some 30 ms and
/// 19 MiB. The first sign-in makes it anew with the pepper.
///
/// # Errors
/// The system gives no random numbers for the salt.
pub fn hash_password(password: &str) -> Result<String, password_hash::Error> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, cost(None)?).hash_password_with_salt(password.as_bytes(), &salt()?)?.to_string())
}

/// The same, with the pepper.
///
/// # Errors
/// As [`hash_password`].
pub(crate) fn hash_with_pepper(password: &str, pepper: &Secret) -> Result<String, password_hash::Error> {
    let cost = cost(Some(KeyId::new(PEPPER_ID)?))?;
    Ok(peppered(pepper, cost)?.hash_password_with_salt(password.as_bytes(), &salt()?)?.to_string())
}

/// Checks a password. Without a hash it works as long and says no.
pub(crate) fn verify_password(password: &str, hash: Option<&str>, pepper: &Secret) -> Checked {
    let known = hash.is_some();
    let Some(hash) = hash.or(NOBODY.as_deref()) else { return Checked::Wrong };
    match check(password, hash, pepper) {
        Ok(is_current) if known && is_current => Checked::Right,
        Ok(_) if known => Checked::RightButOld,
        _ => Checked::Wrong,
    }
}

/// Where it fits: whether the hash is as one would be made today.
fn check(password: &str, hash: &str, pepper: &Secret) -> Result<bool, password_hash::Error> {
    let hash = PasswordHash::new(hash)?;
    let params = Params::try_from(&hash)?;
    let is_peppered = !params.keyid().is_empty();
    let argon2 = if is_peppered { peppered(pepper, params.clone())? } else { Argon2::default() };
    argon2.verify_password(password.as_bytes(), &hash)?;
    let wanted = cost(None)?;
    Ok(is_peppered && params.m_cost() >= wanted.m_cost() && params.t_cost() >= wanted.t_cost())
}

fn peppered(pepper: &Secret, cost: Params) -> Result<Argon2<'_>, password_hash::Error> {
    Ok(Argon2::new_with_secret(pepper.bytes(), Algorithm::Argon2id, Version::V0x13, cost)?)
}

fn cost(keyid: Option<KeyId>) -> Result<Params, password_hash::Error> {
    let mut cost = ParamsBuilder::new();
    cost.m_cost(19 * 1024).t_cost(2).p_cost(1);
    if let Some(keyid) = keyid {
        cost.keyid(keyid);
    }
    Ok(cost.build()?)
}

fn salt() -> Result<[u8; 16], password_hash::Error> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|_| password_hash::Error::Internal)?;
    Ok(salt)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pepper() -> Secret {
        Secret::from_bytes([7; 32])
    }

    #[test]
    fn only_the_password_that_was_hashed_fits() {
        let hash = hash_with_pepper("correct horse", &pepper()).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1,keyid="), "{hash}");
        assert_eq!(verify_password("correct horse", Some(&hash), &pepper()), Checked::Right);
        assert_eq!(verify_password("correct horse ", Some(&hash), &pepper()), Checked::Wrong);
        assert_eq!(verify_password("nobody has this password", None, &pepper()), Checked::Wrong);
        assert_eq!(verify_password("", Some("not a hash"), &pepper()), Checked::Wrong);
    }

    #[test]
    fn without_the_pepper_a_copied_hash_is_worth_nothing() {
        let hash = hash_with_pepper("correct horse", &pepper()).unwrap();
        assert_eq!(verify_password("correct horse", Some(&hash), &Secret::from_bytes([8; 32])), Checked::Wrong);
    }

    #[test]
    fn a_hash_from_before_the_pepper_still_fits_and_is_made_anew() {
        let hash = hash_password("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(verify_password("correct horse", Some(&hash), &pepper()), Checked::RightButOld);
        assert_eq!(verify_password("wrong", Some(&hash), &pepper()), Checked::Wrong);
    }

    #[test]
    fn the_same_password_is_stored_differently_each_time() {
        assert_ne!(hash_with_pepper("same", &pepper()).unwrap(), hash_with_pepper("same", &pepper()).unwrap());
    }
}
