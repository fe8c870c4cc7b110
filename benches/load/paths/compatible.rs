//! `getStatus` of numbers that wait, through an upstream that speaks the dialect itself: one call a request, and hardly
//! anything to translate. This is what nginx does too.

use super::translated::through;
use crate::bridge::Kind;
use crate::failure::Outcome;
use crate::report::Report;
use crate::rig::Rig;

/// What it is called.
pub const NAME: &str = "getStatus compatible";

/// Measures it.
pub fn measure(rig: &Rig, report: &mut Report) -> Outcome<()> {
    through(rig, report, NAME, "compatible", Kind::Compatible).map(|_| ())
}
