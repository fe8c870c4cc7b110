//! The CA with its key: how it is made, read again, and what it signs. Knows no handshake and no trust store.
//!
//! There are two certificates. The root's is what machines trust; its key signs once, for the issuer below it, and is
//! then forgotten. The issuer's key is kept and signs the leaves. Some verifiers (Java's) do not read what a root says
//! about itself, since they were told to trust it; an issuer below it is held to its constraints by all.
//!
//! Both say the same, and that is what a thief of the key is left with: critical name constraints permit the redirected
//! DNS names and what lies below them, and exclude every IP address, for a list of DNS names alone would not speak of
//! these; mail addresses are permitted in a domain that there cannot be; the use is that of servers alone; and no CA
//! can stand below the issuer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType, date_time_ymd,
};
use rustls::crypto::ring::sign::any_ecdsa_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::certificate::Certificate;
use super::error::CaError;
use super::files::{self, Readers};
use super::names;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How long a CA is valid. To renew it somebody has to install it again everywhere, so it lasts longer than machines
/// do; browsers and macOS bound the time of leaves only where somebody else's root was added by hand.
const CA_VALID: Duration = Duration::from_secs(3650 * 24 * 3600);

/// How long a leaf is valid: nobody can use one for long that was taken out of memory, and macOS takes none that is
/// longer than 825 days.
pub(super) const LEAF_VALID: Duration = Duration::from_secs(7 * 24 * 3600);

/// Clocks of clients may be behind by so much.
const BEHIND: Duration = DAY;

/// What stands in every certificate of ours as the organization.
const ORGANIZATION: &str = "smsbridge";

/// What all our CAs are called in trust stores, before the digits that tell them apart.
pub(super) const COMMON_NAME: &str = "smsbridge local CA";

/// What the issuer is called, before the digits of its root.
const ISSUER_NAME: &str = "smsbridge local issuer";

/// No mail address ends so (RFC 2606 section 2): permitted alone, it excludes all others.
const NO_MAIL: &str = "invalid";

const BAD_KEY: &str = "is not the key of the CA beside it; put the right one back, or replace both by `smsbridge ca init --renew`";

/// What [`Authority::init`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// It made a CA.
    New,
    /// There was one, and it stayed as it was.
    WasThere,
}

/// A CA that can sign.
pub struct Authority {
    folder: PathBuf,
    certificate: Certificate,
    /// The issuer's certificate, which is sent along with each leaf.
    between: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// The CA in `folder`, which is made for `names` unless there is one. One that is there stays as it is, also when
    /// it does not cover all of the names ([`Certificate::lacking`]).
    ///
    /// # Errors
    /// When the one that is there cannot be used, or when none can be made.
    pub fn init(folder: &Path, names: &[String], now: Timestamp) -> Result<(Self, Made), CaError> {
        match Self::load(folder) {
            Ok(authority) => Ok((authority, Made::WasThere)),
            Err(CaError::Missing { .. }) => Ok((Self::renew(folder, names, now)?, Made::New)),
            Err(error) => Err(error),
        }
    }

    /// Makes a CA for `names` in `folder`, with a new key, in place of any that is there. Nothing trusts it yet.
    ///
    /// # Errors
    /// When there are no names, when one cannot be in a certificate, or when the files cannot be written.
    pub fn renew(folder: &Path, names: &[String], now: Timestamp) -> Result<Self, CaError> {
        let (pem, kept) = pair(names, now)?;
        files::make_folders(folder).map_err(|error| CaError::writing(folder, error))?;
        let write = |path: PathBuf, text: &str, readers| {
            files::replace(&path, text.as_bytes(), readers).map_err(|error| CaError::writing(&path, error))
        };
        // The certificate last: where there is one, there is its key.
        write(files::key(folder), &kept, Readers::Owner)?;
        write(files::certificate(folder), &pem, Readers::All)?;
        Self::load(folder)
    }

    /// Reads it.
    ///
    /// # Errors
    /// When there is none, or when it cannot be used.
    pub fn load(folder: &Path) -> Result<Self, CaError> {
        let certificate = Certificate::load(folder)?;
        let path = files::key(folder);
        let text = std::fs::read_to_string(&path).map_err(|error| CaError::reading(&path, error))?;
        // The library's words are left out: they are about a key.
        let key = KeyPair::from_pem(&text).map_err(|_| CaError::broken(&path, BAD_KEY))?;
        let between = CertificateDer::from_pem_slice(text.as_bytes())
            .ok()
            .filter(|between| belongs(between, &key, &certificate))
            .ok_or_else(|| CaError::broken(&path, BAD_KEY))?;
        let issuer = Issuer::from_ca_cert_der(&between, key)?;
        Ok(Self { folder: folder.to_owned(), certificate, between, issuer })
    }

