//! What the system tells of a process: the processor time of all its threads, its resident memory, its
//! instructions. Linux only; elsewhere it tells nothing. Knows no process in particular.

use std::collections::HashMap;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A tick of `/proc/PID/stat`, on every Linux that there is.
pub const TICK: Duration = Duration::from_millis(10);

/// The processor time of a process at a moment.
#[derive(Debug, Clone, Default)]
pub struct Spent {
    /// By thread, in nanoseconds, where the system tells it so finely.
    pub threads: HashMap<String, u64>,
    /// `utime` and `stime` of the whole process, those of ended threads too.
    pub whole: Duration,
}

/// What a process has spent so far.
pub fn spent(pid: u32) -> Spent {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let threads = tasks.filter_map(|task| {
        let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
        Some((task.file_name().to_string_lossy().into_owned(), text.split(' ').next()?.parse().ok()?))
    });
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    Spent { threads: threads.collect(), whole: times(&stat).unwrap_or_default() }
}

impl Spent {
    /// What was spent since `before`: to the nanosecond where that is told of each thread, else in ticks.
    pub fn since(&self, before: &Self) -> Duration {
        let nanos: u64 = self
            .threads
            .iter()
            .map(|(thread, now)| now.saturating_sub(before.threads.get(thread).copied().unwrap_or(0)))
            .sum();
        if nanos > 0 { Duration::from_nanos(nanos) } else { self.whole.saturating_sub(before.whole) }
    }
}

/// `utime` and `stime`, the 14th and 15th field; the second may hold blanks.
pub fn times(stat: &str) -> Option<Duration> {
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<u32>().ok();
    Some(TICK * (ticks(11)? + ticks(12)?))
}

/// The resident memory in KiB: now, and at most so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Memory {
    /// `VmRSS`.
    pub now: u64,
    /// `VmHWM`.
    pub peak: u64,
}

/// What a process has in memory.
pub fn memory(pid: u32) -> Memory {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    Memory { now: kib(&status, "VmRSS:"), peak: kib(&status, "VmHWM:") }
}

pub fn kib(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// KiB in MB, of 1,000,000 bytes each.
pub fn megabytes(kib: u64) -> f64 {
    super::load::as_float(kib) * 1024.0 / 1e6
}

/// Counts a process's instructions in user mode by `perf`, where that is there and may.
pub struct Instructions(Child);

impl Instructions {
    /// Counts from now on, for so long.
    pub fn of(pid: u32, turn: Duration) -> Option<Self> {
        let mut command = Command::new("perf");
        command.args(["stat", "-x,", "-e", "instructions:u", "-p", &pid.to_string(), "--", "sleep"]);
        command.arg(turn.as_secs_f64().to_string());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).env("LC_ALL", "C");
        command.spawn().ok().map(Self)
    }

    /// Waits for the end of that time.
    pub fn counted(self) -> Option<u64> {
        let ended = self.0.wait_with_output().ok()?;
        counted_in(&String::from_utf8_lossy(&ended.stderr))
    }
}

/// `4711,,instructions:u,…`; other text where nothing may be counted.
pub fn counted_in(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.contains("instructions"))?;
    line.split(',').next()?.parse().ok()
}
