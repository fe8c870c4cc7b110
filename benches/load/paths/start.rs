//! How long smsbridge takes to its first answer with many purchases in its ledger.

use std::time::Instant;

use super::footprint::first_answer;
use crate::failure::Outcome;
use crate::filled::Rows;
use crate::report::Report;
use crate::rig::Rig;
use crate::say;
use crate::summary::Summary;

/// What it is called.
pub const NAME: &str = "start";

/// How many purchases there are.
const ENDED: u32 = 1_000_000;

/// How many numbers are open, in another ledger.
const OPEN: u32 = 100_000;

/// Measures it.
pub fn measure(rig: &Rig, report: &mut Report) -> Outcome<()> {
    say::progress(&format!("{NAME} …"));
    let ended = times(rig, "start_ended", Rows { open: 0, ended: ENDED })?;
    let open = times(rig, "start_open", Rows { open: OPEN, ended: 0 })?;
    report.other("start to first answer, 1,000,000 rows", format!("{} ms", ended.written(1)), ended.json());
    report.other(
        "start to first answer, 100,000 open numbers",
        format!("{} ms", open.written(1)),
        open.json(),
    );
    report.figure("start to first answer, 1,000,000 historic rows", 500.0, "ms", Some(ended.median));
    Ok(())
}

fn times(rig: &Rig, name: &str, rows: Rows) -> Outcome<Summary> {
    drop(rig.filled(name, rows)?);
    let mut times = Vec::new();
    for _ in 0..rig.options.rounds {
        let begun = Instant::now();
        let bridge = rig.relaunched(name)?;
        first_answer(&bridge, begun)?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(Summary::of(times))
}
