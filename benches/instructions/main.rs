//! `cargo bench --bench instructions`: how many instructions this program takes for a request, and for the parts of
//! one that every request has, counted by valgrind and held against the values that are stored beside this.
//!
//! The program starts itself under valgrind, which counts in [`counted`] and nowhere else. Unlike times, instructions
//! are the same on a busy machine and an idle one, but not with another compiler or C library; and they say nothing of
//! memory, nor of what the system does for a call. Only the thread is counted that answers: not the ledger's, which
//! writes, nor a client's.

mod bridge;
mod connection;
mod counted;
mod decoders;
mod functions;
mod requests;
mod stored;
mod table;
mod valgrind;

use std::error::Error;
use std::process::ExitCode;

use counted::Counter;
use stored::Stored;

/// What anything here may fail with.
type Done<T = ()> = Result<T, Box<dyn Error>>;

/// The argument with which this program is started under valgrind.
const COUNT: &str = "--count";

const HELP: &str =
    "counts instructions, as cargo bench --bench instructions [-- [--store] [--only PART-OF-A-NAME]]";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let is_given = |name: &str| args.iter().any(|arg| arg == name);
    let only = args.iter().position(|arg| arg == "--only").and_then(|at| args.get(at + 1));
    let only = only.map_or("", String::as_str);
    let done = if is_given(COUNT) {
        everything(&Counter::of(only)).map(|()| true)
    } else if is_given("--bench") {
        compare(only, is_given("--store"))
    } else {
        // Cargo's way to try whether a bench runs at all.
        say(HELP);
        Ok(true)
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("instructions: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Everything that is counted.
fn everything(counter: &Counter) -> Done {
    functions::count(counter)?;
    decoders::count(counter)?;
    requests::count(counter)?;
    connection::count(counter)
}

/// Counts, prints, and says whether nothing has become dearer; or stores the values.
fn compare(only: &str, store: bool) -> Done<bool> {
    if !valgrind::is_there() {
        say("instructions: not counted, since there is no valgrind (Debian: apt-get install valgrind)");
        return Ok(true);
    }
    let now = valgrind::count(COUNT, only)?;
    let stored = Stored::read()?;
    say(&table::of(&now, &stored, only.is_empty()));
    if store {
        return stored.with(&now, only.is_empty()).write().map(|()| true);
    }
    let verdict = stored.judge(&now, only.is_empty());
    say(&verdict.text);
    Ok(verdict.good)
}

fn say(text: &str) {
    use std::io::Write;
    // A reader that went away is no failure.
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
