//! Slow results kept by the hash of what went in, so that an unchanged input is never worked on twice.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::project::Project;

const KEPT_FOR: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// A folder of results under target/.
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// Opens the folder and drops what nobody used for two weeks.
    ///
    /// # Errors
    /// When the folder can't be made.
    pub(crate) fn open(project: &Project) -> Result<Self> {
        let folder = project.target.join("web-cache");
        fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
        for entry in fs::read_dir(&folder)?.flatten() {
            let age = entry.metadata().and_then(|data| data.modified()).map(|at| at.elapsed().unwrap_or_default());
            if age.is_ok_and(|age| age > KEPT_FOR) {
                fs::remove_file(entry.path()).ok();
            }
        }
        Ok(Self { folder })
    }

    /// Gives the kept result for this way of working on this input, or works it out and keeps it.
    ///
    /// # Errors
    /// Those of `work`, and when the result can't be written.
    pub(crate) fn get_or(&self, way: &str, input: &[u8], work: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let path = self.folder.join(format!("{}.{way}", hex(input)));
        if let Ok(kept) = fs::read(&path) {
            if let Ok(file) = fs::File::options().append(true).open(&path) {
                file.set_modified(SystemTime::now()).ok();
            }
            return Ok(kept);
        }
        let result = work()?;
        let partial = path.with_extension(format!("{way}.{}", std::process::id()));
        fs::write(&partial, &result).with_context(|| format!("{} can't be written", partial.display()))?;
        fs::rename(&partial, &path)?;
        Ok(result)
    }
}

/// The first 16 hexadecimal digits of SHA-256.
pub(crate) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_sixteen_digits() {
        assert_eq!(hex(b""), "e3b0c44298fc1c14");
    }
}
