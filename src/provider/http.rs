//! The one way out to upstreams: a shared client with deadlines, a pace and size limits that never follows a
//! redirect, never prints a key, and says of every failure whether the request may have arrived.
//! Knows no provider's paths, parameters or words.

mod rounds;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Response, Url, redirect};

use super::breaker::{Breaker, BreakerState, Pass};
use super::jitter::Jitter;
use super::pace::Pace;
use super::pause::retry_after;
use super::resolve::{Lookup, Names};
#[cfg(any(test, feature = "fuzzing"))]
use super::script::Script;
use super::transport::{Failure, fault_of, masked, read};
use super::turns::Turns;
use super::via::{self, Passed};
use super::{Cx, Fault, FaultKind, tls};
use crate::clock::Clock;
use crate::metrics::{self, Sent};

pub use super::ask::{Answer, Purpose, Route};

/// The status by which an upstream says that it is asked too often.
const TOO_MANY_REQUESTS: u16 = 429;

/// Idle connections older than this are not used again; servers commonly close them after 60 s or more.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// What a way to an upstream is made from.
pub struct HttpSettings {
    /// The provider's name in the configuration, for the log.
    pub provider: String,
    /// Its addresses, first choice first.
    pub origins: Vec<Url>,
    /// How their names become addresses.
    pub lookup: Lookup,
    /// How long a call may take, from connect to last byte.
    pub timeout: Duration,
    /// How often it may be asked, at all addresses together.
    pub pace: Pace,
    /// How many calls may be under way at once; any number where it is 0.
    pub max_concurrent: u32,
    /// How often a question that failed is asked again.
    pub read_retries: u32,
    /// After how many failures in a row it is left alone for a while; never where it is 0.
    pub breaker_failures: u32,
    /// By which clock.
    pub clock: Arc<dyn Clock>,
    /// Where its calls are counted.
    pub metrics: Arc<metrics::Upstream>,
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
    /// The line in which calls wait for their turn.
    turns: Turns,
    /// Whether the pauses are kept to that the upstream asks for.
    keeps_pauses: bool,
    breaker: Breaker,
    read_retries: u32,
    jitter: Jitter,
    /// Which of the origins answered last.
    current: AtomicUsize,
    /// Whether it was said that calls come back.
    led_back: AtomicBool,
    metrics: Arc<metrics::Upstream>,
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
        let HttpSettings { provider, origins, timeout, pace, clock, metrics, .. } = settings;
        let most = match settings.max_concurrent {
            0 => usize::MAX,
            most => most as usize,
        };
        // Two processes over one upstream, or two upstreams here, are not to try again in step.
        let seed = provider.bytes().fold(clock.now().as_microsecond().cast_unsigned(), |seed, byte| {
            seed.rotate_left(8) ^ u64::from(byte)
        });
        let tls = tls::config()?;
        let names = Arc::new(Names::new(&provider, settings.lookup, Arc::clone(&clock)));
        let builder = || {
            Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .dns_resolver(Arc::clone(&names))
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
                turns: Turns::new(provider.clone(), &pace, most, Arc::clone(&clock)),
                keeps_pauses: !pace.is_off(),
                breaker: Breaker::new(
                    provider,
                    settings.breaker_failures,
                    Jitter::new(!seed),
                    Arc::clone(&clock),
                ),
                read_retries: settings.read_retries,
                jitter: Jitter::new(seed),
                clock,
                current: AtomicUsize::new(0),
                led_back: AtomicBool::new(false),
                metrics,
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
    /// failure makes that legal and time is left. A question that failed at all of them is asked again after a short
    /// pause, and one that the upstream refuses with HTTP 429 after the pause it asks for, if time is left; what acts
    /// is not. While the upstream is left alone because it failed too often, nothing is sent.
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
        let pass = self.inner.breaker.admit(cx.looks)?;
        let outcome = self.rounds(cx, purpose, route, query).await;
        note(pass, &outcome);
        outcome
    }

    /// Whether the upstream is asked, or left alone because it failed too often.
    pub fn breaker(&self) -> BreakerState {
        self.inner.breaker.state()
    }

    /// Whether it is time to look, by a [`Cx`] that says so, whether the upstream is back.
    pub fn is_look_due(&self) -> bool {
        self.inner.breaker.is_due()
    }

