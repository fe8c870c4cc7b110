//! Where the log goes and how much of it: standard error, from info on, or as `RUST_LOG` says. Knows
//! nothing of what is logged.

use std::io;

use tracing_subscriber::EnvFilter;

use super::LogForm;

/// Starts logging.
pub fn start(form: LogForm) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false);
    match form {
        LogForm::Human => log.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).init(),
        LogForm::Json => log.json().flatten_event(true).init(),
    }
}
