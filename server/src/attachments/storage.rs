//! Where the chunks of contents lie: a folder of this machine, or a bucket that speaks S3. Both through `object_store`.

use std::{fs::DirBuilder, io, os::unix::fs::DirBuilderExt, path::Path, sync::Arc};

use axum::body::Bytes;
use domain::AgencyId;
use futures::{StreamExt, TryStreamExt};
use object_store::{ObjectStore, ObjectStoreExt, aws::AmazonS3Builder, local::LocalFileSystem, path, prefix::PrefixStore};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use crate::problem::Problem;

/// How many contents are put together at one time; one has at most 25 MiB.
const WHOLE_AT_ONCE: usize = 4;

/// How many chunks are read at one time.
const CHUNKS_AT_ONCE: usize = 4;

/// Why the storage cannot be used. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    #[error("the folder of attachments {0} cannot be made or used ({1}). Let this user write there, or name another one in DOORSTEP_DATA")]
    Folder(String, String),
    #[error(
        "DOORSTEP_ATTACHMENTS names no bucket that can be used ({0}). Write it as s3://bucket/folder, and set AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for other makes than Amazon's, AWS_ENDPOINT"
    )]
    Bucket(String),
}

/// The place of one content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) agency_id: AgencyId,
    pub(crate) content_id: Uuid,
}

impl Place {
    fn of_chunk(self, chunk: u32) -> path::Path {
        path::Path::from(format!("{}/{}/{chunk}", self.agency_id, self.content_id))
    }
}

/// The storage of contents.
pub struct Storage {
    store: Arc<dyn ObjectStore>,
    whole: Semaphore,
}

impl Storage {
    /// The storage that an operator named, or else the folder `attachments` below the data folder, which is made where it is missing.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn open(data_dir: &Path, named: Option<&str>) -> Result<Self, StorageError> {
        let store = match named {
            Some(bucket) => open_bucket(bucket)?,
            None => open_folder(&data_dir.join("attachments"))?,
        };
        Ok(Self { store, whole: Semaphore::new(WHOLE_AT_ONCE) })
    }

    /// Keeps a sealed chunk; when this returns, it survives a power cut.
    pub(crate) async fn put(&self, place: Place, chunk: u32, sealed: Bytes) -> Result<(), Problem> {
        self.store.put(&place.of_chunk(chunk), sealed.into()).await.map(drop).map_err(|error| failed(&error))
    }

    /// All chunks of a content, in order; nothing where one is missing.
    pub(crate) async fn get_all(&self, place: Place, chunks: u32) -> Result<Option<Vec<Bytes>>, Problem> {
        let read = |chunk| async move { self.store.get(&place.of_chunk(chunk)).await?.bytes().await };
        match futures::stream::iter((0..chunks).map(read)).buffered(CHUNKS_AT_ONCE).try_collect().await {
            Ok(chunks) => Ok(Some(chunks)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Removes the chunks of a content. What is not there is no fault.
    pub(crate) async fn remove(&self, place: Place, chunks: impl IntoIterator<Item = u32>) -> Result<(), Problem> {
        for chunk in chunks {
            match self.store.delete(&place.of_chunk(chunk)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(failed(&error)),
            }
        }
        Ok(())
    }

    /// Waits until one more content may be put together.
    pub(crate) async fn room_for_one(&self) -> Result<SemaphorePermit<'_>, Problem> {
        self.whole.acquire().await.map_err(|_| Problem::unavailable())
    }
}

fn open_folder(folder: &Path) -> Result<Arc<dyn ObjectStore>, StorageError> {
    let refused = |error: &dyn std::error::Error| StorageError::Folder(folder.display().to_string(), error.to_string());
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error: io::Error| refused(&error))?;
    let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| refused(&error))?;
    Ok(Arc::new(store.with_fsync(true).with_automatic_cleanup(true)))
}

fn open_bucket(bucket: &str) -> Result<Arc<dyn ObjectStore>, StorageError> {
    let refused = |why: &str| StorageError::Bucket(why.to_owned());
    let named = bucket.strip_prefix("s3://").ok_or_else(|| refused("it does not begin with s3://"))?;
    let (name, folder) = named.split_once('/').unwrap_or((named, ""));
    let store = AmazonS3Builder::from_env().with_bucket_name(name).build().map_err(|error| refused(&error.to_string()))?;
    Ok(Arc::new(PrefixStore::new(store, path::Path::from(folder))))
}

/// Logs the fault here, once. Its text would hold the place, which is an id.
fn failed(error: &object_store::Error) -> Problem {
    let kind = match error {
        object_store::Error::NotFound { .. } => "not-found",
        object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => "not-allowed",
        _ => "other",
    };
    tracing::error!(kind, "the storage of attachments did not do what was asked");
    Problem::unavailable()
}

impl std::fmt::Debug for Storage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Storage")
    }
}
