//! Runs this program once more under valgrind, and reads what that counted. Knows nothing of what is counted.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Done;
use crate::counted::{PART, WHOLE_NAME};

/// How often everything is counted. Maps are seeded anew in each process, so that now and then two keys of one are in each
/// other's way, or a map grows at another moment: the least of what was counted is without that.
const ROUNDS: usize = 3;

/// How many instructions each thing takes.
pub type Counts = BTreeMap<String, u64>;

/// Whether there is one.
pub fn is_there() -> bool {
    let asked =
        Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

/// Where the profiles are kept, one a thing, for `callgrind_annotate`.
fn profiles() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("instructions")
}

/// Counts, by processes that are started with this argument, everything whose name has `only` in it.
pub fn count(argument: &str, only: &str) -> Done<Counts> {
    let folder = profiles();
    let mut least = Counts::new();
    for _ in 0..ROUNDS {
        for (name, counted) in round(argument, only, &folder)? {
            let least = least.entry(name).or_insert(counted);
            *least = counted.min(*least);
        }
    }
    crate::say(&format!("profiles of the last round, for callgrind_annotate: {}\n", folder.display()));
    Ok(least)
}

/// Counts everything once, by one process.
fn round(argument: &str, only: &str, folder: &Path) -> Done<Counts> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder)?;
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg(format!("--toggle-collect={PART}"))
        .arg(format!("--dump-after={WHOLE_NAME}"))
        .arg(format!("--callgrind-out-file={}", folder.join("part").display()))
        .arg(std::env::current_exe()?)
        .args([argument, "--only", only])
        .env_remove("RUST_LOG")
        .stderr(Stdio::inherit())
        .output()?;
    let said = String::from_utf8(ran.stdout)?;
    if !ran.status.success() {
        return Err(format!("what is counted failed:\n{said}").into());
    }
    let mut counts = Counts::new();
    for (nth, line) in said.lines().enumerate() {
        let (times, name) = line.split_once('\t').ok_or("what is counted says something else")?;
        let part = folder.join(format!("part.{}", nth + 1));
        counts.insert(name.to_owned(), total(&part)? / times.parse::<u64>()?);
        fs::rename(part, folder.join(file_name(name)))?;
    }
    Ok(counts)
}

/// All instructions in a profile.
fn total(profile: &Path) -> Done<u64> {
    let text = fs::read_to_string(profile)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    Ok(total.ok_or("a profile without a total")?.trim().parse()?)
}

fn file_name(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
