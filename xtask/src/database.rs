//! A private PostgreSQL in a folder that git ignores: made, started and stopped without anybody's help.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cache::hex;
use crate::postgres_user::{Account, unprivileged_account};
use crate::project::{Project, capture, run, say};

/// The longest path of a socket that Linux takes, without the closing zero.
const SOCKET_PATH_MAX_BYTES: usize = 107;
const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// What a laptop can bear, and what makes "safe" true.
///
/// A note is safe when its log is archived, not when it is committed: a laptop that burns takes the cluster with it. So the archive is
/// on, and a quiet server still closes its segment every 30 seconds; segments of 1 MB (initdb) keep that cheap. The command runs in the
/// cluster's own folder and names no other place, so the checkout can be moved. It may be repeated after a crash between its steps.
/// `restore_command` sleeps until [`Cluster::restore`]. `terse` keeps values of rows, and so names of people, out of the log.
const SETTINGS: &str = r"listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 64MB
max_wal_size = 256MB
min_wal_size = 32MB
wal_level = replica
archive_mode = on
archive_timeout = 30s
archive_command = 'cmp -s %p ../archive/%f || { test ! -e ../archive/%f && cp %p ../archive/%f.part && sync ../archive/%f.part && mv ../archive/%f.part ../archive/%f; }'
restore_command = 'cp ../archive/%f %p'
log_error_verbosity = terse
log_timezone = 'UTC'
timezone = 'UTC'
";

/// One cluster: its folder, the folder of its socket, and the account that owns both.
pub(crate) struct Cluster {
    home: PathBuf,
    socket: PathBuf,
    account: Option<Account>,
    programs: PathBuf,
    lock: PathBuf,
}

impl Cluster {
    /// The cluster with the data of people who use this checkout.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or there is no account to run it.
    pub(crate) fn of_people(project: &Project) -> Result<Self> {
        Self::named(project, "run")
    }

    /// An empty cluster for one run of tests or benches.
    ///
    /// # Errors
    /// When what an earlier run left can't be removed, and those of [`Cluster::of_people`].
    pub(crate) fn emptied(project: &Project, name: &str) -> Result<Self> {
        let cluster = Self::named(project, name)?;
        cluster.remove()?;
        Ok(cluster)
    }

    /// A cluster that a run has made.
    ///
    /// # Errors
    /// When there is none of this name.
    pub(crate) fn existing(project: &Project, name: &str) -> Result<Self> {
        let cluster = Self::named(project, name)?;
        if !cluster.data().join("PG_VERSION").exists() {
            bail!("There is no cluster in {}.", cluster.home.display());
        }
        Ok(cluster)
    }

    fn named(project: &Project, name: &str) -> Result<Self> {
        let programs = find_programs()?;
        let account = unprivileged_account()?;
        let data = project.root.join(".data");
        fs::create_dir_all(&data).with_context(|| format!("{} can't be made", data.display()))?;
        let home = choose_home(&data, name, account.as_ref())?;
        let near = home.join("socket");
        let usable =
            near.as_os_str().len() + 1 + SOCKET_NAME.len() <= SOCKET_PATH_MAX_BYTES && !near.to_string_lossy().contains([',', '\'']);
        let far = || std::env::temp_dir().join(format!("doorstep-{}", hex(home.as_os_str().as_encoded_bytes())));
        let socket = if usable { near } else { far() };
        Ok(Self { home, socket, account, programs, lock: data.join("lock") })
    }

    /// Starts it and says whether that was needed; makes it first where there is none.
    ///
    /// # Errors
    /// When it can't be made or started; the message says where its log is.
    pub(crate) fn start(&self) -> Result<bool> {
        let lock = File::create(&self.lock)?;
        lock.lock().context("the lock in .data can't be taken")?;
        self.make_folder(&self.home)?;
        self.make_folder(&self.socket)?;
        self.make_folder(&self.home.join("archive"))?;
        self.create()?;
        let started = !self.is_running();
        if started {
            self.start_postmaster()?;
        }
        if !self.home.join("base-backup").exists() {
            self.take_base_backup()?;
        }
        Ok(started)
    }

    /// Stops it; its data stays.
    ///
    /// # Errors
    /// When it runs and does not stop.
    pub(crate) fn stop(&self) -> Result<()> {
        if self.is_running() {
            capture(self.program("pg_ctl").args(["stop", "-m", "fast", "-w", "-D"]).arg(self.data()))?;
        }
        Ok(())
    }

    /// Ends it in the middle of whatever it does, as a power cut would, and starts it again; it recovers from its log.
    ///
    /// # Errors
    /// When it does not end, or does not come back.
    pub(crate) fn crash_and_start(&self) -> Result<()> {
        let lock = File::create(&self.lock)?;
        lock.lock().context("the lock in .data can't be taken")?;
        capture(self.program("pg_ctl").args(["stop", "-m", "immediate", "-w", "-D"]).arg(self.data()))?;
        self.start_postmaster()
    }

