//! From `frontend` to small WebAssembly modules and the JavaScript that loads them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::cache::{Cache, hex};
use crate::project::{Project, run, say};
use crate::web::Profile;

/// A program from npm that makes a file smaller without changing what it does.
struct Shrinker {
    program: &'static str,
    flags: &'static [&'static str],
    /// The kind of file, where the program must be told.
    extension: &'static str,
}

const WASM_OPT: Shrinker = Shrinker {
    program: "wasm-opt",
    flags: &[
        "-Oz",
        "--enable-simd",
        "--enable-bulk-memory",
        "--enable-nontrapping-float-to-int",
        "--enable-sign-ext",
        "--enable-mutable-globals",
        "--enable-reference-types",
        "--enable-multivalue",
        "-o",
    ],
    extension: "wasm",
};

const ESBUILD: Shrinker =
    Shrinker { program: "esbuild", flags: &["--minify", "--format=esm", "--log-level=warning", "--outfile"], extension: "js" };

/// What the scripts call each other and the modules, before the build gives them names with hashes. The first two are the program, the third
/// loads what is cut off from it, two derive keys in a worker, and the last two rate passphrases in another one.
pub(crate) const SCRIPT: &str = "./doorstep.js";
pub(crate) const MAIN: &str = "./doorstep_bg.wasm";
pub(crate) const PARTS: &str = "./parts.js";
pub(crate) const KDF_SCRIPT: &str = "./derive.js";
pub(crate) const KDF: &str = "./derive_bg.wasm";
pub(crate) const STRENGTH_SCRIPT: &str = "./rate.js";
pub(crate) const STRENGTH: &str = "./rate_bg.wasm";

/// The files of the browser half by the names that they have for each other, before they get those with hashes.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Compiles, cuts, binds and, for release, shrinks the browser half: the scripts and modules named above, and `./inside.wasm`.
///
/// # Errors
/// When one of the tools fails; its own message goes to the terminal.
pub(crate) fn build(project: &Project, cache: &Cache, profile: Profile) -> Result<Files> {
    let name = profile.name();
    run(&mut project.cargo_wasm(&["build", "-p", "frontend", "-p", "kdf", "-p", "strength", "--lib", "--profile", name]))?;
    let folder = project.target.join("wasm32-unknown-unknown").join(name);
    let read = |name: &str| fs::read(folder.join(name)).with_context(|| format!("{} can't be read", folder.join(name).display()));
    let mut files = cut_and_bind(project, cache, &read("frontend.wasm")?, profile)?;
    files.extend(bind(read("kdf.wasm")?, KDF_SCRIPT, KDF, profile)?);
    files.extend(bind(read("strength.wasm")?, STRENGTH_SCRIPT, STRENGTH, profile)?);
    if profile == Profile::WasmRelease {
        for (name, bytes) in &mut files {
            let tool = if name.ends_with(".wasm") { WASM_OPT } else { ESBUILD };
            *bytes = shrink(project, cache, &tool, name, bytes)?;
        }
    }
    Ok(files)
}

const DAMAGED: &str = "target/web-cache is damaged; remove that folder";

/// The results are kept, because a change in style alone must not wait for them; all lie in one file, so that they can't come from
/// different runs.
fn cut_and_bind(project: &Project, cache: &Cache, compiled: &[u8], profile: Profile) -> Result<Files> {
    let folder = project.target.join(format!("web-cache/cut-{}", std::process::id()));
    let kept = cache.get_or(&format!("{}.parts", profile.name()), compiled, || {
        fs::create_dir_all(&folder)?;
        let files = cut(&folder, compiled).and_then(|(main, mut files)| {
            files.extend(bind(main, SCRIPT, MAIN, profile)?);
            Ok(files)
        });
        fs::remove_dir_all(&folder)?;
        Ok(pack(&files?))
    })?;
    unpack(&kept).context(DAMAGED)
}

/// Cuts off what `wasm_split` marks in the sources. Gives the main module, the parts, and the script that loads those.
fn cut(folder: &Path, compiled: &[u8]) -> Result<(Vec<u8>, Files)> {
    let main = folder.join("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(compiled);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = PARTS;
    options.main_module = SCRIPT;
    // Its report cannot be told apart from an error of ours otherwise.
    wasm_split_cli_support::transform(options).map_err(|report| anyhow!("the program can't be cut into parts: {report:?}"))?;
    let mut files = Files::new();
    let mut parts = fs::read_to_string(folder.join(PARTS))?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().context("a listed file has a name")?.to_string_lossy().into_owned();
        if name.ends_with(".wasm") && path != main {
            let short = format!("./{}", name.trim_start_matches("split_"));
            parts = parts.replace(&format!("\"./{name}\""), &format!("\"{short}\""));
            files.insert(short, fs::read(&path)?);
        }
    }
    files.insert(PARTS.to_owned(), parts.into_bytes());
    Ok((fs::read(&main)?, files))
}

