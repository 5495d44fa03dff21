//! The browser half as a whole: WebAssembly, JavaScript, style and icons, each under its hashed name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::cache::Cache;
use crate::project::{Project, say};
use crate::site::Site;
use crate::wasm::{self, Files};

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

    /// How many builds before it stay served: a page may be open for days, and the worker decides when it is updated.
    fn kept_builds(self) -> usize {
        match self {
            Self::WasmRelease => 5,
            Self::WasmDev => 1,
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
    let program = wasm::build(project, &cache, profile)?;
    let public = project.root.join("public");

    let mut site = Site::begin(&project.site(), &cache, profile.brotli_quality(), profile.kept_builds())?;
    let names = add_program(&mut site, &program)?;
    site.add("kdf.js", with_names(&read(&public.join("kdf.js"))?, &names, &[wasm::KDF_SCRIPT, wasm::KDF])?.as_bytes())?;
    let strength = with_names(&read(&public.join("strength.js"))?, &names, &[wasm::STRENGTH_SCRIPT, wasm::STRENGTH])?;
    site.add("strength.js", strength.as_bytes())?;
    for language in words::Language::ALL {
        site.add(&format!("words-{}.txt", language.tag()), words::source(language).as_bytes())?;
    }
    let mut boot = with_names(&read(&public.join("boot.js"))?, &names, &[wasm::SCRIPT, wasm::MAIN])?;
    if profile == Profile::WasmDev {
        boot.push_str(&read(&public.join("live_reload.js"))?);
    }
    site.add("boot.js", boot.as_bytes())?;
    site.add("style.css", bundle_style(&project.root.join("style"))?.as_bytes())?;
    for icon in sorted_files(&public.join("icons"), &["png", "svg"])? {
        let name = icon.file_name().context("a listed file has a name")?.to_string_lossy().into_owned();
        let bytes = fs::read(&icon)?;
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

/// What the parts of the program call each other, and their addresses.
type Names = BTreeMap<String, String>;

/// Adds the modules, and then the scripts, which name them.
fn add_program(site: &mut Site, program: &Files) -> Result<Names> {
    let mut names = Names::new();
    let (modules, scripts): (Vec<_>, Vec<_>) = program.iter().partition(|(name, _)| name.ends_with(".wasm"));
    for (name, bytes) in modules {
        names.insert(name.clone(), site.add(&file_name(name), bytes)?);
    }
    // Scripts name each other, so none can carry a hash of itself alone: all carry that of all, as they are before they carry it.
    let all: Vec<u8> = name_scripts(&scripts, &mut names, &[])?.concat();
    let texts = name_scripts(&scripts, &mut names, &all)?;
    for ((name, _), text) in scripts.iter().zip(texts) {
        site.add_at(&file_name(name), &names[*name], &text)?;
    }
    Ok(names)
}

/// Gives the scripts their addresses, with a hash of `content`, and puts all addresses into them.
fn name_scripts(scripts: &[(&String, &Vec<u8>)], names: &mut Names, content: &[u8]) -> Result<Vec<Vec<u8>>> {
    for (name, _) in scripts {
        names.insert((*name).clone(), Site::url(&file_name(name), content)?);
    }
    let named = |(name, bytes): &(&String, &Vec<u8>)| {
        let wanted: Vec<&str> = match name.as_str() {
            wasm::SCRIPT => vec![wasm::PARTS],
            wasm::PARTS => names.keys().map(String::as_str).filter(|name| is_part(name)).chain([wasm::SCRIPT]).collect(),
            _ => Vec::new(),
        };
        Ok(with_names(std::str::from_utf8(bytes)?, names, &wanted)?.into_bytes())
    };
    scripts.iter().map(named).collect()
}

fn is_part(name: &str) -> bool {
    name.ends_with(".wasm") && ![wasm::MAIN, wasm::KDF, wasm::STRENGTH].contains(&name)
}

/// `./doorstep_bg.wasm` is served as `doorstep.wasm`.
fn file_name(name: &str) -> String {
    name.trim_start_matches("./").replace("_bg.wasm", ".wasm")
}

/// Puts the hashed names where a script names its neighbours; a name that is not there any more is an error, not a surprise in the browser.
fn with_names(script: &str, names: &Names, wanted: &[&str]) -> Result<String> {
    let mut text = script.to_owned();
    for name in wanted {
        let url = names.get(*name).with_context(|| format!("nothing is called {name}"))?;
        let quoted = ["\"", "'"].map(|quote| format!("{quote}{name}{quote}"));
        if !quoted.iter().any(|quoted| text.contains(quoted)) {
            bail!("a script does not name {name} any more; xtask/src/web.rs rewrites that name");
        }
        for quoted in quoted {
            // The key under which a module looks for its import is no address.
            text = text.replace(&quoted, &format!("\"{url}\"")).replace(&format!("\"{url}\":"), &format!("{quoted}:"));
        }
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

    fn names() -> Names {
        Names::from([("./a.js".to_owned(), "/assets/a.1.js".to_owned())])
    }

    #[test]
    fn scripts_get_the_hashed_names_of_their_neighbours() {
        let text = with_names("import a from \"./a.js\"; import('./a.js'); ({\"./a.js\": a})", &names(), &["./a.js"]).unwrap();
        assert_eq!(text, "import a from \"/assets/a.1.js\"; import(\"/assets/a.1.js\"); ({\"./a.js\": a})");
    }

    #[test]
    fn a_script_that_does_not_name_its_neighbour_is_an_error() {
        assert!(with_names("import \"./b.js\";", &names(), &["./a.js"]).is_err());
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
