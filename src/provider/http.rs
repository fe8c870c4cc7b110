//! The one way out to upstreams: a shared client with deadlines and size limits that never follows a
//! redirect, never prints a key, and says of every failure whether the request may have arrived.
//! Knows no provider's paths, parameters or words.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Client, Url, redirect};

use super::{Cx, Fault, FaultKind};

/// More than any documented answer is long; all countries' prices come to about 5 MB.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// Idle connections older than this are not used again; servers commonly close them after 60 s or more.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// What a request is for, which decides what may be done when it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It changes nothing: it may be asked again at the next address.
    Read,
    /// It buys or changes something: once its bytes may have arrived it is never sent again.
    Act,
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
                .connect_timeout(timeout.min(Duration::from_secs(10)))
                .redirect(redirect::Policy::none())
                .no_proxy()
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
                current: AtomicUsize::new(0),
            }),
        })
    }

    /// Sends a GET with `query` to `path`, at the address that answered last; at the next ones when
    /// the failure makes that legal.
    pub async fn get(
        &self,
        cx: &Cx,
        purpose: Purpose,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Answer, Fault> {
        let count = self.inner.origins.len();
        let first = self.inner.current.load(Ordering::Relaxed);
        let mut last = Fault::new(FaultKind::Unreachable, "no address is configured");
        for offset in 0..count {
            let index = (first + offset) % count;
            match self.once(cx, purpose, &self.inner.origins[index], path, query).await {
                Ok(answer) => {
                    self.inner.current.store(index, Ordering::Relaxed);
                    return Ok(answer);
                }
                Err(fault) => {
                    let again = match purpose {
                        Purpose::Read => fault.may_ask_again(),
                        Purpose::Act => fault.may_buy_again(),
                    };
                    if !again {
                        return Err(fault);
                    }
                    last = fault;
                }
            }
        }
        Err(last)
    }

    async fn once(
        &self,
        cx: &Cx,
        purpose: Purpose,
        origin: &Url,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Answer, Fault> {
        let client = match purpose {
            Purpose::Read => &self.inner.reading,
            Purpose::Act => &self.inner.acting,
        };
        let host = origin.host_str().unwrap_or_default();
        let started = Instant::now();
        let outcome =
            exchange(client, address(origin, path, query)).await.map_err(|failure| fault_of(host, failure));
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

fn millis(spent: Duration) -> u64 {
    u64::try_from(spent.as_millis()).unwrap_or(u64::MAX)
}

fn address(origin: &Url, path: &str, query: &[(&str, &str)]) -> Url {
    let mut url = origin.clone();
    url.set_path(path);
    url.query_pairs_mut().clear().extend_pairs(query);
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

async fn exchange(client: &Client, url: Url) -> Result<Answer, Failure> {
    let mut response = client.get(url).send().await.map_err(Failure::Transport)?;
    let status = response.status().as_u16();
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