/// Runs wasm-bindgen on a module. Parts need nothing of it: what they call of JavaScript, they call through the main module.
fn bind(module: Vec<u8>, script: &str, wasm: &str, profile: Profile) -> Result<Files> {
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes("doorstep", module).web(true)?.typescript(false).omit_default_module_path(true);
    bindgen.remove_name_section(profile == Profile::WasmRelease).remove_producers_section(true);
    // The parts find what they share with the main module by its exports.
    bindgen.keep_lld_exports(true).demangle(false);
    let mut output = bindgen.generate_output()?;
    if output.snippets().values().any(|scripts| !scripts.is_empty()) || !output.local_modules().is_empty() {
        bail!("a crate brings JavaScript files of its own; teach xtask/src/wasm.rs to name them before using it");
    }
    // What the linker told for cutting is of no use any more.
    let told: Vec<String> = output.wasm().customs.iter().map(|(_, section)| section.name().to_owned()).collect();
    for name in told.iter().filter(|name| *name == "linking" || name.starts_with("reloc.")) {
        output.wasm_mut().customs.remove_raw(name);
    }
    let text = output.js().as_bytes().to_vec();
    Ok(Files::from([(script.to_owned(), text), (wasm.to_owned(), output.wasm_mut().emit_wasm())]))
}

fn shrink(project: &Project, cache: &Cache, tool: &Shrinker, name: &str, content: &[u8]) -> Result<Vec<u8>> {
    let Shrinker { program, flags, extension } = tool;
    let path = project.root.join("xtask/node_modules/.bin").join(program);
    if !path.exists() {
        bail!("{program} is missing. Run `npm ci` in the folder xtask, or `make run`, which does it.");
    }
    // A new version of the tool or other flags make another result from the same file.
    let lock = fs::read(project.root.join("xtask/package-lock.json"))?;
    let way = hex(&[lock.as_slice(), flags.join(" ").as_bytes()].concat());
    cache.get_or(&format!("{way}.small.{extension}"), content, || {
        say(&format!("shrinking {name} (up to 60 s, only after a change in it)"));
        let folder = project.target.join("web-cache");
        let input = folder.join(format!("shrink-{}.in.{extension}", std::process::id()));
        let output = input.with_extension(format!("out.{extension}"));
        fs::write(&input, content)?;
        let (last, flags) = flags.split_last().context("the last flag names the output")?;
        let mut command = Command::new(&path);
        command.arg(&input).args(flags);
        match *extension {
            "js" => command.arg(format!("{last}={}", output.display())),
            _ => command.arg(last).arg(&output),
        };
        let result = run(&mut command).and_then(|()| Ok(fs::read(&output)?));
        for path in [input, output] {
            fs::remove_file(path).ok();
        }
        result
    })
}

/// Puts files into one: for each its name and content, both after their length in eight bytes.
fn pack(files: &Files) -> Vec<u8> {
    let strings = files.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes.as_slice()]);
    strings.flat_map(|bytes| [&(bytes.len() as u64).to_le_bytes(), bytes].concat()).collect()
}

fn unpack(mut packed: &[u8]) -> Option<Files> {
    let mut next = || {
        let (length, rest) = packed.split_first_chunk::<8>()?;
        let (bytes, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        packed = rest;
        Some((bytes.to_vec(), rest.is_empty()))
    };
    let mut files = Files::new();
    loop {
        let (name, _) = next()?;
        let (bytes, is_last) = next()?;
        files.insert(String::from_utf8(name).ok()?, bytes);
        if is_last {
            return Some(files);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_files_come_out_as_they_went_in_and_half_of_them_do_not() {
        let files = Files::from([("./a.js".to_owned(), b"a".to_vec()), ("./empty.wasm".to_owned(), Vec::new())]);
        let packed = pack(&files);
        assert_eq!(unpack(&packed), Some(files));
        assert_eq!(unpack(&packed[..packed.len() - 9]), None);
    }
}
