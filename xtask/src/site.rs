//! The folder that the server serves: files under hashed names, compressed once, listed in manifest.json.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use brotli::enc::BrotliEncoderParams;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::cache::{Cache, hex};

/// Smaller files, and those that are compressed already, are sent as they are.
const WORTH_COMPRESSING_BYTES: usize = 256;

#[derive(Serialize, Deserialize)]
struct Manifest {
    build: String,
    files: BTreeMap<String, Entry>,
    /// The builds before, the newest first: their files are still served.
    #[serde(default)]
    earlier: Vec<Earlier>,
}

/// A build whose pages may still be open, or whose update may be half fetched.
#[derive(Clone, Serialize, Deserialize)]
struct Earlier {
    build: String,
    urls: BTreeSet<String>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    url: String,
    sha256: String,
    bytes: usize,
    br_bytes: usize,
}

/// A site that is being put together beside the one in use.
pub(crate) struct Site<'a> {
    folder: PathBuf,
    finished: PathBuf,
    cache: &'a Cache,
    brotli_quality: i32,
    files: BTreeMap<String, Entry>,
    /// What the build id is made of, beside the files: everything that is served under a fixed name.
    fixed: Vec<u8>,
    /// How many builds before this one are kept.
    kept_builds: usize,
}

impl<'a> Site<'a> {
    /// Begins an empty site; the one at `finished` stays until [`Site::finish`].
    ///
    /// # Errors
    /// When the folder can't be made.
    pub(crate) fn begin(finished: &Path, cache: &'a Cache, brotli_quality: i32, kept_builds: usize) -> Result<Self> {
        let folder = finished.with_extension("new");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("{} can't be emptied", folder.display()))?;
        }
        fs::create_dir_all(folder.join("assets")).with_context(|| format!("{} can't be made", folder.display()))?;
        Ok(Self { folder, finished: finished.to_path_buf(), cache, brotli_quality, files: BTreeMap::new(), fixed: Vec::new(), kept_builds })
    }

    /// Adds a file under a name with its hash and gives its address.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<String> {
        let url = Self::url(name, bytes)?;
        self.add_at(name, &url, bytes)?;
        Ok(url)
    }

    /// The address of a file with a hash of `content` in it.
    ///
    /// # Errors
    /// When the name has no extension.
    pub(crate) fn url(name: &str, content: &[u8]) -> Result<String> {
        let (stem, extension) = name.rsplit_once('.').with_context(|| format!("{name} has no extension"))?;
        Ok(format!("/assets/{stem}.{}.{extension}", hex(content)))
    }

    /// Adds a file at an address that [`Site::url`] gave.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn add_at(&mut self, name: &str, url: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(&url[1..]);
        fs::write(&path, bytes)?;
        let br_bytes = if bytes.len() < WORTH_COMPRESSING_BYTES || name.ends_with(".png") {
            bytes.len()
        } else {
            let small = self.compress(bytes)?;
            fs::write(self.folder.join(format!("{}.br", &url[1..])), &small)?;
            small.len()
        };
        let sha256 = STANDARD.encode(Sha256::digest(bytes));
        self.files.insert(name.to_owned(), Entry { url: url.to_owned(), sha256, bytes: bytes.len(), br_bytes });
        Ok(())
    }

    /// Adds a file whose address people or browsers know, so that its name must not change.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn add_fixed(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
        self.fixed.extend_from_slice(hex(bytes).as_bytes());
        Ok(())
    }

    /// Writes the manifest and puts the new site in the place of the old one in one step.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn finish(self) -> Result<Vec<String>> {
        let names = self.files.values().map(|entry| entry.sha256.as_str()).collect::<String>();
        let build = hex(&[names.as_bytes(), &self.fixed].concat());
        let line = |(name, entry): (&String, &Entry)| format!("{name} {} B, {} B compressed", entry.bytes, entry.br_bytes);
        let report = self.files.iter().map(line).collect();
        let earlier = earlier_builds(&self.finished, &build, self.kept_builds);
        keep_files(&earlier, &self.finished, &self.folder)?;
        let manifest = Manifest { build, files: self.files, earlier };
        fs::write(self.folder.join("manifest.json"), serde_json::to_vec_pretty(&manifest)?)?;
        if self.finished.exists() {
            renameat_with(CWD, &self.folder, CWD, &self.finished, RenameFlags::EXCHANGE)
                .with_context(|| format!("{} can't be replaced", self.finished.display()))?;
            fs::remove_dir_all(&self.folder)?;
        } else {
            fs::rename(&self.folder, &self.finished)?;
        }
        Ok(report)
    }

    fn compress(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        self.cache.get_or(&format!("q{}.br", self.brotli_quality), bytes, || {
            let parameters = BrotliEncoderParams { quality: self.brotli_quality, lgwin: 24, size_hint: bytes.len(), ..Default::default() };
            let mut compressed = Vec::new();
            brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
            Ok(compressed)
        })
    }
}

/// The builds before `build`, the newest first, as the finished site's manifest tells them.
fn earlier_builds(finished: &Path, build: &str, kept_builds: usize) -> Vec<Earlier> {
    let Ok(text) = fs::read(finished.join("manifest.json")) else { return Vec::new() };
    let Ok(before) = serde_json::from_slice::<Manifest>(&text) else { return Vec::new() };
    let last = Earlier { build: before.build, urls: before.files.into_values().map(|entry| entry.url).collect() };
    let all = [last].into_iter().chain(before.earlier);
    all.filter(|earlier| earlier.build != build).take(kept_builds).collect()
}

/// Takes the files of earlier builds over into the new site.
fn keep_files(earlier: &[Earlier], finished: &Path, folder: &Path) -> Result<()> {
    for url in earlier.iter().flat_map(|earlier| &earlier.urls).map(|url| url.trim_start_matches('/')) {
        for name in [url.to_owned(), format!("{url}.br")] {
            let (old, new) = (finished.join(&name), folder.join(&name));
            if old.exists() && !new.exists() {
                fs::copy(old, new)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Project;

    fn build(folder: &Path, style: &str) -> String {
        let project = Project { root: folder.to_path_buf(), target: folder.to_path_buf() };
        let cache = Cache::open(&project).unwrap();
        let mut site = Site::begin(&folder.join("site"), &cache, 2, 2).unwrap();
        let url = site.add("style.css", style.as_bytes()).unwrap();
        site.finish().unwrap();
        url
    }

    #[test]
    fn the_files_of_the_last_builds_are_kept_and_older_ones_go() {
        let folder = std::env::temp_dir().join(format!("doorstep-site-test-{}", std::process::id()));
        let urls: Vec<String> = ["one", "two", "two", "three", "four"].iter().map(|style| build(&folder, style)).collect();
        let is_there = |url: &String| folder.join("site").join(&url[1..]).exists();
        // Building the same again counts as no build.
        assert_eq!(urls.iter().map(is_there).collect::<Vec<_>>(), [false, true, true, true, true]);
        fs::remove_dir_all(folder).unwrap();
    }
}
