//! `[redirect]`: the names that software asks for and that may be made to lead here. Knows how a name is written,
//! not how it is made to lead anywhere.

use super::error::Problem;
use super::keys;
use super::reader::Table;
use super::report::Report;

/// The names that legacy software has compiled in (`WIRE.md` section 2): each also with `api.` before it.
const LEGACY: [&str; 6] = [
    "sms-activate.ru",
    "sms-activate.org",
    "sms-activate.io",
    "sms-activate.guru",
    "sms-activate.ae",
    "sms-activate.page",
];

/// No name in the DNS is longer (RFC 1035, section 2.3.4).
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// The names that may be made to lead here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectConfig {
    /// All of them: those built in, then those added; in small letters, none twice.
    pub names: Vec<String>,
    /// Those that `hosts` adds, as it was written.
    pub added: Vec<String>,
}

impl Default for RedirectConfig {
    fn default() -> Self {
        Self { names: built_in(), added: Vec::new() }
    }
}

fn built_in() -> Vec<String> {
    LEGACY.iter().flat_map(|name| [(*name).to_owned(), format!("api.{name}")]).collect()
}

/// Reads `[redirect]`.
pub(super) fn read(root: &Table<'_>, report: &mut Report) -> Option<RedirectConfig> {
    let table = root.table("redirect", report)?;
    table.refuse_unknown(keys::REDIRECT, report);
    let node = table.get("hosts")?;
    let added = node.list(report)?;
    let mut names = built_in();
    for text in &added {
        match complaint(text) {
            Some(right) => node.fail(report, Problem::NotRedirectable { text: text.clone(), right }),
            None => {
                let name = text.to_ascii_lowercase();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    Some(RedirectConfig { names, added })
}

/// What is wrong with a name, if anything is.
fn complaint(text: &str) -> Option<&'static str> {
    let labels: Vec<&str> = text.split('.').collect();
    if text.is_empty() {
        return Some("write a name, as \"api.sms-man.ru\"");
    }
    if text.contains("://") || text.contains('/') {
        return Some("write the name alone, without scheme and path, as \"api.sms-man.ru\"");
    }
    if text.parse::<std::net::IpAddr>().is_ok() || text.starts_with('[') {
        return Some("an IP address is not looked up, so it cannot be made to lead elsewhere; write a name");
    }
    if text.contains(':') {
        return Some("write the name without a port; every port of it leads here");
    }
    if text.contains('*') {
        return Some("a hosts file knows no patterns; write each name out");
    }
    if text.ends_with('.') {
        return Some("write the name without a dot at its end");
    }
    if labels.len() < 2 {
        return Some("write the whole name with its domain, as \"api.sms-man.ru\"");
    }
    let fits = text.len() <= LONGEST_NAME && labels.iter().all(|label| is_label(label));
    let numeric = labels.last().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    (!fits || numeric).then_some(
        "a name has letters a to z, digits and hyphens between its dots; others are written in their xn-- form",
    )
}

fn is_label(label: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=LONGEST_LABEL).contains(&label.len())
        && label.bytes().all(good)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_names_are_built_in() {
        let names = built_in();
        assert_eq!(names.len(), 12);
        assert!(names.iter().all(|name| complaint(name).is_none()));
        assert!(names.contains(&"api.sms-activate.org".to_owned()));
    }

    #[test]
    fn what_is_no_name_is_told_what_would_be_right() {
        for (text, right) in [
            ("", "write a name"),
            ("https://smshub.org", "without scheme"),
            ("smshub.org/stubs", "without scheme"),
            ("smshub.org:443", "without a port"),
            ("10.0.0.1", "an IP address"),
            ("::1", "an IP address"),
            ("[::1]", "an IP address"),
            ("*.smshub.org", "no patterns"),
            ("smshub.org.", "without a dot"),
            ("org", "the whole name"),
            ("localhost", "the whole name"),
            ("sms_hub.org", "letters a to z"),
            ("смс.рф", "xn--"),
            ("-a.org", "letters"),
            ("a..org", "letters"),
            ("1.2.3", "letters"),
            ("a b.org", "letters"),
        ] {
            let said = complaint(text);
            assert!(said.is_some_and(|said| said.contains(right)), "{text}: {said:?}");
        }
        for text in ["smshub.org", "API.sms-man.ru", "sms-service-online.com", "xn--l1ae.xn--p1ai"] {
            assert_eq!(complaint(text), None, "{text}");
        }
        let long = format!("{}.org", "a".repeat(64));
        assert!(complaint(&long).is_some());
    }
}
