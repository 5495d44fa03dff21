//! Passwords: Argon2id, with the cost that OWASP names as the least (19 MiB, two passes, one lane).

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{self, phc::PasswordHash},
};

/// Checked against where no account has the e-mail, so that the answer takes as long.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_password("nobody has this password").ok());

/// Hashes a password for storage, as a PHC string. Takes some 30 ms and 19 MiB.
///
/// # Errors
/// The system gives no random numbers for the salt.
pub fn hash_password(password: &str) -> Result<String, password_hash::Error> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|_| password_hash::Error::Internal)?;
    Ok(argon2().hash_password_with_salt(password.as_bytes(), &salt)?.to_string())
}

/// Whether the password is the one that was hashed. Without a hash it works as long and says no.
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    let known = hash.is_some();
    let Some(hash) = hash.or(NOBODY.as_deref()) else { return false };
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    let matches = argon2().verify_password(password.as_bytes(), &hash).is_ok();
    known && matches
}

fn argon2() -> Argon2<'static> {
    const COST: Params = match Params::new(19 * 1024, 2, 1, None) {
        Ok(cost) => cost,
        Err(_) => panic!("19 MiB, two passes and one lane are within Argon2's bounds"),
    };
    Argon2::new(Algorithm::Argon2id, Version::V0x13, COST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_that_was_hashed_fits() {
        let hash = hash_password("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify_password("correct horse", Some(&hash)));
        assert!(!verify_password("correct horse ", Some(&hash)));
        assert!(!verify_password("nobody has this password", None));
        assert!(!verify_password("", Some("not a hash")));
    }

    #[test]
    fn the_same_password_is_stored_differently_each_time() {
        assert_ne!(hash_password("same").unwrap(), hash_password("same").unwrap());
    }
}
