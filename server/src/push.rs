//! Web push: asks a browser's push service to wake a device. A message has no content, so there is nothing that anybody could read or that
//! would have to be encrypted (RFC 8030); the server proves that it is the one the device has subscribed to (VAPID, RFC 8292).

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use reqwest::{Client, Url, redirect::Policy};
use serde_json::json;

use crate::secrets::Secret;

/// The push services of the browsers that Doorstep runs in. `*` stands for the beginning of a host's name.
pub const SERVICES: &str =
    "https://fcm.googleapis.com,https://*.push.services.mozilla.com,https://*.push.apple.com,https://*.notify.windows.com";

/// How long a push service keeps a message for a device that it can't reach, in seconds. Later it would be no reminder any more.
const TTL_S: u32 = 4 * 3600;

/// How long a proof is good, in seconds. The standard allows a day.
const PROOF_S: i64 = 12 * 3600;

/// How long a push service may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why nothing can be sent.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    #[error("the push-key among the secrets is no private key of P-256. Put back the file from your back-up")]
    Key,
    #[error("the client for push services could not be made")]
    Client(#[source] reqwest::Error),
    #[error("the push service did not answer")]
    NoAnswer,
    #[error("the push service refused the message with status {0}")]
    Refused(StatusCode),
    /// The subscription has ended, or its address is none that is sent to: it is to be forgotten.
    #[error("nobody is subscribed there")]
    Gone,
}

/// What asks the push services.
pub struct Push {
    key: SigningKey,
    public_key: String,
    services: Vec<String>,
    /// Who is answerable, for the operators of a push service.
    contact: String,
    http: Client,
}

impl Push {
    /// `services` are origins, with commas between them, as [`SERVICES`]; `origin` is where browsers find this server.
    ///
    /// # Errors
    /// The secret is no key, or the system gives no HTTP client.
    pub fn new(secret: &Secret, services: &str, origin: &str) -> Result<Self, PushError> {
        let key = SigningKey::from_slice(secret.bytes()).map_err(|_| PushError::Key)?;
        let public_key = URL_SAFE_NO_PAD.encode(key.verifying_key().to_sec1_point(false).as_bytes());
        let services = services.split(',').map(|service| service.trim().to_owned()).filter(|service| !service.is_empty()).collect();
        // A push service follows nobody elsewhere: what it is sent is for it alone.
        let http = Client::builder().timeout(PATIENCE).redirect(Policy::none()).build().map_err(PushError::Client)?;
        let contact = if origin.starts_with("https://") { origin } else { "https://localhost" }.to_owned();
        Ok(Self { key, public_key, services, contact, http })
    }

    /// The `applicationServerKey` to which devices subscribe: an uncompressed point of P-256 in base64url.
    pub fn public_key(&self) -> &str {
        &self.public_key
    }

    /// Whether this is an address of a push service that is sent to. A device names it, so without this it could make the server knock
    /// at any door of its own network.
    pub fn knows(&self, endpoint: &str) -> bool {
        let Ok(url) = Url::parse(endpoint) else { return false };
        let origin = url.origin().ascii_serialization();
        self.services.iter().any(|service| match service.split_once('*') {
            None => origin == *service,
            Some((start, end)) => origin.len() > start.len() + end.len() && origin.starts_with(start) && origin.ends_with(end),
        })
    }

    /// Wakes the device behind `endpoint`. A message that was not delivered yet gives way to this one.
    ///
    /// # Errors
    /// The push service did not take it.
    pub async fn wake(&self, endpoint: &str, now_s: i64) -> Result<(), PushError> {
        if !self.knows(endpoint) {
            return Err(PushError::Gone);
        }
        let headers = self.headers(endpoint, now_s).ok_or(PushError::Gone)?;
        let answer = self.http.post(endpoint).headers(headers).send().await.map_err(|_| PushError::NoAnswer)?;
        match answer.status() {
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(PushError::Gone),
            status if status.is_success() => Ok(()),
            status => Err(PushError::Refused(status)),
        }
    }

    fn headers(&self, endpoint: &str, now_s: i64) -> Option<HeaderMap> {
        let audience = Url::parse(endpoint).ok()?.origin().ascii_serialization();
        let proof = self.proof(&audience, now_s);
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::try_from(format!("vapid t={proof}, k={}", self.public_key)).ok()?);
        headers.insert("ttl", HeaderValue::from(TTL_S));
        headers.insert("topic", HeaderValue::from_static("reminder"));
        headers.insert("urgency", HeaderValue::from_static("normal"));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(0));
        Some(headers)
    }

    /// A JSON Web Token for one push service, signed with ES256 (RFC 8292, section 2).
    fn proof(&self, audience: &str, now_s: i64) -> String {
        let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let claims = json!({ "aud": audience, "exp": now_s + PROOF_S, "sub": self.contact });
        let signed = [part(json!({ "typ": "JWT", "alg": "ES256" })), part(claims)].join(".");
        let signature: Signature = self.key.sign(signed.as_bytes());
        [signed, URL_SAFE_NO_PAD.encode(signature.to_bytes())].join(".")
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::{VerifyingKey, signature::Verifier};

    use super::*;

    fn push() -> Push {
        crate::tls::choose();
        Push::new(&Secret::from_bytes([7; 32]), SERVICES, "https://doorstep.agency.example").unwrap()
    }

    #[test]
    fn only_push_services_are_known() {
        let push = push();
        for endpoint in ["https://fcm.googleapis.com/fcm/send/abc", "https://web.push.apple.com/x", "https://eu.notify.windows.com/w/?t=1"]
        {
            assert!(push.knows(endpoint), "{endpoint}");
        }
        for endpoint in [
            "http://fcm.googleapis.com/fcm/send/abc",
            "https://fcm.googleapis.com:8443/abc",
            "https://fcm.googleapis.com.example/abc",
            "https://me@evil.example/fcm.googleapis.com",
            "https://push.apple.com/x",
            "https://127.0.0.1/",
            "nothing",
        ] {
            assert!(!push.knows(endpoint), "{endpoint}");
        }
    }

    #[test]
    fn the_proof_is_for_one_service_and_signed_with_the_key_that_devices_know() {
        let push = push();
        let proof = push.proof("https://fcm.googleapis.com", 1_000);
        let (signed, signature) = proof.rsplit_once('.').unwrap();
        let key = VerifyingKey::from_sec1_bytes(&URL_SAFE_NO_PAD.decode(push.public_key()).unwrap()).unwrap();
        let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        key.verify(signed.as_bytes(), &signature).unwrap();
        let claims: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap()).unwrap();
        assert_eq!(claims, json!({ "aud": "https://fcm.googleapis.com", "exp": 44_200, "sub": "https://doorstep.agency.example" }));
    }
}
