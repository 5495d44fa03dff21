//! Seals and signs mutations as a device does; `sync::wire::SealedMutation` has the shape.

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
use sync::wire::{Base64, DeviceId, DeviceKeys, DeviceSays, Mutation, Proof, SealKey, SealedMutation};

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

    /// `sender` is 32 random bytes, other ones each time: a key seals one mutation only, so its IV may stay the same. None where they are no
    /// key, or `to` is none.
    pub fn seal(&self, mutation: &Mutation, proof: Proof, to: &SealKey, sender: &[u8; 32]) -> Option<SealedMutation> {
        const IV: [u8; 12] = [7; 12];
        let sender = SecretKey::from_slice(sender).ok()?;
        let server = PublicKey::from_sec1_bytes(&URL_SAFE_NO_PAD.decode(&to.public_key.0).ok()?).ok()?;
        let shared = diffie_hellman(sender.to_nonzero_scalar(), server.as_affine());
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, shared.raw_secret_bytes()).expand(SealedMutation::KEY_INFO.as_bytes(), &mut key).ok()?;
        let (json, context) = (serde_json::to_vec(mutation).ok()?, SealedMutation::context(mutation.mid));
        let ct = Aes256Gcm::new(&key.into()).encrypt(&Nonce::from(IV), Payload { msg: &json, aad: context.as_bytes() }).ok()?;
        let sealed = SealedMutation {
            mid: mutation.mid,
            key_id: to.key_id.clone(),
            sender_key: base64(sender.public_key().to_sec1_point(false).as_bytes()),
            iv: base64(&IV),
            ct: base64(&ct),
            proof,
            signature: Base64(String::new()),
        };
        Some(self.signed(sealed))
    }

    /// The same with a signature that fits it.
    pub fn signed(&self, sealed: SealedMutation) -> SealedMutation {
        let key = match sealed.proof {
            Proof::Author => &self.author,
            Proof::Device => &self.device,
        };
        let signature: Signature = SigningKey::from(key).sign(&sealed.signed_bytes());
        SealedMutation { signature: base64(&signature.to_bytes()), ..sealed }
    }

    /// What the device says of itself.
    pub fn says(&self, said: DeviceSays, device_id: DeviceId) -> Base64 {
        let signature: Signature = SigningKey::from(&self.device).sign(&said.signed_bytes(device_id));
        base64(&signature.to_bytes())
    }
}

/// Bytes as they travel.
pub fn base64(bytes: &[u8]) -> Base64 {
    Base64(URL_SAFE_NO_PAD.encode(bytes))
}
