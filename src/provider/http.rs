//! The one way out to upstreams: a shared client with deadlines and size limits that never follows a
//! redirect, never prints a key, and says of every failure whether the request may have arrived.
//! Knows no provider's paths, parameters or words.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Client, Url, redirect};

use super::{Cx, Fault, FaultKind};
use crate::domain::Secret;

/// More than any documented answer is long; all countries' prices come to about 5 MB.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// Idle connections older than this are not used again; servers commonly close them after 60 s or more.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// What a request is for: it decides what may be done when it fails, and who goes first where not all
/// may go at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// It buys or changes something: once its bytes may have arrived it is never sent again.
    Act,
    /// It asks how an activation stands, which somebody waits for; it may be asked again.
    Poll,
    /// It asks for a list or a balance, and may be asked again.
    List,
}

impl Purpose {
    /// Whether it changes nothing, so that it may be asked again.
    pub fn is_read(self) -> bool {
        self != Self::Act
    }
}

/// Where at an upstream a request goes.
#[derive(Debug, Clone, Copy)]
pub struct Route<'a> {
    /// The path, as it may stand in a log.
    pub path: &'a str,
    /// A last part of the path that may not: the key, where an upstream wants it there.
    pub key: Option<&'a Secret>,
}

impl<'a> Route<'a> {
    /// A path without a secret.
    pub fn to(path: &'a str) -> Self {
        Self { path, key: None }
    }

    /// A path that ends with the key.
    pub fn with_key(path: &'a str, key: &'a Secret) -> Self {
        Self { path, key: Some(key) }
    }
}

/// An upstream's answer, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// The way to one upstream, at one or several addresses.
#[derive(Clone)]
pub struct Http {
    inner: Arc<Inner>,
}

struct Inner {
    reading: Client,
    acting: Client,
    origins: Vec<Url>,
    timeout: Duration,
    /// Which of the origins answered last.
    current: AtomicUsize,
}

impl Http {
    /// A way to the upstream at `origins`, each call answered within `timeout` from connect to last byte.
    ///
    /// # Errors
    /// When the TLS library cannot be set up; the text says why.
    pub fn new(origins: Vec<Url>, timeout: Duration) -> Result<Self, String> {
        // Already installed is as good as installed now.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            Client::builder()
                .timeout(timeout)
                // Shorter than the whole, so that a host that does not answer is known not to have been asked.
                .connect_timeout((timeout * 2 / 3).min(Duration::from_secs(10)))
                .redirect(redirect::Policy::none())
                .no_proxy()
                .referer(false)
                .retry(reqwest::retry::never())
                .user_agent(concat!("smsbridge/", env!("CARGO_PKG_VERSION")))
        };
        let reading = builder().pool_idle_timeout(IDLE_TIMEOUT);
        // A connection that the upstream has meanwhile closed must not put a purchase in doubt, so
        // what acts goes over a connection of its own.
        let acting = builder().pool_max_idle_per_host(0);
        let made = |client: reqwest::ClientBuilder| client.build().map_err(|error| error.to_string());
        Ok(Self {
            inner: Arc::new(Inner {
                reading: made(reading)?,
                acting: made(acting)?,
                origins,
                timeout,
                current: AtomicUsize::new(0),
            }),
        })
    }

    /// Sends a GET with `query` along `route`, at the address that answered last; at the next ones when the
    /// failure makes that legal and time is left.
    pub async fn get(
        &self,
        cx: &Cx,
        purpose: Purpose,
        route: Route<'_>,
        query: &[(&str, &str)],
    ) -> Result<Answer, Fault> {
        let count = self.inner.origins.len();
        let first = self.inner.current.load(Ordering::Relaxed);
        let started = Instant::now();
        let mut last = Err(Fault::new(FaultKind::Unreachable, "no address is configured"));
        for offset in 0..count {
            let index = (first + offset) % count;
            let left = self.inner.timeout.saturating_sub(started.elapsed());
            if offset > 0 && left.is_zero() {
                break;
            }
            let request = Request { route, query, left };
            let outcome = self.once(cx, purpose, &self.inner.origins[index], request).await;
            let again = match &outcome {
                Ok(answer) if is_from_the_upstream(answer) => {
                    self.inner.current.store(index, Ordering::Relaxed);
                    false
                }
                Ok(_) => purpose.is_read(),
                Err(fault) if purpose.is_read() => fault.may_ask_again(),
                Err(fault) => fault.may_buy_again(),
            };
            if !again {
                return outcome;
            }
            last = outcome;
        }
        last
    }

    async fn once(
        &self,
        cx: &Cx,
        purpose: Purpose,
        origin: &Url,
        request: Request<'_>,
    ) -> Result<Answer, Fault> {
        let Request { route, query, left } = request;
        let client = if purpose.is_read() { &self.inner.reading } else { &self.inner.acting };
        let path = route.path;
        let host = origin.host_str().unwrap_or_default();
        let started = Instant::now();
        let outcome = exchange(client, address(origin, route, query), left)
            .await
            .map_err(|failure| fault_of(host, failure));
        let spent = started.elapsed();
        cx.meter.add(spent);
        match &outcome {
            Ok(answer) => {
                tracing::debug!(host, path, status = answer.status, ms = millis(spent), "upstream answered");
            }
            Err(fault) => tracing::debug!(host, path, ms = millis(spent), %fault, "upstream failed"),
        }
        outcome
    }
}

