//! `smsbridge ca export`: the certificate in the form that a program wants. Knows nothing of keys.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::ValueEnum;

use crate::ca::stores::Machine;
use crate::ca::{Certificate, p12};
use crate::cli::fail;
use crate::cli::say::complain;

/// The form of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    /// Text, which nearly everything reads
    Pem,
    /// Bytes, for Windows, Android and browsers
    Der,
    /// A trust store for Java, with the password changeit; made by keytool or openssl
    P12,
}

pub(super) fn run(certificate: &Certificate, format: Format, out: Option<&Path>) -> ExitCode {
    let bytes = match format {
        Format::Pem => certificate.pem().as_bytes().to_vec(),
        Format::Der => certificate.der().to_vec(),
        Format::P12 => match p12(certificate, &Machine::this()) {
            Ok(bytes) => bytes,
            Err(error) => return fail(&error.to_string()),
        },
    };
    let written = match out {
        Some(path) => std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display())),
        None => io::stdout().lock().write_all(&bytes).map_err(|error| error.to_string()),
    };
    if let Err(error) = written {
        return fail(&error);
    }
    if format == Format::P12 {
        complain("the password of this store is changeit; there is nothing secret in it");
    }
    ExitCode::SUCCESS
}