    /// Stops it and removes everything of it.
    ///
    /// # Errors
    /// When it does not stop or can't be removed.
    pub(crate) fn remove(&self) -> Result<()> {
        // Not while a chaos run that was stopped is still starting it.
        let lock = File::create(&self.lock)?;
        lock.lock().context("the lock in .data can't be taken")?;
        self.stop()?;
        for folder in [&self.home, &self.socket] {
            if folder.exists() {
                fs::remove_dir_all(folder).with_context(|| format!("{} can't be removed", folder.display()))?;
            }
        }
        Ok(())
    }

    /// Makes a database if there is none of this name.
    ///
    /// # Errors
    /// When PostgreSQL refuses.
    pub(crate) fn create_database(&self, name: &str) -> Result<()> {
        let found = capture(
            self.client("psql").args(["-d", "postgres", "-tAc"]).arg(format!("select 1 from pg_database where datname = '{name}'")),
        )?;
        if found.trim().is_empty() {
            capture(self.client("createdb").arg(name))?;
        }
        Ok(())
    }

    /// Runs one file of SQL in one transaction.
    ///
    /// # Errors
    /// When a statement in it fails.
    pub(crate) fn run_sql(&self, database: &str, file: &Path) -> Result<()> {
        let text = File::open(file).with_context(|| format!("{} can't be read", file.display()))?;
        capture(self.client("psql").args(["-v", "ON_ERROR_STOP=1", "-q", "-1", "-d", database]).stdin(text)).map(|_| ())
    }

    /// Opens PostgreSQL's own prompt on one of its databases.
    ///
    /// # Errors
    /// When psql reports failure.
    pub(crate) fn prompt(&self, database: &str) -> Result<()> {
        run(self.client("psql").args(["-d", database]))
    }

