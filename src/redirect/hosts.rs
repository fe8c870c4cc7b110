//! A hosts file with our lines in it or without: put in, taken out, looked at. Leaves everything else in it as it is,
//! and keeps a copy of what was there beside it for as long as our lines are in. Knows no name of its own.

use std::fs;
use std::io::{self, ErrorKind};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use super::block::{self, Damage, Lines};
use super::entries::{Entry, entries};
use super::replace::{beside, replace, write_new};

/// What the copy's name ends with.
const BACKUP: &str = "smsbridge-backup";

/// A hosts file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostsFile {
    path: PathBuf,
}

/// What came of putting our lines in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// What has changed.
    pub change: Change,
    /// Where the file as it was lies; `None` where nothing has changed, or there was none.
    pub backup: Option<PathBuf>,
    /// What stands against our lines.
    pub conflicts: Vec<Conflict>,
}

/// What has changed in a hosts file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing: all was so already.
    Nothing,
    /// Our lines are in it now.
    Added,
    /// Our lines are others now.
    Exchanged,
}

/// What a hosts file has of our lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Absent,
    /// Exactly these.
    Complete,
    /// Others.
    Other,
}

/// A line of somebody else's that leads one of our names elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Its number, from 1.
    pub line: usize,
    /// The name.
    pub name: String,
    /// Where it leads.
    pub address: IpAddr,
}

