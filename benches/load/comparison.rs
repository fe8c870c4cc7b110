//! Two servers under the same load, in turns, so that whatever else the machine does is in both alike. Knows
//! neither what is asked nor what the figures are to be.

use std::thread::sleep;
use std::time::Duration;

use super::failure::Outcome;
use super::load::{CONNECTIONS, Crowd, Heard, Questions, Speed, Target, as_float};
use super::proc::{Instructions, Memory, memory, spent};
use super::rig::Rig;
use super::say;
use super::summary::Summary;

/// The shares of nginx's capacity at which times are taken.
const SHARES: [f64; 2] = [0.3, 0.6];

/// Until `perf` counts.
const ATTACHING: Duration = Duration::from_millis(500);

/// A server, and what it is asked.
pub struct Side {
    /// What it is called in the report.
    pub name: &'static str,
    /// Where it is.
    pub target: Target,
    /// Its number.
    pub pid: u32,
    /// What it is asked.
    pub questions: Questions,
}

/// At which rates times are taken.
#[derive(Debug, Clone, Copy)]
pub enum Rates {
    /// At 30 % and 60 % of what nginx does at full speed; where there is no nginx, of what smsbridge does.
    Shares,
    /// At these.
    Fixed([f64; 2]),
}

/// What one turn at one speed showed.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    /// Right answers a second.
    pub rate: f64,
    /// Processor time per request, in microseconds.
    pub cpu: f64,
    /// In microseconds.
    pub p50: f64,
    /// In microseconds.
    pub p99: f64,
    /// Wrong answers.
    pub wrong: u64,
    /// What could not be sent in time.
    pub unsent: u64,
    /// Calls to the upstream for each right answer.
    pub calls: f64,
}

/// The turns of one side at one speed.
#[derive(Debug, Clone, Default)]
pub struct Turns(pub Vec<Turn>);

impl Turns {
    /// One value of each turn.
    pub fn each(&self, value: impl Fn(&Turn) -> f64) -> Vec<f64> {
        self.0.iter().map(value).collect()
    }

    /// The same in one figure.
    pub fn of(&self, value: impl Fn(&Turn) -> f64) -> Summary {
        Summary::of(self.each(value))
    }
}

/// What one side showed.
pub struct Seen {
    /// Who it was.
    pub name: &'static str,
    /// At full speed.
    pub full: Turns,
    /// At the two rates.
    pub paced: [Turns; 2],
    /// Afterwards.
    pub memory: Memory,
    /// Instructions in user mode per request at full speed, where they can be counted.
    pub instructions: Option<f64>,
}

/// What a path showed.
pub struct Compared {
    /// Which one.
    pub path: &'static str,
    /// The two rates.
    pub rates: [f64; 2],
    /// In the order of their turns.
    pub sides: Vec<Seen>,
}

/// What the sides are called.
pub const BRIDGE: &str = "smsbridge";
/// The yardstick.
pub const NGINX: &str = "nginx";
/// The stand-in itself, without anybody between.
pub const DIRECT: &str = "stand-in";

impl Compared {
    /// What the side of this name showed.
    pub fn side(&self, name: &str) -> Option<&Seen> {
        self.sides.iter().find(|seen| seen.name == name)
    }

    /// A value of smsbridge's over nginx's, round by round; `None` without nginx.
    pub fn ratio(&self, turns: impl Fn(&Seen) -> &Turns, value: impl Fn(&Turn) -> f64) -> Option<Summary> {
        let (bridge, nginx) = (self.side(BRIDGE)?, self.side(NGINX)?);
        Some(Summary::of_ratios(&turns(bridge).each(&value), &turns(nginx).each(&value)))
    }

    /// Processor time per request at full speed, over nginx's.
    pub fn cpu_ratio(&self) -> Option<Summary> {
        self.ratio(|seen| &seen.full, |turn| turn.cpu)
    }
}

/// Loads the sides in turns.
pub fn compare(rig: &Rig, path: &'static str, sides: &[Side], rates: Rates) -> Outcome<Compared> {
    say::progress(&format!("{path} …"));
    let mut capacities = Vec::new();
    for side in sides {
        // The first turn warms up.
        turn(rig, side, Speed::Full)?;
        capacities.push((side.name, turn(rig, side, Speed::Full)?.rate));
    }
    let capacity = |name| capacities.iter().find(|(known, _)| *known == name).map(|(_, rate)| *rate);
    let capacity = capacity(NGINX).or(capacity(BRIDGE)).unwrap_or_default();
    let rates = match rates {
        Rates::Shares => SHARES.map(|share| (share * capacity).max(1.0)),
        Rates::Fixed(rates) => rates,
    };
    let mut seen: Vec<Seen> = sides.iter().map(|side| nothing_yet(side.name)).collect();
    for _ in 0..rig.options.rounds {
        for (place, speed) in
            [Speed::Full, Speed::Rate(rates[0]), Speed::Rate(rates[1])].into_iter().enumerate()
        {
            for (side, seen) in sides.iter().zip(&mut seen) {
                let turns = place.checked_sub(1).map_or(&mut seen.full, |rate| &mut seen.paced[rate]);
                turns.0.push(turn(rig, side, speed)?);
            }
        }
    }
    for (side, seen) in sides.iter().zip(&mut seen) {
        seen.instructions = instructions(rig, side)?;
        seen.memory = memory(side.pid);
    }
    Ok(Compared { path, rates, sides: seen })
}

fn nothing_yet(name: &'static str) -> Seen {
    Seen {
        name,
        full: Turns::default(),
        paced: [Turns::default(), Turns::default()],
        memory: Memory::default(),
        instructions: None,
    }
}

/// One turn of one side.
fn turn(rig: &Rig, side: &Side, speed: Speed) -> Outcome<Turn> {
    turn_of(rig, side, speed, rig.options.turn)
}

/// One turn that lasts so long. Its connections are open before the time is taken.
pub fn turn_of(rig: &Rig, side: &Side, speed: Speed, length: Duration) -> Outcome<Turn> {
    let mut crowd = Crowd::open(&side.target, CONNECTIONS)?;
    let (tally, before) = (rig.upstream.tally()?, spent(side.pid));
    let heard = crowd.ask(&side.questions, speed, length)?;
    let spent = spent(side.pid).since(&before);
    let calls = rig.upstream.tally()?.since(tally).all();
    Ok(reckoned(&heard, spent, calls))
}

fn reckoned(heard: &Heard, spent: Duration, calls: u64) -> Turn {
    let requests = as_float((heard.answered + heard.wrong).max(1));
    Turn {
        rate: heard.rate(),
        cpu: spent.as_secs_f64() * 1e6 / requests,
        p50: heard.quantile(0.5),
        p99: heard.quantile(0.99),
        wrong: heard.wrong,
        unsent: heard.unsent,
        calls: as_float(calls) / requests,
    }
}

/// Instructions in user mode per request, in a turn of their own, since counting disturbs.
fn instructions(rig: &Rig, side: &Side) -> Outcome<Option<f64>> {
    let mut crowd = Crowd::open(&side.target, CONNECTIONS)?;
    let Some(counting) = Instructions::of(side.pid, rig.options.turn + 2 * ATTACHING) else {
        return Ok(None);
    };
    sleep(ATTACHING);
    let heard = crowd.ask(&side.questions, Speed::Full, rig.options.turn)?;
    let counted = counting.counted();
    Ok(counted.map(|counted| as_float(counted) / as_float((heard.answered + heard.wrong).max(1))))
}
