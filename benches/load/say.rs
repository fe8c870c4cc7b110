//! Printing for people. A reader that went away is no failure. Knows nothing of what is printed.

use std::io::{Write, stderr, stdout};

/// Prints a line of the report.
pub fn line(text: &str) {
    let mut out = stdout().lock();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// Prints what is going on, beside the report.
pub fn progress(text: &str) {
    let _ = writeln!(stderr().lock(), "{text}");
}
