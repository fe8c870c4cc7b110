//! The part that is the hosts file. Knows none of the other parts.

use super::account::Account;
use super::{OFF, ON};
use crate::cli::hosts::{lines, told};
use crate::config::Config;
use crate::redirect::hosts::{Change, Conflict, HostsError, HostsFile, State};
use crate::redirect::system;

const PART: &str = "hosts";

/// Leads the names here.
pub(super) fn on(config: &Config, account: &mut Account) {
    let lines = lines(config, &[]);
    match system_file().and_then(|file| Ok((file.install(&lines)?, file))) {
        Ok((installed, file)) => {
            account.line(PART, &told(&installed, &lines, &file));
            warn(&installed.conflicts, account);
            if installed.change != Change::Nothing {
                system::caches().into_iter().for_each(|hint| account.leave(hint));
            }
        }
        Err(error) => refused(&error, ON, account),
    }
}

/// Says that they are led nowhere.
pub(super) fn left_alone(account: &Account) {
    account.line(PART, "nothing was changed, since there is no CA for the names yet");
}

/// Leads them nowhere special again.
pub(super) fn off(account: &mut Account) {
    match system_file().and_then(|file| Ok((file.remove()?, file))) {
        Ok((there, file)) => {
            let path = file.path().display();
            let text = if there { "the lines are taken out" } else { "no lines of smsbridge were in it" };
            account.line(PART, &format!("{path}: {text}"));
            if there {
                system::caches().into_iter().for_each(|hint| account.leave(hint));
            }
        }
        Err(error) => refused(&error, OFF, account),
    }
}

/// Says how it stands.
pub(super) fn status(config: &Config, account: &mut Account) {
    let lines = lines(config, &[]);
    match system_file().and_then(|file| Ok((file.state(&lines)?, file))) {
        Ok(((state, conflicts), file)) => {
            let path = file.path().display();
            let count = lines.names.len();
            match state {
                State::Complete => account.line(PART, &format!("{path}: leads {count} names here")),
                State::Absent => {
                    account.wrong(PART, &format!("{path}: has no lines of smsbridge"), &by_command(ON));
                }
                State::Other => {
                    let text = format!("{path}: has lines of smsbridge for other names or addresses");
                    account.wrong(PART, &text, &by_command(ON));
                }
            }
            warn(&conflicts, account);
        }
        Err(error) => refused(&error, ON, account),
    }
}

fn system_file() -> Result<HostsFile, HostsError> {
    HostsFile::at(&system::hosts_file())
}

fn by_command(command: &str) -> String {
    format!("run `{command}`")
}

fn warn(conflicts: &[Conflict], account: &mut Account) {
    for Conflict { line, name, address } in conflicts {
        let text = format!("line {line} is not smsbridge's and leads {name} to {address}");
        account.line(PART, &text);
        account.leave(
            "remove the lines of the hosts file that are not smsbridge's and lead its names elsewhere",
        );
    }
}

fn refused(error: &HostsError, command: &str, account: &mut Account) {
    let help = match error {
        HostsError::NotAllowed(_) => system::with_rights(command),
        _ => format!("mend that, then run `{command}` again"),
    };
    account.wrong(PART, &error.to_string(), &help);
}
