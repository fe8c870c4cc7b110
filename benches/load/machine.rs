//! On what was measured, and with what: for whoever compares two reports. Knows no figures.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::args::Options;
use super::bridge;
use super::nginx;
use super::summary::Summary;

/// How often a flush is tried.
const FLUSHES: usize = 50;

/// What is said above the report.
pub struct Machine {
    lines: Vec<(&'static str, String)>,
}

impl Machine {
    /// Looks around; `folder` is on the disk that the ledgers are on.
    pub fn seen(options: &Options, folder: &Path) -> Self {
        let rounds = format!("{} rounds of {} s a load", options.rounds, options.turn.as_secs_f64());
        let quick = if options.quick { "; a smoke test, whose figures mean nothing" } else { "" };
        let flush =
            flush(folder).map_or("unknown".to_owned(), |time| format!("{:.0} µs", time.as_secs_f64() * 1e6));
        Self {
            lines: vec![
                ("command", "cargo bench --bench load".to_owned()),
                ("measured", format!("{rounds}{quick}")),
                ("commit", commit()),
                ("program", program(options.as_built)),
                ("machine", machine()),
                ("nginx", nginx::version().unwrap_or_else(|| "not installed: there are no ratios".to_owned())),
                ("one flush to the disk", flush),
                ("raised for the load", bridge::RAISED.to_owned()),
                (
                    "switched on",
                    "log at info into a file, metrics, limits, ledger on the disk; nginx: access log into a file"
                        .to_owned(),
                ),
            ],
        }
    }

    /// For people.
    pub fn written(&self) -> String {
        let lines: Vec<_> = self.lines.iter().map(|(what, said)| format!("- {what}: {said}")).collect();
        lines.join("\n")
    }

    /// For programs.
    pub fn json(&self) -> Value {
        self.lines
            .iter()
            .map(|(what, said)| ((*what).to_owned(), json!(said)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }
}

fn program(as_built: bool) -> String {
    let manner = match (bridge::named(), as_built) {
        (Some(_), _) => "named by SMSBRIDGE_BIN",
        (None, true) => "as cargo bench built it along",
        (None, false) => "as built for a release",
    };
    format!("{}, {manner}", bridge::program().display())
}

/// The first line that a program prints.
fn said(program: &str, args: &[&str]) -> Option<String> {
    let folder = env!("CARGO_MANIFEST_DIR");
    let ended = Command::new(program).args(args).current_dir(folder).output().ok()?;
    let text = String::from_utf8(ended.stdout).ok().filter(|_| ended.status.success())?;
    Some(text.lines().next().unwrap_or_default().to_owned())
}

fn commit() -> String {
    let Some(commit) = said("git", &["rev-parse", "--short", "HEAD"]) else { return "unknown".to_owned() };
    let changed = said("git", &["status", "--porcelain"]).is_some_and(|line| !line.is_empty());
    if changed { format!("{commit}, with changes") } else { commit }
}

fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = said("uname", &["-sr"]).unwrap_or_default();
    let busy = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let busy = busy.split(' ').next().unwrap_or_default().to_owned();
    format!("{}, {cores} cores, {kernel}, load at the start {busy}", model.unwrap_or("unknown processor"))
}

/// How long a small write takes until it is on the disk: an order waits for two of them.
pub fn flush(folder: &Path) -> Option<Duration> {
    let mut file = File::create(folder.join("flush")).ok()?;
    let mut one = || {
        let begun = Instant::now();
        file.write_all(&[1; 4096]).ok()?;
        file.sync_data().ok()?;
        Some(begun.elapsed().as_secs_f64())
    };
    let times: Option<Vec<_>> = (0..FLUSHES).map(|_| one()).collect();
    Some(Duration::from_secs_f64(Summary::of(times?).median))
}
