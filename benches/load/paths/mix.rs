//! The real mix: 50 clients that poll 200 activations once a second each, look prices up in between, finish what has
//! its code and order the next number. How many calls the upstream gets for it is what counts here.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde_json::json;

use super::from_memory::status;
use crate::bridge::{Bridge, Kind, bought, order, request};
use crate::failure::{Failure, Outcome};
use crate::load::{as_float, histogram, note};
use crate::proc::{megabytes, memory, spent};
use crate::report::Report;
use crate::rig::Rig;
use crate::say;
use crate::upstream::Behaviour;
use crate::wire::Connection;

/// What it is called.
pub const NAME: &str = "real mix";

const CLIENTS: usize = 50;
const ACTIVATIONS: usize = 200;

/// How often one client asks for the same activation.
const EVERY: Duration = Duration::from_secs(1);

/// How often one client looks up prices.
const PRICES_EVERY: Duration = Duration::from_secs(5);

/// How many turns it lasts: long enough for codes to come, 5 to 15 s after the order.
const LONGER: u32 = 20;

/// Which activations a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// Those of all.
    All,
    /// The four that it ordered.
    Own,
}

/// Measures it.
pub fn measure(rig: &Rig, report: &mut Report) -> Outcome<()> {
    say::progress(&format!("{NAME} …"));
    let calls = one(rig, report, "mix", Asks::All, "real mix, every client polls all 200")?;
    report.figure("real mix, calls to the upstream for each of the clients'", 0.1, "", Some(calls));
    let own = "real mix, every client polls its own four (once per poll_interval: nothing can be saved but what is over)";
    one(rig, report, "mix_own", Asks::Own, own).map(|_| ())
}

fn one(rig: &Rig, report: &mut Report, folder: &str, asks: Asks, what: &str) -> Outcome<f64> {
    let bridge = rig.bridge(folder, Kind::VakSms, None)?;
    let ids = bridge.order(Behaviour::Later, ACTIVATIONS)?;
    let ids: Vec<AtomicU64> = ids.iter().map(|id| AtomicU64::new(id.parse().unwrap_or(0))).collect();
    let (tally, before) = (rig.upstream.tally()?, spent(bridge.pid()));
    let length = rig.options.turn * LONGER;
    let begin = Instant::now() + Duration::from_millis(50);
    let heard: Vec<Outcome<Heard>> = std::thread::scope(|scope| {
        let clients = (0..CLIENTS).map(|number| {
            let client = Client { number, asks, bridge: &bridge, ids: &ids, begin, end: begin + length };
            scope.spawn(move || client.live())
        });
        let clients: Vec<_> = clients.collect();
        clients.into_iter().filter_map(|client| client.join().ok()).collect()
    });
    let elapsed = begin.elapsed();
    let spent = spent(bridge.pid()).since(&before);
    let asked = rig.upstream.tally()?.since(tally);
    let mut all = Heard::new()?;
    for heard in heard {
        all.add(&heard?)?;
    }
    let requests = as_float(all.requests());
    let calls = as_float(asked.all()) / requests;
    let us = |share| as_float(all.latency.value_at_quantile(share)) / 1000.0;
    let written = format!(
        "{:.0} requests/s ({} polls, {} price look-ups, {} finished, {} ordered; {} unsent), CPU {:.1} µs a request, \
         p50 {:.0} µs, p99 {:.0} µs, {:.1} MB; {:.4} calls a request ({} polls, {} acts, {} lists)",
        requests / elapsed.as_secs_f64(),
        all.polls,
        all.prices,
        all.finished,
        all.ordered,
        all.unsent,
        spent.as_secs_f64() * 1e6 / requests,
        us(0.5),
        us(0.99),
        megabytes(memory(bridge.pid()).now),
        calls,
        asked.polls,
        asked.acts,
        asked.lists,
    );
    let value = json!({
        "requests_per_second": requests / elapsed.as_secs_f64(),
        "polls": all.polls, "prices": all.prices, "finished": all.finished, "ordered": all.ordered,
        "unsent": all.unsent, "cpu_us": spent.as_secs_f64() * 1e6 / requests,
        "p50_us": us(0.5), "p99_us": us(0.99), "calls_per_request": calls,
        "calls": { "polls": asked.polls, "acts": asked.acts, "lists": asked.lists },
    });
    report.other(what, written, value);
    Ok(calls)
}

/// What was asked and answered.
struct Heard {
    polls: u64,
    prices: u64,
    finished: u64,
    ordered: u64,
    unsent: u64,
    /// Of polls and look-ups from when they were due, in nanoseconds.
    latency: Histogram<u64>,
}

