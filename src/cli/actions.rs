//! `smsbridge actions`: prints the matrix of actions and providers. Knows nothing of what is in it.

use std::process::ExitCode;

use clap::Args;

use super::say::say;
use crate::dialect::matrix;

/// How the matrix is printed; as aligned text by default.
#[derive(Debug, Args)]
pub struct Form {
    /// As a Markdown table
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Prints it.
pub fn run(form: &Form) -> ExitCode {
    say(&match form {
        Form { markdown: true, .. } => matrix::markdown(),
        Form { json: true, .. } => matrix::json(),
        _ => matrix::text(),
    });
    ExitCode::SUCCESS
}
