//! Who may ask at a listener at all: no web page that is not allowed to, and nobody under a name that is not this
//! server's. Knows neither keys nor the dialect.
//!
//! The original's API is a plain GET, which any page can make its visitor's browser send, to this machine too: with
//! `Origin` or not, and marked by `Sec-Fetch-Site` by every browser of today. A page whose name is made to
//! lead to this machine (DNS rebinding) is of the same origin to the browser, but the name stands in `Host`. So a
//! loopback listener answers only under names that are this machine's or that somebody redirects here on purpose: the
//! legacy names as long as the hosts file leads them here, for then no page of another machine can have them. Other
//! listeners answer under addresses and names of the own network as well; everybody else reads which setting lets a
//! name in.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, HOST, ORIGIN, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use axum::response::IntoResponse;

use super::limits::Turned;
use crate::config::{Flavours, Server};
use crate::domain::near;
use crate::redirect::here::Here;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Who may ask at one listener.
pub(super) struct Visitors {
    /// Origins in small letters.
    origins: Vec<String>,
    /// Names in small letters.
    hosts: Vec<String>,
    /// Whether names that only a network of one's own has will do without being among those.
    near: bool,
    redirect: Arc<Here>,
    /// Whether a name that may be redirected must lead here by the hosts file to be answered under.
    by_hosts_file: bool,
}

impl Visitors {
    /// Those at the listener with this address.
    pub(super) fn of(addr: SocketAddr, server: &Server, flavours: &Flavours, redirect: &Arc<Here>) -> Self {
        // Who reaches another listener was led there by a resolver or a hosts file that is not this machine's.
        let by_hosts_file = addr.ip().to_canonical().is_loopback();
        let near = !by_hosts_file && server.allow_hosts.is_empty();
        let flavoured = flavours.hosts.iter().map(|(host, _)| host.to_ascii_lowercase());
        let hosts = flavoured.chain(server.allow_hosts.iter().cloned()).collect();
        let redirect = Arc::clone(redirect);
        Self { origins: server.allow_origins.clone(), hosts, near, redirect, by_hosts_file }
    }

    /// Lets somebody in, or says why not.
    pub(super) fn admit(&self, request: &Request<Body>) -> Result<Page, Refused> {
        let refused = |reason: Turned, text: String| {
            tracing::debug!(reason = reason.word(), "a request was refused before it was read");
            Err(Refused { reason, text })
        };
        if let Some(name) = self.foreign_name(request) {
            let may_be_redirected = self.redirect.may(&name.to_ascii_lowercase());
            return refused(Turned::Host, not_my_name(&name, may_be_redirected));
        }
        if self.comes_from_a_foreign_page(request.headers()) {
            return refused(Turned::Page, Turned::Page.meaning().to_owned());
        }
        // Nearly always none is allowed, and then there is none to look for.
        let some_are = !self.origins.is_empty();
        let origin = some_are.then(|| request.headers().get(ORIGIN)).flatten();
        Ok(Page(origin.filter(|origin| self.is_allowed(origin)).cloned()))
    }

    /// A name that is asked for and is not this server's. None at all is fine: every browser sends one, old clients
    /// need not.
    fn foreign_name(&self, request: &Request<Body>) -> Option<String> {
        let target = request.uri().authority().map(Authority::host).filter(|name| !self.answers_as(name));
        if let Some(name) = target {
            return Some(name.to_owned());
        }
        request.headers().get_all(HOST).iter().find_map(|value| {
            let text = value.to_str().unwrap_or("?").trim();
            let foreign = |name: &str| (!self.answers_as(name)).then(|| name.to_owned());
            match plain_name(text).ok_or_else(|| text.parse::<Authority>()) {
                Ok(name) => foreign(name),
                Err(Ok(authority)) => foreign(authority.host()),
                Err(Err(_)) => foreign(text),
            }
        })
    }

