//! The CA's certificate: the half that may be shown to everybody, and what it says. Knows no key.

use std::fmt;
use std::path::Path;

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use sha2::{Digest, Sha256};
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::authority::COMMON_NAME;
use super::confined::{is_alone, is_confined};
use super::error::CaError;
use super::{files, names};

const NOT_OURS: &str = "is not a CA certificate as `smsbridge ca init` makes it; move it away, or replace it by `smsbridge ca init --renew`";

/// A CA's certificate.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    name: String,
    pem: String,
    der: CertificateDer<'static>,
    permitted: Vec<String>,
    begins: Timestamp,
    ends: Timestamp,
}

impl Certificate {
    /// Reads it from the CA's folder, without the key. Whatever is read so may be trusted as one that
    /// [`Authority::init`](super::Authority::init) made: it is held to the same.
    ///
    /// # Errors
    /// When there is none, or when it is not one of ours.
    pub fn load(folder: &Path) -> Result<Self, CaError> {
        let path = files::certificate(folder);
        let bytes = std::fs::read(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => CaError::Missing { folder: folder.to_owned() },
            _ => CaError::reading(&path, error),
        })?;
        let found = Self::parse(&bytes).filter(|found| is_alone(&found.pem) && is_confined(&found.der));
        found.ok_or_else(|| CaError::broken(&path, NOT_OURS))
    }

    /// Reads a text with it, as somebody prints it; `None` when that is no CA's certificate of our name with
    /// constraints on names. This much is enough to take it out of a store.
    pub fn parse(pem: &[u8]) -> Option<Self> {
        let der = CertificateDer::from_pem_slice(pem).ok()?;
        let pem = std::str::from_utf8(pem).ok()?.to_owned();
        Self::read(der, pem)
    }

    /// Whether these are the bytes of a CA's certificate that this program made, at whatever time.
    pub fn is_ours(der: &CertificateDer<'_>) -> bool {
        Self::read(der.clone().into_owned(), String::new()).is_some()
    }

    fn read(der: CertificateDer<'static>, pem: String) -> Option<Self> {
        let (_, parsed) = X509Certificate::from_der(&der).ok()?;
        if !parsed.is_ca() {
            return None;
        }
        let validity = parsed.validity();
        let time = |seconds: i64| Timestamp::from_second(seconds).ok();
        let (begins, ends) = (time(validity.not_before.timestamp())?, time(validity.not_after.timestamp())?);
        let permitted = permitted(&parsed)?;
        let name = parsed.subject().iter_common_name().next()?.as_str().ok()?.to_owned();
        if !name.starts_with(COMMON_NAME) {
            return None;
        }
        drop(parsed);
        Some(Self { name, pem, der, permitted, begins, ends })
    }

    /// What it is called in trust stores; another one for each key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its bytes.
    pub fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    /// Its bytes as text, between the usual lines.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The names it permits, with everything below them.
    pub fn permitted(&self) -> &[String] {
        &self.permitted
    }

    /// Whether it can sign for a name.
    pub fn covers(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.permitted.iter().any(|base| names::is_within(&name, base))
    }

    /// Those of `names` that it cannot sign for.
    pub fn lacking<'a>(&self, names: &'a [String]) -> Vec<&'a str> {
        names.iter().map(String::as_str).filter(|name| !self.covers(name)).collect()
    }

    /// What it can sign for though none of `names` permits it.
    pub fn beyond<'a>(&'a self, names: &[String]) -> Vec<&'a str> {
        let is_named =
            |base: &str| names.iter().any(|name| names::is_within(base, &name.to_ascii_lowercase()));
        self.permitted.iter().map(String::as_str).filter(|base| !is_named(base)).collect()
    }

    /// From when on it is valid.
    pub fn begins(&self) -> Timestamp {
        self.begins
    }

    /// Until when it is valid.
    pub fn ends(&self) -> Timestamp {
        self.ends
    }

    /// The SHA-256 of its bytes in hexadecimal digits, capitals with colons between pairs: as trust stores show it.
    pub fn fingerprint(&self) -> String {
        fingerprint_of(&self.der)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("fingerprint", &self.fingerprint()).finish_non_exhaustive()
    }
}

/// The fingerprint of any certificate.
pub(super) fn fingerprint_of(der: &CertificateDer<'_>) -> String {
    let digits: Vec<String> = Sha256::digest(der).iter().map(|byte| format!("{byte:02X}")).collect();
    digits.join(":")
}

/// The permitted DNS names; `None` when there are none, for then all would be.
fn permitted(parsed: &X509Certificate<'_>) -> Option<Vec<String>> {
    let constraints =
        parsed.extensions().iter().find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::NameConstraints(constraints) => Some(constraints),
            _ => None,
        })?;
    let subtrees = constraints.permitted_subtrees.as_ref()?;
    let dns: Vec<String> = subtrees
        .iter()
        .filter_map(|subtree| match subtree.base {
            GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        })
        .collect();
    (!dns.is_empty()).then_some(dns)
}
