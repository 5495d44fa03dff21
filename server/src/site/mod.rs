//! The browser half as `xtask` built it: read once at start-up, kept in memory, served under hashed names.

mod routes;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use app::document::{self, Assets};
use axum::body::Bytes;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use words::Language;

pub use routes::router;

/// Why the browser half cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    #[error("the browser half is not built: {} is missing. Build it with `make run`, or name its folder in DOORSTEP_SITE", .0.display())]
    NotBuilt(PathBuf),
    #[error("{} is not as this server expects. Build the browser half again with `make run`", .0.display())]
    Unreadable(PathBuf),
}

/// One file of the build, as the manifest names it.
#[derive(Clone, Debug, Serialize, Deserialize)]
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

/// One build of the browser half.
pub struct Site {
    /// What pages link to.
    pub assets: Assets,
    shell: Bytes,
    service_worker: Bytes,
    web_manifest: Bytes,
    /// By path. Files of older builds stay served as long as they lie in the folder: a page may still be open.
    stored: BTreeMap<String, Stored>,
}

struct Stored {
    bytes: Bytes,
    /// The same, compressed with Brotli.
    brotli: Option<Bytes>,
}

impl Site {
    /// Reads the manifest and everything beside it, and writes the service worker and the shell for this build.
    ///
    /// # Errors
    /// The folder was not built, or not by this version's `xtask`.
    pub fn read(folder: &Path) -> Result<Self, SiteError> {
        let path = folder.join("manifest.json");
        let manifest: Manifest = serde_json::from_slice(&read(&path)?).map_err(|_| SiteError::Unreadable(path))?;
        let mut stored = read_folder(folder, "assets")?;
        stored.extend(read_folder(folder, "icons")?);
        if let Some(missing) = manifest.files.values().find(|file| !stored.contains_key(&file.url)) {
            return Err(SiteError::NotBuilt(folder.join(missing.url.trim_start_matches('/'))));
        }
        let assets = name_assets(&manifest).ok_or_else(|| SiteError::Unreadable(folder.join("manifest.json")))?;
        let shell: Bytes = document::shell(&assets).into();
        let service_worker = write_service_worker(folder, &manifest, &shell)?.into();
        Ok(Self { assets, shell, service_worker, web_manifest: read(&folder.join("manifest.webmanifest"))?.into(), stored })
    }
}

/// What a page links to; none where the build lacks one of the files.
fn name_assets(manifest: &Manifest) -> Option<Assets> {
    let url = |name: &str| manifest.files.get(name).map(|file| file.url.clone());
    let words: Option<Vec<_>> = Language::ALL.into_iter().map(|language| Some((language, url(&words_file(language))?))).collect();
    Some(Assets {
        stylesheet: url("style.css")?,
        boot: url("boot.js")?,
        script: url("doorstep.js")?,
        wasm: url("doorstep.wasm")?,
        parts: url("parts.js")?,
        inside: parts_inside(manifest)?,
        kdf: url("kdf.js")?,
        strength: url("strength.js")?,
        words: words?.try_into().ok()?,
        build: manifest.build.clone(),
    })
}

/// What is behind the door: the part itself, and what the build put into files of their own because several parts need it.
fn parts_inside(manifest: &Manifest) -> Option<Vec<String>> {
    let shared = manifest.files.iter().filter(|(name, _)| name.starts_with("chunk_")).map(|(_, file)| file);
    Some([manifest.files.get("inside.wasm")?].into_iter().chain(shared).map(|file| file.url.clone()).collect())
}

/// The name of the file with the words of a language, as xtask gives it.
fn words_file(language: Language) -> String {
    format!("words-{}.txt", language.tag())
}

/// What only a page with a connection asks for. Devices keep no copy: the lists of words in it are larger than the rest of the program.
const ONLINE_ONLY: [&str; 3] = ["strength.js", "rate.js", "rate.wasm"];

/// The service worker of this build: its template with the build's identity and one matching set of files, the shell among them.
fn write_service_worker(folder: &Path, manifest: &Manifest, shell: &[u8]) -> Result<String, SiteError> {
    let path = folder.join("sw.js");
    let template = String::from_utf8(read(&path)?).map_err(|_| SiteError::Unreadable(path.clone()))?;
    let shell = SiteFile { url: app::paths::SHELL.to_owned(), sha256: STANDARD.encode(Sha256::digest(shell)) };
    let files = manifest.files.iter().filter(|(name, _)| !ONLINE_ONLY.contains(&name.as_str())).map(|(_, file)| file);
    let files: Vec<&SiteFile> = files.chain([&shell]).collect();
    let files = serde_json::to_string(&files).map_err(|_| SiteError::Unreadable(path.clone()))?;
    if !template.contains("__BUILD__") || !template.contains("__FILES__") {
        return Err(SiteError::Unreadable(path));
    }
    Ok(template.replace("__BUILD__", &manifest.build).replace("__FILES__", &files))
}

fn read(path: &Path) -> Result<Vec<u8>, SiteError> {
    fs::read(path).map_err(|_| SiteError::NotBuilt(path.to_owned()))
}

fn read_folder(site: &Path, name: &str) -> Result<BTreeMap<String, Stored>, SiteError> {
    let folder = site.join(name);
    let entries = fs::read_dir(&folder).map_err(|_| SiteError::NotBuilt(folder.clone()))?;
    let mut stored = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(|_| SiteError::Unreadable(folder.clone()))?.path();
        let Some(file) = path.file_name().and_then(|file| file.to_str()) else { continue };
        if file.ends_with(".br") || !path.is_file() {
            continue;
        }
        let brotli = fs::read(folder.join(format!("{file}.br"))).ok().map(Bytes::from);
        stored.insert(format!("/{name}/{file}"), Stored { bytes: read(&path)?.into(), brotli });
    }
    Ok(stored)
}
