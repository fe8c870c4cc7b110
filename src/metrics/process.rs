//! This process: when it began, how much memory it has, how many files it has open. What the system does not say
//! is left out. Knows nothing of the program.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

#[derive(Debug)]
struct Process {
    /// Seconds since 1970; `None` on a machine whose clock is before that.
    started: Option<f64>,
}

/// Registers the names that every program's dashboards use.
pub(super) fn register(registry: &mut Registry) {
    let started = SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs_f64());
    registry.register_collector(Box::new(Process { started }));
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let start = "When the process began, in seconds since 1970";
        gauge(&mut encoder, "process_start_time_seconds", start, self.started)?;
        let memory = "Memory that the process has, in bytes";
        gauge(&mut encoder, "process_resident_memory_bytes", memory, resident_bytes())?;
        gauge(&mut encoder, "process_open_fds", "Files and sockets that the process has open", open_files())
    }
}

fn gauge(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    value: Option<f64>,
) -> Result<(), fmt::Error> {
    let Some(value) = value else { return Ok(()) };
    let gauge = ConstGauge::new(value);
    gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)
}

/// `VmRSS` of `/proc/self/status`, which Linux alone has; in kB, as `proc(5)` says.
fn resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u32 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(f64::from(kilobytes) * 1024.0)
}

fn open_files() -> Option<f64> {
    let count = std::fs::read_dir("/proc/self/fd").ok()?.count();
    // The folder itself is open while it is read.
    Some(f64::from(u32::try_from(count).ok()?.saturating_sub(1)))
}
