//! `smsbridge ca`: makes the local CA, puts it into trust stores and out of them, hands out its certificate, and prints
//! what runtimes with a store of their own need. Knows nothing of how any of this is done.

mod env;
mod export;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use super::say::{complain, say};
use super::{Common, fail};
use crate::ca::stores::{self, Line, Machine};
use crate::ca::{Authority, Certificate, Made, bundle};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(super) enum Job {
    /// Make the local CA, which can sign for the names in [redirect] and for nothing else
    Init {
        /// Make another one in place of the one that is there, as for names that were added; it has to be installed
        #[arg(long)]
        renew: bool,
    },
    /// Have this machine's trust stores trust it
    Install,
    /// Take it out of them again
    Uninstall,
    /// Write its certificate, and never its key
    Export {
        /// In which form
        #[arg(long, value_enum, default_value = "pem")]
        format: export::Format,
        /// Into this file instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Print the environment that runtimes with a trust store of their own need
    Env {
        /// For which shell
        #[arg(long, value_enum, default_value = env::USUAL)]
        shell: env::Shell,
    },
}

/// Does it.
pub(super) fn run(common: &Common, job: &Job) -> ExitCode {
    // No configuration is needed for this, so a wrong one is no hindrance.
    if matches!(job, Job::Uninstall) {
        return told(&stores::uninstall(&Machine::this()));
    }
    let config = match common.load() {
        Ok(config) => config,
        Err(code) => return code,
    };
    if let Some(pair) = &config.tls.ready {
        return fail(&format!(
            "[tls] cert names {}, which is used in place of a local CA; remove it to have one",
            pair.cert.display()
        ));
    }
    if let Job::Init { renew } = job {
        return init(&config, *renew);
    }
    let certificate = match Certificate::load(&config.tls.folder) {
        Ok(certificate) => certificate,
        Err(error) => return fail(&error.to_string()),
    };
    match job {
        Job::Export { format, out } => export::run(&certificate, *format, out.as_deref()),
        Job::Env { shell } => env::run(&config.tls.folder, &certificate, *shell),
        Job::Init { .. } | Job::Install | Job::Uninstall => install(&config, &certificate),
    }
}

fn init(config: &Config, renew: bool) -> ExitCode {
    let (folder, names) = (&config.tls.folder, &config.redirect.names);
    let now = SystemClock::new().now();
    let made = match renew {
        true => Authority::renew(folder, names, now).map(|authority| (authority, Made::New)),
        false => Authority::init(folder, names, now),
    };
    let (authority, made) = match made {
        Ok(made) => made,
        Err(error) => return fail(&error.to_string()),
    };
    let (certificate, place) = (authority.certificate(), folder.display());
    match made {
        Made::New => say(&format!("{place}: made \"{}\"", certificate.name())),
        Made::WasThere => {
            say(&format!("{place}: there is \"{}\", and nothing was changed", certificate.name()))
        }
    }
    say(&format!("  it can sign for  {}, and what lies below", certificate.permitted().join(", ")));
    say(&format!("  until            {}", certificate.ends()));
    say(&format!("  SHA-256          {}", certificate.fingerprint()));
    if made == Made::New {
        say("Nothing trusts it yet: sudo smsbridge ca install");
    }
    let lacking = certificate.lacking(names);
    if lacking.is_empty() {
        return ExitCode::SUCCESS;
    }
    fail(&format!(
        "it cannot sign for {}; make another by `smsbridge ca init --renew`, which has to be installed again",
        lacking.join(", ")
    ))
}

fn install(config: &Config, certificate: &Certificate) -> ExitCode {
    // A name was taken away since it was made, or somebody else made it: nobody has asked to trust that.
    let beyond = certificate.beyond(&config.redirect.names);
    if !beyond.is_empty() {
        return fail(&format!(
            "it can sign for {}, which [redirect] hosts does not name; make another by `smsbridge ca init --renew`, then install that",
            beyond.join(", ")
        ));
    }
    let machine = Machine::this();
    let code = told(&stores::install(certificate, &machine));
    // For whoever was pointed to it already; whoever is to be is told of it by `ca env`.
    if let Err(error) = bundle(&config.tls.folder, certificate, &machine) {
        complain(&error.to_string());
    }
    code
}

fn told(lines: &[Line]) -> ExitCode {
    for line in lines {
        say(&line.to_string());
    }
    if lines.iter().any(|line| line.outcome.is_trouble()) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
