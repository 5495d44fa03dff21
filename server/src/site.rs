//! The browser half as `xtask` built it: read once at start-up, kept in memory, served under hashed names.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use axum::body::Bytes;
use serde::Deserialize;

/// Why the browser half cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    #[error("the browser half is not built: {} is missing; run `make run`, or name the folder in DOORSTEP_SITE", .0.display())]
    NotBuilt(PathBuf),
    #[error("{} cannot be read as this server expects; build the browser half again with `make run`", .0.display())]
    Unreadable(PathBuf),
}

/// One file of the build, as the manifest names it.
#[derive(Clone, Debug, Deserialize)]
pub struct SiteFile {
    /// Where it is served: `/assets/boot.<hash>.js`.
    pub url: String,
    /// Base64, as subresource integrity writes it.
    pub sha256: String,
}

#[derive(Deserialize)]
struct Manifest {
    build: String,
    files: BTreeMap<String, SiteFile>,
}

/// The bytes of one asset.
pub struct Asset {
    pub bytes: Bytes,
    /// The same, compressed with Brotli.
    pub brotli: Option<Bytes>,
}

/// One build of the browser half.
pub struct Site {
    /// Identity of the build.
    pub build: String,
    files: BTreeMap<String, SiteFile>,
    /// By URL. Older builds' files stay served as long as they lie in the folder: a page may still be open.
    assets: BTreeMap<String, Asset>,
}

impl Site {
    /// Reads the manifest and every asset beside it.
    ///
    /// # Errors
    /// The folder was not built, or not by this version's `xtask`.
    pub fn read(folder: &Path) -> Result<Self, SiteError> {
        let path = folder.join("manifest.json");
        let text = std::fs::read(&path).map_err(|_| SiteError::NotBuilt(path.clone()))?;
        let manifest: Manifest = serde_json::from_slice(&text).map_err(|_| SiteError::Unreadable(path))?;
        let assets = read_assets(&folder.join("assets"))?;
        match manifest.files.values().find(|file| !assets.contains_key(&file.url)) {
            Some(missing) => Err(SiteError::NotBuilt(folder.join(missing.url.trim_start_matches('/')))),
            None => Ok(Self { build: manifest.build, files: manifest.files, assets }),
        }
    }

    /// A file by its name in the source tree, such as `boot.js`.
    pub fn file(&self, name: &str) -> Option<&SiteFile> {
        self.files.get(name)
    }

    /// Every file of this build, in the order of their names.
    pub fn files(&self) -> impl Iterator<Item = &SiteFile> {
        self.files.values()
    }

    pub fn asset(&self, url: &str) -> Option<&Asset> {
        self.assets.get(url)
    }
}

fn read_assets(folder: &Path) -> Result<BTreeMap<String, Asset>, SiteError> {
    let entries = std::fs::read_dir(folder).map_err(|_| SiteError::NotBuilt(folder.to_owned()))?;
    let mut assets = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(|_| SiteError::Unreadable(folder.to_owned()))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if name.ends_with(".br") || name.ends_with(".zst") || !path.is_file() {
            continue;
        }
        let bytes = std::fs::read(&path).map_err(|_| SiteError::Unreadable(path.clone()))?;
        let brotli = std::fs::read(folder.join(format!("{name}.br"))).ok();
        assets.insert(format!("/assets/{name}"), Asset { bytes: bytes.into(), brotli: brotli.map(Bytes::from) });
    }
    Ok(assets)
}
