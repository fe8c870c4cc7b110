//! `getStatus` of numbers that wait, where every request makes a call: VAK-SMS's JSON is asked for and turned into the
//! dialect's text. With the default `poll_interval` most of them would be answered from memory, so it is 0 here.

use super::from_memory::{NUMBERS, proxied, status};
use crate::bridge::Kind;
use crate::comparison::{Rates, compare};
use crate::failure::{Failure, Outcome};
use crate::report::Report;
use crate::rig::Rig;
use crate::upstream::Behaviour;

/// What it is called.
pub const NAME: &str = "getStatus translated";

/// A right answer.
pub const BEGINS: &[u8] = b"STATUS_WAIT_CODE";

/// Measures it.
pub fn measure(rig: &Rig, report: &mut Report) -> Outcome<()> {
    let ratio = through(rig, report, NAME, "translated", Kind::VakSms)?;
    report.figure(
        "translated getStatus that does call upstream, CPU over nginx's, at full speed",
        2.4,
        "×",
        ratio,
    );
    Ok(())
}

/// Measures it through an upstream of this kind, and gives the ratio of processor times.
pub fn through(
    rig: &Rig,
    report: &mut Report,
    path: &'static str,
    folder: &str,
    kind: Kind,
) -> Outcome<Option<f64>> {
    let bridge = rig.bridge(folder, kind, Some("0s"))?;
    let ids = bridge.order(Behaviour::Waits, NUMBERS)?;
    let requests = ids.iter().map(|id| bridge.request(&status(id))).collect();
    let mut sides = vec![Rig::bridge_side(&bridge, requests, BEGINS)];
    sides.extend(proxied(rig, Behaviour::Waits, BEGINS));
    let compared = compare(rig, path, &sides, Rates::Shares)?;
    let calls = compared.sides[0].full.of(|turn| turn.calls).low;
    if calls < 0.999 {
        return Err(Failure::Answer(format!("{path}: only {calls} calls to the upstream a request")));
    }
    let ratio = compared.cpu_ratio().map(|ratio| ratio.median);
    report.path(compared);
    Ok(ratio)
}
