//! The one way out to upstreams: a shared client with deadlines, a pace and size limits that never follows a
//! redirect, never prints a key, and says of every failure whether the request may have arrived.
//! Knows no provider's paths, parameters or words.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Response, Url, redirect};

use super::pace::Pace;
use super::pause::retry_after;
#[cfg(any(test, feature = "fuzzing"))]
use super::script::Script;
use super::transport::{Failure, fault_of, masked, read};
use super::turns::Turns;
use super::{Cx, Fault, FaultKind, tls};
use crate::clock::Clock;
use crate::domain::Secret;

/// The status by which an upstream says that it is asked too often.
const TOO_MANY_REQUESTS: u16 = 429;

/// Idle connections older than this are not used again; servers commonly close them after 60 s or more.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// What a request is for: it decides what may be done when it fails, and who goes first where not all
/// may go at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// It buys or changes something: once its bytes may have arrived it is never sent again.
    Act,
    /// It asks what an order waits for, a price or a number of the upstream's own; it may be asked again.
    Ahead,
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

/// What a way to an upstream is made from.
pub struct HttpSettings {
    /// The provider's name in the configuration, for the log.
    pub provider: String,
    /// Its addresses, first choice first.
    pub origins: Vec<Url>,
    /// How long a call may take, from connect to last byte.
    pub timeout: Duration,
    /// How often it may be asked, at all addresses together.
    pub pace: Pace,
    /// By which clock.
    pub clock: Arc<dyn Clock>,
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
    clock: Arc<dyn Clock>,
    /// The line in which calls wait for their turn; `None` where the pace is off.
    turns: Option<Turns>,
    /// Which of the origins answered last.
    current: AtomicUsize,
    /// What is answered instead, without anybody being asked.
    #[cfg(any(test, feature = "fuzzing"))]
    script: Option<Arc<Script>>,
}

impl Http {
    /// A way to an upstream.
    ///
    /// # Errors
    /// When the TLS library cannot be set up; the text says why.
    pub fn new(settings: HttpSettings) -> Result<Self, String> {
        let HttpSettings { provider, origins, timeout, pace, clock } = settings;
        let tls = tls::config()?;
        let builder = || {
            Client::builder()
                .tls_backend_preconfigured(tls.clone())
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
                turns: (!pace.is_off()).then(|| Turns::new(provider, &pace, Arc::clone(&clock))),
                clock,
                current: AtomicUsize::new(0),
                #[cfg(any(test, feature = "fuzzing"))]
                script: None,
            }),
        })
    }

    /// The same way with nobody at its end: what is answered stands in the script.
    ///
    /// # Errors
    /// As those of [`Http::new`].
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn scripted(settings: HttpSettings, script: Arc<Script>) -> Result<Self, String> {
        let mut http = Self::new(settings)?;
        if let Some(inner) = Arc::get_mut(&mut http.inner) {
            inner.script = Some(script);
        }
        Ok(http)
    }

    /// Sends a GET with `query` along `route`, at the address that answered last; at the next ones when the
    /// failure makes that legal and time is left. A question that the upstream refuses with HTTP 429 is asked
    /// again after the pause, if time is left; what acts is not.
    ///
    /// Each sending waits for its turn, but not longer than until half of the timeout is over, so that enough is
    /// left for the answer. To a question the wait is part of the timeout; what acts has the whole of it from
    /// its first turn on, since cutting its answer off would put a purchase in doubt.
    pub async fn get(
        &self,
        cx: &Cx,
        purpose: Purpose,
        route: Route<'_>,
        query: &[(&str, &str)],
    ) -> Result<Answer, Fault> {
        let inner = &self.inner;
        let count = inner.origins.len();
        let first = inner.current.load(Ordering::Relaxed);
        let mut started = inner.clock.elapsed();
        let patience = started + inner.timeout / 2;
        let mut last = None;
        let mut offset = 0;
        while offset < count {
            if let Err(fault) = self.turn(purpose, patience).await {
                return last.unwrap_or(Err(fault));
            }
            if last.is_none() && !purpose.is_read() {
                started = inner.clock.elapsed();
            }
            let left = inner.timeout.saturating_sub(inner.clock.elapsed().saturating_sub(started));
            if left.is_zero() {
                break;
            }
            let index = (first + offset) % count;
            let request = Request { route, query, left };
            let outcome = self.once(cx, purpose, &inner.origins[index], request).await;
            match self.after(purpose, &outcome) {
                After::Done => {
                    if outcome.as_ref().is_ok_and(is_from_the_upstream) {
                        inner.current.store(index, Ordering::Relaxed);
                    }
                    return outcome;
                }
                After::Again => {}
                After::Elsewhere => offset += 1,
            }
            last = Some(outcome);
        }
        last.unwrap_or_else(|| Err(Fault::new(FaultKind::Unreachable, "no address is configured")))
    }

    /// Waits until a call may be sent, or not so long.
    async fn turn(&self, purpose: Purpose, patience: Duration) -> Result<(), Fault> {
        match &self.inner.turns {
            Some(turns) => turns.wait(purpose, patience).await,
            None => Ok(()),
        }
    }

    fn after(&self, purpose: Purpose, outcome: &Result<Answer, Fault>) -> After {
        let elsewhere = match outcome {
            // Only where the line keeps to the pause; to ask again at once would not help.
            Ok(Answer { status: TOO_MANY_REQUESTS, .. })
                if purpose.is_read() && self.inner.turns.is_some() =>
            {
                return After::Again;
            }
            Ok(answer) => !is_from_the_upstream(answer) && purpose.is_read(),
            Err(fault) if purpose.is_read() => fault.may_ask_again(),
            Err(fault) => fault.may_buy_again(),
        };
        if elsewhere { After::Elsewhere } else { After::Done }
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
        let sent = self.inner.clock.elapsed();
        let started = Instant::now();
        let outcome = self.exchange(client, address(origin, route, query), left, sent).await;
        let outcome =
            outcome.map(|answer| masked(answer, &cx.key)).map_err(|failure| fault_of(host, failure));
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

    async fn exchange(
        &self,
        client: &Client,
        url: Url,
        left: Duration,
        sent: Duration,
    ) -> Result<Answer, Failure> {
        #[cfg(any(test, feature = "fuzzing"))]
        if let Some(script) = &self.inner.script {
            return Ok(script.next());
        }
        let response = client.get(url).timeout(left).send().await.map_err(Failure::Transport)?;
        // Before the body is read, which may take long: others are about to ask.
        self.heed(&response, sent);
        read(response).await
    }

    /// Keeps to the pause that a refusal asks for.
    fn heed(&self, response: &Response, sent: Duration) {
        let Some(turns) = &self.inner.turns else { return };
        if response.status().as_u16() != TOO_MANY_REQUESTS {
            return turns.answered(sent);
        }
        let value = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        turns.refused(sent, value.and_then(|value| retry_after(value, self.inner.clock.now())));
    }
}

/// What becomes of a call after one sending.
enum After {
    /// That was it.
    Done,
    /// The same address is asked again.
    Again,
    /// The next address is asked, if there is one.
    Elsewhere,
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
