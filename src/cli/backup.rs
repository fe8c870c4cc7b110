//! `smsbridge backup FILE`: copies the ledger, also while a server runs. Knows nothing of what is in it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::say::say;
use super::{Common, fail};
use crate::ledger::sqlite::backup::copy;

/// Its arguments.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The file that the copy becomes
    file: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
}

/// Copies it, and says what the copy holds.
pub(super) fn run(common: &Common, options: &Options) -> ExitCode {
    let config = match common.load() {
        Ok(config) => config,
        Err(code) => return code,
    };
    match copy(&config.ledger.url, &options.file, options.force) {
        Ok(copied) => {
            let file = options.file.display();
            say(&format!(
                "{file} is a checked copy of {}: {} activations, {} purchases in doubt",
                config.ledger.path().display(),
                copied.activations,
                copied.doubts
            ));
            ExitCode::SUCCESS
        }
        Err(error) => fail(&error.to_string()),
    }
}
