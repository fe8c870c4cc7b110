//! Starts other programs, by their whole path and never through a shell. Knows no program in particular.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::machine::Home;
use super::{Outcome, file_trouble};

/// What of a program's words is shown.
const SHOWN: usize = 200;

/// What programs say when somebody else would have to start them.
const DENIED: [&str; 6] = [
    "permission denied",
    "access is denied",
    "read-only file system",
    "sec_error_read_only",
    "0x80070005",
    "write permission",
];

/// A program to be run.
pub(super) struct Program<'a> {
    path: &'a Path,
    command: Command,
    input: &'a str,
}

impl<'a> Program<'a> {
    pub(super) fn new(path: &'a Path) -> Self {
        let mut command = Command::new(path);
        // Its words are read, and these would add to them or change the trust that is asked about.
        command.env_remove("JAVA_TOOL_OPTIONS").env("LC_ALL", "C");
        Self { path, command, input: "" }
    }

    pub(super) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// What it reads from its standard input.
    pub(super) fn reads(mut self, input: &'a str) -> Self {
        self.input = input;
        self
    }

    /// Runs it as the owner of a home, so that what it writes there is theirs.
    pub(super) fn of(mut self, home: &Home) -> Self {
        if let Some((user, group)) = home.run_as {
            run_as(&mut self.command, user, group);
            self.command.env("HOME", &home.path);
        }
        self
    }

    /// What it prints.
    ///
    /// # Errors
    /// When it cannot be started, or when it fails.
    pub(super) fn run(mut self) -> Result<String, Outcome> {
        let name = self.path.display();
        let failed = |what: &str| Outcome::Failed(format!("{name}: {what}"));
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().map_err(|error| file_trouble(self.path, &error))?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that does not read is none the worse for it.
            let _ = stdin.write_all(self.input.as_bytes());
        }
        let output = child.wait_with_output().map_err(|error| failed(&error.to_string()))?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(printed);
        }
        let said = format!("{}\n{printed}", String::from_utf8_lossy(&output.stderr));
        let lower = said.to_lowercase();
        if DENIED.iter().any(|word| lower.contains(word)) {
            return Err(Outcome::NeedsRights);
        }
        let line = said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it failed silently");
        Err(failed(&line.chars().filter(|letter| !letter.is_control()).take(SHOWN).collect::<String>()))
    }
}

#[cfg(unix)]
fn run_as(command: &mut Command, user: u32, group: u32) {
    use std::os::unix::process::CommandExt;

    command.uid(user).gid(group);
}

#[cfg(not(unix))]
fn run_as(_: &mut Command, _: u32, _: u32) {}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A folder for programs that want files; nobody else can enter it, and it is gone when this is.
pub(in super::super) struct Scratch(PathBuf);

impl Scratch {
    pub(in super::super) fn new() -> std::io::Result<Self> {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let nanos = jiff::Timestamp::now().subsec_nanosecond();
        let name = format!("smsbridge-{}-{number}-{nanos:09}", std::process::id());
        let path = std::env::temp_dir().join(name);
        make_private(&path)?;
        Ok(Self(path))
    }

    pub(in super::super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> std::io::Result<()> {
    fs::create_dir(path)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// What is written into somebody's home must be theirs, and a program must not have more rights there than they.
    #[test]
    fn a_program_runs_as_the_owner_of_the_home_with_nobodys_groups_but_theirs() {
        let id = Path::new("/usr/bin/id");
        let home = Home { path: std::env::temp_dir(), run_as: Some((65_534, 65_533)) };
        let seen = |flag: &'static str| Program::new(id).args([flag]).of(&home).run();
        match seen("-u") {
            // Only root can become somebody else.
            Err(trouble) => assert_eq!(trouble, Outcome::NeedsRights),
            Ok(user) => {
                assert_eq!(user.trim(), "65534");
                assert_eq!(seen("-G").unwrap().trim(), "65533");
            }
        }
    }
}
