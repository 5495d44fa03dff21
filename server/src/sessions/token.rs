//! The secret that a browser shows with each request, and the cookie it travels in.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

/// Bound to this host and to secure connections by its name.
pub const COOKIE: &str = "__Host-doorstep";

/// SHA-256 of a token: all that the database knows of it, and the name of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// 256 random bits.
pub struct Token([u8; 32]);

impl Token {
    /// A new token from the system's random numbers.
    ///
    /// # Errors
    /// The system gives none.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0).into())
    }

    /// The token that a request shows.
    pub fn of_request(headers: &HeaderMap) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(cookie(headers, COOKIE)?).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// `Set-Cookie` that gives the token to the browser. It lives as long as the browser does; the server ends it sooner.
    pub fn set_cookie(&self) -> Option<HeaderValue> {
        let value = URL_SAFE_NO_PAD.encode(self.0);
        let mut header = HeaderValue::from_str(&format!("{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Strict")).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

/// `Set-Cookie` that takes the token from the browser.
pub fn forget_cookie() -> HeaderValue {
    HeaderValue::from_static("__Host-doorstep=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_back_from_the_cookie_it_was_set_in() {
        let token = Token::new().unwrap();
        let set = token.set_cookie().unwrap();
        let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("doorstep-offset=-300; {pair}; other=1").parse().unwrap());
        assert_eq!(Token::of_request(&headers).map(|token| token.hash()), Some(token.hash()));
    }

    #[test]
    fn what_is_not_a_token_is_nobody() {
        for value in ["__Host-doorstep=", "__Host-doorstep=abc", "__Host-doorstep", "x__Host-doorstep=AAAA", "=", ";;"] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, value.parse().unwrap());
            assert!(Token::of_request(&headers).is_none(), "{value}");
        }
    }
}
