//! Printing for people: what goes to standard output and standard error. A reader that went away is no
//! failure. Knows no subcommand.

use std::io::{self, Write};

/// Prints a text and a line end.
pub fn say(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Prints what is wrong.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
