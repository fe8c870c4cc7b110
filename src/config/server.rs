//! `[server]` and `[ledger]`: where to listen and where the ledger is kept. Knows no other section.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use super::error::Problem;
use super::reader::{Node, Table};
use super::report::Report;
use super::{keys, limits, retention, strangers};

/// Where to listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The addresses for HTTP; there is at least one, here or below.
    pub listen: Vec<SocketAddr>,
    /// Those for HTTPS; none of them is above.
    pub listen_tls: Vec<SocketAddr>,
    /// How many threads answer; at least one.
    pub workers: usize,
    /// How long what is in flight may take once the server is asked to stop.
    pub drain: Duration,
    /// The web pages whose requests are answered, by their origins in small letters.
    pub allow_origins: Vec<String>,
    /// Further names under which requests are answered, in small letters.
    pub allow_hosts: Vec<String>,
}

impl Server {
    /// Every address at which clients are answered.
    pub fn addresses(&self) -> impl Iterator<Item = &SocketAddr> {
        self.listen.iter().chain(&self.listen_tls)
    }
}

/// Where the ledger is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerConfig {
    /// `sqlite:` and a path.
    pub url: String,
    /// How long what was bought is kept after its end; `None` for ever.
    pub keep: Option<Duration>,
}

impl LedgerConfig {
    /// The path of the file.
    pub fn path(&self) -> &Path {
        Path::new(self.url.strip_prefix("sqlite:").unwrap_or(&self.url))
    }
}

/// Whoever stops a server does not wait longer than this for it.
const LONGEST_DRAIN: Duration = Duration::from_secs(600);

/// More than this is a slip: it is no number of connections.
const WORKERS: RangeInclusive<u32> = 1..=64;

/// Reads `[server]`.
pub(super) fn read(root: &Table<'_>, report: &mut Report) -> Option<Server> {
    let table = root.table("server", report)?;
    table.refuse_unknown(keys::SERVER, report);
    let allow_origins = strangers::origins(&table, report);
    let allow_hosts = strangers::hosts(&table, report);
    let node = table.get("listen")?;
    let listen = addresses(&node, &[], report);
    let listen_tls = addresses(&table.get("listen_tls")?, listen.as_deref().unwrap_or_default(), report);
    let (listen, listen_tls) = (listen?, listen_tls?);
    if node.list(report)?.is_empty() && listen_tls.is_empty() {
        node.fail(report, Problem::NoListener);
    }
    let workers = table.get("workers").and_then(|node| limits::number(&node, WORKERS, report));
    let drain = table.get("drain")?.duration(Duration::ZERO, LONGEST_DRAIN, report)?;
    let workers = limits::size(workers?);
    Some(Server {
        listen,
        listen_tls,
        workers,
        drain,
        allow_origins: allow_origins?,
        allow_hosts: allow_hosts?,
    })
}

/// Addresses of which none occurs twice, nor among the `others`; what is wrong with one is said, and it is left out.
fn addresses(node: &Node<'_>, others: &[SocketAddr], report: &mut Report) -> Option<Vec<SocketAddr>> {
    let texts = node.list(report)?;
    let mut found = Vec::with_capacity(texts.len());
    for text in texts {
        match address(&text) {
            Err(right) => node.fail(report, Problem::BadAddress { text, right }),
            // Port 0 is a free port, another one each time.
            Ok(address) if address.port() != 0 && (found.contains(&address) || others.contains(&address)) => {
                node.fail(report, Problem::SameAddress(text));
            }
            Ok(address) => found.push(address),
        }
    }
    Some(found)
}

/// Whether only this machine can reach it.
pub(super) fn is_loopback(address: &SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

/// Reads `IP:port` and `localhost:port`. Other names are not looked up: what a name means may change
/// between the check and the start.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    if let Some(port) = text.strip_prefix("localhost:") {
        return format!("127.0.0.1:{port}")
            .parse()
            .map_err(|_| "the port is a number up to 65535".to_owned());
    }
    if let Ok(ip) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Err(format!("add a port, as {}", SocketAddr::new(ip, 8080)));
    }
    if text == "localhost" {
        return Err("add a port, as localhost:8080".to_owned());
    }
    let port = text.trim_start_matches("*:").trim_start_matches(':');
    if port.parse::<u16>().is_ok() {
        return Err(format!("write 127.0.0.1:{port} for this machine only, or 0.0.0.0:{port} for all"));
    }
    Err("write an IP address and a port, as 127.0.0.1:8080; names other than localhost are not looked up"
        .to_owned())
}

