//! The CA's files: where they lie, who may read them, and how they are replaced without a moment in which they are
//! half written. Knows of a certificate only whether it is the CA's.
//!
//! The certificate may be read by everybody, as programs of other users are pointed to it; the key lies in a folder
//! of its own that only its owner may enter.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::certificate::Certificate;
use super::error::CaError;

/// The certificate.
pub(super) const CERTIFICATE: &str = "ca.pem";
/// What the system trusts, and the certificate, for programs that are pointed to a file.
pub(super) const BUNDLE: &str = "bundle.pem";
/// The same for Java.
pub(super) const JAVA: &str = "java-cacerts";
/// Where the key is.
const PRIVATE: &str = "private";
/// The key.
const KEY: &str = "ca.key";

const NO_FOLDER: &str = "`private` in it is a link or a file, and the key goes into a folder; remove it";
const NOT_ALONE: &str =
    "`private` in it has files that are not smsbridge's; give [tls] folder a folder of its own";
const NOT_OURS: &str =
    "is not smsbridge's, so nothing in its folder was removed; move it away if the folder is";

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// Its owner alone.
    Owner,
    /// Everybody who reaches it.
    All,
}

/// Where a CA's certificate is.
pub(super) fn certificate(folder: &Path) -> PathBuf {
    folder.join(CERTIFICATE)
}

/// Where a CA's key is.
pub(super) fn key(folder: &Path) -> PathBuf {
    folder.join(PRIVATE).join(KEY)
}

/// Makes the folders, unless they are there. What is made belongs to the owner of the folder it is made in, so that
/// the server's user can read what an administrator made.
pub(super) fn make_folders(folder: &Path) -> io::Result<()> {
    if !folder.is_dir() {
        make(folder, 0o755)?;
    }
    let private = folder.join(PRIVATE);
    match fs::symlink_metadata(&private) {
        Ok(found) if !found.is_dir() => return Err(io::Error::other(NO_FOLDER)),
        Ok(_) if has_more_than_the_key(&private)? => return Err(io::Error::other(NOT_ALONE)),
        Ok(_) => {}
        Err(_) => make(&private, 0o700)?,
    }
    system::close(&private)
}

/// Whose rights are changed must be nobody else's.
fn has_more_than_the_key(private: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(private)? {
        let name = entry?.file_name();
        // One with a dot is a draft that was left behind.
        if name != KEY && !name.to_string_lossy().starts_with(&format!(".{KEY}.")) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes the CA in `folder`: its key, its certificate and what was made of them, and the folders if nothing else is
/// in them. Whether there was one.
///
/// # Errors
/// When a file cannot be removed, or when the certificate is somebody else's.
pub fn remove(folder: &Path) -> Result<bool, CaError> {
    let shown = certificate(folder);
    // The names are usual ones, and the folder may have been meant for something else.
    if fs::read(&shown).is_ok_and(|bytes| Certificate::parse(&bytes).is_none()) {
        return Err(CaError::broken(&shown, NOT_OURS));
    }
    let mut was_there = false;
    // The key first: what is left then can sign nothing any more.
    let made = [key(folder), certificate(folder), folder.join(BUNDLE), folder.join(JAVA)];
    for path in made {
        match fs::remove_file(&path) {
            Ok(()) => was_there = true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(CaError::removing(&path, error)),
        }
    }
    // What is not empty stays, and what is not there is gone.
    for folder in [folder.join(PRIVATE).as_path(), folder] {
        let _ = fs::remove_dir(folder);
    }
    Ok(was_there)
}

/// Replaces a file as a whole. The new one belongs to the owner of its folder.
pub(super) fn replace(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let folder = parent(path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.{}.new", std::process::id()));
    let written = write_new(&draft, bytes, readers).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

fn write_new(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    // One that a process of the same number left behind when it was killed.
    let _ = fs::remove_file(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    system::with_mode(&mut options, if readers == Readers::Owner { 0o600 } else { 0o644 });
    let mut file = options.open(path)?;
    system::hand_over(&file, parent(path))?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn make(folder: &Path, mode: u32) -> io::Result<()> {
    fs::create_dir_all(parent(folder))?;
    system::make(folder, mode)?;
    system::hand_over_folder(folder, parent(folder))
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(unix)]
mod system {
    use std::fs::DirBuilder;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown, lchown};

    use super::{File, OpenOptions, Path, fs, io};

    pub(super) fn with_mode(options: &mut OpenOptions, mode: u32) {
        options.mode(mode);
    }

    pub(super) fn make(folder: &Path, mode: u32) -> io::Result<()> {
        DirBuilder::new().mode(mode).create(folder)
    }

    pub(super) fn hand_over(file: &File, folder: &Path) -> io::Result<()> {
        let (made, above) = (file.metadata()?, fs::metadata(folder)?);
        if (made.uid(), made.gid()) == (above.uid(), above.gid()) {
            return Ok(());
        }
        if_allowed(fchown(file, Some(above.uid()), Some(above.gid())))
    }

    pub(super) fn hand_over_folder(folder: &Path, above: &Path) -> io::Result<()> {
        let (made, above) = (fs::symlink_metadata(folder)?, fs::metadata(above)?);
        if (made.uid(), made.gid()) == (above.uid(), above.gid()) {
            return Ok(());
        }
        if_allowed(lchown(folder, Some(above.uid()), Some(above.gid())))
    }

    pub(super) fn close(private: &Path) -> io::Result<()> {
        let open = fs::metadata(private)?.permissions().mode() & 0o077 != 0;
        if open { fs::set_permissions(private, fs::Permissions::from_mode(0o700)) } else { Ok(()) }
    }

    /// Only an administrator gives files away, and anybody else keeps what is his.
    fn if_allowed(given: io::Result<()>) -> io::Result<()> {
        match given {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
            other => other,
        }
    }
}

/// Elsewhere a file has the rights of its folder.
#[cfg(not(unix))]
mod system {
    use super::{File, OpenOptions, Path, fs, io};

    pub(super) fn with_mode(_: &mut OpenOptions, _: u32) {}

    pub(super) fn make(folder: &Path, _: u32) -> io::Result<()> {
        fs::create_dir(folder)
    }

    pub(super) fn hand_over(_: &File, _: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn hand_over_folder(_: &Path, _: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn close(_: &Path) -> io::Result<()> {
        Ok(())
    }
}
