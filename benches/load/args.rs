//! What the command line asks for. Knows no path.

use std::time::Duration;

/// How it is run.
pub const USAGE: &str = "\
cargo bench --bench load -- [OPTIONS]

  --only NAME    only the parts whose name contains NAME; may be given several times
  --rounds N     how often each side of a comparison has its turn (7)
  --seconds S    how long a turn at one load lasts (1)
  --quick        a smoke test of one or two minutes: one round, short turns; its figures mean nothing
  --as-built     measure the program that cargo bench built along, and build none as for a release; or say by the variable
                 SMSBRIDGE_BIN which program is meant
  --list         print the names of the parts";

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Parts of names; all parts where it is empty.
    pub only: Vec<String>,
    /// How often each side has its turn.
    pub rounds: usize,
    /// How long a turn at one load lasts.
    pub turn: Duration,
    /// Whether the program that was built along is measured.
    pub as_built: bool,
    /// Whether it is only to be seen that everything works.
    pub quick: bool,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// Measure.
    Measure(Options),
    /// Be the stand-in upstream, in a process of its own.
    StandIn,
    /// Print the names of the parts.
    List,
    /// Say how it is run.
    Help,
    /// Cargo runs it among tests: say how it is run, and do nothing.
    Nothing,
    /// What cannot be understood.
    Wrong(String),
}

/// The argument by which the rig starts itself as the stand-in.
pub const STAND_IN: &str = "--stand-in";

impl Asked {
    /// Reads the arguments. `cargo bench` adds `--bench`; without it this is a run of tests.
    pub fn read(args: impl Iterator<Item = String>) -> Self {
        let args: Vec<String> = args.collect();
        if args.iter().any(|arg| arg == STAND_IN) {
            return Self::StandIn;
        }
        if !args.iter().any(|arg| arg == "--bench") {
            return Self::Nothing;
        }
        let mut options = Options {
            only: Vec::new(),
            rounds: 7,
            turn: Duration::from_secs(1),
            as_built: false,
            quick: false,
        };
        if args.iter().any(|arg| arg == "--help") {
            return Self::Help;
        }
        let mut list = false;
        let mut rest = args.into_iter();
        while let Some(arg) = rest.next() {
            let understood = match arg.as_str() {
                "--bench" => true,
                "--list" => {
                    list = true;
                    true
                }
                _ => options.take(&arg, &mut rest),
            };
            if !understood {
                return Self::Wrong(format!("{arg} cannot be understood"));
            }
        }
        if list { Self::List } else { Self::Measure(options) }
    }
}

impl Options {
    /// Takes an option over, with what follows it; `false` where it is none, or what follows is not right for it.
    fn take(&mut self, option: &str, rest: &mut impl Iterator<Item = String>) -> bool {
        let mut set = || {
            match option {
                "--quick" => (self.rounds, self.turn, self.quick) = (1, Duration::from_millis(300), true),
                "--as-built" => self.as_built = true,
                "--only" => self.only.push(rest.next()?),
                "--rounds" => self.rounds = number(&rest.next()?)?,
                "--seconds" => self.turn = seconds(&rest.next()?)?,
                _ => return None,
            }
            Some(())
        };
        set().is_some()
    }

    /// Whether the part of this name is asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| name.contains(part.as_str()))
    }
}

fn number(text: &str) -> Option<usize> {
    text.parse().ok().filter(|number| (1..=1000).contains(number))
}

fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.parse().ok()?;
    (0.05..=600.0).contains(&seconds).then(|| Duration::from_secs_f64(seconds))
}
