//! Who may not see the metrics: pages of other sites in a browser on this machine. Knows nothing of what there is
//! to be seen.

use std::net::IpAddr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};

/// Why a request is refused at a listener of this machine alone, or elsewhere; `None` if it is not.
///
/// A page is refused by what its browser says of it. At a listener that only this machine reaches, a request must
/// name this machine as well: a site that has its own name point here (DNS rebinding) would else be taken for it.
pub(super) fn refusal(asked: &HeaderMap, target: &Uri, is_local: bool) -> Option<&'static str> {
    let header = |name: &str| asked.get(name).and_then(|value| value.to_str().ok());
    let is_foreign = matches!(header("sec-fetch-site"), Some("cross-site" | "same-site"));
    if is_foreign || asked.contains_key(ORIGIN) {
        return Some("a web page may not read this");
    }
    let named = target.host().or_else(|| header(HOST.as_str()).map(without_port));
    let other = is_local && named.is_some_and(|name| !is_this_machine(name));
    other.then_some("ask for it at localhost or 127.0.0.1")
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn is_this_machine(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let ip = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(headers: &[(&'static str, &str)], is_local: bool) -> bool {
        let headers = headers.iter().map(|(name, value)| {
            (axum::http::HeaderName::from_static(name), axum::http::HeaderValue::from_str(value).unwrap())
        });
        refusal(&headers.collect(), &Uri::from_static("/metrics"), is_local).is_some()
    }

    #[test]
    fn this_machine_is_named_in_many_ways() {
        for host in ["127.0.0.1:9464", "localhost:1", "LOCALHOST", "localhost.", "[::1]:9464", "127.0.0.9"] {
            assert!(!refused(&[("host", host)], true), "{host}");
        }
        assert!(!refused(&[], true), "HTTP/1.0 names nobody");
    }

    #[test]
    fn a_name_that_points_here_is_not_this_machine() {
        for host in
            ["evil.example", "evil.example:9464", "localhost.evil.example", "10.0.0.5", "127.0.0.1.evil"]
        {
            assert!(refused(&[("host", host)], true), "{host}");
            assert!(!refused(&[("host", host)], false), "{host}");
        }
    }

    #[test]
    fn a_web_page_is_refused_everywhere() {
        for (name, value) in
            [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")]
        {
            for is_local in [true, false] {
                assert!(refused(&[("host", "localhost"), (name, value)], is_local), "{name}: {value}");
            }
        }
        assert!(!refused(&[("host", "localhost"), ("sec-fetch-site", "none")], true));
    }
}
