//! Where the log goes and how much of it: standard error, from info on, or as `RUST_LOG` says. Knows
//! nothing of what is logged.

mod plain;

use std::io;
use std::panic::PanicHookInfo;

use tracing::Dispatch;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

use super::LogForm;

/// Starts logging. A panic is told by its place alone: what it would say may hold what was being read.
pub fn start(form: LogForm) {
    std::panic::set_hook(Box::new(defect));
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    log(form, filter, io::IsTerminal::is_terminal(&io::stderr()), io::stderr).init();
}

/// What writes the log's lines in this form.
pub fn log<W>(form: LogForm, filter: EnvFilter, colours: bool, to: W) -> Dispatch
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(to).with_target(false);
    match form {
        LogForm::Human if colours => log.with_ansi(true).finish().into(),
        LogForm::Human => {
            log.with_ansi(false).event_format(plain::Lines).fmt_fields(plain::Fields).finish().into()
        }
        LogForm::Json => log.json().flatten_event(true).finish().into(),
    }
}

fn defect(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "a defect of this program");
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const SECRET: &str = "STATUS_OK:QXZW-code";
    const TELLS: &str = "SMSBRIDGE_TEST_PANIC";

    /// Not of itself: the other test has it done in a process of its own, which then has another hook.
    #[test]
    fn panic_if_told_to() {
        if std::env::var_os(TELLS).is_some() {
            start(LogForm::Human);
            let read = std::panic::catch_unwind(|| panic!("cannot read {SECRET}"));
            assert!(read.is_err());
        }
    }

    #[test]
    fn a_panic_is_told_by_its_place_alone() {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "--nocapture", "cli::telemetry::tests::panic_if_told_to"]);
        let ended = child.env(TELLS, "1").env_remove("RUST_LOG").output().unwrap();
        let said = String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned();
        assert!(ended.status.success() && said.contains("telemetry.rs:"), "{said}");
        assert!(!said.contains(SECRET) && !said.contains("QXZW"), "{said}");
    }
}
