//! `[dns]`, and `resolve` of a provider: how the names of upstreams become addresses. Knows no name.

use std::net::{IpAddr, SocketAddr};

use reqwest::Url;

use super::error::Problem;
use super::keys;
use super::reader::Table;
use super::report::Report;
use crate::provider::Lookup;

/// Where DNS servers answer unless something else is said.
const PORT: u16 = 53;

/// Whom to ask for names past the hosts file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DnsConfig {
    /// The DNS servers; empty for the system's.
    pub servers: Vec<SocketAddr>,
}

/// Reads `[dns]`; `None` when something in it was refused.
pub(super) fn read(root: &Table<'_>, report: &mut Report) -> Option<DnsConfig> {
    let table = root.table("dns", report)?;
    table.refuse_unknown(keys::DNS, report);
    let node = table.get("servers")?;
    let texts = node.list(report)?;
    let mut servers = Vec::with_capacity(texts.len());
    for text in &texts {
        match server(text) {
            Some(server) => servers.push(server),
            None => {
                let right = "write the IP address of a DNS server, as 9.9.9.9 or 192.0.2.1:5353";
                node.fail(report, Problem::NotAnIp { text: text.clone(), right });
            }
        }
    }
    (servers.len() == texts.len()).then_some(DnsConfig { servers })
}

fn server(text: &str) -> Option<SocketAddr> {
    let ip = || text.trim_matches(['[', ']']).parse::<IpAddr>().ok();
    let found = text.parse().ok().or_else(|| ip().map(|ip| SocketAddr::new(ip, PORT)));
    found.filter(|server: &SocketAddr| server.port() != 0)
}

/// Reads `resolve` of a provider; `None` when it was refused.
pub(super) fn pinned(table: &Table<'_>, report: &mut Report) -> Option<Vec<IpAddr>> {
    let Some(node) = table.get("resolve") else { return Some(Vec::new()) };
    let texts = node.list(report)?;
    let mut pinned = Vec::with_capacity(texts.len());
    for text in &texts {
        match text.trim_matches(['[', ']']).parse() {
            Ok(ip) => pinned.push(ip),
            Err(_) => {
                let right = "write an IP address without a port, as 192.0.2.1";
                node.fail(report, Problem::NotAnIp { text: text.clone(), right });
            }
        }
    }
    (pinned.len() == texts.len()).then_some(pinned)
}

/// Says that there is nothing to resolve where no address has a name.
pub(super) fn warn_if_unused(lookup: &Lookup, base_urls: &[Url], table: &Table<'_>, report: &mut Report) {
    let has_name = base_urls.iter().any(|url| url.domain().is_some());
    if let (Some(node), false, false) = (table.get("resolve"), lookup.pinned.is_empty(), has_name) {
        report.warn(
            &node.origin,
            &node.key,
            "is not used: base_url holds IP addresses, which need no look-up",
        );
    }
}
