//! The command line: what can be said, and one file a subcommand. Knows no action and no provider.

mod actions;
mod backup;
mod ca;
pub mod check;
mod coverage;
mod diff;
mod hangup;
mod hash_key;
mod health;
mod hosts;
mod mock;
mod orders;
mod redirect;
mod reload;
mod say;
mod serve;
mod status;
mod stop;
pub mod telemetry;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tokio::runtime::{Builder, Runtime};

use crate::config::{self, Config, ConfigErrors, Overrides, Sockets};
use crate::server::Handed;

/// Answers sms-activate's API and does the work at another SMS provider.
#[derive(Debug, Parser)]
#[command(name = "smsbridge", version, about)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every subcommand understands.
#[derive(Debug, Clone, Args)]
struct Common {
    /// The configuration file; without it proxy.toml, and without that the built-in defaults
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Listen here instead of where the configuration says; may be given several times
    #[arg(long, value_name = "ADDR", global = true)]
    listen: Vec<String>,
    /// Listen here for HTTPS instead of where the configuration says; may be given several times
    #[arg(long, value_name = "ADDR", global = true)]
    listen_tls: Vec<String>,
    /// Addresses that a supervisor has taken for this process
    #[arg(skip)]
    sockets: Option<Sockets>,
    /// How the log is written
    #[arg(long, value_enum, value_name = "FORM", default_value = "human", global = true)]
    log: LogForm,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// For people
    Human,
    /// A JSON object a line
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (the default)
    Serve,
    /// The local CA that redirected software is to trust: make it, install it, hand it out
    Ca {
        #[command(subcommand)]
        job: ca::Job,
    },
    /// Check the configuration and print the effective values, keys masked
    Check,
    /// Copy the ledger into a file, also while the server runs
    Backup(backup::Options),
    /// Print which action works how at which kind of provider
    Actions(actions::Form),
    /// Print what of the catalog a kind of provider maps, and what it does not
    Coverage {
        /// The kind, as in [provider.NAME] kind; without it, how much each kind maps
        kind: Option<String>,
    },
    /// Ask two APIs of one account the same questions and print where they differ; buys nothing
    Diff(diff::Options),
    /// Run a stateful stand-in of an upstream, to rehearse against
    Mock(mock::Options),
    /// Read a client's key from standard input and print the line that keeps its hash in the configuration
    HashKey(hash_key::Which),
    /// Print the latest orders from the ledger, or those of which nobody knows whether they were made
    Orders(orders::Options),
    /// Ask the configured listener whether it is ready; the exit code is the answer
    Health,
    /// Lead the legacy services' names to this machine, by the hosts file
    Hosts {
        #[command(subcommand)]
        job: hosts::Job,
    },
    /// Have software with a legacy service's address compiled in come here: CA, trust and hosts file in one
    Redirect {
        #[command(subcommand)]
        job: redirect::Job,
    },
    /// Ask the running server how it stands: which configuration is in effect, and why another one is not
    Status(status::Options),
}

impl Common {
    fn load(&self) -> Result<Config, ExitCode> {
        self.read().map_err(|errors| fail(&errors.to_string()))
    }

    fn read(&self) -> Result<Config, ConfigErrors> {
        let overrides = Overrides {
            listen: self.listen.clone(),
            listen_tls: self.listen_tls.clone(),
            sockets: self.sockets.clone(),
        };
        config::load(self.config.as_deref(), config::process_environment(), &overrides)
    }
}

/// Runs what the command line says.
pub fn run() -> ExitCode {
    let Cli { common, command } = Cli::parse();
    match command.unwrap_or(Command::Serve) {
        Command::Serve => {
            telemetry::start(common.log);
            // Before there are other threads, since it changes the environment.
            let handed = match Handed::take() {
                Ok(handed) => handed,
                Err(error) => return fail(&error.to_string()),
            };
            let common = Common { sockets: handed.as_ref().map(Handed::addresses), ..common };
            match common.load() {
                Ok(config) => on_runtime(config.server.workers, serve::run(common, config, handed)),
                Err(code) => code,
            }
        }
        Command::Ca { job } => ca::run(&common, &job),
        Command::Check => check::run(&common),
        Command::Backup(options) => backup::run(&common, &options),
        Command::Actions(form) => actions::run(&form),
        Command::Coverage { kind } => coverage::run(kind.as_deref()),
        Command::Diff(options) => {
            telemetry::start(common.log);
            on_runtime(1, diff::run(common, options))
        }
        Command::Mock(options) => {
            telemetry::start(common.log);
            on_runtime(1, mock::run(common, options))
        }
        Command::HashKey(which) => hash_key::run(&which),
        Command::Orders(options) => orders::run(&common, &options),
        Command::Health => on_runtime(1, health::run(common)),
        Command::Redirect { job } => on_runtime(1, redirect::run(common, job)),
        Command::Hosts { job } => hosts::run(&common, &job),
        Command::Status(options) => on_runtime(1, status::run(common, options)),
    }
}

/// Runs it on so many threads.
fn on_runtime(threads: usize, work: impl Future<Output = ExitCode>) -> ExitCode {
    match runtime(threads) {
        Ok(runtime) => {
            let code = runtime.block_on(work);
            // What cannot be cut off, as the look-up of a name, is not waited for.
            runtime.shutdown_background();
            code
        }
        Err(error) => fail(&format!("the runtime cannot be started: {error}")),
    }
}

/// One thread alone has nobody to share its work with, and nobody to wake for that: a quarter of what a request costs.
fn runtime(threads: usize) -> std::io::Result<Runtime> {
    match threads {
        0 | 1 => Builder::new_current_thread().enable_all().build(),
        _ => Builder::new_multi_thread().worker_threads(threads).enable_all().build(),
    }
}

/// Says what is wrong, and is the exit code for it.
fn fail(text: &str) -> ExitCode {
    say::complain(text);
    ExitCode::FAILURE
}
