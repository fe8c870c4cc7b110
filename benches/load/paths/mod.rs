//! The parts of the report: a file each.

mod added;
mod compatible;
mod footprint;
mod from_memory;
mod growth;
mod memory;
mod mix;
mod orders;
mod over_tls;
mod prices;
mod start;
mod translated;

use super::failure::Outcome;
use super::report::Report;
use super::rig::Rig;

/// A part: its name, and what measures it.
pub type Part = (&'static str, fn(&Rig, &mut Report) -> Outcome<()>);

/// All parts, in the order of the report.
pub const PARTS: &[Part] = &[
    (from_memory::NAME, from_memory::measure),
    (translated::NAME, translated::measure),
    (compatible::NAME, compatible::measure),
    (prices::PLAIN, prices::plain),
    (prices::GZIP, prices::gzip),
    (orders::NAME, orders::measure),
    (over_tls::NAME, over_tls::measure),
    (mix::NAME, mix::measure),
    (added::NAME, added::measure),
    (footprint::NAME, footprint::measure),
    (memory::NAME, memory::measure),
    (start::NAME, start::measure),
    (growth::NAME, growth::measure),
];
