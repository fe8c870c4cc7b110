//! `getNumber`: each order is written down durably before the upstream is asked, and its result before the client is
//! answered. nginx passes the order on and writes nothing down; the stand-in itself shows the upstream's own time.

use serde_json::json;

use crate::bridge::{Kind, order, request};
use crate::comparison::{BRIDGE, Compared, DIRECT, Rates, Turn, compare};
use crate::failure::Outcome;
use crate::machine::flush;
use crate::report::Report;
use crate::rig::Rig;
use crate::summary::Summary;
use crate::upstream::Behaviour;

/// What it is called.
pub const NAME: &str = "getNumber";

/// A right answer.
const BEGINS: &[u8] = b"ACCESS_NUMBER:";

/// Orders a second; a share of what nginx passes on would be thousands, which nobody orders.
const RATES: [f64; 2] = [100.0, 200.0];

/// Measures it.
pub fn measure(rig: &Rig, report: &mut Report) -> Outcome<()> {
    let bridge = rig.bridge("orders", Kind::VakSms, None)?;
    let action = order(Behaviour::Waits);
    let mut sides = vec![Rig::bridge_side(&bridge, vec![bridge.request(&action)], BEGINS)];
    sides.extend(rig.nginx_side(BEGINS, |addr| vec![request(addr, &action, "")]));
    sides.push(rig.direct_side(BEGINS, |addr| vec![request(addr, &action, "")]));
    let before = flush(&rig.folder(""));
    let compared = compare(rig, NAME, &sides, Rates::Fixed(RATES))?;
    let over = over_upstream(&compared, |turn| turn.p50);
    report.figure("getNumber over the upstream's own time at 200/s, median", 1.5, "ms", over);
    let p99 = compared.side(BRIDGE).map(|seen| seen.paced[1].of(|turn| turn.p99).median / 1000.0);
    report.figure("getNumber at 200/s, p99", 10.0, "ms", p99);
    let flushes =
        [before, flush(&rig.folder(""))].map(|time| time.unwrap_or_default().as_secs_f64() * 1000.0);
    let written = format!("{:.1} ms before, {:.1} ms after", flushes[0], flushes[1]);
    report.other("one flush to the disk, of which an order waits for two", written, json!(flushes));
    report.path(compared);
    Ok(())
}

/// A time at 200 orders a second less that of the stand-in itself, in milliseconds.
fn over_upstream(compared: &Compared, value: fn(&Turn) -> f64) -> Option<f64> {
    let at_200 = |name| compared.side(name).map(|seen| seen.paced[1].each(value));
    Some(Summary::of_differences(&at_200(BRIDGE)?, &at_200(DIRECT)?).median / 1000.0)
}
