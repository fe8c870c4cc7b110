//! `smsbridge hosts`: prints the lines that lead the legacy names here, puts them into a hosts file, and takes them out.
//! Knows nothing of how a file is changed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::say::{complain, say};
use super::{Common, fail};
use crate::config::Config;
use crate::redirect::Lines;
use crate::redirect::hosts::{Change, Conflict, HostsError, HostsFile, Installed};
use crate::redirect::system;

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(super) enum Job {
    /// Print the lines, for another machine's hosts file
    Show(Aim),
    /// Put the lines into the system's hosts file
    Install {
        #[command(flatten)]
        aim: Aim,
        #[command(flatten)]
        target: Target,
    },
    /// Take them out again
    Remove(Target),
}

/// Where the names are to lead.
#[derive(Debug, Args)]
pub(super) struct Aim {
    /// Where the names are to lead; may be given twice, for IPv4 and IPv6. Without it to this machine: 127.0.0.1, and
    /// ::1 where the server listens there too
    #[arg(long, value_name = "IP")]
    address: Vec<IpAddr>,
}

/// Which file.
#[derive(Debug, Args)]
pub(super) struct Target {
    /// Another file than the system's
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Does it.
pub(super) fn run(common: &Common, job: &Job) -> ExitCode {
    match job {
        Job::Show(aim) => with_lines(common, aim, |lines| {
            say(lines.text().trim_end());
            ExitCode::SUCCESS
        }),
        Job::Install { aim, target } => with_lines(common, aim, |lines| install(&lines, target)),
        // No configuration is needed for this, so a wrong one is no hindrance.
        Job::Remove(target) => remove(target),
    }
}

fn with_lines(common: &Common, aim: &Aim, work: impl FnOnce(Lines) -> ExitCode) -> ExitCode {
    match common.load() {
        Ok(config) => work(lines(&config, &aim.address)),
        Err(code) => code,
    }
}

/// The lines for this configuration.
pub(super) fn lines(config: &Config, aim: &[IpAddr]) -> Lines {
    let mut addresses = aim.to_vec();
    if addresses.is_empty() {
        addresses.push(Ipv4Addr::LOCALHOST.into());
        // Nobody at ::1 would be a wait or a failure for software that tries it first.
        let mut listened = config.server.listen.iter().chain(&config.server.listen_tls);
        if listened.any(is_at_v6_loopback) {
            addresses.push(Ipv6Addr::LOCALHOST.into());
        }
    }
    Lines { names: config.redirect.names.clone(), addresses }
}

fn is_at_v6_loopback(addr: &SocketAddr) -> bool {
    let ip = addr.ip();
    ip == Ipv6Addr::LOCALHOST || ip == Ipv6Addr::UNSPECIFIED
}

fn install(lines: &Lines, target: &Target) -> ExitCode {
    let installed = open(target).and_then(|file| Ok((file.install(lines)?, file)));
    match installed {
        Ok((installed, file)) => {
            say(&told(&installed, lines, &file));
            warn(&installed.conflicts);
            if installed.change != Change::Nothing && target.file.is_none() {
                system::caches().into_iter().for_each(say);
            }
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&error, "smsbridge hosts install"),
    }
}

fn remove(target: &Target) -> ExitCode {
    let removed = open(target).and_then(|file| Ok((file.remove()?, file)));
    match removed {
        Ok((there, file)) => {
            let path = file.path().display();
            say(&if there {
                format!("{path}: the lines are taken out")
            } else {
                format!("{path}: no lines of smsbridge are in it")
            });
            if there && target.file.is_none() {
                system::caches().into_iter().for_each(say);
            }
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&error, "smsbridge hosts remove"),
    }
}

fn open(target: &Target) -> Result<HostsFile, HostsError> {
    HostsFile::at(&target.file.clone().unwrap_or_else(system::hosts_file))
}

/// What has come of it, in a line.
pub(super) fn told(installed: &Installed, lines: &Lines, file: &HostsFile) -> String {
    let path = file.path().display();
    let aim: Vec<String> = lines.addresses.iter().map(ToString::to_string).collect();
    let aim = format!("{} names lead to {}", lines.names.len(), aim.join(" and "));
    let text = match installed.change {
        Change::Nothing => format!("{path}: {aim} already"),
        Change::Added => format!("{path}: {aim} now"),
        Change::Exchanged => format!("{path}: {aim} now, in the place of other lines of smsbridge"),
    };
    match &installed.backup {
        Some(backup) => format!("{text}; as it was before: {}", backup.display()),
        None => text,
    }
}

/// Names the lines that are somebody else's to remove.
pub(super) fn warn(conflicts: &[Conflict]) {
    for Conflict { line, name, address } in conflicts {
        complain(&format!(
            "line {line} of it, which is not smsbridge's, leads {name} to {address}; remove it, or the system may go there"
        ));
    }
}

fn refuse(error: &HostsError, command: &str) -> ExitCode {
    match error {
        HostsError::NotAllowed(_) => fail(&format!("{error}; {}", system::with_rights(command))),
        _ => fail(&error.to_string()),
    }
}