/// Reads `[ledger]`.
pub(super) fn read_ledger(root: &Table<'_>, report: &mut Report) -> Option<LedgerConfig> {
    let table = root.table("ledger", report)?;
    table.refuse_unknown(keys::LEDGER, report);
    let keep = table.get("keep").and_then(|node| retention::read(&node, report));
    let node = table.get("url")?;
    let url = node.text(report)?;
    match complaint(url) {
        Some(right) => refuse(&node, right, report),
        None => Some(LedgerConfig { url: url.to_owned(), keep: keep? }),
    }
}

fn refuse(node: &Node<'_>, right: &'static str, report: &mut Report) -> Option<LedgerConfig> {
    node.fail(report, Problem::BadLedger(right));
    None
}

/// What is wrong with a ledger's address; it is not repeated, for the address of a database may hold a password.
fn complaint(url: &str) -> Option<&'static str> {
    let Some(path) = url.strip_prefix("sqlite:") else {
        return Some("write \"sqlite:\" and the path of a file, as \"sqlite:smsbridge.db\"");
    };
    if path.is_empty() {
        return Some("a path is missing after \"sqlite:\", as \"sqlite:smsbridge.db\"");
    }
    if path.starts_with("//") {
        return Some(
            "write the path right after \"sqlite:\", as \"sqlite:smsbridge.db\" or \"sqlite:/var/lib/smsbridge/smsbridge.db\"",
        );
    }
    if path.contains(['?', '#']) {
        return Some("a path without ? and # is enough; there are no parameters");
    }
    if path == ":memory:" {
        return Some("a ledger must outlive the process, name a file, as \"sqlite:smsbridge.db\"");
    }
    path.ends_with('/').then_some("the path names a folder; add the name of a file, as smsbridge.db")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_ip_and_a_port() {
        for (text, right) in [
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("[::1]:8080", "[::1]:8080"),
            ("localhost:9", "127.0.0.1:9"),
        ] {
            assert_eq!(address(text).unwrap().to_string(), right);
        }
    }

    #[test]
    fn a_wrong_address_is_told_what_would_be_right() {
        for (text, right) in [
            ("8080", "write 127.0.0.1:8080 for this machine only, or 0.0.0.0:8080 for all"),
            (":80", "write 127.0.0.1:80 for this machine only, or 0.0.0.0:80 for all"),
            ("*:80", "write 127.0.0.1:80 for this machine only, or 0.0.0.0:80 for all"),
            ("10.0.0.1", "add a port, as 10.0.0.1:8080"),
            ("::1", "add a port, as [::1]:8080"),
            ("localhost", "add a port, as localhost:8080"),
            ("localhost:70000", "the port is a number up to 65535"),
        ] {
            assert_eq!(address(text).unwrap_err(), right, "{text}");
        }
        assert!(
            address("example.com:80").unwrap_err().contains("names other than localhost are not looked up")
        );
    }

    #[test]
    fn loopback_is_seen_in_every_spelling() {
        for (text, loopback) in [
            ("127.8.0.1:1", true),
            ("[::1]:1", true),
            ("[::ffff:127.0.0.1]:1", true),
            ("0.0.0.0:1", false),
            ("[::]:1", false),
        ] {
            assert_eq!(is_loopback(&text.parse().unwrap()), loopback, "{text}");
        }
    }

    #[test]
    fn a_ledger_is_a_sqlite_file() {
        assert_eq!(complaint("sqlite:smsbridge.db"), None);
        assert_eq!(complaint("sqlite:/var/lib/smsbridge.db"), None);
        for url in [
            "",
            "smsbridge.db",
            "postgres://a:b@c/d",
            "sqlite:",
            "sqlite://a.db",
            "sqlite:a.db?mode=rwc",
            "sqlite:x/",
        ] {
            assert!(complaint(url).is_some(), "{url}");
        }
        assert!(complaint("sqlite::memory:").unwrap().contains("outlive"));
    }
}
