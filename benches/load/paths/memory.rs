//! What smsbridge has in memory with 100,000 open numbers and 1,000 idle connections, and whether that grows with the
//! requests it has answered.

use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use super::from_memory::{BEGINS, status};
use crate::bridge::Bridge;
use crate::comparison::turn_of;
use crate::failure::{Failure, Outcome};
use crate::filled::Rows;
use crate::load::{Speed, as_float};
use crate::proc::{megabytes, memory};
use crate::report::Report;
use crate::rig::Rig;
use crate::say;
use crate::wire::Connection;

/// What it is called.
pub const NAME: &str = "many open";

/// How many numbers are open.
const OPEN: u32 = 100_000;

/// How many connections are idle, each after an answer.
const IDLE: usize = 1000;

/// Over how many requests memory is not to grow.
const REQUESTS: u64 = 1_000_000;

/// How long it is left alone before its memory is looked at.
const REST: Duration = Duration::from_secs(2);

/// Measures it.
pub fn measure(rig: &Rig, report: &mut Report) -> Outcome<()> {
    say::progress(&format!("{NAME} …"));
    let (bridge, before) = rig.filled("memory", Rows { open: OPEN, ended: 0 })?;
    sleep(REST);
    let open = megabytes(memory(bridge.pid()).now);
    let id = |nth: u32| (before + i64::from(nth % OPEN) + 1).to_string();
    let mut idle = Vec::new();
    for nth in (0..).step_by(97).take(IDLE) {
        let mut connection = Connection::open(bridge.addr, None)?;
        let said = connection.text(&bridge.request(&status(&id(nth))))?;
        if !said.starts_with("STATUS_OK:") {
            return Err(Failure::Answer(format!("a number that is open is answered {said:?}")));
        }
        idle.push(connection);
    }
    sleep(REST);
    let with_idle = megabytes(memory(bridge.pid()).now);
    report.other("memory, 100,000 open numbers", format!("{open:.1} MB"), json!(open));
    report.figure("resident memory, 100,000 open, 1,000 idle connections", 50.0, "MB", Some(with_idle));
    drift(rig, report, &bridge, (0..OPEN).step_by(499).map(id).collect())?;
    drop(idle);
    Ok(())
}

/// How much it grows while it answers.
fn drift(rig: &Rig, report: &mut Report, bridge: &Bridge, ids: Vec<String>) -> Outcome<()> {
    let requests = ids.iter().map(|id| bridge.request(&status(id))).collect();
    let side = Rig::bridge_side(bridge, requests, BEGINS);
    // What is made once and kept is made by the first turn.
    let rate = turn_of(rig, &side, Speed::Full, rig.options.turn)?.rate.max(1.0);
    let wanted = if rig.options.quick { REQUESTS / 100 } else { REQUESTS };
    sleep(REST);
    let before = megabytes(memory(bridge.pid()).now);
    turn_of(rig, &side, Speed::Full, Duration::from_secs_f64(as_float(wanted) / rate))?;
    sleep(REST);
    let grown = megabytes(memory(bridge.pid()).now) - before;
    report.other(
        format!("memory, grown over about {wanted} requests"),
        format!("{grown:.2} MB"),
        json!(grown),
    );
    report.figure(
        "drift of memory over 1,000,000 requests",
        1.0,
        "MB",
        Some(grown).filter(|_| !rig.options.quick),
    );
    Ok(())
}
