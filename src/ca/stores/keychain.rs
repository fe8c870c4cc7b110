//! macOS' system keychain, changed by `security`. Knows no other store.

use std::path::PathBuf;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::super::authority::COMMON_NAME;
use super::super::certificate::{Certificate, fingerprint_of};
use super::run::{Program, Scratch};
use super::{Machine, Outcome, Store, file_trouble};

const KEYCHAIN: &str = "/Library/Keychains/System.keychain";

struct Keychain {
    security: PathBuf,
    keychain: String,
}

/// The machine's, if it has one.
pub(super) fn find(machine: &Machine) -> Option<Box<dyn Store + '_>> {
    let security = machine.program("security")?;
    let keychain = machine.at(KEYCHAIN).display().to_string();
    Some(Box::new(Keychain { security, keychain }))
}

impl Keychain {
    fn security<'a>(&'a self, args: &[&str]) -> Program<'a> {
        Program::new(&self.security).args(args)
    }

    /// The fingerprints of what is ours; the program fails when it finds nothing.
    fn ours(&self) -> Vec<CertificateDer<'static>> {
        let found = self.security(&["find-certificate", "-a", "-p", "-c", COMMON_NAME, &self.keychain]).run();
        let all = found.unwrap_or_default();
        let read = CertificateDer::pem_slice_iter(all.as_bytes()).filter_map(Result::ok);
        read.filter(|der| Certificate::is_ours(der)).map(CertificateDer::into_owned).collect()
    }

    fn delete(&self, der: &CertificateDer<'_>) -> Result<(), Outcome> {
        let hash = fingerprint_of(der).replace(':', "");
        self.security(&["delete-certificate", "-t", "-Z", &hash, &self.keychain]).run().map(|_| ())
    }
}

impl Store for Keychain {
    fn name(&self) -> String {
        "macOS keychain".to_owned()
    }

    fn install(&self, certificate: &Certificate) -> Result<Outcome, Outcome> {
        let ours = self.ours();
        for other in ours.iter().filter(|der| *der != certificate.der()) {
            self.delete(other)?;
        }
        if ours.contains(certificate.der()) {
            return Ok(Outcome::There);
        }
        let scratch = Scratch::new().map_err(|error| file_trouble(&std::env::temp_dir(), &error))?;
        let file = scratch.file("ca.pem");
        std::fs::write(&file, certificate.pem()).map_err(|error| file_trouble(&file, &error))?;
        self.security(&["add-trusted-cert", "-d", "-r", "trustRoot", "-p", "ssl", "-k", &self.keychain])
            .args([&file])
            .run()?;
        Ok(Outcome::Installed)
    }

    fn uninstall(&self) -> Result<Outcome, Outcome> {
        let ours = self.ours();
        for der in &ours {
            self.delete(der)?;
        }
        Ok(if ours.is_empty() { Outcome::NotThere } else { Outcome::Removed })
    }

    fn state(&self, certificate: &Certificate) -> Result<Outcome, Outcome> {
        let there = self.ours().contains(certificate.der());
        Ok(if there { Outcome::There } else { Outcome::NotThere })
    }
}
