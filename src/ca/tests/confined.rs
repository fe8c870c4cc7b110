//! A certificate in the CA's folder that `ca init` did not make, for an administrator to have the machine trust.

use std::fs;
use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose, NameConstraints,
};

use super::super::Certificate;
use super::{made, names};

/// As the CA's own certificate is, permitting these names.
fn like_ours(permitted: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "smsbridge local CA 01234567");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let names = permitted.iter().map(|name| GeneralSubtree::DnsName((*name).to_owned()));
    let no_mail = GeneralSubtree::Rfc822Name("invalid".to_owned());
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: names.chain([no_mail]).collect(),
        excluded_subtrees: vec![
            GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([0; 4], 0)),
            GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix([0; 16], 0)),
        ],
    });
    params
}

/// What makes it another one.
type Alteration = fn(&mut CertificateParams);

fn constraints(params: &mut CertificateParams) -> &mut NameConstraints {
    params.name_constraints.as_mut().unwrap()
}

fn text(params: &CertificateParams) -> String {
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
}

fn is_taken(folder: &Path, text: &str) -> bool {
    fs::write(folder.join("ca.pem"), text).unwrap();
    Certificate::load(folder).is_ok()
}

#[test]
fn one_that_could_do_more_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let right = like_ours(&["sms-activate.org", "api.sms-man.ru"]);
    assert!(is_taken(folder.path(), &text(&right)), "this is what the others differ from");
    for wide in [&["com"][..], &[""], &["sms-activate.org", "org"], &[".org"], &["org."]] {
        assert!(!is_taken(folder.path(), &text(&like_ours(wide))), "{wide:?}");
    }
    let alterations: [(&str, Alteration); 8] = [
        ("IPv4 is open", |params| drop(constraints(params).excluded_subtrees.remove(0))),
        ("IPv6 is open", |params| drop(constraints(params).excluded_subtrees.remove(1))),
        ("a part of IPv4 is open", |params| {
            constraints(params).excluded_subtrees[0] =
                GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([128, 0, 0, 0], 1));
        }),
        ("mail is open", |params| drop(constraints(params).permitted_subtrees.pop())),
        ("nothing is permitted, so that all is", |params| constraints(params).permitted_subtrees.clear()),
        ("CAs may stand below", |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
        ("it may sign for clients", |params| {
            params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
        }),
        ("it may sign for all purposes", |params| params.extended_key_usages.clear()),
    ];
    for (what, alter) in alterations {
        let mut params = like_ours(&["sms-activate.org"]);
        alter(&mut params);
        assert!(!is_taken(folder.path(), &text(&params)), "{what}");
    }
}

/// Who does not know an extension passes over it, unless it is critical.
#[test]
fn constraints_that_may_be_passed_over_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let der = text(&like_ours(&["sms-activate.org"]));
    fs::write(folder.path().join("ca.pem"), der).unwrap();
    let loaded = Certificate::load(folder.path()).unwrap();
    let (_, parsed) = x509_parser::parse_x509_certificate(loaded.der()).unwrap();
    let constraints = parsed.extensions().iter().find(|one| one.critical && one.value.len() > 40).unwrap();
    let mut params = like_ours(&["sms-activate.org"]);
    params.name_constraints = None;
    let mut lax = CustomExtension::from_oid_content(&[2, 5, 29, 30], constraints.value.to_vec());
    for (critical, taken) in [(true, true), (false, false)] {
        lax.set_criticality(critical);
        params.custom_extensions = vec![lax.clone()];
        assert_eq!(is_taken(folder.path(), &text(&params)), taken, "critical: {critical}");
    }
}

/// A store takes the whole file.
#[test]
fn nothing_may_stand_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let ours = made(folder.path()).certificate().pem().to_owned();
    let any = rcgen::generate_simple_self_signed(["a.example".to_owned()]).unwrap().cert.pem();
    let old_form = any.replace("BEGIN CERTIFICATE", "BEGIN X509 CERTIFICATE");
    for beside in [
        format!("{ours}{any}"),
        format!("{ours}{old_form}"),
        format!("{old_form}{ours}"),
        format!("{ours}\u{0}"),
    ] {
        assert!(!is_taken(folder.path(), &beside), "{beside}");
    }
    assert!(is_taken(folder.path(), &format!("\n{}\n", ours.replace('\n', "\r\n"))), "an editor was here");
}

#[test]
fn what_it_permits_and_nobody_named_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = made(folder.path()).certificate().clone();
    assert_eq!(certificate.beyond(&names()), [""; 0]);
    // A name below one that is named is no more than was asked for.
    let fewer = ["org", "SMS-activate.ru"].map(str::to_owned);
    assert_eq!(certificate.beyond(&fewer), ["api.sms-man.ru"]);
}
