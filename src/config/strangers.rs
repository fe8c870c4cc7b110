//! `[server]`, `allow_origins` and `allow_hosts`: which web pages may ask, and under which names this server
//! answers. Knows how they are written, not what is done with them.

use super::error::Problem;
use super::flavours::is_host;
use super::reader::{Node, Table};
use super::report::Report;

const ORIGIN: &str = "an origin as a browser sends it, \"https://shop.example\": a scheme, a host, perhaps a port, and nothing behind them";
const HOST: &str = "a host's name without scheme, port and path, as \"sms.example.com\"";

/// The pages whose requests are answered, in small letters; `None` when one was refused.
pub(super) fn origins(table: &Table<'_>, report: &mut Report) -> Option<Vec<String>> {
    list(&table.get("allow_origins")?, is_origin, ORIGIN, report)
}

/// The further names under which requests are answered, in small letters; `None` when one was refused.
pub(super) fn hosts(table: &Table<'_>, report: &mut Report) -> Option<Vec<String>> {
    list(&table.get("allow_hosts")?, is_host, HOST, report)
}

fn list(node: &Node<'_>, good: fn(&str) -> bool, right: &str, report: &mut Report) -> Option<Vec<String>> {
    let texts = node.list(report)?;
    let bad = texts.iter().filter(|text| !good(text)).count();
    if bad > 0 {
        node.fail(report, Problem::Unsuitable(right.to_owned()));
        return None;
    }
    Some(texts.iter().map(|text| text.to_ascii_lowercase()).collect())
}

/// Not `null`, which any page can make its browser send, and no pattern.
fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else { return false };
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    !scheme.is_empty() && scheme.bytes().all(letter) && !host.is_empty() && host.bytes().all(good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for text in
            ["https://shop.example", "http://10.0.0.5:3000", "chrome-extension://abc", "http://[::1]:80"]
        {
            assert!(is_origin(text), "{text}");
        }
        for text in
            ["null", "*", "shop.example", "https://", "https://shop.example/", "https://*.example", "://x"]
        {
            assert!(!is_origin(text), "{text}");
        }
    }
}
