//! Where things are on a machine: its programs, the homes of those for whom stores are changed, its root. Knows no store.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The kind of system, which decides what stores there can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Linux, and what is like it.
    Linux,
    /// macOS.
    Mac,
    /// Windows.
    Windows,
}

/// The home of somebody whose stores are changed too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Where it is.
    pub path: PathBuf,
    /// The user and group as whom programs have to run, where that is somebody else: whoever called `sudo`.
    pub run_as: Option<(u32, u32)>,
}

/// A machine, or what a test has for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Its kind.
    pub system: System,
    /// What stands before every path of the system; `/` but in tests.
    pub root: PathBuf,
    /// Where programs are looked for.
    pub path: Vec<PathBuf>,
    /// Whose stores are changed beside the machine's.
    pub homes: Vec<Home>,
    /// Where `JAVA_HOME` points to.
    pub java_home: Option<PathBuf>,
}

impl Machine {
    /// This machine, as the environment shows it.
    pub fn this() -> Self {
        let system = match env::consts::OS {
            "windows" => System::Windows,
            "macos" => System::Mac,
            _ => System::Linux,
        };
        let path = folders(&env::var_os("PATH").unwrap_or_default());
        let java_home = env::var_os("JAVA_HOME").map(PathBuf::from).filter(|home| home.is_absolute());
        Self { system, root: PathBuf::from("/"), path, homes: homes(system), java_home }
    }

    /// A path of the system.
    pub(in super::super) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// The whole path of a program.
    pub(super) fn program(&self, name: &str) -> Option<PathBuf> {
        let name = format!("{name}{}", env::consts::EXE_SUFFIX);
        self.path.iter().map(|folder| folder.join(&name)).find(|path| is_program(path))
    }
}

/// Where programs are: a user's `PATH` often lacks what administrators use. A relative place would be whatever lies there.
fn folders(path: &OsStr) -> Vec<PathBuf> {
    let more = ["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from);
    env::split_paths(path).chain(more).filter(|folder| folder.is_absolute()).collect()
}

#[cfg(unix)]
pub(super) fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
pub(super) fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// The own home, and that of whoever called `sudo`.
fn homes(system: System) -> Vec<Home> {
    let own = env::home_dir().map(|path| Home { path, run_as: None });
    let number = |name: &str| env::var(name).ok()?.parse::<u32>().ok();
    let callers = || {
        let (user, group) = (number("SUDO_UID")?, number("SUDO_GID")?);
        let name = env::var("SUDO_USER").ok()?;
        let path = match system {
            System::Mac => PathBuf::from("/Users").join(&name),
            _ => home_in(&std::fs::read_to_string("/etc/passwd").ok()?, user)?,
        };
        (user != 0).then_some(Home { path, run_as: Some((user, group)) })
    };
    let caller = callers();
    // Some keep HOME under sudo; what is made there belongs to its owner all the same.
    let own = own.filter(|own| caller.as_ref().is_none_or(|caller| caller.path != own.path));
    caller.into_iter().chain(own).collect()
}

/// The home of a user by number, in the text of `/etc/passwd`.
fn home_in(passwd: &str, user: u32) -> Option<PathBuf> {
    let fields = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let number = user.to_string();
    let found = fields.into_iter().find(|fields| fields.get(2).is_some_and(|text| **text == number))?;
    found.get(5).map(PathBuf::from).filter(|path| path.is_absolute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn programs_are_looked_for_in_no_place_that_depends_on_where_one_is() {
        let found = folders(OsStr::new("/usr/bin:.:bin::../bin:/opt/bin"));
        let right = ["/usr/bin", "/opt/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];
        assert_eq!(found, right.map(PathBuf::from));
    }

    #[test]
    fn a_home_is_found_by_the_users_number() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/sh\nodd:x:1001:1001\n";
        assert_eq!(home_in(passwd, 1000), Some(PathBuf::from("/home/me")));
        assert_eq!((home_in(passwd, 1001), home_in(passwd, 7)), (None, None));
    }
}
