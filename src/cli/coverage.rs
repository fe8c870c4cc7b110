//! `smsbridge coverage [KIND]`: prints what of the catalog a kind of provider maps, or how much each
//! does. Knows no kind.

use std::process::ExitCode;

use super::fail;
use super::say::say;
use crate::catalog::{Catalog, Coverage};
use crate::provider::{self, PROVIDERS, Spec};

/// Prints the report of one kind, or without one a line for each.
pub fn run(kind: Option<&str>) -> ExitCode {
    let Some(kind) = kind else {
        say(&table());
        return ExitCode::SUCCESS;
    };
    let Some(spec) = provider::spec(kind) else {
        let kinds: Vec<_> = PROVIDERS.iter().map(|spec| spec.kind).collect();
        return fail(&format!("there is no kind {kind:?} of provider; there are {}", kinds.join(", ")));
    };
    say(&coverage(spec).to_string());
    ExitCode::SUCCESS
}

fn coverage(spec: &Spec) -> Coverage<'static> {
    let catalog = Catalog::builtin();
    Coverage::of(catalog, &spec.codes())
}

/// Kinds below each other, what of services, countries and operators they map beside each other.
fn table() -> String {
    let width = PROVIDERS.iter().map(|spec| spec.kind.len()).max().unwrap_or_default();
    let head = format!("{:width$}  {:>12}  {:>12}  {:>12}", "", "services", "countries", "operators");
    let line = |spec: &&Spec| {
        let Coverage { services, countries, operators, .. } = coverage(spec);
        let [services, countries, operators] =
            [services, countries, operators].map(|(mapped, total)| format!("{mapped} of {total}"));
        format!("{:width$}  {services:>12}  {countries:>12}  {operators:>12}", spec.kind)
    };
    let lines: Vec<_> = [head].into_iter().chain(PROVIDERS.iter().map(line)).collect();
    lines.join("\n")
}
