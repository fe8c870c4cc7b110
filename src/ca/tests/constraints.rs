//! What a thief of the key could sign, and that nobody takes it.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, SanType,
};
use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::super::Authority;
use super::{NAMES, made, names, now, openssl_verdict, rustls_verdict};

/// A leaf by the CA's own key, without its rules: for the names, or for the address.
fn forged(issuer: &Issuer<'_, KeyPair>, names: Vec<SanType>) -> CertificateDer<'static> {
    let mut params = called("a leaf");
    params.subject_alt_names = names;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params.signed_by(&KeyPair::generate().unwrap(), issuer).unwrap().der().clone()
}

fn called(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn dns(name: &str) -> SanType {
    SanType::DnsName(name.try_into().unwrap())
}

/// The chain with such a leaf.
fn by(authority: &Authority, names: Vec<SanType>) -> [CertificateDer<'static>; 2] {
    [forged(authority.issuer(), names), authority.between().clone()]
}

/// Neither verifier takes it for `name`.
fn assert_refused(authority: &Authority, chain: &[CertificateDer<'static>], name: &str) {
    let root = authority.certificate().der();
    let verdict = rustls_verdict(root, chain, name, now());
    assert!(verdict.is_err(), "rustls takes it for {name}");
    if let Some(verdict) = openssl_verdict(root, chain, name) {
        let said = verdict.expect_err("openssl takes it");
        assert!(said.contains("subtree violation"), "{said}");
    }
}

#[test]
fn its_own_leaves_are_taken_by_both() {
    let folder = tempfile::tempdir().unwrap();
    let authority = made(folder.path());
    let root = authority.certificate().der();
    let (all, _) = authority.leaf(&names(), now()).unwrap();
    for name in NAMES {
        let (own, _) = authority.leaf(&[name.to_owned()], now()).unwrap();
        for leaf in [&own, &all] {
            rustls_verdict(root, &leaf.cert, name, now()).unwrap();
            assert_ne!(
                openssl_verdict(root, &leaf.cert, name).map(|verdict| verdict.is_err()),
                Some(true),
                "{name}"
            );
        }
        assert!(rustls_verdict(root, &own.cert, "www.example.org", now()).is_err());
    }
}

#[test]
fn names_outside_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let authority = made(folder.path());
    for name in
        ["google.com", "evilsms-activate.org", "sms-activate.org.evil.com", "sms-man.ru", "org", "localhost"]
    {
        assert_refused(&authority, &by(&authority, vec![dns(name)]), name);
    }
    // One that is permitted does not let another one in.
    let both = by(&authority, vec![dns("sms-activate.org"), dns("google.com")]);
    assert_refused(&authority, &both, "google.com");
    assert_refused(&authority, &by(&authority, vec![dns("*.google.com")]), "www.google.com");
}

#[test]
fn addresses_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let authority = made(folder.path());
    for address in ["127.0.0.1", "8.8.8.8", "::1", "2001:db8::1"] {
        let names = vec![SanType::IpAddress(address.parse().unwrap())];
        assert_refused(&authority, &by(&authority, names), address);
        let names = vec![dns("sms-activate.org"), SanType::IpAddress(address.parse().unwrap())];
        assert_refused(&authority, &by(&authority, names), "sms-activate.org");
    }
}

#[test]
fn a_host_as_the_common_name_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let authority = made(folder.path());
    let mut params = called("google.com");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let leaf = params.signed_by(&KeyPair::generate().unwrap(), authority.issuer()).unwrap();
    assert_refused(&authority, &[leaf.der().clone(), authority.between().clone()], "google.com");
}

#[test]
fn no_ca_stands_below_it() {
    let folder = tempfile::tempdir().unwrap();
    let authority = made(folder.path());
    let mut params = called("a CA below");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate().unwrap();
    let below = params.signed_by(&key, authority.issuer()).unwrap().der().clone();
    let issuer = Issuer::new(params, key);
    for name in ["google.com", "sms-activate.org"] {
        let chain = [forged(&issuer, vec![dns(name)]), below.clone(), authority.between().clone()];
        let root = authority.certificate().der();
        assert!(rustls_verdict(root, &chain, name, now()).is_err(), "rustls takes it for {name}");
        if let Some(verdict) = openssl_verdict(root, &chain, name) {
            let said = verdict.expect_err("openssl takes it");
            assert!(
                said.contains("path length constraint exceeded") || said.contains("subtree violation"),
                "{said}"
            );
        }
    }
}

/// Somebody has told a verifier to trust the issuer itself, or it does not read what a root says: the issuer's own
/// constraints hold as well.
#[test]
fn both_certificates_are_bound() {
    let folder = tempfile::tempdir().unwrap();
    let authority = made(folder.path());
    for bound in [authority.certificate().der(), authority.between()] {
        let (_, read) = X509Certificate::from_der(bound).unwrap();
        let constraints = read.name_constraints().unwrap().unwrap();
        assert!(constraints.critical);
        let permitted = constraints.value.permitted_subtrees.as_ref().unwrap();
        let excluded = constraints.value.excluded_subtrees.as_ref().unwrap();
        assert_eq!(
            (permitted.len(), excluded.len()),
            (4, 2),
            "three names and no mail; two families of addresses"
        );
    }
    let leaf = forged(authority.issuer(), vec![dns("google.com")]);
    assert!(rustls_verdict(authority.between(), &[leaf], "google.com", now()).is_err());
}

#[test]
fn the_roots_key_is_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let authority = made(folder.path());
    let (_, root) = X509Certificate::from_der(authority.certificate().der()).unwrap();
    let kept = std::fs::read_to_string(folder.path().join("private/ca.key")).unwrap();
    let key = KeyPair::from_pem(&kept).unwrap();
    assert_ne!(&*root.public_key().subject_public_key.data, key.public_key_raw());
    assert_eq!(kept.matches("PRIVATE KEY").count(), 2, "one key, with its two lines");
}

#[test]
fn nothing_but_servers_can_be_signed_for() {
    let folder = tempfile::tempdir().unwrap();
    let authority = made(folder.path());
    let text = authority.certificate().pem().to_owned();
    let path = folder.path().join("shown.pem");
    std::fs::write(&path, text).unwrap();
    let Ok(output) =
        std::process::Command::new("openssl").args(["x509", "-noout", "-text", "-in"]).arg(&path).output()
    else {
        return super::skip("openssl");
    };
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in [
        "X509v3 Name Constraints: critical",
        "X509v3 Basic Constraints: critical",
        "CA:TRUE, pathlen:1",
        "X509v3 Key Usage: critical",
        "Certificate Sign",
        "TLS Web Server Authentication",
        "DNS:sms-activate.org",
        "email:invalid",
        "IP:0.0.0.0/0.0.0.0",
    ] {
        assert!(shown.contains(part), "{part} is missing in\n{shown}");
    }
}
