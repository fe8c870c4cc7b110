//! The stand-in upstream: answers by VAK-SMS's API and by the dialect, with bytes that take next to no work, in a
//! process of its own whose time is not counted with anybody else's. Keeps no state but counts: what a number is
//! going to receive stands in its id.

pub mod answers;
pub mod ids;
pub mod lists;

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{ChildStdin, Command, ExitCode, Stdio};
use std::rc::Rc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub use ids::{Behaviour, compatible_id};

use super::args::STAND_IN;
use super::failure::{Failure, Outcome, Trying};
use super::servers::Running;
use super::wire::{Connection, get};
use answers::Counter;

/// The path of the counts.
const TALLY: &str = "/tally";

/// Starts of a request longer than this are nobody's here.
const MOST: usize = 16 * 1024;

/// The running stand-in.
pub struct Upstream {
    /// Where it listens.
    pub addr: SocketAddr,
    running: Running,
    /// It ends when this is closed, so also when the rig is killed.
    _stdin: Option<ChildStdin>,
}

/// How often it was asked, by what it was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Questions for the state of a number.
    pub polls: u64,
    /// Orders and changes.
    pub acts: u64,
    /// Prices, stock, balances.
    pub lists: u64,
}

impl Tally {
    /// All of them.
    pub fn all(self) -> u64 {
        self.polls + self.acts + self.lists
    }

    /// Those since `before`.
    pub fn since(self, before: Self) -> Self {
        Self {
            polls: self.polls - before.polls,
            acts: self.acts - before.acts,
            lists: self.lists - before.lists,
        }
    }

    pub fn written(self) -> String {
        format!("{} {} {}", self.polls, self.acts, self.lists)
    }

    pub fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ').map(str::parse);
        let mut next = || words.next()?.ok();
        Some(Self { polls: next()?, acts: next()?, lists: next()? })
    }
}

impl Upstream {
    /// Starts it as a child, by this very program.
    pub fn start() -> Outcome<Self> {
        let program = std::env::current_exe().trying("the rig does not find itself")?;
        let mut command = Command::new(program);
        command.arg(STAND_IN).stdin(Stdio::piped()).stdout(Stdio::piped());
        let running = Running::start("the stand-in", &mut command)?;
        let (stdin, stdout) = running.pipes();
        let mut line = String::new();
        if let Some(stdout) = stdout {
            BufReader::new(stdout).read_line(&mut line).trying("the stand-in says nothing")?;
        }
        let addr = line.trim().parse();
        let addr =
            addr.map_err(|_| Failure::Server(format!("the stand-in does not say where it is: {line}")))?;
        Ok(Self { addr, running, _stdin: stdin })
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.running.pid()
    }

    /// How often it was asked so far.
    pub fn tally(&self) -> Outcome<Tally> {
        let mut connection = Connection::open(self.addr, None)?;
        let text = connection.text(&get(self.addr, TALLY, ""))?;
        Tally::read(&text).ok_or_else(|| Failure::Answer(format!("the stand-in's counts are {text:?}")))
    }
}

/// Is the stand-in, until its standard input is closed.
pub fn run() -> ExitCode {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let served = runtime.and_then(|runtime| tokio::task::LocalSet::new().block_on(&runtime, serve()));
    served.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

async fn serve() -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    super::say::line(&listener.local_addr()?.to_string());
    let counter = Rc::new(Counter::default());
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::task::spawn_local(talk(stream, Rc::clone(&counter)));
    }
}

/// Answers one request after the other; requests have no bodies here.
async fn talk(mut stream: TcpStream, counter: Rc<Counter>) {
    let _ = stream.set_nodelay(true);
    let (mut asked, mut answer) = (Vec::with_capacity(2048), Vec::with_capacity(512));
    loop {
        match stream.read_buf(&mut asked).await {
            Ok(1..) if asked.len() <= MOST => {}
            _ => return,
        }
        let mut begin = 0;
        while let Some(length) = asked[begin..].windows(4).position(|end| end == b"\r\n\r\n") {
            answer.clear();
            counter.answer(target_of(&asked[begin..begin + length]), &mut answer);
            begin += length + 4;
            if stream.write_all(&answer).await.is_err() {
                return;
            }
        }
        asked.drain(..begin);
    }
}

/// What stands between the method and the version.
pub fn target_of(head: &[u8]) -> &str {
    let target = head.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
    std::str::from_utf8(target).unwrap_or_default()
}