/// What is asked, and how much time is left for it.
struct Request<'a> {
    route: Route<'a>,
    query: &'a [(&'a str, &'a str)],
    left: Duration,
}

/// Whether the upstream itself answered, and not a gateway, a parked domain or a page of a web server.
fn is_from_the_upstream(answer: &Answer) -> bool {
    let is_page = answer.body.trim_start().starts_with('<');
    !is_page && !(300..400).contains(&answer.status) && answer.status < 500
}

fn millis(spent: Duration) -> u64 {
    u64::try_from(spent.as_millis()).unwrap_or(u64::MAX)
}

fn address(origin: &Url, route: Route<'_>, query: &[(&str, &str)]) -> Url {
    let mut url = origin.clone();
    url.set_path(route.path);
    if let (Some(key), Ok(mut segments)) = (route.key, url.path_segments_mut()) {
        segments.pop_if_empty().push(key.expose());
    }
    if query.is_empty() {
        url.set_query(None);
    } else {
        url.query_pairs_mut().clear().extend_pairs(query);
    }
    url
}

/// Why there is no answer.
enum Failure {
    /// The client library says so.
    Transport(reqwest::Error),
    /// The answer was under way and broke off.
    CutOff(reqwest::Error),
    /// The answer is longer than any documented one.
    TooLong,
}

async fn exchange(client: &Client, url: Url, left: Duration) -> Result<Answer, Failure> {
    let mut response = client.get(url).timeout(left).send().await.map_err(Failure::Transport)?;
    let status = response.status().as_u16();
    if response.content_length().is_some_and(|length| length > MAX_ANSWER_BYTES as u64) {
        return Err(Failure::TooLong);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Failure::CutOff)? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(Failure::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    let body = String::from_utf8(body)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Ok(Answer { status, body })
}

/// Sorts a failure. Before a connection stands nothing was sent; after that nobody can tell. The URL is
/// never printed: it carries the key.
fn fault_of(host: &str, failure: Failure) -> Fault {
    let (error, cut_off) = match failure {
        Failure::Transport(error) => (error, false),
        Failure::CutOff(error) => (error, true),
        Failure::TooLong => {
            let detail = format!("{host} answered more than {MAX_ANSWER_BYTES} bytes");
            return Fault::new(FaultKind::Malformed, detail).in_doubt();
        }
    };
    if error.is_builder() {
        return Fault::new(FaultKind::Malformed, "the request could not be built");
    }
    if error.is_connect() && !cut_off {
        let why = root_cause(&error);
        return Fault::new(FaultKind::Unreachable, format!("no connection to {host}: {why}"));
    }
    if error.is_timeout() {
        return Fault::new(FaultKind::TimedOut, format!("no complete answer from {host} in time")).in_doubt();
    }
    let why = root_cause(&error);
    Fault::new(FaultKind::UpstreamFailed, format!("the connection to {host} broke: {why}")).in_doubt()
}

fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    if std::ptr::addr_eq(cause, error) { "transport error".to_owned() } else { cause.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_the_path_is_one_part_of_it_whatever_it_holds() {
        let origin = Url::parse("https://a.example").unwrap();
        let key = Secret::new("k/../é?#");
        let url = address(&origin, Route::with_key("/api/getnumber", &key), &[("phone", "+7 9")]);
        assert_eq!(url.as_str(), "https://a.example/api/getnumber/k%2F..%2F%C3%A9%3F%23?phone=%2B7+9");
        let plain = address(&origin, Route::to("/api/getBalance/"), &[]);
        assert_eq!(plain.as_str(), "https://a.example/api/getBalance/");
    }
}