    /// The address of one of its databases, for DATABASE_URL.
    pub(crate) fn url(&self, database: &str) -> String {
        let socket = self.socket.as_os_str().as_encoded_bytes().iter().map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(*byte).to_string(),
            other => format!("%{other:02X}"),
        });
        format!("postgres://postgres@{}/{database}", socket.collect::<String>())
    }

    /// Takes a new base back-up, then drops the archive that only the one before needed.
    ///
    /// # Errors
    /// When it does not run, or the back-up can't be taken.
    pub(crate) fn back_up(&self) -> Result<()> {
        self.start()?;
        let (current, old) = (self.home.join("base-backup"), self.home.join("base-backup.old"));
        remove_if_there(&old)?;
        fs::rename(&current, &old)?;
        if let Err(error) = self.take_base_backup() {
            fs::rename(&old, &current)?;
            return Err(error);
        }
        remove_if_there(&old)?;
        let label = fs::read_to_string(current.join("backup_label")).context("the base back-up has no label")?;
        let first =
            label.split("(file ").nth(1).and_then(|rest| rest.split(')').next()).context("the base back-up's label names no file")?;
        capture(self.program("pg_archivecleanup").arg(self.home.join("archive")).arg(first))?;
        say(&format!("new base back-up in {}; keep it together with {}", current.display(), self.home.join("archive").display()));
        Ok(())
    }

    /// Puts the base back-up and the archive in the place of the data; the data that was there is kept beside it.
    ///
    /// # Errors
    /// When there is no back-up, an earlier restored-over copy is in the way, or PostgreSQL can't go through the archive.
    pub(crate) fn restore(&self) -> Result<()> {
        let (backup, before) = (self.home.join("base-backup"), self.home.join("postgres.before"));
        if !backup.exists() {
            bail!("There is no back-up in {}. Put base-backup and archive there first.", self.home.display());
        }
        if before.exists() {
            bail!(
                "{} is in the way: it is what an earlier restore replaced. Move it elsewhere and run the same command again.",
                before.display()
            );
        }
        self.stop()?;
        let fresh = self.home.join("postgres.new");
        remove_if_there(&fresh)?;
        capture(Command::new("cp").arg("-a").arg(&backup).arg(&fresh))?;
        File::create(fresh.join("recovery.signal"))?;
        if self.data().exists() {
            fs::rename(self.data(), &before)?;
        }
        fs::rename(&fresh, self.data())?;
        self.start()?;
        say(&format!("restored from {} and the archive; what was there before is in {}", backup.display(), before.display()));
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.home.join("postgres")
    }

    /// Makes the cluster beside its place and moves it there whole, so an interrupted run leaves nothing that looks finished.
    fn create(&self) -> Result<()> {
        if self.data().join("PG_VERSION").exists() {
            return fs::write(self.data().join("doorstep.conf"), self.settings()).context("the cluster's settings can't be written");
        }
        if self.home.join("base-backup").exists() {
            bail!(
                "The database is gone from {} but its back-up is there. Restore it as docs/operations.md says, or run `make clean-data` to begin empty.",
                self.data().display()
            );
        }
        say("making a private PostgreSQL cluster (about 10 s, once)");
        let fresh = self.home.join("postgres.new");
        remove_if_there(&fresh)?;
        remove_if_there(&self.home.join("archive"))?;
        self.make_folder(&self.home.join("archive"))?;
        let options =
            ["--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--wal-segsize=1", "--no-instructions"];
        capture(self.program("initdb").args(options).args(["--auth-local=trust", "--auth-host=reject", "-D"]).arg(&fresh))?;
        let main = fresh.join("postgresql.conf");
        let text = fs::read_to_string(&main)?;
        fs::write(&main, format!("{text}\ninclude 'doorstep.conf'\n"))?;
        fs::write(fresh.join("doorstep.conf"), self.settings())?;
        fs::rename(&fresh, self.data())?;
        Ok(())
    }

    fn settings(&self) -> String {
        format!(
            "# Written at every start; put settings of your own into postgresql.conf, below the include.\n{SETTINGS}unix_socket_directories = '{}'\n",
            self.socket.display()
        )
    }

    fn start_postmaster(&self) -> Result<()> {
        self.forget_dead_postmaster()?;
        let log = self.home.join("log");
        let mut command = self.program("pg_ctl");
        command.args(["start", "-w", "-s", "-t", "120", "-D"]).arg(self.data()).arg("-l").arg(&log);
        // It must outlive this terminal's Ctrl-C: the server says goodbye to it first. Its pipes would keep `capture` waiting.
        command.process_group(0).stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
        let status = command.status().context("pg_ctl could not be started")?;
        if !status.success() {
            let text = fs::read_to_string(&log).unwrap_or_default();
            let last = text.lines().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n");
            bail!("PostgreSQL did not start. Its log is {}; it ends with:\n{last}", log.display());
        }
        Ok(())
    }

    /// After a crash of the machine or a new container the number in postmaster.pid can belong to any other program, and PostgreSQL then refuses.
    fn forget_dead_postmaster(&self) -> Result<()> {
        let path = self.data().join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&path) else { return Ok(()) };
        let pid = text.lines().next().unwrap_or_default().trim().to_owned();
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        if Path::new("/proc/self/comm").exists() && !name.starts_with("postgres") {
            fs::remove_file(&path).with_context(|| format!("{} can't be removed", path.display()))?;
        }
        Ok(())
    }

    fn is_running(&self) -> bool {
        self.socket.exists() && self.client("pg_isready").arg("-q").status().is_ok_and(|status| status.success())
    }

    /// The archive is worth nothing without a copy of the cluster to apply it to.
    fn take_base_backup(&self) -> Result<()> {
        let fresh = self.home.join("base-backup.new");
        remove_if_there(&fresh)?;
        capture(self.client("pg_basebackup").args(["--checkpoint=fast", "--no-sync", "-D"]).arg(&fresh))?;
        fs::rename(&fresh, self.home.join("base-backup"))?;
        Ok(())
    }

    fn make_folder(&self, path: &Path) -> Result<()> {
        fs::create_dir_all(path).with_context(|| format!("{} can't be made", path.display()))?;
        if let Some(account) = &self.account {
            chown(path, Some(account.uid), Some(account.gid))?;
        }
        fs::set_permissions(path, Permissions::from_mode(0o700)).with_context(|| format!("{} belongs to somebody else", path.display()))
    }

    /// A client program that speaks to this cluster.
    fn client(&self, name: &str) -> Command {
        let mut command = self.program(name);
        command.arg("-h").arg(&self.socket).args(["-U", "postgres"]);
        command
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
            command.env_remove(name);
        }
        if let Some(account) = &self.account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }
}

/// Where the cluster lies: in the checkout, or, where the account may not enter the checkout (root's home, say), in a folder it may.
fn choose_home(data: &Path, name: &str, account: Option<&Account>) -> Result<PathBuf> {
    let near = data.join(name);
    let Some(account) = account else { return Ok(near) };
    let far = Path::new("/var/lib/doorstep").join(hex(near.as_os_str().as_encoded_bytes()));
    if near.join("postgres").exists() || (!far.join("postgres").exists() && account.can_enter(data)?) {
        return Ok(near);
    }
    fs::create_dir_all("/var/lib/doorstep").context("/var/lib/doorstep can't be made")?;
    fs::write(data.join(format!("{name}-is-in")), format!("{}\n", far.display()))?;
    say(&format!("the database lies in {}, because the account {} may not enter {}", far.display(), account.name, data.display()));
    Ok(far)
}

/// The newest PostgreSQL of this machine.
fn find_programs() -> Result<PathBuf> {
    let on_path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>()).unwrap_or_default();
    let mut packaged: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|folders| folders.flatten().map(|folder| folder.path().join("bin")).collect())
        .unwrap_or_default();
    packaged.sort_by_key(|path| path.parent().and_then(|folder| folder.file_name()?.to_str()?.parse::<u32>().ok()));
    let found = packaged.into_iter().rev().chain(on_path).find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file());
    found.context(
        "PostgreSQL is not installed. Install it (Debian: `apt-get install postgresql`), or set DATABASE_URL to a database of yours.",
    )
}

fn remove_if_there(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("{} can't be removed", folder.display()))?;
    }
    Ok(())
}
