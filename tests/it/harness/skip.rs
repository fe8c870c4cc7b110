//! What cannot be tried on this machine is passed over, and never without a word.

use std::io::Write;

/// Says, whatever becomes of the test's own output, that something is passed over, and why.
pub fn skip(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}
