//! The CA held against what others make of it: rustls' verifier and OpenSSL's.

mod authority;
mod confined;
mod constraints;
mod handout;
mod handshakes;
mod leaves;
mod ready;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};

use super::Authority;

const NAMES: [&str; 4] = ["sms-activate.org", "api.sms-activate.org", "sms-activate.ru", "api.sms-man.ru"];

fn names() -> Vec<String> {
    NAMES.map(str::to_owned).to_vec()
}

fn now() -> Timestamp {
    Timestamp::now()
}

fn made(folder: &Path) -> Authority {
    Authority::init(folder, &names(), now()).unwrap().0
}

/// What rustls makes of a chain, the leaf first, for a server called `name` at `at`.
fn rustls_verdict(
    root: &CertificateDer<'static>,
    chain: &[CertificateDer<'static>],
    name: &str,
    at: Timestamp,
) -> Result<(), rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::new(ring::default_provider()))
            .build()
            .unwrap();
    let at = UnixTime::since_unix_epoch(Duration::from_secs(at.as_second().try_into().unwrap()));
    let name = ServerName::try_from(name.to_owned()).unwrap();
    verifier.verify_server_cert(&chain[0], &chain[1..], &name, &[], at).map(|_| ())
}

/// What `openssl verify` makes of it; `None` where there is no OpenSSL.
fn openssl_verdict(
    root: &CertificateDer<'static>,
    chain: &[CertificateDer<'static>],
    name: &str,
) -> Option<Result<(), String>> {
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, certificates: &[CertificateDer<'static>]| {
        let path = folder.path().join(file);
        std::fs::write(&path, certificates.iter().map(pem).collect::<String>()).unwrap();
        path
    };
    let host = if name.parse::<std::net::IpAddr>().is_ok() { "-verify_ip" } else { "-verify_hostname" };
    let mut openssl = Command::new("openssl");
    openssl.args(["verify", "-x509_strict", "-purpose", "sslserver", host, name]);
    openssl.arg("-CAfile").arg(write("root.pem", std::slice::from_ref(root)));
    if chain.len() > 1 {
        openssl.arg("-untrusted").arg(write("between.pem", &chain[1..]));
    }
    let Ok(output) = openssl.arg(write("leaf.pem", &chain[..1])).output() else {
        skip("openssl");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() { Ok(()) } else { Err(said) })
}

/// Says loudly that something was not tried.
#[expect(clippy::print_stderr, reason = "whoever runs the tests has to see it")]
fn skip(program: &str) {
    eprintln!("SKIPPED: there is no {program} on this machine, so nothing was held against it");
}

/// The usual form of a certificate in text, which OpenSSL reads.
fn pem(der: &CertificateDer<'static>) -> String {
    let text = base64(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |bits: u32| char::from(LETTERS[(bits & 63) as usize]);
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            text.push(if place <= chunk.len() { letter(bits >> shift) } else { '=' });
        }
    }
    text
}