    /// Refuses while the upstream is left alone.
    ///
    /// # Errors
    /// As what is asked then: certainly nothing was sent.
    pub fn check(&self) -> Result<(), Fault> {
        self.inner.breaker.check()
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
        let way = (client, purpose);
        let passed = cx.meter.passed();
        let outcome = self.exchange(way, address(origin, route, query), &passed, left, sent).await;
        if let Err(Failure::CameBack(mark)) = &outcome {
            cx.meter.note_return(mark.clone());
        }
        let outcome =
            outcome.map(|answer| masked(answer, &cx.key)).map_err(|failure| fault_of(host, failure));
        let spent = started.elapsed();
        cx.meter.add(spent);
        self.inner.metrics.called(purpose.word(), sent_as(&outcome), spent);
        self.say_if_led_back(&outcome);
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
        (client, purpose): (&Client, Purpose),
        url: Url,
        passed: &Passed,
        left: Duration,
        sent: Duration,
    ) -> Result<Answer, Failure> {
        #[cfg(any(test, feature = "fuzzing"))]
        if let Some(script) = &self.inner.script {
            return Ok(script.next());
        }
        let request = client.get(url).timeout(left).header(via::PASSED, passed.onwards());
        let response = request.send().await.map_err(Failure::Transport)?;
        if let Some(mark) = passed.refusal(response.status().as_u16(), response.headers()) {
            return Err(Failure::CameBack(mark));
        }
        // Before the body is read, which may take long: others are about to ask.
        self.heed(&response, sent);
        read(response, purpose).await
    }

    /// Says once in the log that calls come back, until they do not any more: somebody has to mend that.
    fn say_if_led_back(&self, outcome: &Result<Answer, Fault>) {
        match outcome {
            Err(fault) if fault.kind == FaultKind::CameBack => {
                if !self.inner.led_back.swap(true, Ordering::Relaxed) {
                    tracing::error!("{fault}");
                }
            }
            Ok(_) => self.inner.led_back.store(false, Ordering::Relaxed),
            Err(_) => {}
        }
    }

    /// Keeps to the pause that a refusal asks for.
    fn heed(&self, response: &Response, sent: Duration) {
        if !self.inner.keeps_pauses {
            return;
        }
        let turns = &self.inner.turns;
        if response.status().as_u16() != TOO_MANY_REQUESTS {
            return turns.answered(sent);
        }
        let value = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        turns.refused(sent, value.and_then(|value| retry_after(value, self.inner.clock.now())));
    }
}

/// What is asked, and how much time is left for it.
struct Request<'a> {
    route: Route<'a>,
    query: &'a [(&'a str, &'a str)],
    left: Duration,
}

/// Tells the breaker what came of a call. A refusal is an answer like any other, HTTP 429 too.
fn note(pass: Pass<'_>, outcome: &Result<Answer, Fault>) {
    match outcome {
        Ok(answer) if is_from_the_upstream(answer) => pass.answered(),
        Ok(answer) => {
            pass.failed(&format!("HTTP {} from a server that is not the service itself", answer.status))
        }
        // It never got that far.
        Err(fault) if fault.kind == FaultKind::RateLimited => drop(pass),
        Err(fault) => pass.failed(&fault.detail),
    }
}

/// Whether the upstream itself answered, and not a gateway, a parked domain or a page of a web server.
fn is_from_the_upstream(answer: &Answer) -> bool {
    let is_page = answer.body.trim_start().starts_with('<');
    !is_page && !(300..400).contains(&answer.status) && answer.status < 500
}

/// What came of sending a call, as it is counted.
fn sent_as(outcome: &Result<Answer, Fault>) -> Sent {
    match outcome {
        Ok(Answer { status: TOO_MANY_REQUESTS, .. }) => Sent::TooOften,
        Ok(answer) if is_from_the_upstream(answer) => Sent::Answered,
        Ok(_) => Sent::NotTheUpstream,
        Err(Fault { kind: FaultKind::Unreachable | FaultKind::CameBack, .. }) => Sent::Unreachable,
        Err(Fault { kind: FaultKind::TimedOut, .. }) => Sent::TimedOut,
        Err(_) => Sent::Broken,
    }
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
    use crate::domain::Secret;

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
