//! What is handed out of the CA: its certificate in the forms that programs read, and files with the system's roots
//! and this one, for runtimes that would trust the file they are pointed to and nothing else. Never the key.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::certificate::Certificate;
use super::error::CaError;
use super::files::{self, Readers};
use super::stores::{Machine, Outcome, Scratch, TrustFile, openssl_trust_file, trust_file};

/// Where systems keep what they trust, as one file.
const BUNDLES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Writes the file with the system's roots and the certificate into the CA's folder; `None` where the system has no
/// such file, for one without its roots would break every other connection of the program that is pointed to it.
///
/// # Errors
/// When it cannot be written.
pub fn bundle(
    folder: &Path,
    certificate: &Certificate,
    machine: &Machine,
) -> Result<Option<PathBuf>, CaError> {
    let Some(mut text) = BUNDLES.iter().find_map(|place| fs::read(machine.at(place)).ok()) else {
        return Ok(None);
    };
    let is_in = |text: &[u8]| {
        CertificateDer::pem_slice_iter(text).filter_map(Result::ok).any(|der| der == *certificate.der())
    };
    if !is_in(&text) {
        if !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        text.extend_from_slice(certificate.pem().as_bytes());
    }
    write(folder.join(files::BUNDLE), &text).map(Some)
}

/// Writes the store with the Java runtime's roots and the certificate into the CA's folder; `None` where there is no
/// Java. Its password is `changeit`.
///
/// # Errors
/// When it cannot be made or written.
pub fn java_store(
    folder: &Path,
    certificate: &Certificate,
    machine: &Machine,
) -> Result<Option<PathBuf>, CaError> {
    match made(|path| trust_file(path, certificate, TrustFile::WithTheRuntimes, machine))? {
        Ok(bytes) => write(folder.join(files::JAVA), &bytes).map(Some),
        Err(Outcome::NoStore) => Ok(None),
        Err(other) => Err(CaError::Signing(format!("no trust store for Java: {}", reason(other)))),
    }
}

/// The certificate alone as a PKCS #12 trust store that Java reads, with the password `changeit`. Made by Java's
/// `keytool`, else by OpenSSL from 3.2 on: the mark that Java wants of a trusted certificate is known to these two.
///
/// # Errors
/// When neither is there, or when it fails.
pub fn p12(certificate: &Certificate, machine: &Machine) -> Result<Vec<u8>, CaError> {
    let by_java = made(|path| trust_file(path, certificate, TrustFile::Alone, machine))?;
    let made = match by_java {
        Err(Outcome::NoStore) => made(|path| openssl_trust_file(path, certificate, machine))?,
        other => other,
    };
    made.map_err(|outcome| match outcome {
        Outcome::NoStore => CaError::Signing(
            "PKCS #12 is made by Java's keytool or by openssl 3.2, and neither is here".to_owned(),
        ),
        other => CaError::Signing(format!("no PKCS #12: {}", reason(other))),
    })
}

/// What a program wrote into a file of its own.
fn made(program: impl Fn(&Path) -> Result<(), Outcome>) -> Result<Result<Vec<u8>, Outcome>, CaError> {
    let here = |error: io::Error| CaError::writing(&std::env::temp_dir(), error);
    let scratch = Scratch::new().map_err(here)?;
    let path = scratch.file("store");
    match program(&path) {
        Ok(()) => fs::read(&path).map(Ok).map_err(|error| CaError::reading(&path, error)),
        Err(outcome) => Ok(Err(outcome)),
    }
}

fn reason(outcome: Outcome) -> String {
    match outcome {
        Outcome::Failed(said) => said,
        Outcome::NeedsProgram(what) => what.to_owned(),
        other => format!("{other:?}"),
    }
}

fn write(path: PathBuf, bytes: &[u8]) -> Result<PathBuf, CaError> {
    files::replace(&path, bytes, Readers::All).map_err(|error| CaError::writing(&path, error))?;
    Ok(path)
}
