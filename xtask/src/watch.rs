//! `make watch`: builds what a change touches, serves it, and the browser reloads by itself (public/live_reload.js).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Result, anyhow};

use crate::office::{self, Database, Office};
use crate::project::{Project, say};
use crate::stopping::Stopping;
use crate::web::{self, Profile};

/// An editor writes several files at once.
const SETTLED: Duration = Duration::from_millis(150);

const BOTH: [&str; 5] = ["domain", "sync", "app", "Cargo.toml", "Cargo.lock"];
const WEB: [&str; 3] = ["frontend", "public", "style"];
const SERVER: [&str; 2] = ["server", ".sqlx"];

/// When each file of a half was last written.
type Times = BTreeMap<PathBuf, SystemTime>;

/// Serves, and builds again after every change, until somebody asks to stop.
///
/// # Errors
/// When the first build or the database fails; later failures are shown and the build before goes on.
pub(crate) fn watch(project: &Project) -> Result<()> {
    let mut web_times = times(project, &WEB);
    let mut server_times = times(project, &SERVER);
    build(project, true, true)?;
    let stopping = Stopping::listen()?;
    let database = Database::open(project)?;
    let result = serve(project, &database, &stopping, &mut web_times, &mut server_times);
    database.close().and(result)
}

fn serve(project: &Project, database: &Database, stopping: &Stopping, web_times: &mut Times, server_times: &mut Times) -> Result<()> {
    let mut office = Some(Office::open(project, database)?);
    say("watching; save a file and the page is new in a moment, Ctrl-C ends it");
    while !stopping.asked() {
        sleep(office::GLANCE);
        if times(project, &WEB) == *web_times && times(project, &SERVER) == *server_times {
            continue;
        }
        sleep(SETTLED);
        let (new_web, new_server) = (times(project, &WEB), times(project, &SERVER));
        let (web_changed, server_changed) = (new_web != *web_times, new_server != *server_times);
        (*web_times, *server_times) = (new_web, new_server);
        let begun = Instant::now();
        if let Err(error) = build(project, web_changed, server_changed) {
            say(&format!("not built; the build before is still served. {error:#}"));
            continue;
        }
        if let Some(office) = office.take() {
            office.close()?;
        }
        office = Some(Office::open(project, database)?);
        say(&format!("new build served after {:.1} s", begun.elapsed().as_secs_f32()));
    }
    office.map_or(Ok(()), Office::close)
}

/// The two halves use different folders of target/, so they can be compiled side by side.
fn build(project: &Project, web_changed: bool, server_changed: bool) -> Result<()> {
    scope(|threads| {
        let web = threads.spawn(|| if web_changed { web::build(project, Profile::WasmDev) } else { Ok(()) });
        let server = if server_changed { office::build(project) } else { Ok(()) };
        web.join().unwrap_or_else(|_| Err(anyhow!("the build of the browser half broke off"))).and(server)
    })
}

fn times(project: &Project, own: &[&str]) -> Times {
    let mut times = Times::new();
    for name in BOTH.iter().chain(own) {
        collect_times(&project.root.join(name), &mut times);
    }
    times
}

fn collect_times(path: &Path, times: &mut Times) {
    let Ok(data) = fs::metadata(path) else { return };
    if data.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            collect_times(&entry.path(), times);
        }
    } else if let Ok(at) = data.modified() {
        times.insert(path.to_path_buf(), at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_a_changed_and_a_removed_file_are_all_seen() {
        let root = std::env::temp_dir().join(format!("doorstep-watch-{}", std::process::id()));
        fs::create_dir_all(root.join("style")).unwrap();
        let project = Project { root: root.clone(), target: root.join("target") };
        let empty = times(&project, &["style"]);
        fs::write(root.join("style/a.css"), "a").unwrap();
        let one = times(&project, &["style"]);
        assert_ne!(empty, one);
        fs::File::options().append(true).open(root.join("style/a.css")).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert_ne!(one, times(&project, &["style"]));
        fs::remove_file(root.join("style/a.css")).unwrap();
        assert_eq!(empty, times(&project, &["style"]));
        fs::remove_dir_all(&root).unwrap();
    }
}
