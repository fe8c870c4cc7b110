//! smsbridge as it is built for a release, with everything switched on: the log at info into a file, metrics, limits,
//! the ledger on the disk. Its configuration is the default one with a provider; of the limits only those numbers
//! are raised that would turn the load away. Knows nothing of what is asked of it.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::certificate::Certificate;
use super::failure::{Failure, Outcome, Trying};
use super::servers::{Running, free_address};
use super::upstream::Behaviour;
use super::wire::{Connection, get};

/// What is raised, for whoever reads the report.
pub const RAISED: &str = "limits.requests_per_second 1000 → 1000000, limits.requests_burst 2000 → 1000000, \
    limits.connections_per_address 512 → 4096, \
    provider rate_limit 10/s burst 20 → 100000/s burst 100000";

/// The path of the dialect.
const DIALECT: &str = smsbridge::server::DIALECT_PATH;

/// Which upstream it translates to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// VAK-SMS's API: JSON of its own.
    VakSms,
    /// One that speaks the dialect itself.
    Compatible,
}

/// What it is started with.
pub struct Setup<'a> {
    /// Where its files are.
    pub folder: &'a Path,
    /// Where the stand-in is.
    pub upstream: SocketAddr,
    /// As what the stand-in is asked.
    pub kind: Kind,
    /// The provider's `poll_interval`, where it is not the default.
    pub poll_interval: Option<&'a str>,
    /// What it shows over TLS, if it listens for that.
    pub certificate: Option<&'a Certificate>,
}

/// The running server.
pub struct Bridge {
    /// Where it listens.
    pub addr: SocketAddr,
    /// Where it listens over TLS.
    pub tls: Option<SocketAddr>,
    running: Running,
}

/// The program that is measured: the one that `SMSBRIDGE_BIN` names, or that of this package.
pub fn program() -> PathBuf {
    named().unwrap_or_else(|| env!("CARGO_BIN_EXE_smsbridge").into())
}

/// What `SMSBRIDGE_BIN` names.
pub fn named() -> Option<PathBuf> {
    std::env::var_os("SMSBRIDGE_BIN").map(PathBuf::from)
}

/// With what the variables begin that cargo sets for what it runs.
const TOLD: [&str; 5] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_", "CARGO_PRIMARY_"];

/// Builds it as it is released, at the same place. What `cargo bench` built along has in it what benches and tests
/// switch on in it and in its dependencies, and nobody installs that.
pub fn build() -> Outcome<()> {
    let (None, Some(cargo)) = (named(), std::env::var_os("CARGO")) else { return Ok(()) };
    let mut command = Command::new(cargo);
    command.args(["build", "--release", "--locked", "--bin", "smsbridge"]);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).stdout(Stdio::null());
    // What cargo tells of this bench is not said of that build: build scripts look at it, and would have half of the
    // dependencies compiled again, here and then the next time.
    let told = |name: &str| TOLD.iter().any(|beginning| name.starts_with(beginning)) || name == "CARGO";
    for (name, _) in std::env::vars_os().filter(|(name, _)| told(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    match command.status().trying("cargo cannot be started")? {
        status if status.success() => Ok(()),
        status => Err(Failure::Server(format!("smsbridge could not be built: {status}"))),
    }
}

impl Bridge {
    /// Starts it in a fresh folder and waits until it listens.
    pub fn start(setup: &Setup<'_>) -> Outcome<Self> {
        let bridge = Self::launch(setup)?;
        bridge.running.listens(bridge.addr)?;
        Ok(bridge)
    }

    /// Starts it, and does not wait.
    pub fn launch(setup: &Setup<'_>) -> Outcome<Self> {
        fs::create_dir_all(setup.folder).trying("no folder for smsbridge can be made")?;
        let (addr, admin) = (free_address()?, free_address()?);
        let tls = setup.certificate.map(|_| free_address()).transpose()?;
        let text = settings(setup, addr, admin, tls);
        fs::write(setup.folder.join("proxy.toml"), text).trying("proxy.toml cannot be written")?;
        let log = |name: &str| File::create(setup.folder.join(name)).trying("the log cannot be written");
        let mut command = Command::new(program());
        let ours = |name: &str| name.starts_with("SMSBRIDGE_") || name == "RUST_LOG";
        for (name, _) in std::env::vars_os().filter(|(name, _)| ours(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        command.arg("serve").current_dir(setup.folder).stdin(Stdio::null());
        command.stdout(log("stdout.txt")?).stderr(log("stderr.txt")?);
        Ok(Self { addr, tls, running: Running::start("smsbridge", &mut command)? })
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.running.pid()
    }

    /// A request for an action.
    pub fn request(&self, action: &str) -> Vec<u8> {
        request(self.addr, action, "")
    }

    /// Asks once.
    pub fn ask(&self, action: &str) -> Outcome<String> {
        Connection::open(self.addr, None)?.text(&self.request(action))
    }

    /// Orders so many numbers and gives their ids.
    pub fn order(&self, behaviour: Behaviour, count: usize) -> Outcome<Vec<String>> {
        let mut connection = Connection::open(self.addr, None)?;
        let request = self.request(&order(behaviour));
        let one = |_| bought(&connection.text(&request)?);
        (0..count).map(one).collect()
    }
}

/// A request for an action of the dialect, with more header lines in `more`.
pub fn request(addr: SocketAddr, action: &str, more: &str) -> Vec<u8> {
    get(addr, &format!("{DIALECT}?api_key=0123456789abcdef&action={action}"), more)
}

/// The action by which a number is ordered that behaves so.
pub fn order(behaviour: Behaviour) -> String {
    format!("getNumber&service={}&country=0", behaviour.service())
}

/// The id in the answer to an order.
pub fn bought(answer: &str) -> Outcome<String> {
    let id = answer.strip_prefix("ACCESS_NUMBER:").and_then(|rest| rest.split(':').next());
    id.map(str::to_owned).ok_or_else(|| Failure::Answer(format!("an order was answered {answer:?}")))
}

fn settings(setup: &Setup<'_>, addr: SocketAddr, admin: SocketAddr, tls: Option<SocketAddr>) -> String {
    let kind = match setup.kind {
        Kind::VakSms => "vak-sms",
        Kind::Compatible => "sms-activate",
    };
    let listen_tls = tls.map(|tls| format!("listen_tls = [\"{tls}\"]\n")).unwrap_or_default();
    let interval =
        setup.poll_interval.map(|time| format!("poll_interval = \"{time}\"\n")).unwrap_or_default();
    let files = setup
        .certificate
        .map(|certificate| format!("\n[tls]\ncert = {:?}\nkey = {:?}\n", certificate.cert, certificate.key));
    format!(
        "[server]
listen = [\"{addr}\"]
{listen_tls}
[admin]
listen = \"{admin}\"

[provider.main]
kind = \"{kind}\"
base_url = \"http://{upstream}\"
api_key = \"fedcba9876543210\"
rate_limit = \"100000/s burst 100000\"
{interval}
[limits]
requests_per_second = 1000000
requests_burst = 1000000
connections_per_address = 4096
{files}",
        upstream = setup.upstream,
        files = files.unwrap_or_default(),
    )
}
