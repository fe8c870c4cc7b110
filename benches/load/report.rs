//! The report: tables of what was seen, remarks, and a table of the figures that are to hold; the same as JSON. Knows
//! no path in particular.

use serde_json::{Value, json};

use super::comparison::{BRIDGE, Compared, NGINX, Seen, Turn, Turns};
use super::load::as_float;
use super::proc::megabytes;
use super::say;

/// A figure that is to hold.
pub struct Figure {
    /// What is measured.
    pub what: String,
    /// What it may be at most.
    pub at_most: f64,
    /// What it is; `None` where it could not be measured.
    pub measured: Option<f64>,
    /// In which unit.
    pub unit: &'static str,
}

/// Everything that was seen.
#[derive(Default)]
pub struct Report {
    compared: Vec<Compared>,
    others: Vec<(String, String, Value)>,
    figures: Vec<Figure>,
    remarks: Vec<String>,
}

impl Report {
    /// Takes over a path.
    pub fn path(&mut self, compared: Compared) {
        for seen in &compared.sides {
            let turns = [&seen.full, &seen.paced[0], &seen.paced[1]];
            let wrong: u64 = turns.iter().flat_map(|turns| &turns.0).map(|turn| turn.wrong).sum();
            if wrong > 0 {
                self.remark(format!("{}, {}: {wrong} answers were wrong", compared.path, seen.name));
            }
            for (turns, rate) in seen.paced.iter().zip(compared.rates) {
                let median = turns.of(|turn| turn.rate).median;
                if median < 0.95 * rate {
                    let text = format!(
                        "{}, {}: overloaded at {rate:.0}/s ({median:.0}/s)",
                        compared.path, seen.name
                    );
                    self.remark(text);
                }
            }
        }
        self.compared.push(compared);
    }

    /// Something else that was measured, written for people and for programs.
    pub fn other(&mut self, what: impl Into<String>, written: impl Into<String>, value: Value) {
        self.others.push((what.into(), written.into(), value));
    }

    /// A figure.
    pub fn figure(
        &mut self,
        what: impl Into<String>,
        at_most: f64,
        unit: &'static str,
        measured: Option<f64>,
    ) {
        self.figures.push(Figure { what: what.into(), at_most, measured, unit });
    }

    /// What has to be known to read the rest.
    pub fn remark(&mut self, text: impl Into<String>) {
        self.remarks.push(text.into());
    }

    /// Prints it as Markdown.
    pub fn print(&self) {
        if !self.compared.is_empty() {
            say::line(&format!("\n## Paths\n\n{LEGEND}\n{COSTS}"));
            self.compared.iter().flat_map(costs).for_each(|row| say::line(&row));
            say::line(&format!("\n{TIMES}"));
            self.compared.iter().flat_map(times).for_each(|row| say::line(&row));
        }
        if !self.others.is_empty() {
            say::line("\n## Beside the paths\n\n| what | measured |\n| --- | --- |");
            self.others.iter().for_each(|(what, written, _)| say::line(&format!("| {what} | {written} |")));
        }
        if !self.remarks.is_empty() {
            say::line("\n## Remarks\n");
            self.remarks.iter().for_each(|text| say::line(&format!("- {text}")));
        }
        if !self.figures.is_empty() {
            say::line("\n## The figures\n\n| what | at most | measured | holds |\n| --- | --- | --- | --- |");
            self.figures.iter().for_each(|figure| say::line(&figure.row()));
        }
    }

    /// The same for programs; `about` says on what and how.
    pub fn json(&self, about: &Value) -> Value {
        let others = self.others.iter().map(|(what, _, value)| json!({ "what": what, "measured": value }));
        json!({
            "about": about,
            "paths": self.compared.iter().map(path_json).collect::<Value>(),
            "beside": others.collect::<Value>(),
            "remarks": self.remarks,
            "figures": self.figures.iter().map(Figure::json).collect::<Value>(),
        })
    }
}

impl Figure {
    /// Whether it holds; `None` where it was not measured.
    pub fn holds(&self) -> Option<bool> {
        self.measured.map(|measured| measured <= self.at_most)
    }

    pub fn row(&self) -> String {
        let Self { what, at_most, unit, .. } = self;
        let measured =
            self.measured.map_or_else(|| "–".to_owned(), |value| format!("{} {unit}", short(value)));
        let holds = match self.holds() {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "not measured",
        };
        format!("| {what} | {} {unit} | {measured} | {holds} |", short(*at_most))
    }

    fn json(&self) -> Value {
        let Self { what, at_most, measured, unit } = self;
        json!({ "what": what, "at_most": at_most, "measured": measured, "unit": unit, "holds": self.holds() })
    }
}

const COSTS: &str = "\
| path | server | requests/s | CPU µs a request | at 30 % | at 60 % | instructions | memory MB | upstream calls |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |";