    fn answers_as(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.');
        let name = match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::Owned(name.to_ascii_lowercase()),
            false => Cow::Borrowed(name),
        };
        let own = name.is_empty() || is_this_machine(&name) || self.hosts.iter().any(|host| *host == name);
        own || (self.near && is_near(&name)) || self.is_redirected(&name)
    }

    fn is_redirected(&self, name: &str) -> bool {
        if self.by_hosts_file { self.redirect.leads(name) } else { self.redirect.may(name) }
    }

    /// Whether a browser sent this for a page of another site, and not for one that is allowed to.
    fn comes_from_a_foreign_page(&self, asked: &HeaderMap) -> bool {
        let mut origins = asked.get_all(ORIGIN).iter().peekable();
        if origins.peek().is_some() {
            return !origins.all(|origin| self.is_allowed(origin) || is_own(origin, asked));
        }
        let mut sites = asked.get_all(SEC_FETCH_SITE).iter();
        sites.any(|site| !matches!(site.as_bytes(), b"none" | b"same-origin"))
    }

    fn is_allowed(&self, origin: &HeaderValue) -> bool {
        origin.to_str().is_ok_and(|text| self.origins.contains(&text.to_ascii_lowercase()))
    }
}

/// The name in a `Host` that is a name and a port at most, as it nearly always is: for this nothing needs to be parsed.
fn plain_name(text: &str) -> Option<&str> {
    let (name, port) = text.split_once(':').unwrap_or((text, ""));
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-');
    (is_plain && !name.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())).then_some(name)
}

/// Whether it is the origin of what is asked itself.
fn is_own(origin: &HeaderValue, asked: &HeaderMap) -> bool {
    let host = origin.to_str().ok().and_then(|text| Some(text.split_once("://")?.1));
    host.is_some_and(|host| asked.get(HOST).is_some_and(|own| own.as_bytes() == host.as_bytes()))
}

/// Not an IPv4 address in the clothes of IPv6, nor 0.0.0.0: browsers lead them here, and do not say whose page asks.
fn is_this_machine(name: &str) -> bool {
    if matches!(name, "localhost" | "127.0.0.1") {
        return true;
    }
    let ip = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    ip.is_ok_and(|ip| ip.is_loopback())
}

/// Whether it is an address, or a name that nobody outside could have made to lead here.
fn is_near(name: &str) -> bool {
    let is_address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    is_address || near::is_near(name)
}

/// What somebody is told who asks under a name that nobody has configured, or that is to be redirected and is not.
fn not_my_name(name: &str, redirected: bool) -> String {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    // What is none is not repeated.
    let name = match name.len() <= 253 && name.bytes().all(is_name) {
        true => format!("\"{name}\""),
        false => "this name".to_owned(),
    };
    if redirected {
        return format!(
            "This is smsbridge, and it does not answer as {name} here, since this machine's hosts file does not lead that name to it. To have it do so, run `smsbridge redirect on`, or `smsbridge hosts install` for the hosts file alone.\n"
        );
    }
    format!(
        "This is smsbridge, and it does not answer as {name}. To have it do so, add the name to allow_hosts in [server], or to [dialect.hosts] with a flavour of its own; a name that a hosts file leads here belongs into hosts in [redirect].\n"
    )
}

/// Why somebody is not let in, and what is said to that.
pub(super) struct Refused {
    reason: Turned,
    text: String,
}

impl Refused {
    /// The limit or rule that stands against it.
    pub(super) fn reason(&self) -> Turned {
        self.reason
    }

    /// What is answered.
    pub(super) fn answer(self) -> Response<Body> {
        (StatusCode::FORBIDDEN, self.text).into_response()
    }
}

/// For whose page a request is answered, if it is for one.
pub(super) struct Page(Option<HeaderValue>);

impl Page {
    /// Writes what stands above every answer.
    pub(super) fn head(self, headers: &mut HeaderMap) {
        // Codes and balances are nobody's to keep, and an answer is never a page or a script.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(origin) = self.0 {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.append(VARY, HeaderValue::from_static("origin"));
        }
    }
}
