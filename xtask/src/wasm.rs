//! From `frontend` to a small WebAssembly module and the JavaScript that loads it.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::cache::{Cache, hex};
use crate::project::{Project, run, say};
use crate::web::Profile;

const WASM_OPT_FLAGS: [&str; 8] = [
    "-Oz",
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The browser half before its files have names.
pub(crate) struct Module {
    pub(crate) wasm: Vec<u8>,
    pub(crate) js: String,
}

/// Compiles, binds and, for release, shrinks the browser half.
///
/// # Errors
/// When one of the tools fails; its own message goes to the terminal.
pub(crate) fn build(project: &Project, cache: &Cache, profile: Profile) -> Result<Module> {
    let name = profile.name();
    run(&mut project.cargo_wasm(&["build", "-p", "frontend", "--lib", "--profile", name]))?;
    let path = project.target.join("wasm32-unknown-unknown").join(name).join("frontend.wasm");
    let compiled = fs::read(&path).with_context(|| format!("{} can't be read", path.display()))?;
    let module = bind(cache, &compiled, profile)?;
    match profile {
        Profile::WasmRelease => Ok(Module { wasm: shrink(project, cache, &module.wasm)?, js: module.js }),
        Profile::WasmDev => Ok(module),
    }
}

/// Runs wasm-bindgen. Its results are kept, because a change in style alone must not wait for it; both lie in one
/// file (the script's length, the script, the module), so that they can't come from two different runs.
fn bind(cache: &Cache, compiled: &[u8], profile: Profile) -> Result<Module> {
    let both = cache.get_or(&format!("{}.bound", profile.name()), compiled, || {
        let mut bindgen = Bindgen::new();
        bindgen.input_bytes("doorstep", compiled.to_vec()).web(true)?.typescript(false).omit_default_module_path(true);
        bindgen.remove_name_section(profile == Profile::WasmRelease).remove_producers_section(true);
        let mut output = bindgen.generate_output()?;
        if output.snippets().values().any(|scripts| !scripts.is_empty()) || !output.local_modules().is_empty() {
            bail!("a crate brings JavaScript files of its own; teach xtask/src/wasm.rs to name them before using it");
        }
        let js = output.js().as_bytes().to_vec();
        Ok([u64::try_from(js.len())?.to_le_bytes().to_vec(), js, output.wasm_mut().emit_wasm()].concat())
    })?;
    let (length, rest) = both.split_first_chunk::<8>().context("target/web-cache is damaged; remove that folder")?;
    let (js, wasm) =
        rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length))?).context("target/web-cache is damaged; remove that folder")?;
    Ok(Module { wasm: wasm.to_vec(), js: String::from_utf8(js.to_vec())? })
}

fn shrink(project: &Project, cache: &Cache, bound: &[u8]) -> Result<Vec<u8>> {
    let tool = project.root.join("xtask/node_modules/.bin/wasm-opt");
    if !tool.exists() {
        bail!("wasm-opt is missing. Run `npm ci` in the folder xtask, or `make run`, which does it.");
    }
    // A new version of the tool or other flags make another result from the same module.
    let lock = fs::read(project.root.join("xtask/package-lock.json"))?;
    let way = hex(&[lock.as_slice(), WASM_OPT_FLAGS.join(" ").as_bytes()].concat());
    cache.get_or(&format!("{way}.small.wasm"), bound, || {
        say("shrinking the WebAssembly module (20 to 60 s, only after a change in it)");
        let folder = project.target.join("web-cache");
        let input = folder.join(format!("shrink-{}.in", std::process::id()));
        let output = input.with_extension("out");
        fs::write(&input, bound)?;
        let result = run(Command::new(&tool).arg(&input).arg("-o").arg(&output).args(WASM_OPT_FLAGS)).and_then(|()| Ok(fs::read(&output)?));
        for path in [input, output] {
            fs::remove_file(path).ok();
        }
        result
    })
}
