//! The form of an address that messages are sent to, and of a host that clients may name one at. Knows no
//! network: nothing is looked up here.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// More than any sensible address is long.
const MAX_BYTES: usize = 2048;

const SCHEME: &str = "write it as \"https://hooks.example.com/sms\"";
const NO_USER: &str = "leave user and password away; a secret may stand in the path or behind a ?";
const HOST: &str = "write a host without scheme and path, as hooks.example.com, 10.0.0.5 or localhost:9000";

/// Reads an address: http or https, a host, and no user and password.
///
/// # Errors
/// What would be right; the address is not repeated, for it may hold a secret.
pub fn parse(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| SCHEME)?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(SCHEME);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(NO_USER);
    }
    if text.len() > MAX_BYTES {
        return Err("it is longer than 2048 bytes");
    }
    Ok(url)
}

/// A host that clients may name, with the port, where it is not the scheme's usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost {
    host: String,
    port: Option<u16>,
}

impl AllowedHost {
    /// Reads `hooks.example.com`, `10.0.0.5`, `[::1]:9000`.
    ///
    /// # Errors
    /// What would be right.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let bare =
            |letter: char| !letter.is_whitespace() && !matches!(letter, '/' | '?' | '#' | '@' | '\\' | '*');
        if text.is_empty() || !text.chars().all(bare) {
            return Err(HOST);
        }
        // A bare IPv6 address is unmistakable, though it needs brackets within a URL.
        let text =
            if text.parse::<std::net::Ipv6Addr>().is_ok() { format!("[{text}]") } else { text.to_owned() };
        let with = |scheme: &str| Url::parse(&format!("{scheme}://{text}/")).map_err(|_| HOST);
        // A URL drops the port that is usual for its scheme; here it was said.
        let (plain, secure) = (with("http")?, with("https")?);
        let port = plain.port().or(secure.port());
        if port == Some(0) || text.ends_with(':') {
            return Err(HOST);
        }
        Ok(Self { host: host_of(&plain), port })
    }

    /// Whether an address is at this host and port.
    pub(super) fn is_of(&self, url: &Url) -> bool {
        let host = host_of(url);
        let same = match (ip_of(&self.host), ip_of(&host)) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => self.host == host,
        };
        same && self.has_port_of(url)
    }

    /// Whether this names `ip` itself, at the port of an address.
    pub(super) fn names(&self, ip: IpAddr, url: &Url) -> bool {
        ip_of(&self.host) == Some(ip.to_canonical()) && self.has_port_of(url)
    }

    fn has_port_of(&self, url: &Url) -> bool {
        match self.port {
            Some(port) => url.port_or_known_default() == Some(port),
            None => url.port().is_none(),
        }
    }
}

impl fmt::Display for AllowedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => f.write_str(&self.host),
        }
    }
}

/// An address's host, in the one spelling that is compared and may stand in a log.
pub fn host_of(url: &Url) -> String {
    // A last dot only says that the name is complete.
    url.host_str().unwrap_or_default().trim_end_matches('.').to_owned()
}

/// The IP that a host is, if it is one. An IPv4 one has one spelling here.
pub(super) fn ip_of(host: &str) -> Option<IpAddr> {
    host.trim_matches(['[', ']']).parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_http_with_a_host_and_without_a_user() {
        for text in ["https://a.example/x?token=1", "http://10.0.0.5", "http://[::1]:9000/hook"] {
            assert!(parse(text).is_ok(), "{text}");
        }
        for (text, right) in [
            ("a.example/x", SCHEME),
            ("localhost:9000", SCHEME),
            ("ftp://a.example/", SCHEME),
            ("file:///etc/passwd", SCHEME),
            ("https://", SCHEME),
            ("https://me@a.example/", NO_USER),
            ("https://:pw@a.example/", NO_USER),
        ] {
            assert_eq!(parse(text).unwrap_err(), right, "{text}");
        }
        assert!(parse(&format!("https://a.example/{}", "x".repeat(2048))).is_err());
    }

    #[test]
    fn a_host_has_one_spelling_and_perhaps_a_port() {
        for (text, shown) in [
            ("Hooks.Example.com", "hooks.example.com"),
            ("hooks.example.com.", "hooks.example.com"),
            ("hooks.example.com:80", "hooks.example.com:80"),
            ("hooks.example.com:443", "hooks.example.com:443"),
            ("10.0.0.5", "10.0.0.5"),
            ("0x0a000005", "10.0.0.5"),
            ("::1", "[::1]"),
            ("[::1]:9000", "[::1]:9000"),
        ] {
            assert_eq!(AllowedHost::parse(text).unwrap().to_string(), shown, "{text}");
        }
        for text in ["", "https://a.example", "a.example/x", "*.a.example", "a b", "me@a", "a:0", "a:", "a:b"]
        {
            assert_eq!(AllowedHost::parse(text).unwrap_err(), HOST, "{text}");
        }
    }

    #[test]
    fn without_a_port_the_usual_one_of_the_scheme_is_meant() {
        for (allowed, url, fits) in [
            ("a.example", "https://a.example/x", true),
            ("a.example", "http://A.EXAMPLE:80/x", true),
            ("a.example", "https://a.example./x", true),
            ("a.example", "https://a.example:8443/x", false),
            ("a.example", "https://b.a.example/x", false),
            ("a.example", "https://a.example.evil.example/x", false),
            ("a.example:8443", "https://a.example:8443/x", true),
            ("a.example:8443", "https://a.example/x", false),
            ("a.example:443", "https://a.example/x", true),
            ("a.example:443", "http://a.example/x", false),
            ("10.0.0.5", "http://[::ffff:10.0.0.5]/", true),
            ("10.0.0.5", "http://0xa.0.0.5/", true),
        ] {
            let allowed = AllowedHost::parse(allowed).unwrap();
            assert_eq!(allowed.is_of(&parse(url).unwrap()), fits, "{allowed} {url}");
        }
    }
}