/// Why a hosts file is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum HostsError {
    /// Somebody else may, perhaps.
    #[error("{}: permission denied", .0.display())]
    NotAllowed(PathBuf),
    /// Nobody may.
    #[error("{}: the file system is read-only; the lines must be put in where it is made (`smsbridge hosts show` prints them)", .0.display())]
    ReadOnly(PathBuf),
    /// Our lines cannot be told from others.
    #[error("{}: {damage}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// In what way.
        damage: Damage,
    },
    /// Anything else.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl HostsFile {
    /// This one. A symbolic link stays one: what it leads to is changed.
    ///
    /// # Errors
    /// When it leads nowhere, or may not be looked at.
    pub fn at(path: &Path) -> Result<Self, HostsError> {
        match fs::canonicalize(path) {
            Ok(path) => Ok(Self { path }),
            // No file is fine; a link to none is not.
            Err(error) if error.kind() == ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => {
                Ok(Self { path: path.to_owned() })
            }
            Err(error) => Err(failed(path, error)),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts our lines in, in the place of others of ours.
    ///
    /// # Errors
    /// Nothing has changed then.
    pub fn install(&self, lines: &Lines) -> Result<Installed, HostsError> {
        let old = self.read()?;
        let bytes = old.as_deref();
        let damaged = |damage| self.damaged(damage);
        let there = bytes.map(block::find).transpose().map_err(damaged)?.flatten().is_some();
        let new = block::with(bytes, lines).map_err(damaged)?;
        let conflicts = self.conflicts(bytes.unwrap_or_default(), lines)?;
        if bytes == Some(&new) {
            return Ok(Installed { change: Change::Nothing, backup: None, conflicts });
        }
        // The copy is of the file without our lines, so there is one already where they were in.
        let backup = match (there, bytes) {
            (false, Some(bytes)) => self.back_up(bytes)?,
            _ => None,
        };
        replace(&self.path, &new, bytes).map_err(|error| failed(&self.path, error))?;
        let change = if there { Change::Exchanged } else { Change::Added };
        Ok(Installed { change, backup, conflicts })
    }

    /// Takes our lines out, and the copy away. Whether they were in.
    ///
    /// # Errors
    /// Nothing has changed then.
    pub fn remove(&self) -> Result<bool, HostsError> {
        let Some(old) = self.read()? else { return Ok(false) };
        let there = block::find(&old).map_err(|damage| self.damaged(damage))?.is_some();
        let new = block::without(&old).map_err(|damage| self.damaged(damage))?;
        let done = match &new {
            Some(new) if *new == old => Ok(()),
            Some(new) => replace(&self.path, new, Some(&old)),
            None => fs::remove_file(&self.path),
        };
        done.map_err(|error| failed(&self.path, error))?;
        self.drop_backup(there, &old)?;
        Ok(there)
    }

    /// What it has of these lines, and what stands against them.
    ///
    /// # Errors
    /// When that cannot be told.
    pub fn state(&self, lines: &Lines) -> Result<(State, Vec<Conflict>), HostsError> {
        let Some(bytes) = self.read()? else { return Ok((State::Absent, Vec::new())) };
        let damaged = |damage| self.damaged(damage);
        let there = block::find(&bytes).map_err(damaged)?.is_some();
        let right = block::with(Some(&bytes), lines).map_err(damaged)? == bytes;
        let state = match (there, right) {
            (false, _) => State::Absent,
            (true, true) => State::Complete,
            (true, false) => State::Other,
        };
        Ok((state, self.conflicts(&bytes, lines)?))
    }

    fn read(&self) -> Result<Option<Vec<u8>>, HostsError> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&self.path, error)),
        }
    }

    fn damaged(&self, damage: Damage) -> HostsError {
        HostsError::Damaged { path: self.path.clone(), damage }
    }

    /// Lines of others, so without ours: all that lead a name of ours where we do not.
    fn conflicts(&self, bytes: &[u8], lines: &Lines) -> Result<Vec<Conflict>, HostsError> {
        let ours = block::find(bytes).map_err(|damage| self.damaged(damage))?.map(|place| place.range);
        let line_of = |at: usize| bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        let ours = ours.map(|range| line_of(range.start)..line_of(range.end));
        let foreign = |entry: &Entry| !ours.as_ref().is_some_and(|ours| ours.contains(&entry.line));
        let elsewhere = |entry: &Entry| !lines.addresses.contains(&entry.address);
        let found = entries(bytes).into_iter().filter(|entry| foreign(entry) && elsewhere(entry));
        let named = found.flat_map(|Entry { line, address, names }| {
            let known = names.into_iter().filter(|name| lines.names.contains(name));
            known.map(move |name| Conflict { line, name, address }).collect::<Vec<_>>()
        });
        Ok(named.collect())
    }

    fn back_up(&self, bytes: &[u8]) -> Result<Option<PathBuf>, HostsError> {
        let backup = beside(&self.path, BACKUP);
        let old = fs::metadata(&self.path).map_err(|error| failed(&self.path, error))?;
        // One that is left over is of an earlier time.
        let _ = fs::remove_file(&backup);
        match write_new(&backup, bytes, Some(&old)) {
            Ok(()) => Ok(Some(backup)),
            // Where the file alone is writable, as in containers, there is no room for a copy.
            Err(error) if error.kind() == ErrorKind::ReadOnlyFilesystem => Ok(None),
            Err(error) => Err(failed(&backup, error)),
        }
    }

    /// One that is left from a change that did not come about says what the file says.
    fn drop_backup(&self, there: bool, bytes: &[u8]) -> Result<(), HostsError> {
        let backup = beside(&self.path, BACKUP);
        let is_left = || fs::read(&backup).is_ok_and(|copy| copy == bytes);
        if !there && !is_left() {
            return Ok(());
        }
        match fs::remove_file(&backup) {
            Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ReadOnlyFilesystem) => {
                Err(failed(&backup, error))
            }
            _ => Ok(()),
        }
    }
}

fn failed(path: &Path, error: io::Error) -> HostsError {
    let path = path.to_owned();
    match error.kind() {
        ErrorKind::PermissionDenied => HostsError::NotAllowed(path),
        ErrorKind::ReadOnlyFilesystem => HostsError::ReadOnly(path),
        _ => HostsError::Io { path, error },
    }
}

#[cfg(test)]
mod tests;
