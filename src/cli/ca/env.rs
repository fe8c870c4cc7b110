//! `smsbridge ca env`: the variables by which runtimes with a trust store of their own are told of the CA, in a shell's
//! words. Knows neither which variables there are nor how the files they name are made.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use crate::ca::guide::{Names, VARIABLES, Variables, without};
use crate::ca::stores::Machine;
use crate::ca::{Certificate, bundle, java_store};
use crate::cli::fail;
use crate::cli::say::say;

/// Whose words are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Shell {
    /// sh, bash, zsh
    Sh,
    /// fish
    Fish,
    /// `PowerShell`
    Powershell,
    /// cmd.exe
    Cmd,
}

/// The shell that a system's users have.
pub(in crate::cli) const USUAL: &str = if cfg!(windows) { "powershell" } else { "sh" };

/// A line of what is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Note(&'static str),
    Variable(&'static str, String),
}

pub(super) fn run(folder: &Path, certificate: &Certificate, shell: Shell) -> ExitCode {
    let machine = Machine::this();
    let files = std::path::absolute(folder).map_err(|error| error.to_string()).and_then(|folder| {
        let bundle = bundle(&folder, certificate, &machine).map_err(|error| error.to_string())?;
        let java = java_store(&folder, certificate, &machine).map_err(|error| error.to_string())?;
        Ok(said(&folder.join("ca.pem"), bundle, java))
    });
    match files {
        Ok(lines) => {
            for line in lines {
                say(&line.in_words_of(shell));
            }
            ExitCode::SUCCESS
        }
        Err(error) => fail(&error),
    }
}

fn said(certificate: &Path, bundle: Option<PathBuf>, java: Option<PathBuf>) -> Vec<Said> {
    let mut lines = Vec::new();
    for Variables { note, called, name } in VARIABLES {
        let value = match name {
            Names::Bundle => bundle.as_ref().map(|bundle| bundle.display().to_string()),
            Names::Certificate => Some(certificate.display().to_string()),
            Names::JavaStore => java.as_deref().map(java_options),
        };
        match value {
            Some(value) => {
                lines.push(Said::Note(note));
                lines.extend(called.iter().map(|name| Said::Variable(name, value.clone())));
            }
            None => lines.push(Said::Note(without(name))),
        }
    }
    lines
}

fn java_options(store: &Path) -> String {
    let store = store.display().to_string();
    // The one way to have a blank in it: Java takes quotes here.
    let store = if store.contains(' ') { format!("\"{store}\"") } else { store };
    format!("-Djavax.net.ssl.trustStore={store} -Djavax.net.ssl.trustStorePassword=changeit")
}

impl Said {
    fn in_words_of(&self, shell: Shell) -> String {
        match (self, shell) {
            (Self::Note(text), Shell::Cmd) => format!("rem {text}"),
            (Self::Note(text), _) => format!("# {text}"),
            (Self::Variable(name, value), Shell::Sh) => {
                format!("export {name}='{}'", value.replace('\'', r"'\''"))
            }
            (Self::Variable(name, value), Shell::Fish) => {
                format!("set -gx {name} '{}'", value.replace('\\', r"\\").replace('\'', r"\'"))
            }
            (Self::Variable(name, value), Shell::Powershell) => {
                format!("$env:{name} = '{}'", value.replace('\'', "''"))
            }
            (Self::Variable(name, value), Shell::Cmd) => format!("set \"{name}={value}\""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_gets_its_own_words() {
        let line = Said::Variable("NAME", r"/it's\here".to_owned());
        for (shell, words) in [
            (Shell::Sh, r"export NAME='/it'\''s\here'"),
            (Shell::Fish, r"set -gx NAME '/it\'s\\here'"),
            (Shell::Powershell, r"$env:NAME = '/it''s\here'"),
            (Shell::Cmd, r#"set "NAME=/it's\here""#),
        ] {
            assert_eq!(line.in_words_of(shell), words);
        }
        assert_eq!(Said::Note("a").in_words_of(Shell::Cmd), "rem a");
    }

    #[test]
    fn what_replaces_the_roots_names_the_bundle_and_never_the_ca_alone() {
        let (ca, bundle) = (Path::new("/ca/ca.pem"), PathBuf::from("/ca/bundle.pem"));
        let all = said(ca, Some(bundle), Some(PathBuf::from("/my ca/java")));
        for name in ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"] {
            assert!(all.contains(&Said::Variable(name, "/ca/bundle.pem".to_owned())), "{name}");
        }
        assert!(all.contains(&Said::Variable("NODE_EXTRA_CA_CERTS", "/ca/ca.pem".to_owned())));
        let java = all.iter().find_map(|line| match line {
            Said::Variable("JAVA_TOOL_OPTIONS", value) => Some(value.as_str()),
            _ => None,
        });
        assert!(java.unwrap().starts_with("-Djavax.net.ssl.trustStore=\"/my ca/java\" "), "{java:?}");
        let only_node = said(ca, None, None);
        let variables = only_node.iter().filter(|line| matches!(line, Said::Variable(..)));
        assert_eq!(
            variables.collect::<Vec<_>>(),
            [&Said::Variable("NODE_EXTRA_CA_CERTS", "/ca/ca.pem".to_owned())]
        );
    }
}
