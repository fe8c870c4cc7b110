//! smsbridge under load, side by side with nginx as a proxy to the same stand-in upstream: `cargo bench --bench load`.
//! Prints tables, and writes the same into `load.json` in the target folder.

mod args;
mod bridge;
mod certificate;
mod comparison;
mod failure;
mod filled;
mod load;
mod machine;
mod nginx;
mod paths;
mod proc;
mod report;
mod rig;
mod say;
mod servers;
mod summary;
mod upstream;
mod wire;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use args::{Asked, Options, USAGE};
use failure::{Outcome, Trying};
use machine::Machine;
use paths::PARTS;
use report::Report;
use rig::Rig;

fn main() -> ExitCode {
    match Asked::read(std::env::args().skip(1)) {
        Asked::Measure(options) => measure(options).unwrap_or_else(|failure| {
            say::progress(&failure.to_string());
            ExitCode::FAILURE
        }),
        Asked::StandIn => upstream::run(),
        Asked::List => {
            PARTS.iter().for_each(|(name, _)| say::line(name));
            ExitCode::SUCCESS
        }
        Asked::Help => {
            say::line(USAGE);
            ExitCode::SUCCESS
        }
        Asked::Nothing => {
            say::line(&format!("nothing is measured in a run of tests; this is how it is done:\n\n{USAGE}"));
            ExitCode::SUCCESS
        }
        Asked::Wrong(what) => {
            say::progress(&format!("{what}\n\n{USAGE}"));
            ExitCode::from(2)
        }
    }
}

fn measure(options: Options) -> Outcome<ExitCode> {
    if !options.as_built {
        bridge::build()?;
    }
    let begun = Instant::now();
    let rig = Rig::start(options)?;
    let machine = Machine::seen(&rig.options, &rig.folder(""));
    say::line(&format!("# smsbridge under load\n\n{}", machine.written()));
    let mut report = Report::default();
    let mut code = ExitCode::SUCCESS;
    for (name, part) in PARTS.iter().filter(|(name, _)| rig.options.wants(name)) {
        if let Err(failure) = part(&rig, &mut report) {
            report.remark(format!("{name} could not be measured: {failure}"));
            code = ExitCode::FAILURE;
        }
    }
    report.print();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("load.json");
    let text = format!("{:#}\n", report.json(&machine.json()));
    fs::write(&file, text).trying(&format!("{} cannot be written", file.display()))?;
    say::line(&format!("\nThe same as JSON: {}; it took {} s.", file.display(), begun.elapsed().as_secs()));
    Ok(code)
}
