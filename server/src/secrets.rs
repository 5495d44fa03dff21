//! What only this server's machine knows: keys that are made at the first start, kept in files that nobody else may read, and never put
//! into the database or the repository. Servers that share a database share these files.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};

/// 256 bits that nothing prints.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A secret that is already known.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// All of them.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Seals the audit trail. Without it the trail can't be verified any more.
    pub audit_key: Secret,
    /// Mixed into every password's hash. Without it nobody can sign in with a password any more.
    pub password_pepper: Secret,
    /// Seals the keys of photos and documents. Without it their contents can't be read any more.
    pub content_key: Secret,
    /// Proves to push services that it is this server which devices have subscribed to. Without it, reminders must be switched on anew.
    pub push_key: Secret,
    /// Open what devices sealed to this server: the one in use, then those before it, kept as `seal-key.*`. Without them, what locked devices
    /// handed to somebody else stays unread; the devices still have it.
    pub seal_keys: Vec<Secret>,
}

/// Why a secret cannot be used. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    #[error("{0} cannot be read or made ({1}). Let this user write there, or name another folder in DOORSTEP_DATA")]
    Io(PathBuf, io::Error),
    #[error("{0} can be read by other users. Run chmod 600 on it; if somebody may have seen it, docs/operations.md says how to replace it")]
    Open(PathBuf),
    #[error("{0} is not 32 bytes in base64. Put back the file from your back-up, beside which the database was made")]
    Unreadable(PathBuf),
}

impl Secrets {
    /// Reads the secrets below a data folder, and makes those that are not there yet.
    ///
    /// # Errors
    /// A file cannot be read or made, others may read it, or it holds no secret.
    pub fn open(data_dir: &Path) -> Result<Self, SecretsError> {
        let folder = data_dir.join("secrets");
        DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(|error| SecretsError::Io(folder.clone(), error))?;
        let open = |name| open_secret(&folder, name);
        let (audit_key, password_pepper) = (open("audit-key")?, open("password-pepper")?);
        let (content_key, push_key) = (open("content-key")?, open("push-key")?);
        Ok(Self { audit_key, password_pepper, content_key, push_key, seal_keys: open_seal_keys(&folder)? })
    }
}

fn open_seal_keys(folder: &Path) -> Result<Vec<Secret>, SecretsError> {
    let failed = |error| SecretsError::Io(folder.to_owned(), error);
    let current = open_secret(folder, "seal-key")?;
    let names = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>());
    let names = names.map_err(failed)?.into_iter().filter_map(|name| name.into_string().ok());
    let former = names.filter(|name| name.starts_with("seal-key.")).map(|name| open_secret(folder, &name));
    [Ok(current)].into_iter().chain(former).collect()
}

fn open_secret(folder: &Path, name: &str) -> Result<Secret, SecretsError> {
    let path = folder.join(name);
    let failed = |error| SecretsError::Io(path.clone(), error);
    if !path.exists() {
        make_secret(folder, &path).map_err(failed)?;
    }
    if fs::metadata(&path).map_err(failed)?.mode() & 0o077 != 0 {
        return Err(SecretsError::Open(path));
    }
    let text = fs::read_to_string(&path).map_err(failed)?;
    let bytes = STANDARD.decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.map(Secret).ok_or(SecretsError::Unreadable(path))
}

/// Written whole beside its place and linked into it: of two servers that start at once, both read the one that came first.
fn make_secret(folder: &Path, path: &Path) -> io::Result<()> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let fresh = folder.join(format!(".new-{}", uuid::Uuid::now_v7()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    writeln!(file, "{}", STANDARD.encode(bytes))?;
    file.sync_all()?;
    let linked = match fs::hard_link(&fresh, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    };
    fs::remove_file(&fresh)?;
    linked?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt};

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("doorstep-secrets-{name}-{}", std::process::id()));
        fs::remove_dir_all(&folder).ok();
        folder
    }

    #[test]
    fn secrets_are_made_once_and_only_for_this_user() {
        let folder = folder("made");
        let made = Secrets::open(&folder).unwrap();
        let again = Secrets::open(&folder).unwrap();
        assert_eq!(made.audit_key.bytes(), again.audit_key.bytes());
        assert_ne!(made.audit_key.bytes(), made.password_pepper.bytes());
        for (path, mode) in [
            ("secrets", 0o700),
            ("secrets/audit-key", 0o600),
            ("secrets/password-pepper", 0o600),
            ("secrets/content-key", 0o600),
            ("secrets/push-key", 0o600),
            ("secrets/seal-key", 0o600),
        ] {
            assert_eq!(fs::metadata(folder.join(path)).unwrap().mode() & 0o777, mode, "{path}");
        }
        assert_eq!(
            format!("{made:?}"),
            "Secrets { audit_key: Secret, password_pepper: Secret, content_key: Secret, push_key: Secret, seal_keys: [Secret] }"
        );
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_others_may_read_or_what_is_no_secret_stops_the_start() {
        let folder = folder("refused");
        Secrets::open(&folder).unwrap();
        let path = folder.join("secrets/audit-key");
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(Secrets::open(&folder), Err(SecretsError::Open(_))));
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "c2hvcnQ=").unwrap();
        assert!(matches!(Secrets::open(&folder), Err(SecretsError::Unreadable(_))));
        fs::remove_dir_all(folder).unwrap();
    }
}
