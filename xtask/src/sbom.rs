//! `make sbom`: everything that the product is made of, as CycloneDX 1.5 writes it (<https://cyclonedx.org/docs/1.5/json/>).
//!
//! Written from what Cargo itself resolved, so it needs no other tool. The same Cargo.lock gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::project::{Project, capture};

/// The two programs that an agency runs; everything in the list is there because one of them needs it.
const PRODUCT: [&str; 3] = ["server", "frontend", "kdf"];

/// Writes target/sbom/doorstep.cdx.json and gives its place.
///
/// # Errors
/// When Cargo can't say what it resolved, or the file can't be written.
pub(crate) fn write(project: &Project) -> Result<PathBuf> {
    let metadata: Value = serde_json::from_str(&capture(&mut project.cargo(&["metadata", "--format-version", "1", "--locked"]))?)?;
    let lock = fs::read_to_string(project.root.join("Cargo.lock"))?;
    let list =
        serde_json::to_vec_pretty(&bill(&metadata, &checksums(&lock)).context("what cargo says of its packages has another shape")?)?;
    let file = project.target.join("sbom/doorstep.cdx.json");
    fs::create_dir_all(project.target.join("sbom"))?;
    fs::write(&file, list)?;
    Ok(file)
}

/// SHA-256 of every crate from a registry, by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let field = |package: &str, name: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "))?;
        Some(line.trim_matches('"').to_owned())
    };
    let of = |package: &str| Some(((field(package, "name")?, field(package, "version")?), field(package, "checksum")?));
    lock.split("[[package]]").filter_map(of).collect()
}

fn bill(metadata: &Value, checksums: &BTreeMap<(String, String), String>) -> Option<Value> {
    let packages: BTreeMap<&str, &Value> =
        metadata["packages"].as_array()?.iter().filter_map(|package| Some((package["id"].as_str()?, package))).collect();
    let needs = needs(metadata)?;
    let roots = packages.iter().filter(|(_, package)| PRODUCT.iter().any(|name| package["name"] == *name) && package["source"].is_null());
    let mut open: Vec<&str> = roots.map(|(id, _)| *id).collect();
    let mut listed = BTreeSet::new();
    while let Some(id) = open.pop() {
        if listed.insert(id) {
            open.extend(needs.get(id).into_iter().flatten());
        }
    }
    let components: Vec<Value> = listed.iter().filter_map(|id| component(packages.get(id)?, checksums)).collect();
    let edges = listed.iter().filter_map(|id| {
        let on: Vec<String> = needs.get(id)?.iter().filter_map(|id| purl(packages.get(id)?)).collect();
        Some(json!({ "ref": purl(packages.get(id)?)?, "dependsOn": on }))
    });
    Some(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": { "type": "application", "name": "doorstep", "version": packages.get(listed.iter().find(|id| packages[**id]["name"] == "server")?)?["version"] } },
        "components": components,
        "dependencies": edges.collect::<Vec<_>>(),
    }))
}

/// What each package needs to run or to be built; not what only its tests need.
fn needs(metadata: &Value) -> Option<BTreeMap<&str, BTreeSet<&str>>> {
    let nodes = metadata["resolve"]["nodes"].as_array()?.iter();
    Some(nodes.filter_map(|node| Some((node["id"].as_str()?, needed_by(node)?))).collect())
}

fn needed_by(node: &Value) -> Option<BTreeSet<&str>> {
    let is_needed =
        |dependency: &&Value| dependency["dep_kinds"].as_array().is_none_or(|kinds| kinds.iter().any(|kind| kind["kind"] != "dev"));
    Some(node["deps"].as_array()?.iter().filter(is_needed).filter_map(|dependency| dependency["pkg"].as_str()).collect())
}

fn component(package: &Value, checksums: &BTreeMap<(String, String), String>) -> Option<Value> {
    let (name, version) = (package["name"].as_str()?, package["version"].as_str()?);
    let mut component = json!({
        "type": "library",
        "bom-ref": purl(package)?,
        "name": name,
        "version": version,
        "purl": purl(package)?,
    });
    if let Some(license) = package["license"].as_str() {
        // Old crates wrote a stroke where SPDX has a word.
        component["licenses"] = json!([{ "expression": license.replace('/', " OR ") }]);
    }
    if let Some(checksum) = checksums.get(&(name.to_owned(), version.to_owned())) {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(repository) = package["repository"].as_str() {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    Some(component)
}

/// The address of a crate (<https://github.com/package-url/purl-spec>).
fn purl(package: &Value) -> Option<String> {
    Some(format!("pkg:cargo/{}@{}", package["name"].as_str()?, package["version"].as_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_product_needs_is_listed_with_its_hash_and_what_only_tests_need_is_not() {
        let package = |name: &str, source: Value| json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0", "source": source });
        let metadata = json!({
            "packages": [package("server", Value::Null), package("used", json!("registry")), package("tests-only", json!("registry")), package("xtask", Value::Null)],
            "resolve": { "nodes": [
                { "id": "server", "deps": [
                    { "pkg": "used", "dep_kinds": [{ "kind": null }, { "kind": "dev" }] },
                    { "pkg": "tests-only", "dep_kinds": [{ "kind": "dev" }] },
                ] },
                { "id": "used", "deps": [] }, { "id": "tests-only", "deps": [] }, { "id": "xtask", "deps": [{ "pkg": "tests-only", "dep_kinds": [{ "kind": null }] }] },
            ] },
        });
        let lock = "[[package]]\nname = \"used\"\nversion = \"1.0.0\"\nsource = \"registry\"\nchecksum = \"abc\"\n\n[[package]]\nname = \"server\"\nversion = \"1.0.0\"\n";
        let bill = bill(&metadata, &checksums(lock)).unwrap();
        let names: Vec<&Value> = bill["components"].as_array().unwrap().iter().map(|component| &component["name"]).collect();
        assert_eq!(names, ["server", "used"]);
        assert_eq!(bill["components"][1]["hashes"], json!([{ "alg": "SHA-256", "content": "abc" }]));
        assert_eq!(bill["components"][1]["licenses"], json!([{ "expression": "MIT OR Apache-2.0" }]));
        assert_eq!(bill["dependencies"][0], json!({ "ref": "pkg:cargo/server@1.0.0", "dependsOn": ["pkg:cargo/used@1.0.0"] }));
    }
}
