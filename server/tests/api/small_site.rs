//! A small build of the browser half: the real service worker and manifest around files of a few bytes. The server does not start without.

use std::{fs, io, path::Path};

/// Writes it into a folder.
///
/// # Errors
/// The folder can't be written.
pub fn write(folder: &Path) -> io::Result<()> {
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public");
    for part in ["assets", "icons"] {
        fs::create_dir_all(folder.join(part))?;
    }
    let mut files = serde_json::Map::new();
    let program = ["boot.js", "doorstep.js", "doorstep.wasm", "parts.js", "inside.wasm", "kdf.js", "strength.js", "style.css"];
    for name in program.into_iter().chain(["words-en.txt", "words-es.txt", "words-ar.txt", "icon-192.png"]) {
        let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
        let url = format!("/assets/{stem}.0123456789abcdef.{extension}");
        fs::write(folder.join(&url[1..]), format!("/* {name} */"))?;
        files.insert(name.to_owned(), serde_json::json!({ "url": url, "sha256": "c2hh", "bytes": 1, "br_bytes": 1 }));
    }
    fs::write(folder.join("assets/doorstep.0123456789abcdef.wasm.br"), "small")?;
    fs::write(folder.join("icons/icon-192.png"), "png")?;
    for name in ["sw.js", "manifest.webmanifest"] {
        fs::copy(public.join(name), folder.join(name))?;
    }
    let manifest = serde_json::json!({ "build": "fedcba9876543210", "files": files });
    fs::write(folder.join("manifest.json"), manifest.to_string())
}
