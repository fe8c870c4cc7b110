//! `smsbridge redirect`: everything that makes software with a legacy address compiled in come here, switched on,
//! switched off, or looked at. Knows the order of the parts, and nothing of how each is done.

mod account;
mod authority;
mod names;
mod off;
mod on;
mod sights;
mod status;
mod trust;

use std::process::ExitCode;

use clap::Subcommand;

use super::Common;

/// What is to be done.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum Job {
    /// Make the local CA, have this system trust it, lead the legacy names here, and see whether it works
    On,
    /// Undo all of that
    Off,
    /// Print how each part stands; the exit code says whether it works
    Status,
}

/// The command that needs somebody with rights, where one part does.
const ON: &str = "smsbridge redirect on";
const OFF: &str = "smsbridge redirect off";

/// Does it.
pub(super) async fn run(common: Common, job: Job) -> ExitCode {
    match job {
        Job::On => on::run(&common).await,
        Job::Off => off::run(&common),
        Job::Status => status::run(&common).await,
    }
}
