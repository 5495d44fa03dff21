//! The browser half as a whole: WebAssembly, JavaScript, style and icons, each under its hashed name.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::cache::Cache;
use crate::project::{Project, say};
use crate::site::Site;
use crate::wasm;

/// How the browser half is built; the names are those of the profiles in Cargo.toml.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// As it ships: small.
    WasmRelease,
    /// While somebody works on it: quick to build, and the browser reloads by itself.
    WasmDev,
}

impl Profile {
    /// The name of the Cargo profile.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WasmRelease => "wasm-release",
            Self::WasmDev => "wasm-dev",
        }
    }

    fn brotli_quality(self) -> i32 {
        match self {
            Self::WasmRelease => 11,
            Self::WasmDev => 2,
        }
    }

    fn usual_time(self) -> &'static str {
        match self {
            Self::WasmRelease => "about 8 min the first time, 1 min after a change",
            Self::WasmDev => "about 5 min the first time, 15 s after a change",
        }
    }
}

/// Builds target/site; the site before stays in place until the new one is whole.
///
/// # Errors
/// When a part can't be built or written.
pub(crate) fn build(project: &Project, profile: Profile) -> Result<()> {
    say(&format!("building the browser half ({})", profile.usual_time()));
    let cache = Cache::open(project)?;
    let module = wasm::build(project, &cache, profile)?;
    let public = project.root.join("public");

    let mut site = Site::begin(&project.site(), &cache, profile.brotli_quality())?;
    let wasm_url = site.add("doorstep.wasm", &module.wasm)?;
    let doorstep_url = site.add("doorstep.js", module.js.as_bytes())?;
    let names = [("./doorstep.js", doorstep_url.as_str()), ("./doorstep_bg.wasm", wasm_url.as_str())];
    site.add("kdf.js", with_names(&read(&public.join("kdf.js"))?, &names)?.as_bytes())?;
    let mut boot = with_names(&read(&public.join("boot.js"))?, &names)?;
    if profile == Profile::WasmDev {
        boot.push_str(&read(&public.join("live_reload.js"))?);
    }
    site.add("boot.js", boot.as_bytes())?;
    site.add("style.css", bundle_style(&project.root.join("style"))?.as_bytes())?;
    for icon in sorted_files(&public.join("icons"), &["png", "svg"])? {
        let name = icon.file_name().context("a listed file has a name")?.to_string_lossy().into_owned();
        let bytes = fs::read(&icon)?;
        // The big ones are read when the app is installed, never by a page.
        if !name.contains("512") {
            site.add(&name, &bytes)?;
        }
        site.add_fixed(&format!("icons/{name}"), &bytes)?;
    }
    for name in ["sw.js", "manifest.webmanifest"] {
        site.add_fixed(name, &fs::read(public.join(name))?)?;
    }
    for line in site.finish()? {
        say(&format!("  {line}"));
    }
    Ok(())
}

/// Puts the hashed names where a script names its neighbours; a name that is not there any more is an error, not a surprise in the browser.
fn with_names(script: &str, names: &[(&str, &str)]) -> Result<String> {
    let mut text = script.to_owned();
    for (name, url) in names {
        let quoted = format!("\"{name}\"");
        if !text.contains(&quoted) {
            bail!("a script in public/ does not name {quoted} any more; xtask/src/web.rs rewrites that name");
        }
        text = text.replace(&quoted, &format!("\"{url}\""));
    }
    Ok(text)
}

/// One style sheet: tokens first, then base, then the rest by name, components last.
fn bundle_style(folder: &Path) -> Result<String> {
    let mut paths = Vec::new();
    for first in ["tokens.css", "base.css"] {
        paths.push(folder.join(first));
    }
    paths.extend(sorted_files(folder, &["css"])?.into_iter().filter(|path| !path.ends_with("tokens.css") && !path.ends_with("base.css")));
    paths.extend(sorted_files(&folder.join("components"), &["css"])?);
    let mut sheet = String::new();
    for path in paths.iter().filter(|path| path.exists()) {
        sheet.push_str(&read(path)?);
        sheet.push('\n');
    }
    Ok(sheet)
}

fn sorted_files(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|found| extensions.iter().any(|wanted| found == *wanted)));
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_get_the_hashed_names_of_their_neighbours() {
        let text = with_names("import \"./a.js\";", &[("./a.js", "/assets/a.1.js")]).unwrap();
        assert_eq!(text, "import \"/assets/a.1.js\";");
    }

    #[test]
    fn a_script_that_does_not_name_its_neighbour_is_an_error() {
        assert!(with_names("import \"./b.js\";", &[("./a.js", "/assets/a.1.js")]).is_err());
    }

    #[test]
    fn tokens_and_base_come_before_the_rest_and_components_last() {
        let folder = std::env::temp_dir().join(format!("doorstep-style-{}", std::process::id()));
        fs::create_dir_all(folder.join("components")).unwrap();
        for (name, text) in [("a.css", "a"), ("base.css", "base"), ("tokens.css", "tokens"), ("components/0.css", "component")] {
            fs::write(folder.join(name), text).unwrap();
        }
        assert_eq!(bundle_style(&folder).unwrap(), "tokens\nbase\na\ncomponent\n");
        fs::remove_dir_all(&folder).unwrap();
    }
}
