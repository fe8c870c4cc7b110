//! Writes a file that others read all the time: whole or not at all where the system can do that, with the mode and the
//! owner it had. Knows nothing of what is in it.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Where this is, a new file gets the label of its folder, and the hosts file has one of its own: by that it is decided
/// who may read it.
const SELINUX: &str = "/sys/fs/selinux/enforce";

/// Gives the file this content in place of that which `seen` says, `None` where there was no file. `path` is no symbolic
/// link.
///
/// A new file takes the old one's place. Where that cannot be, since the file itself is mounted (as containers have
/// it), is alone writable in its folder, has other names, or has a label of its own, its bytes are exchanged in place.
///
/// # Errors
/// Also when somebody else has changed it meanwhile: what was written then would be lost.
pub(super) fn replace(path: &Path, content: &[u8], seen: Option<&[u8]>) -> io::Result<()> {
    let has_other_names = fs::metadata(path).is_ok_and(|old| has_other_names(&old));
    replace_where(path, content, seen, has_other_names || Path::new(SELINUX).exists())
}

fn replace_where(path: &Path, content: &[u8], seen: Option<&[u8]>, is_one_of_a_kind: bool) -> io::Result<()> {
    let old = match fs::metadata(path) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if old.is_some() && is_one_of_a_kind {
        return in_place(path, content, seen);
    }
    match at_once(path, content, old.as_ref(), seen) {
        Err(error) if old.is_some() && is_mounted(&error) => in_place(path, content, seen),
        other => other,
    }
}

/// Nothing but a lock that everybody knows would leave no gap; what is left of one is a few microseconds.
fn unchanged(path: &Path, seen: Option<&[u8]>) -> io::Result<()> {
    let now = match fs::read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if now.as_deref() == seen {
        return Ok(());
    }
    Err(io::Error::other("another program has just changed it; nothing was written, so try again"))
}

fn at_once(path: &Path, content: &[u8], old: Option<&Metadata>, seen: Option<&[u8]>) -> io::Result<()> {
    let draft = beside(path, &format!("smsbridge-{}", std::process::id()));
    let written = write_new(&draft, content, old)
        .and_then(|()| unchanged(path, seen))
        .and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written?;
    sync_folder(path);
    Ok(())
}

/// A file of this content that was not there, with the mode and the owner of `old`.
pub(super) fn write_new(path: &Path, content: &[u8], old: Option<&Metadata>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(content)?;
    keep_rights(&file, old)?;
    file.sync_all()
}

/// The name of a file beside it.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

fn in_place(path: &Path, content: &[u8], seen: Option<&[u8]>) -> io::Result<()> {
    unchanged(path, seen)?;
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.write_all(content)?;
    file.set_len(content.len() as u64)?;
    file.sync_all()
}

fn is_mounted(error: &io::Error) -> bool {
    use ErrorKind::{CrossesDevices, ReadOnlyFilesystem, ResourceBusy};
    matches!(error.kind(), CrossesDevices | ReadOnlyFilesystem | ResourceBusy)
}

#[cfg(unix)]
fn has_other_names(file: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.nlink() > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

/// Everybody reads a hosts file, whatever is usual for the files of whoever makes this one.
#[cfg(unix)]
fn keep_rights(file: &File, old: Option<&Metadata>) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let Some(old) = old else { return file.set_permissions(fs::Permissions::from_mode(0o644)) };
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        fchown(file, Some(old.uid()), Some(old.gid()))?;
    }
    file.set_permissions(old.permissions())
}

#[cfg(not(unix))]
fn keep_rights(_: &File, _: Option<&Metadata>) -> io::Result<()> {
    Ok(())
}

/// So that the new name outlives a loss of power; the file itself is safe either way.
#[cfg(unix)]
fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) {}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;

    #[test]
    fn the_mode_is_kept_and_nothing_lies_about() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hosts");
        fs::write(&path, "old and longer").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o604)).unwrap();
        let before = fs::metadata(&path).unwrap();
        replace(&path, b"new", Some(b"old and longer")).unwrap();
        let after = fs::metadata(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(after.mode(), before.mode());
        assert_ne!(after.ino(), before.ino(), "another file took its place at once");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_with_two_names_stays_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("hosts"), folder.path().join("other"));
        fs::write(&path, "old and longer").unwrap();
        fs::hard_link(&path, &other).unwrap();
        replace(&path, b"new", Some(b"old and longer")).unwrap();
        assert_eq!(fs::read(&other).unwrap(), b"new");
        replace(&path, b"newer", Some(b"old")).unwrap_err();
        assert_eq!(fs::read(&other).unwrap(), b"new", "it was not as it was seen");
    }

    #[test]
    fn a_file_with_a_label_stays_the_one_that_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hosts");
        fs::write(&path, "old and longer").unwrap();
        let before = fs::metadata(&path).unwrap().ino();
        replace_where(&path, b"new", Some(b"old and longer"), true).unwrap();
        assert_eq!((fs::read(&path).unwrap(), fs::metadata(&path).unwrap().ino()), (b"new".to_vec(), before));
        fs::remove_file(&path).unwrap();
        replace_where(&path, b"made", None, true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"made");
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hosts");
        for seen in [None, Some(&b"as it was read"[..])] {
            fs::write(&path, "as it is now").unwrap();
            let refused = replace(&path, b"new", seen).unwrap_err().to_string();
            assert!(refused.contains("try again"), "{refused}");
            assert_eq!(fs::read(&path).unwrap(), b"as it is now");
        }
        fs::remove_file(&path).unwrap();
        replace(&path, b"new", Some(b"as it was read")).unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing lies about");
    }

    #[test]
    fn a_new_file_is_for_everybody_to_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hosts");
        replace(&path, b"new", None).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o644);
    }
}
