//! What standing between client and upstream adds to the slowest answers: p99 at 2,000 requests a second, less that of
//! the stand-in itself in the same round.

use serde_json::json;

use super::from_memory::{BEGINS as CAME, NUMBERS, proxied, questions, received, status};
use super::translated::BEGINS as WAITS;
use crate::bridge::Kind;
use crate::comparison::{Side, Turns, turn_of};
use crate::failure::Outcome;
use crate::load::Speed;
use crate::report::Report;
use crate::rig::Rig;
use crate::say;
use crate::summary::Summary;
use crate::upstream::Behaviour;

/// What it is called.
pub const NAME: &str = "added p99";

/// Requests a second.
const RATE: f64 = 2000.0;

/// What may be added, in milliseconds.
const AT_MOST: f64 = 1.0;

/// A p99 needs more requests than a median, so a turn lasts so many times as long.
const LONGER: u32 = 2;

/// Measures it.
pub fn measure(rig: &Rig, report: &mut Report) -> Outcome<()> {
    say::progress(&format!("{NAME} …"));
    let memory = rig.bridge("added_memory", Kind::VakSms, None)?;
    let translated = rig.bridge("added_translated", Kind::VakSms, Some("0s"))?;
    let came = received(&memory)?.iter().map(|id| memory.request(&status(id))).collect();
    let waiting = translated.order(Behaviour::Waits, NUMBERS)?;
    let waiting = waiting.iter().map(|id| translated.request(&status(id))).collect();
    let direct = rig.direct_side(WAITS, |addr| questions(addr, Behaviour::Waits));
    let mut between = vec![
        ("getStatus from memory", Rig::bridge_side(&memory, came, CAME)),
        ("getStatus translated", Rig::bridge_side(&translated, waiting, WAITS)),
    ];
    between.extend(proxied(rig, Behaviour::Waits, WAITS).map(|side| ("getStatus by nginx", side)));
    let (direct, between) = in_turns(rig, &direct, &between)?;
    tell(report, "the stand-in itself", &direct);
    for (what, turns) in between {
        tell(report, what, &turns);
        let added = Summary::of_differences(&turns.each(|turn| turn.p99), &direct.each(|turn| turn.p99));
        let ms = added.median / 1000.0;
        if what.ends_with("nginx") {
            report.other(format!("added p99 at 2,000/s, {what}"), format!("{ms:.2} ms"), json!(ms));
        } else {
            report.figure(format!("added p99 at 2,000/s, {what}"), AT_MOST, "ms", Some(ms));
        }
    }
    Ok(())
}

type Named<T> = Vec<(&'static str, T)>;

fn in_turns(rig: &Rig, direct: &Side, between: &Named<Side>) -> Outcome<(Turns, Named<Turns>)> {
    let length = rig.options.turn * LONGER;
    let one = |side| turn_of(rig, side, Speed::Rate(RATE), length);
    let mut own = Turns::default();
    let mut others: Named<Turns> = between.iter().map(|(what, _)| (*what, Turns::default())).collect();
    // The first round warms up.
    for round in 0..=rig.options.rounds {
        let turn = one(direct)?;
        own.0.extend((round > 0).then_some(turn));
        for ((_, side), (_, turns)) in between.iter().zip(&mut others) {
            let turn = one(side)?;
            turns.0.extend((round > 0).then_some(turn));
        }
    }
    Ok((own, others))
}

fn tell(report: &mut Report, what: &str, turns: &Turns) {
    let (p50, p99) = (turns.of(|turn| turn.p50), turns.of(|turn| turn.p99));
    let written = format!("p50 {}, p99 {} µs", p50.written(0), p99.written(0));
    report.other(
        format!("at 2,000/s, {what}"),
        written,
        json!({ "p50_us": p50.json(), "p99_us": p99.json() }),
    );
}
