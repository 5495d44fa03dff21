//! The account that runs PostgreSQL when this tool was called by root, which PostgreSQL refuses.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use rustix::process::geteuid;

/// An unprivileged account of this machine.
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl Account {
    /// Whether it may enter a folder; asked of the system, which knows every rule on the way there.
    ///
    /// # Errors
    /// When the question can't be asked.
    pub(crate) fn can_enter(&self, folder: &Path) -> Result<bool> {
        let status = Command::new("test").arg("-x").arg(folder).uid(self.uid).gid(self.gid).current_dir("/").status();
        Ok(status.with_context(|| format!("the account {} can't be used", self.name))?.success())
    }
}

/// Finds whom to run PostgreSQL as: nobody else for an ordinary caller, and for root the first of these accounts.
///
/// # Errors
/// When root calls and there is no such account.
pub(crate) fn unprivileged_account() -> Result<Option<Account>> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    let accounts = fs::read_to_string("/etc/passwd").context("/etc/passwd can't be read")?;
    let found = ["postgres", "nobody"].iter().find_map(|name| find_account(&accounts, name));
    found.map(Some).context("PostgreSQL does not run as root, and there is no account postgres or nobody. Call make as an ordinary user.")
}

fn find_account(accounts: &str, wanted: &str) -> Option<Account> {
    accounts.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let [name, _, uid, gid, ..] = fields.as_slice() else { return None };
        (*name == wanted).then_some(())?;
        Some(Account { name: (*name).to_owned(), uid: uid.parse().ok()?, gid: gid.parse().ok()? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let accounts = "postgresql:x:1:1::/:/bin/sh\npostgres:x:105:113:PostgreSQL:/var/lib/postgresql:/bin/bash\n";
        let account = find_account(accounts, "postgres").unwrap();
        assert_eq!((account.uid, account.gid), (105, 113));
    }

    #[test]
    fn a_damaged_line_is_nobodys_account() {
        assert!(find_account("postgres:x\n", "postgres").is_none());
    }
}
