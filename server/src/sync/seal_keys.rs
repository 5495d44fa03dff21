//! The keys to which devices seal what they may have to hand in while they are locked. `sync::wire::SealedMutation` has the shape.

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::AttachmentId;
use hkdf::Hkdf;
use p256::{PublicKey, SecretKey, ecdh::diffie_hellman, elliptic_curve::sec1::ToSec1Point};
use sha2::{Digest, Sha256};
use sync::wire::{Base64, Mutation, SealKey, SealedKey, SealedMutation};

use crate::secrets::Secret;

/// How many hexadecimal digits of its public key's hash name a key.
const ID_DIGITS: usize = 16;

/// A secret is no private key of P-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a seal-key among the secrets is no private key of P-256. Put back the file from your back-up")]
pub struct NoKey;

/// The key in use and those before it.
pub struct SealKeys {
    current: SealKey,
    all: Vec<(SealKey, SecretKey)>,
}

impl SealKeys {
    /// From secrets, of which the first is in use and the others only open what was sealed before.
    ///
    /// # Errors
    /// One of them is no key, or there is none.
    pub fn new(secrets: &[Secret]) -> Result<Self, NoKey> {
        let all: Vec<_> = secrets.iter().map(read_key).collect::<Result<_, _>>()?;
        let current = all.first().map(|(public, _)| public.clone()).ok_or(NoKey)?;
        Ok(Self { current, all })
    }

    /// To whom devices seal from now on.
    pub fn current(&self) -> SealKey {
        self.current.clone()
    }

    /// What was sealed, byte for byte its body; nothing where no key opens it, or it is not what it says.
    pub(super) fn open(&self, sealed: &SealedMutation) -> Option<Mutation> {
        let SealedMutation { mid, key_id, sender_key, iv, ct, .. } = sealed;
        let json = self.open_bytes(key_id, sender_key, iv, ct, &SealedMutation::context(*mid))?;
        let mutation: Mutation = serde_json::from_slice(&json).ok()?;
        (mutation.mid == *mid).then_some(mutation)
    }

    /// The key of an attachment; nothing where no key opens it.
    pub(crate) fn open_key(&self, sealed: &SealedKey, attachment_id: AttachmentId) -> Option<[u8; 32]> {
        let SealedKey { key_id, sender_key, iv, ct } = sealed;
        self.open_bytes(key_id, sender_key, iv, ct, &SealedKey::context(attachment_id))?.try_into().ok()
    }

    fn open_bytes(&self, key_id: &str, sender_key: &Base64, iv: &Base64, ct: &Base64, context: &str) -> Option<Vec<u8>> {
        let (_, secret) = self.all.iter().find(|(public, _)| public.key_id == key_id)?;
        let sender = PublicKey::from_sec1_bytes(&bytes(sender_key)?).ok()?;
        let shared = diffie_hellman(secret.to_nonzero_scalar(), sender.as_affine());
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, shared.raw_secret_bytes()).expand(SealedMutation::KEY_INFO.as_bytes(), &mut key).ok()?;
        let (iv, ct) = (bytes(iv)?, bytes(ct)?);
        let iv = <[u8; 12]>::try_from(iv.as_slice()).ok()?;
        Aes256Gcm::new(&key.into()).decrypt(&Nonce::from(iv), Payload { msg: &ct, aad: context.as_bytes() }).ok()
    }
}

/// Bytes from where they travelled.
pub(super) fn bytes(text: &Base64) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(&text.0).ok()
}

fn read_key(secret: &Secret) -> Result<(SealKey, SecretKey), NoKey> {
    let secret = SecretKey::from_slice(secret.bytes()).map_err(|_| NoKey)?;
    let point = secret.public_key().to_sec1_point(false);
    let hash = Sha256::digest(point.as_bytes());
    let key_id = hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()[..ID_DIGITS].to_owned();
    Ok((SealKey { key_id, public_key: Base64(URL_SAFE_NO_PAD.encode(point.as_bytes())) }, secret))
}