    /// What may be shown to everybody.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Signs a leaf for `names` with a key of its own, and says until when it is valid. Nothing of it is kept.
    pub(super) fn leaf(
        &self,
        names: &[String],
        now: Timestamp,
    ) -> Result<(CertifiedKey, Timestamp), CaError> {
        let ends = self.certificate.ends().min(later(now, LEAF_VALID));
        if ends <= now {
            return Err(CaError::Over { folder: self.folder.clone() });
        }
        let key = KeyPair::generate()?;
        let mut params = leaf_params(names)?;
        params.not_before =
            date_time_ymd(1970, 1, 1) + since_epoch(self.certificate.begins().max(earlier(now, BEHIND)));
        params.not_after = date_time_ymd(1970, 1, 1) + since_epoch(ends);
        let leaf = params.signed_by(&key, &self.issuer)?;
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let chain: Vec<CertificateDer<'static>> = vec![leaf.der().clone(), self.between.clone()];
        Ok((CertifiedKey::new(chain, any_ecdsa_type(&private)?), ends))
    }

    #[cfg(test)]
    pub(super) fn between(&self) -> &CertificateDer<'static> {
        &self.between
    }

    #[cfg(test)]
    pub(super) fn issuer(&self) -> &Issuer<'static, KeyPair> {
        &self.issuer
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

/// The root's certificate, and what is kept in secret: the issuer's key and its certificate. The root's key ends here.
fn pair(names: &[String], now: Timestamp) -> Result<(String, String), CaError> {
    let (root_key, key) = (KeyPair::generate()?, KeyPair::generate()?);
    let digits: String =
        Sha256::digest(root_key.public_key_raw()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let mut root = ca_params(names, now)?;
    root.distinguished_name = called(&format!("{COMMON_NAME} {digits}"));
    root.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    let pem = root.self_signed(&root_key)?.pem();
    let mut between = ca_params(names, now)?;
    between.distinguished_name = called(&format!("{ISSUER_NAME} {digits}"));
    between.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    between.use_authority_key_identifier_extension = true;
    let between = between.signed_by(&key, &Issuer::new(root, root_key))?.pem();
    Ok((pem, format!("{}{between}", key.serialize_pem())))
}

/// Whether an issuer's certificate is that of a key, and signed by this root.
fn belongs(between: &CertificateDer<'_>, key: &KeyPair, root: &Certificate) -> bool {
    let Ok((_, between)) = X509Certificate::from_der(between) else { return false };
    let Ok((_, root)) = X509Certificate::from_der(root.der()) else { return false };
    // The subjects have digits of the root's key, so that no two are alike.
    *between.public_key().subject_public_key.data == *key.public_key_raw()
        && between.issuer() == root.subject()
}

/// What both certificates say.
fn ca_params(names: &[String], now: Timestamp) -> Result<CertificateParams, CaError> {
    if names.is_empty() {
        return Err(CaError::NoNames);
    }
    let mut permitted = Vec::new();
    for name in names::reduced(names) {
        // What cannot be the name of a server cannot be a constraint either.
        dns_name(&name)?;
        permitted.push(GeneralSubtree::DnsName(name));
    }
    permitted.push(GeneralSubtree::Rfc822Name(NO_MAIL.to_owned()));
    let excluded = vec![
        GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([0; 4], 0)),
        GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix([0; 16], 0)),
    ];
    let mut params = CertificateParams::default();
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.name_constraints =
        Some(NameConstraints { permitted_subtrees: permitted, excluded_subtrees: excluded });
    params.not_before = date_time_ymd(1970, 1, 1) + since_epoch(earlier(now, BEHIND));
    params.not_after = date_time_ymd(1970, 1, 1) + since_epoch(later(now, CA_VALID));
    Ok(params)
}

/// Another subject for each CA: two of one name confuse trust stores.
fn called(name: &str) -> DistinguishedName {
    let mut subject = DistinguishedName::new();
    subject.push(DnType::OrganizationName, ORGANIZATION);
    subject.push(DnType::CommonName, name);
    subject
}

/// Without a common name: old programs take that for a host, and constraints on names were not made for it.
fn leaf_params(names: &[String]) -> Result<CertificateParams, CaError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, ORGANIZATION);
    params.subject_alt_names = names.iter().map(|name| dns_name(name)).collect::<Result<_, _>>()?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn dns_name(name: &str) -> Result<SanType, CaError> {
    let bad = || CaError::BadName(name.to_owned());
    let is_host = matches!(
        rustls::pki_types::ServerName::try_from(name).map_err(|_| bad())?,
        rustls::pki_types::ServerName::DnsName(_)
    );
    if !is_host {
        return Err(bad());
    }
    Ok(SanType::DnsName(name.try_into().map_err(|_| bad())?))
}

/// How far a time is from the start of 1970; there is none before that.
fn since_epoch(at: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(at.as_second()).unwrap_or_default())
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn earlier(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}
