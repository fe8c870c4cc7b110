//! What smsbridge takes up when nothing is asked of it: memory, time to its first answer, size on the disk. All with an
//! empty ledger.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use super::from_memory::status;
use crate::bridge::{Bridge, Kind, Setup, program};
use crate::failure::{Failure, Outcome, Trying};
use crate::load::as_float;
use crate::proc::{megabytes, memory};
use crate::report::Report;
use crate::rig::Rig;
use crate::say;
use crate::summary::Summary;

/// What it is called.
pub const NAME: &str = "footprint";

/// How long it is left alone before its memory is looked at.
const REST: Duration = Duration::from_secs(1);

/// Longer than a start takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Measures it.
pub fn measure(rig: &Rig, report: &mut Report) -> Outcome<()> {
    say::progress(&format!("{NAME} …"));
    let mut times = Vec::new();
    let mut memories = Vec::new();
    for round in 0..rig.options.rounds {
        let folder = rig.folder(&format!("footprint{round}"));
        let upstream = rig.upstream.addr;
        let setup =
            Setup { folder: &folder, upstream, kind: Kind::VakSms, poll_interval: None, certificate: None };
        let begun = Instant::now();
        let bridge = Bridge::launch(&setup)?;
        first_answer(&bridge, begun)?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        sleep(REST);
        memories.push(megabytes(memory(bridge.pid()).now));
    }
    let (time, memory) = (Summary::of(times), Summary::of(memories));
    report.other("start to first answer", format!("{} ms", time.written(1)), time.json());
    report.other("memory, idle", format!("{} MB", memory.written(1)), memory.json());
    report.figure("start to first answer, empty ledger", 50.0, "ms", Some(time.median));
    report.figure("resident memory, idle", 15.0, "MB", Some(memory.median));
    let file = program();
    let bytes = fs::metadata(&file).trying(&format!("{} cannot be seen", file.display()))?.len();
    let size = as_float(bytes) / 1e6;
    report.other("size of the program", format!("{size:.1} MB"), json!(size));
    report.figure("release binary", 20.0, "MB", Some(size));
    Ok(())
}

/// Waits for the first answer of a server that was started at `begun`.
pub fn first_answer(bridge: &Bridge, begun: Instant) -> Outcome<()> {
    loop {
        match bridge.ask(&status("1")) {
            Ok(said) if said == "NO_ACTIVATION" => return Ok(()),
            Ok(said) => return Err(Failure::Answer(format!("the first answer is {said:?}"))),
            Err(failure) if begun.elapsed() > PATIENCE => return Err(failure),
            Err(_) => sleep(Duration::from_micros(200)),
        }
    }
}
