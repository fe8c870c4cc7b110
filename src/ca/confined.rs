//! Whether a CA's certificate is held to all that `smsbridge ca init` holds one to. A file is only a file: whoever can
//! write to it could put another certificate there, for an administrator to have a machine trust it. Knows neither
//! files nor trust stores.

use rustls::pki_types::CertificateDer;
use x509_parser::extensions::{GeneralName, NameConstraints};
use x509_parser::prelude::{FromDer, X509Certificate};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Whether a text is one certificate and nothing else. A store takes a file as a whole, with whatever stands behind the
/// first certificate, and in forms that only some programs read.
pub(super) fn is_alone(text: &str) -> bool {
    let inner = text.trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
    let of_base64 = |byte: u8| {
        byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || matches!(byte, b'+' | b'/' | b'=')
    };
    inner.is_some_and(|inner| inner.bytes().all(of_base64))
}

/// Whether it can sign for servers alone, under names that are somebody's, and lets one issuer stand below it.
pub(super) fn is_confined(der: &CertificateDer<'_>) -> bool {
    let Ok((_, parsed)) = X509Certificate::from_der(der) else { return false };
    let depth = parsed.basic_constraints().ok().flatten().map(|basic| basic.value.path_len_constraint);
    depth == Some(Some(1)) && is_for_servers_alone(&parsed) && is_for_names_alone(&parsed)
}

fn is_for_servers_alone(parsed: &X509Certificate<'_>) -> bool {
    let Ok(Some(usage)) = parsed.extended_key_usage() else { return false };
    let usage = usage.value;
    let others = [
        usage.any,
        usage.client_auth,
        usage.code_signing,
        usage.email_protection,
        usage.time_stamping,
        usage.ocsp_signing,
    ];
    usage.server_auth && usage.other.is_empty() && !others.contains(&true)
}

/// What is not critical may be passed over by who does not know it.
fn is_for_names_alone(parsed: &X509Certificate<'_>) -> bool {
    let Ok(Some(constraints)) = parsed.name_constraints() else { return false };
    constraints.critical && holds_to_names(constraints.value)
}

fn holds_to_names(constraints: &NameConstraints<'_>) -> bool {
    let permitted = constraints.permitted_subtrees.iter().flatten().map(|tree| &tree.base);
    let (names, others): (Vec<_>, Vec<_>) =
        permitted.partition(|base| matches!(base, GeneralName::DNSName(_)));
    let owned = names.iter().all(|base| matches!(base, GeneralName::DNSName(name) if is_owned(name)));
    // Mail addresses are permitted in one domain, which there cannot be: so all others are excluded.
    let no_mail = matches!(others.as_slice(), [GeneralName::RFC822Name("invalid")]);
    // An address and its mask: every one of IPv4, and of IPv6.
    let excludes = |everything: &[u8]| {
        let mut excluded = constraints.excluded_subtrees.iter().flatten();
        excluded.any(|tree| matches!(tree.base, GeneralName::IPAddress(bytes) if bytes == everything))
    };
    !names.is_empty() && owned && no_mail && excludes(&[0; 8]) && excludes(&[0; 32])
}

/// A name with its domain. An empty one permits every name, and one without a dot all below `com`.
fn is_owned(name: &str) -> bool {
    name.contains('.') && name.split('.').all(|label| !label.is_empty())
}