impl Heard {
    fn new() -> Outcome<Self> {
        Ok(Self { polls: 0, prices: 0, finished: 0, ordered: 0, unsent: 0, latency: histogram()? })
    }

    fn requests(&self) -> u64 {
        self.polls + self.prices + self.finished + self.ordered
    }

    fn add(&mut self, other: &Self) -> Outcome<()> {
        self.polls += other.polls;
        self.prices += other.prices;
        self.finished += other.finished;
        self.ordered += other.ordered;
        self.unsent += other.unsent;
        self.latency.add(&other.latency).map_err(|error| Failure::Answer(error.to_string()))
    }
}

/// One of the clients.
struct Client<'a> {
    number: usize,
    asks: Asks,
    bridge: &'a Bridge,
    ids: &'a [AtomicU64],
    begin: Instant,
    end: Instant,
}

impl Client<'_> {
    /// Each client begins elsewhere, so that an activation is asked for all the time and not by all at once.
    fn place(&self, poll: usize) -> usize {
        match self.asks {
            Asks::All => (poll + self.number * ACTIVATIONS / CLIENTS) % ACTIVATIONS,
            Asks::Own => self.number + poll % self.own() * CLIENTS,
        }
    }

    /// How many activations are its own: those whose place has its number as the rest of a division.
    fn own(&self) -> usize {
        ACTIVATIONS / CLIENTS
    }

    fn pause(&self) -> Duration {
        let asked = if self.asks == Asks::All { ACTIVATIONS } else { self.own() };
        EVERY / u32::try_from(asked).unwrap_or(1)
    }

    fn live(&self) -> Outcome<Heard> {
        let mut heard = Heard::new()?;
        let mut connection = Connection::open(self.bridge.addr, None)?;
        let spread = as_float(self.number as u64) / as_float(CLIENTS as u64);
        let first = self.begin + self.pause().mul_f64(spread);
        let mut prices_due = self.begin + PRICES_EVERY.mul_f64(spread);
        for poll in 0.. {
            let due = first + self.pause() * u32::try_from(poll).unwrap_or(u32::MAX);
            if due >= self.end {
                return Ok(heard);
            }
            if Instant::now() >= self.end {
                heard.unsent += 1;
                note(&mut heard.latency, self.end.saturating_duration_since(due))?;
                continue;
            }
            sleep(due.saturating_duration_since(Instant::now()));
            self.poll(&mut connection, poll, due, &mut heard)?;
            if prices_due <= due {
                self.look_up(&mut connection, prices_due, &mut heard)?;
                prices_due += PRICES_EVERY;
            }
        }
        Ok(heard)
    }

    fn poll(&self, connection: &mut Connection, poll: usize, due: Instant, heard: &mut Heard) -> Outcome<()> {
        let place = self.place(poll);
        let id = self.ids[place].load(Ordering::Relaxed);
        let said = connection.text(&self.bridge.request(&status(&id.to_string())))?;
        heard.polls += 1;
        note(&mut heard.latency, due.elapsed())?;
        if !said.starts_with("STATUS_") {
            return Err(Failure::Answer(format!("a poll was answered {said:?}")));
        }
        if said.starts_with("STATUS_OK") && place % CLIENTS == self.number {
            self.next(connection, id, place, heard)?;
        }
        Ok(())
    }

    /// Finishes its own number that has its code, and orders another.
    fn next(&self, connection: &mut Connection, id: u64, place: usize, heard: &mut Heard) -> Outcome<()> {
        let said = connection.text(&self.bridge.request(&format!("setStatus&status=6&id={id}")))?;
        heard.finished += 1;
        if said != "ACCESS_ACTIVATION" {
            return Err(Failure::Answer(format!("an end was answered {said:?}")));
        }
        let said = connection.text(&self.bridge.request(&order(Behaviour::Later)))?;
        heard.ordered += 1;
        self.ids[place].store(bought(&said)?.parse().unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }

    fn look_up(&self, connection: &mut Connection, due: Instant, heard: &mut Heard) -> Outcome<()> {
        let said = connection.text(&request(self.bridge.addr, "getPrices&service=wa&country=0", ""))?;
        heard.prices += 1;
        note(&mut heard.latency, due.elapsed())?;
        if said.starts_with("{\"0\":{\"wa\"") {
            return Ok(());
        }
        Err(Failure::Answer(format!("prices were answered {said:?}")))
    }
}
