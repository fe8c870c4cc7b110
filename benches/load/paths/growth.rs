//! How the cost of a poll, of an order and of a history grows with the numbers that are open and with the ledger.

use serde_json::json;

use super::from_memory::{BEGINS, status};
use crate::bridge::{Bridge, order};
use crate::comparison::{Side, Turns, turn_of};
use crate::failure::Outcome;
use crate::filled::Rows;
use crate::load::{Questions, Speed, Target};
use crate::report::Report;
use crate::rig::Rig;
use crate::say;
use crate::summary::Summary;
use crate::upstream::Behaviour;

/// What it is called.
pub const NAME: &str = "growth";

/// By how much the requests per second may differ from those with the least.
const MOST: f64 = 10.0;

/// How many numbers are asked about in turn, where there are so many.
const ASKED: u32 = 512;

/// What grows, and how far.
const OPEN: [(&str, Rows); 4] = [
    ("1 open", Rows { open: 1, ended: 0 }),
    ("100 open", Rows { open: 100, ended: 0 }),
    ("10,000 open", Rows { open: 10_000, ended: 0 }),
    ("100,000 open", Rows { open: 100_000, ended: 0 }),
];
const ENDED: [(&str, Rows); 3] = [
    ("1,000 rows", Rows { open: 1, ended: 1000 }),
    ("30,000 rows", Rows { open: 1, ended: 30_000 }),
    ("1,000,000 rows", Rows { open: 1, ended: 1_000_000 }),
];

/// Measures it.
pub fn measure(rig: &Rig, report: &mut Report) -> Outcome<()> {
    say::progress(&format!("{NAME} …"));
    let open = servers(rig, &OPEN)?;
    curve(rig, report, "getStatus", &open, |one| (one.polls(), BEGINS))?;
    drop(open);
    let ended = servers(rig, &ENDED)?;
    curve(rig, report, "getStatus", &ended, |one| (one.polls(), BEGINS))?;
    curve(rig, report, "getHistory", &ended, |one| (vec![one.bridge.request("getHistory")], b"[{"))?;
    let order = order(Behaviour::AtOnce);
    curve(rig, report, "getNumber", &ended, |one| (vec![one.bridge.request(&order)], b"ACCESS_NUMBER:"))
}

/// A server with so much in its ledger.
struct Grown {
    name: &'static str,
    open: u32,
    before: i64,
    bridge: Bridge,
}

fn servers(rig: &Rig, sizes: &[(&'static str, Rows)]) -> Outcome<Vec<Grown>> {
    let one = |(name, rows): &(&'static str, Rows)| {
        let (bridge, before) = rig.filled(&format!("growth {name}"), *rows)?;
        Ok(Grown { name, open: rows.open, before, bridge })
    };
    sizes.iter().map(one).collect()
}

impl Grown {
    fn polls(&self) -> Vec<Vec<u8>> {
        let step = (self.open / ASKED).max(1) as usize;
        let ids = (1..=self.open).step_by(step).map(|nth| self.before + i64::from(nth));
        ids.map(|id| self.bridge.request(&status(&id.to_string()))).collect()
    }
}

/// Asks all of them in turns, and tells of each how many requests a second it answers beside the first.
fn curve(
    rig: &Rig,
    report: &mut Report,
    what: &str,
    all: &[Grown],
    asked: impl Fn(&Grown) -> (Vec<Vec<u8>>, &'static [u8]),
) -> Outcome<()> {
    let side = |one: &Grown| {
        let (requests, begins) = asked(one);
        let target = Target { addr: one.bridge.addr, tls: None };
        Side { name: one.name, target, pid: one.bridge.pid(), questions: Questions { requests, begins } }
    };
    let sides: Vec<_> = all.iter().map(side).collect();
    let mut seen: Vec<Turns> = vec![Turns::default(); sides.len()];
    for round in 0..=rig.options.rounds {
        for (side, turns) in sides.iter().zip(&mut seen) {
            let turn = turn_of(rig, side, Speed::Full, rig.options.turn)?;
            // The first round warms up.
            if round > 0 {
                turns.0.push(turn);
            }
        }
    }
    let rates: Vec<_> = seen.iter().map(|turns| turns.each(|turn| turn.rate)).collect();
    for (side, turns) in sides.iter().zip(&seen) {
        let (rate, cpu) = (turns.of(|turn| turn.rate), turns.of(|turn| turn.cpu));
        let beside = Summary::of_ratios(&turns.each(|turn| turn.rate), &rates[0]);
        let text = format!("{}/s, {} µs CPU, × {}", rate.written(0), cpu.written(1), beside.written(2));
        let value = json!({ "rate": rate.json(), "cpu": cpu.json(), "beside the first": beside.json() });
        report.other(format!("{what}, {}", side.name), text, value);
    }
    let last = sides.len() - 1;
    let beside = Summary::of_ratios(&rates[last], &rates[0]);
    let less = 100.0 * (1.0 - beside.median);
    report.figure(format!("{what}, slower with {}", sides[last].name), MOST, "%", Some(less));
    Ok(())
}
