//! Reads a key, from the configuration or from the file it names. Knows nothing of whose key it is,
//! and never repeats a key's text.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::error::{Origin, Problem};
use super::reader::{Node, Table};
use super::report::Report;
use crate::domain::Secret;

/// No key is longer; a file that is longer is another file.
const MAX_BYTES: u64 = 4096;

/// A table's key: `Ok(None)` when it has none, `Err` when what it has was refused (and reported).
pub(super) fn key_of(table: &Table<'_>, report: &mut Report) -> Result<Option<Secret>, Refused> {
    named(table, "api_key", "api_key_file", report)
}

/// The same of the secret that messages are signed with.
pub(super) fn secret_of(table: &Table<'_>, report: &mut Report) -> Result<Option<Secret>, Refused> {
    named(table, "secret", "secret_file", report)
}

fn named(
    table: &Table<'_>,
    name: &'static str,
    file: &str,
    report: &mut Report,
) -> Result<Option<Secret>, Refused> {
    let read = match (table.get(name), table.get(file)) {
        (None, None) => return Ok(None),
        (Some(key), Some(file)) => {
            key.fail(report, Problem::KeyAndFile { name, key: key.origin.clone(), file: file.origin });
            None
        }
        (Some(key), None) => key.text(report).map(Secret::new).and_then(|secret| sound(secret, &key, report)),
        (None, Some(file)) => {
            file.text(report).map(PathBuf::from).and_then(|path| from_file(&file, &path, report))
        }
    };
    read.map(Some).ok_or(Refused)
}

/// There is a key, but it is of no use; why has been reported.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refused;

/// Says once of a configuration file that holds a key and that everybody can read that this is so.
pub(super) fn warn_of_open(file: &super::layers::File, root: &Table<'_>, report: &mut Report) {
    let is_key = |key: &str| key.ends_with(".api_key") || key == "webhooks.secret";
    let mut origins = root.origins().into_iter();
    let held = origins.find(|(key, origin)| is_key(key) && matches!(origin, Origin::File(_)));
    if let Some((key, origin)) = held.filter(|_| file.is_open) {
        let path = file.path.display();
        let text = format!("every user of this machine can read it in {path}; close that to them: chmod 600");
        report.warn(&origin, &key, text);
    }
}

fn from_file(node: &Node<'_>, named: &Path, report: &mut Report) -> Option<Secret> {
    let path = beside(&node.origin, named);
    match contents(&path) {
        Ok(secret) => {
            if is_open_to_all(&path) {
                let text = format!(
                    "every user of this machine can read {}; close it to them: chmod 600",
                    path.display()
                );
                report.warn(&node.origin, &node.key, text);
            }
            sound(secret, node, report)
        }
        Err(reason) => {
            node.fail(report, Problem::KeyFile { path, reason });
            None
        }
    }
}

/// Where containers are given secrets: readable by all, and there is nobody else.
#[cfg(unix)]
const GIVEN: [&str; 2] = ["/run/secrets/", "/var/run/secrets/"];

/// Whether users other than the file's own, and outside its group, can read it.
#[cfg(unix)]
pub(super) fn is_open_to_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let others_read = |data: std::fs::Metadata| data.permissions().mode() & 0o004 != 0;
    !GIVEN.iter().any(|folder| path.starts_with(folder)) && path.metadata().is_ok_and(others_read)
}

/// Other systems do not say it in bits.
#[cfg(not(unix))]
pub(super) fn is_open_to_all(_: &Path) -> bool {
    false
}

/// What the configuration file names is beside the configuration file; what a variable names is
/// where the process runs.
fn beside(origin: &Origin, named: &Path) -> PathBuf {
    match origin {
        Origin::File(config) => config.parent().unwrap_or(Path::new("")).join(named),
        _ => named.to_owned(),
    }
}

fn contents(path: &Path) -> Result<Secret, String> {
    let unreadable = |error: std::io::Error| format!("cannot be read: {error}");
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("is longer than {MAX_BYTES} bytes; a key file holds the key and nothing else"));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| "is not text; a key file holds the key and nothing else".to_owned())?;
    let secret = Secret::new(text.trim_start_matches('\u{feff}'));
    if secret.is_empty() { Err("is empty; write the key into it".to_owned()) } else { Ok(secret) }
}

fn sound(secret: Secret, node: &Node<'_>, report: &mut Report) -> Option<Secret> {
    if secret.expose().chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        node.fail(report, Problem::BrokenKey);
        return None;
    }
    Some(secret)
}