const TIMES: &str = "\
| path | server | p50 µs at 30 % | p99 | p50 µs at 60 % | p99 |
| --- | --- | --- | --- | --- | --- |";

const LEGEND: &str = "\
The median of the rounds, in brackets the quartiles; a ratio is smsbridge's over nginx's in the same round. requests/s, CPU,
instructions (user mode) and upstream calls a request are those at full speed over 32 connections; CPU is that of the
server's process, user and system. 30 % and 60 % are of nginx's requests/s (without nginx of smsbridge's); of getNumber they
are 100/s and 200/s. Times are from when a request was to be sent.
";

/// Which turns of a side are meant.
type Which = fn(&Seen) -> &Turns;
/// Which value of a turn is meant.
type What = fn(&Turn) -> f64;

const FULL: Which = |seen| &seen.full;
const LOW: Which = |seen| &seen.paced[0];
const HIGH: Which = |seen| &seen.paced[1];
const CPU: What = |turn| turn.cpu;
const P50: What = |turn| turn.p50;
const P99: What = |turn| turn.p99;

/// The times of a path's table, in its order.
const COLUMNS: [(Which, What); 4] = [(LOW, P50), (LOW, P99), (HIGH, P50), (HIGH, P99)];

fn costs(compared: &Compared) -> Vec<String> {
    let row = |seen: &Seen| {
        let cpu = |which: Which| which(seen).of(CPU).written(1);
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {:.1} | {:.3} |",
            compared.path,
            seen.name,
            seen.full.of(|turn| turn.rate).written(0),
            cpu(FULL),
            cpu(LOW),
            cpu(HIGH),
            seen.instructions.map_or_else(|| "–".to_owned(), |count| format!("{count:.0}")),
            megabytes(seen.memory.now),
            seen.full.of(|turn| turn.calls).median,
        )
    };
    compared.sides.iter().map(row).chain(cost_ratios(compared)).collect()
}

fn cost_ratios(compared: &Compared) -> Option<String> {
    let (bridge, nginx) = (compared.side(BRIDGE)?, compared.side(NGINX)?);
    let cpu = |which: Which| compared.ratio(which, CPU).map(|ratio| ratio.written(2));
    let instructions = bridge.instructions.zip(nginx.instructions).map(|(here, there)| here / there);
    Some(format!(
        "| {} | **ratio** | {} | {} | {} | {} | {} | {:.2} | |",
        compared.path,
        compared.ratio(FULL, |turn| turn.rate)?.written(2),
        cpu(FULL)?,
        cpu(LOW)?,
        cpu(HIGH)?,
        instructions.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}")),
        as_float(bridge.memory.now) / as_float(nginx.memory.now.max(1)),
    ))
}

fn times(compared: &Compared) -> Vec<String> {
    let path = compared.path;
    let line = |server: &str, cells: [String; 4]| format!("| {path} | {server} | {} |", cells.join(" | "));
    let row = |seen: &Seen| line(seen.name, COLUMNS.map(|(which, what)| which(seen).of(what).written(0)));
    let ratio = |(which, what): (Which, What)| {
        compared.ratio(which, what).map_or_else(String::new, |ratio| ratio.written(2))
    };
    let rows = compared.sides.iter().map(row);
    rows.chain(compared.side(NGINX).map(|_| line("**ratio**", COLUMNS.map(ratio)))).collect()
}

fn path_json(compared: &Compared) -> Value {
    let sides = compared.sides.iter().map(|seen| {
        json!({
            "server": seen.name,
            "full": turns_json(&seen.full),
            "at_30_percent": turns_json(&seen.paced[0]),
            "at_60_percent": turns_json(&seen.paced[1]),
            "memory_kib": { "now": seen.memory.now, "peak": seen.memory.peak },
            "instructions": seen.instructions,
        })
    });
    json!({
        "path": compared.path,
        "rates": compared.rates,
        "servers": sides.collect::<Value>(),
        "cpu_ratio": compared.cpu_ratio().map(|summary| summary.json()),
    })
}

fn turns_json(turns: &Turns) -> Value {
    let of = |value: fn(&Turn) -> f64| turns.of(value).json();
    json!({
        "rounds": turns.0.len(),
        "requests_per_second": of(|turn| turn.rate),
        "cpu_us": of(|turn| turn.cpu),
        "p50_us": of(|turn| turn.p50),
        "p99_us": of(|turn| turn.p99),
        "upstream_calls": of(|turn| turn.calls),
        "wrong": turns.0.iter().map(|turn| turn.wrong).sum::<u64>(),
        "unsent": turns.0.iter().map(|turn| turn.unsent).sum::<u64>(),
    })
}

/// As many decimals as say something.
fn short(value: f64) -> String {
    let decimals = if value.abs() >= 100.0 { 0 } else { 2 };
    let text = format!("{value:.decimals$}");
    if decimals == 0 { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
}
