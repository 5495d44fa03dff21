//! Whose device it is, where nobody is signed in: the device's keys say.

use domain::{AgencyId, WorkerId};
use p256::{
    PublicKey,
    ecdsa::{Signature, VerifyingKey, signature::Verifier},
    pkcs8::DecodePublicKey,
};
use sqlx::PgPool;
use sync::wire::{Base64, DeviceId, Proof};

use super::seal_keys::bytes;
use crate::{
    identity::Identity,
    problem::Problem,
    sessions::store::{read_permissions, read_role},
};

/// Whose device it is, and how it proves that.
pub(crate) struct Sender {
    pub(crate) identity: Identity,
    /// Neither the device was revoked nor its worker.
    pub(crate) is_trusted: bool,
    author: Option<VerifyingKey>,
    device: Option<VerifyingKey>,
}

impl Sender {
    /// The device of an id that passes the test. Two agencies may know the same id.
    ///
    /// # Errors
    /// The database failed, or holds a role that nobody knows.
    pub(crate) async fn find(pool: &PgPool, device_id: DeviceId, proves: impl Fn(&Self) -> bool) -> Result<Option<Self>, Problem> {
        let rows = sqlx::query!(
            r#"select agency_id as "agency_id!", worker_id as "worker_id!", role as "role!", permissions as "permissions!",
                is_trusted as "is_trusted!", author_key as "author_key!", device_key as "device_key!"
             from devices_of_id($1)"#,
            device_id.0,
        )
        .fetch_all(pool)
        .await?;
        for row in rows {
            let (role, may) = (read_role(&row.role)?, read_permissions(&row.permissions));
            let sender = Self {
                identity: Identity { agency_id: AgencyId(row.agency_id), worker_id: WorkerId(row.worker_id), role, may },
                is_trusted: row.is_trusted,
                author: verifying_key(&row.author_key),
                device: verifying_key(&row.device_key),
            };
            if proves(&sender) {
                return Ok(Some(sender));
            }
        }
        Ok(None)
    }

    /// Whether one of its keys signed this.
    pub(crate) fn signed(&self, by: Proof, text: &[u8], signature: &Base64) -> bool {
        let key = match by {
            Proof::Author => &self.author,
            Proof::Device => &self.device,
        };
        let signature = bytes(signature).and_then(|bytes| Signature::from_slice(&bytes).ok());
        key.as_ref().zip(signature).is_some_and(|(key, signature)| key.verify(text, &signature).is_ok())
    }
}

fn verifying_key(spki: &[u8]) -> Option<VerifyingKey> {
    PublicKey::from_public_key_der(spki).ok().map(VerifyingKey::from)
}
