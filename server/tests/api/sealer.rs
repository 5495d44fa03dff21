//! Seals and signs as a device does; `sync::wire::SealedMutation` and `sync::wire::BeginUpload` have the shapes.

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use p256::{
    PublicKey, SecretKey,
    ecdh::diffie_hellman,
    ecdsa::{Signature, SigningKey, signature::Signer},
    elliptic_curve::sec1::ToSec1Point,
    pkcs8::EncodePublicKey,
};
use sha2::Sha256;
use sync::wire::{Base64, DeviceKeys, Mutation, Proof, SealKey, SealedKey, SealedMutation};

/// The private keys of a device.
#[derive(Clone)]
pub struct Sealer {
    author: SecretKey,
    device: SecretKey,
}

impl Sealer {
    /// From 32 random bytes for each key; none where they are no key, which hardly ever happens.
    pub fn from_bytes(author: &[u8; 32], device: &[u8; 32]) -> Option<Self> {
        Some(Self { author: SecretKey::from_slice(author).ok()?, device: SecretKey::from_slice(device).ok()? })
    }

    /// What the device tells of them when it registers.
    pub fn public_keys(&self) -> Option<DeviceKeys> {
        let spki = |key: &SecretKey| Some(base64(key.public_key().to_public_key_der().ok()?.as_bytes()));
        Some(DeviceKeys { author: spki(&self.author)?, device: spki(&self.device)? })
    }

    /// `sender` is 32 random bytes, other ones each time: a key seals one thing only, so its IV may stay the same. None where they are no
    /// key, or `to` is none.
    pub fn seal(&self, mutation: &Mutation, proof: Proof, to: &SealKey, sender: &[u8; 32]) -> Option<SealedMutation> {
        let (json, context) = (serde_json::to_vec(mutation).ok()?, SealedMutation::context(mutation.mid));
        let SealedKey { key_id, sender_key, iv, ct } = self.seal_bytes(&json, &context, to, sender)?;
        let signature = Base64(String::new());
        Some(self.signed(SealedMutation { mid: mutation.mid, key_id, sender_key, iv, ct, proof, signature }))
    }

    /// Anything to the server, with what is authenticated beside it; `sender` as above.
    pub fn seal_bytes(&self, msg: &[u8], context: &str, to: &SealKey, sender: &[u8; 32]) -> Option<SealedKey> {
        const IV: [u8; 12] = [7; 12];
        let sender = SecretKey::from_slice(sender).ok()?;
        let server = PublicKey::from_sec1_bytes(&URL_SAFE_NO_PAD.decode(&to.public_key.0).ok()?).ok()?;
        let shared = diffie_hellman(sender.to_nonzero_scalar(), server.as_affine());
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, shared.raw_secret_bytes()).expand(SealedMutation::KEY_INFO.as_bytes(), &mut key).ok()?;
        let ct = Aes256Gcm::new(&key.into()).encrypt(&Nonce::from(IV), Payload { msg, aad: context.as_bytes() }).ok()?;
        Some(SealedKey {
            key_id: to.key_id.clone(),
            sender_key: base64(sender.public_key().to_sec1_point(false).as_bytes()),
            iv: base64(&IV),
            ct: base64(&ct),
        })
    }

    /// The same with a signature that fits it.
    pub fn signed(&self, sealed: SealedMutation) -> SealedMutation {
        SealedMutation { signature: self.sign(sealed.proof, &sealed.signed_bytes()), ..sealed }
    }

    /// A signature by one of the keys.
    pub fn sign(&self, proof: Proof, text: &[u8]) -> Base64 {
        let key = match proof {
            Proof::Author => &self.author,
            Proof::Device => &self.device,
        };
        let signature: Signature = SigningKey::from(key).sign(text);
        base64(&signature.to_bytes())
    }
}

/// Bytes as they travel.
pub fn base64(bytes: &[u8]) -> Base64 {
    Base64(URL_SAFE_NO_PAD.encode(bytes))
}
