//! The load: requests at a constant rate, each timed from the moment at which it was to be sent, whether or not the
//! answer before it was late (so a server that stalls is not asked less, nor measured less); or as many as are
//! answered. A thread a connection. Knows neither what is asked nor whom.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use rustls::ClientConfig;

use super::failure::{Failure, Outcome};
use super::wire::Connection;

/// How many connections there are in a comparison.
pub const CONNECTIONS: usize = 32;

/// Longer than anything takes, in nanoseconds.
pub const LONGEST: u64 = 120_000_000_000;

/// Until all threads are at their start.
const RUN_UP: Duration = Duration::from_millis(20);

/// Whom to ask.
#[derive(Debug, Clone)]
pub struct Target {
    /// Where it listens.
    pub addr: SocketAddr,
    /// How its certificate is verified, where it speaks TLS.
    pub tls: Option<Arc<ClientConfig>>,
}

/// What to ask: each connection goes through the requests from a place of its own.
#[derive(Debug, Clone)]
pub struct Questions {
    /// Whole requests.
    pub requests: Vec<Vec<u8>>,
    /// With what the body of a right answer begins.
    pub begins: &'static [u8],
}

/// How fast to ask.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// The next one as soon as the one before is answered.
    Full,
    /// So many a second, over all connections.
    Rate(f64),
}

/// What came of it.
pub struct Heard {
    /// How long it took.
    pub elapsed: Duration,
    /// Right answers.
    pub answered: u64,
    /// Other answers, and failures.
    pub wrong: u64,
    /// Requests that were to be sent and could not be before the end.
    pub unsent: u64,
    /// Of each request the time from when it was to be sent, in nanoseconds; of those that were not sent, the least
    /// that it can have been.
    pub latency: Histogram<u64>,
}

impl Heard {
    /// Right answers a second.
    pub fn rate(&self) -> f64 {
        as_float(self.answered) / self.elapsed.as_secs_f64()
    }

    /// The time within which this share of the requests was answered, in microseconds.
    pub fn quantile(&self, share: f64) -> f64 {
        as_float(self.latency.value_at_quantile(share)) / 1000.0
    }
}

/// Connections that are open.
pub struct Crowd {
    connections: Vec<Connection>,
}

impl Crowd {
    /// Opens so many.
    pub fn open(target: &Target, count: usize) -> Outcome<Self> {
        let open = |_| Connection::open(target.addr, target.tls.as_ref());
        Ok(Self { connections: (0..count).map(open).collect::<Outcome<_>>()? })
    }

    /// Asks for so long.
    pub fn ask(&mut self, questions: &Questions, speed: Speed, turn: Duration) -> Outcome<Heard> {
        let count = self.connections.len();
        let begin = Instant::now() + RUN_UP;
        let heard: Vec<Outcome<Lane>> = std::thread::scope(|scope| {
            let lanes = self.connections.iter_mut().enumerate().map(|(nth, connection)| {
                let plan = Plan { begin, turn, speed, nth, count };
                scope.spawn(move || plan.follow(connection, questions))
            });
            let lanes: Vec<_> = lanes.collect();
            lanes.into_iter().filter_map(|lane| lane.join().ok()).collect()
        });
        let mut all = Lane::new()?;
        for lane in heard {
            all.add(&lane?)?;
        }
        Ok(Heard {
            elapsed: turn.max(begin.elapsed()),
            answered: all.answered,
            wrong: all.wrong,
            unsent: all.unsent,
            latency: all.latency,
        })
    }
}

/// When one connection asks.
#[derive(Clone, Copy)]
struct Plan {
    begin: Instant,
    turn: Duration,
    speed: Speed,
    nth: usize,
    count: usize,
}

impl Plan {
    /// When its request of this number is to be sent; `None` after the end.
    fn due(&self, number: usize) -> Option<Instant> {
        let due = match self.speed {
            Speed::Full => Instant::now().max(self.begin),
            Speed::Rate(rate) => {
                let place = as_float((number * self.count + self.nth) as u64);
                self.begin + Duration::from_secs_f64(place / rate)
            }
        };
        (due < self.begin + self.turn).then_some(due)
    }

    fn follow(self, connection: &mut Connection, questions: &Questions) -> Outcome<Lane> {
        let mut lane = Lane::new()?;
        let end = self.begin + self.turn;
        let mut lost = false;
        for number in 0.. {
            let Some(due) = self.due(number) else { break };
            if lost || Instant::now() >= end {
                if self.speed == Speed::Full {
                    break;
                }
                lane.unsent += 1;
                lane.time(end.saturating_duration_since(due))?;
                continue;
            }
            sleep(due.saturating_duration_since(Instant::now()));
            let place = (number * self.count + self.nth) % questions.requests.len();
            let answer = connection.ask(&questions.requests[place]);
            lost = answer.is_err();
            let right = answer.is_ok_and(|one| one.status == 200 && one.body.starts_with(questions.begins));
            *(if right { &mut lane.answered } else { &mut lane.wrong }) += 1;
            lane.time(due.elapsed())?;
        }
        Ok(lane)
    }
}

/// What one connection heard.
struct Lane {
    answered: u64,
    wrong: u64,
    unsent: u64,
    latency: Histogram<u64>,
}

impl Lane {
    fn new() -> Outcome<Self> {
        Ok(Self { answered: 0, wrong: 0, unsent: 0, latency: histogram()? })
    }

    fn time(&mut self, time: Duration) -> Outcome<()> {
        note(&mut self.latency, time)
    }

    fn add(&mut self, other: &Self) -> Outcome<()> {
        self.answered += other.answered;
        self.wrong += other.wrong;
        self.unsent += other.unsent;
        self.latency.add(&other.latency).map_err(|error| unmeasured(&error))
    }
}

/// An empty histogram of nanoseconds, exact to three digits.
pub fn histogram() -> Outcome<Histogram<u64>> {
    Histogram::new_with_bounds(1, LONGEST, 3).map_err(|error| unmeasured(&error))
}

/// Notes a time in one.
pub fn note(histogram: &mut Histogram<u64>, time: Duration) -> Outcome<()> {
    let nanos = u64::try_from(time.as_nanos()).unwrap_or(LONGEST).clamp(1, LONGEST);
    histogram.record(nanos).map_err(|error| unmeasured(&error))
}

fn unmeasured(error: &dyn std::error::Error) -> Failure {
    Failure::Answer(format!("a time cannot be noted: {error}"))
}

/// A count as it is reckoned with; what is counted here is far below 2^52.
#[allow(clippy::cast_precision_loss)]
pub fn as_float(count: u64) -> f64 {
    count as f64
}
