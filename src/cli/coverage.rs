//! `smsbridge coverage KIND`: prints what of the catalog a kind of provider maps. Knows no kind.

use std::process::ExitCode;

use super::fail;
use super::say::say;
use crate::catalog::{Catalog, Coverage};
use crate::provider::{self, PROVIDERS};

/// Prints it.
pub fn run(kind: &str) -> ExitCode {
    let Some(spec) = provider::spec(kind) else {
        let kinds: Vec<_> = PROVIDERS.iter().map(|spec| spec.kind).collect();
        return fail(&format!("there is no kind {kind:?} of provider; there are {}", kinds.join(", ")));
    };
    let catalog = Catalog::builtin();
    say(&Coverage::of(catalog, &(spec.mapping)(catalog)).to_string());
    ExitCode::SUCCESS
}
