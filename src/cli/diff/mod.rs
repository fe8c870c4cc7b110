//! `smsbridge diff`: a second opinion. Asks two APIs of one account the same questions, and prints where
//! their answers differ once both are in the dialect. It never buys: it has no ledger to write a purchase
//! to. Knows no kind of provider.

mod compare;
mod report;
mod side;

use std::process::ExitCode;

use clap::Args;

use super::Common;
use super::say::{complain, say};
use crate::config::{Config, ProviderConfig};
use report::Report;
use side::Side;

/// The answers differ.
const DIFFERENT: u8 = 1;
/// There is no answer to a question, or to any.
const UNANSWERED: u8 = 2;

/// What is compared.
#[derive(Debug, Args)]
pub struct Options {
    /// The provider, by its name in the configuration; the first one unless it is said
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// What it is compared with, by its name; the other API of the same service unless it is said
    #[arg(long, value_name = "NAME")]
    with: Option<String>,
    /// Whose prices and stock are compared, by sms-activate's number; may be given several times
    #[arg(long, value_name = "NUMBER", default_value = "0")]
    country: Vec<u16>,
    /// An activation whose state is compared, by the provider's own id
    #[arg(long, value_name = "ID")]
    id: Option<String>,
}

/// Asks both sides and prints what differs.
pub async fn run(common: Common, options: Options) -> ExitCode {
    let config = match common.load() {
        Ok(config) => config,
        Err(_) => return ExitCode::from(UNANSWERED),
    };
    let sides = match pair(&config, &options) {
        Ok((left, right)) => {
            (Side::start(&left, &config.dialect).await, Side::start(&right, &config.dialect).await)
        }
        Err(error) => return unanswered(&error),
    };
    match sides {
        (Ok(left), Ok(right)) => compared(&left, &right, &options).await,
        (Err(error), _) | (_, Err(error)) => unanswered(&error),
    }
}

/// Says why nothing could be asked: not the same as that something differs.
fn unanswered(error: &str) -> ExitCode {
    complain(error);
    ExitCode::from(UNANSWERED)
}

async fn compared(left: &Side, right: &Side, options: &Options) -> ExitCode {
    let mut report = Report::between(left, right);
    for question in side::questions(&options.country, options.id.as_deref()) {
        // One after the other, so that stock has little time to move between them.
        let answers = (left.answer(&question).await, right.answer(&question).await);
        report.add(&question, answers);
    }
    say(&report.text());
    match (report.has_gaps(), report.has_differences()) {
        (true, _) => ExitCode::from(UNANSWERED),
        (_, true) => ExitCode::from(DIFFERENT),
        _ => ExitCode::SUCCESS,
    }
}

/// The two that are compared.
fn pair(config: &Config, options: &Options) -> Result<(ProviderConfig, ProviderConfig), String> {
    let named = |name: &str| {
        let found = config.providers.iter().find(|provider| provider.name == name).cloned();
        let names: Vec<_> = config.providers.iter().map(|provider| provider.name.as_str()).collect();
        found.ok_or_else(|| format!("there is no [provider.{name}]; there are {}", names.join(", ")))
    };
    let left = match (&options.provider, config.providers.first()) {
        (Some(name), _) => named(name)?,
        (None, Some(first)) => first.clone(),
        (None, None) => return Err("no provider is configured".to_owned()),
    };
    let right = match &options.with {
        Some(name) => named(name)?,
        None => left.counterpart().ok_or_else(|| {
            let (name, kind) = (&left.name, left.spec.kind);
            format!("[provider.{name}] is of kind \"{kind}\", which has one API only; name another provider by --with")
        })?,
    };
    Ok((left, right))
}
