//! Where an upstream is: its origins, and the path below them. Knows no kind of provider by name.

use std::net::IpAddr;

use reqwest::Url;

use super::error::Problem;
use super::reader::{Node, Table};
use super::report::Report;
use crate::provider::{Spec, Variant};

const SCHEME: &str = "write it as \"https://example.com\"";
const NO_PATH: &str = "only scheme, host and port go here, as \"https://example.com\"; the path belongs to the kind (`path` overrides it)";
const NO_USER: &str = "leave user and password away; the key goes into api_key";
const NO_QUERY: &str = "leave everything from ? or # on away; the key goes into api_key";

/// The origins: those configured, or the variant's, or the kind's own. `None` when what is configured was
/// refused.
pub(super) fn origins(
    table: &Table<'_>,
    spec: &Spec,
    variant: Option<&Variant>,
    report: &mut Report,
) -> Option<Vec<Url>> {
    let Some(node) = table.get("base_url") else {
        let known = variant.and_then(|variant| variant.base_urls).unwrap_or(spec.base_urls);
        return Some(known.iter().filter_map(|text| Url::parse(text).ok()).collect());
    };
    let texts = node.list(report)?;
    if texts.is_empty() {
        node.fail(report, Problem::Empty);
        return None;
    }
    let mut origins = Vec::with_capacity(texts.len());
    for text in &texts {
        match origin(text) {
            // The text is not repeated: people paste whole addresses here, with the key in them.
            Err(right) => node.fail(report, Problem::BadOrigin(right)),
            Ok(url) => {
                warn_of_plain_http(&url, &node, report);
                origins.push(url);
            }
        }
    }
    (origins.len() == texts.len()).then_some(origins)
}

/// The path: the one configured, or the variant's, or the kind's own; empty where the kind has several.
pub(super) fn path(
    table: &Table<'_>,
    spec: &'static Spec,
    variant: Option<&Variant>,
    report: &mut Report,
) -> Option<String> {
    let Some(node) = table.get("path") else {
        let known = variant.and_then(|variant| variant.path).or(spec.path);
        return Some(known.unwrap_or_default().to_owned());
    };
    let text = node.text(report)?;
    if spec.path.is_none() {
        node.fail(report, Problem::NoSinglePath(spec.kind));
        return None;
    }
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, '?' | '#');
    if !text.starts_with('/') || text.contains(odd) {
        node.fail(report, Problem::BadPath);
        return None;
    }
    Some(text.to_owned())
}

fn origin(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| SCHEME)?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(SCHEME);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(NO_USER);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(NO_QUERY);
    }
    if url.path() == "/" { Ok(url) } else { Err(NO_PATH) }
}

fn warn_of_plain_http(url: &Url, node: &Node<'_>, report: &mut Report) {
    let host = url.host_str().unwrap_or_default();
    if url.scheme() == "http" && is_far(host) {
        let text = format!("the key travels to {host} without encryption; use https if the service has it");
        report.warn(&node.origin, &node.key, text);
    }
}

/// Whether a host is probably outside the own network.
pub(super) fn is_far(host: &str) -> bool {
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => !(ip.is_loopback() || ip.is_private() || ip.is_link_local()),
        Ok(IpAddr::V6(ip)) => !(ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()),
        Err(_) => {
            let near = ["localhost", "local", "internal", "test"];
            host.rsplit_once('.').is_some_and(|(_, last)| !near.contains(&last))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        for text in
            ["https://vak-sms.com", "https://vak-sms.com/", "http://127.0.0.1:9001", "http://[::1]:9001"]
        {
            assert!(origin(text).is_ok(), "{text}");
        }
        for (text, right) in [
            ("vak-sms.com", SCHEME),
            ("localhost:9001", SCHEME),
            ("ftp://vak-sms.com", SCHEME),
            ("https://", SCHEME),
            ("https://vak-sms.com/api", NO_PATH),
            ("https://me@vak-sms.com", NO_USER),
            ("https://:pw@vak-sms.com", NO_USER),
            ("https://vak-sms.com?apiKey=1", NO_QUERY),
            ("https://vak-sms.com/#a", NO_QUERY),
        ] {
            assert_eq!(origin(text).unwrap_err(), right, "{text}");
        }
    }

    #[test]
    fn the_addresses_of_every_kind_are_origins() {
        for spec in crate::provider::PROVIDERS {
            let variants = spec.variants.iter().flat_map(|variants| variants.list);
            let theirs = variants.flat_map(|variant| variant.base_urls.unwrap_or_default());
            for text in spec.base_urls.iter().chain(theirs) {
                assert!(origin(text).is_ok(), "{}: {text}", spec.kind);
            }
        }
    }

    #[test]
    fn a_host_is_far_unless_it_is_plainly_near() {
        for (host, far) in [
            ("vak-sms.com", true),
            ("8.8.8.8", true),
            ("localhost", false),
            ("mock", false),
            ("sms.internal", false),
            ("192.168.1.2", false),
            ("[::1]", false),
        ] {
            assert_eq!(is_far(host), far, "{host}");
        }
    }
}
