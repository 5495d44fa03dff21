//! Sealing to the server: what only it can open, so that a locked device can hand it in (sync/src/wire/sealed.rs has the shape).
//!
//! ECDH over P-256 between a key of this page's life and the server's, HKDF-SHA-256 with an empty salt, AES-GCM-256 over the mutation's JSON.

use js_sys::Uint8Array;
use sync::wire::{Base64, Mutation, Proof, SealKey, SealedMutation};
use web_sys::CryptoKey;

use super::{
    VaultError,
    author::{base64, bytes},
    crypto,
};

/// A key that somebody's public key and a fresh one of ours agree on: with it is sealed what only they can open.
pub(super) struct Agreed {
    /// The public half of ours, which they need for it.
    pub(super) sender_key: Base64,
    pub(super) key: CryptoKey,
}

impl Agreed {
    /// Agrees with a public key (a point of P-256); `info` is HKDF's.
    ///
    /// # Errors
    /// What is given is no public key.
    pub(super) async fn with(public: &Base64, info: &str) -> Result<Self, VaultError> {
        let sender = crypto::generate_pair("ECDH", false, &["deriveBits"]).await?;
        let shared = crypto::agree(&sender.get_private_key(), &bytes(public)?).await?;
        let key = crypto::derive(&shared, &[], info, &["encrypt"]).await?;
        Ok(Self { sender_key: base64(&crypto::export("raw", &sender.get_public_key()).await?), key })
    }
}

/// Seals to one of the server's keys and signs.
pub(crate) struct Sealer {
    key_id: String,
    sender_key: Base64,
    key: CryptoKey,
    signing: CryptoKey,
    proof: Proof,
}

impl Sealer {
    /// Agrees on a key with the server's public one.
    ///
    /// # Errors
    /// What is given is no public key.
    pub(crate) async fn new(server: &SealKey, signing: CryptoKey, proof: Proof) -> Result<Self, VaultError> {
        let Agreed { sender_key, key } = Agreed::with(&server.public_key, SealedMutation::KEY_INFO).await?;
        Ok(Self { key_id: server.key_id.clone(), sender_key, key, signing, proof })
    }

    /// Seals one mutation.
    ///
    /// # Errors
    /// The browser's cryptography failed.
    pub(crate) async fn seal(&self, mutation: &Mutation) -> Result<SealedMutation, VaultError> {
        let json = serde_json::to_vec(mutation).expect("a mutation is plain data");
        let sealed = crypto::seal(&self.key, &Uint8Array::from(json.as_slice()), &SealedMutation::context(mutation.mid)).await?;
        let mut mutation = SealedMutation {
            mid: mutation.mid,
            key_id: self.key_id.clone(),
            sender_key: self.sender_key.clone(),
            iv: base64(&sealed.iv.to_vec()),
            ct: base64(&sealed.ct.to_vec()),
            proof: self.proof,
            signature: Base64(String::new()),
        };
        mutation.signature = base64(&crypto::sign(&self.signing, &mutation.signed_bytes()).await?);
        Ok(mutation)
    }
}
