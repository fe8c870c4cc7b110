//! The program as a child process: what it is started with, what it says while it runs, and how it ends.
//! Nothing that is started here outlives its test.

use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child as Process, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use smsbridge::server::DIALECT_PATH;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::harness::{self, said, secrets};

/// Longer than anything here takes; only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// A call of the program that is being put together. It gets nothing of this process's own settings.
pub struct Program(Command);

impl Program {
    /// A call from within this folder.
    pub fn within(folder: &Path) -> Self {
        Self::by(Command::new(env!("CARGO_BIN_EXE_smsbridge")), folder)
    }

    /// The same after these commands of the shell, in the same process.
    #[cfg(unix)]
    pub fn after(shell: &str, folder: &Path) -> Self {
        let mut command = Command::new("sh");
        let script = format!("{shell}; exec \"$0\" \"$@\"");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_smsbridge")]);
        Self::by(command, folder)
    }

    /// The same as somebody without rights; `None` where nobody can become that.
    #[cfg(unix)]
    pub fn as_nobody(folder: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        use std::os::unix::process::CommandExt;
        let mut program = Self::within(folder);
        // Whoever is not root already may not do everything.
        if std::fs::metadata(folder).unwrap().uid() == 0 {
            program.0.uid(65_534).gid(65_534);
            let mut trial = Command::new(env!("CARGO_BIN_EXE_smsbridge"));
            trial.uid(65_534).gid(65_534).arg("--version").stdout(Stdio::null());
            trial.status().ok().filter(|status| status.success())?;
        }
        Some(program)
    }

    /// The same with sockets at these addresses, handed over under these names as systemd does it; `None` where there
    /// is no Python to do so.
    #[cfg(unix)]
    pub fn handed(folder: &Path, addresses: &[SocketAddr], names: &str) -> Option<Self> {
        const HAND_OVER: &str = r#"
import fcntl, os, socket, sys
addresses, names, program = sys.argv[1].split(), sys.argv[2], sys.argv[3:]
kept = []
for address in addresses:
    host, port = address.rsplit(":", 1)
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    listener = socket.create_server((host.strip("[]"), int(port)), family=family)
    kept.append(fcntl.fcntl(listener.fileno(), fcntl.F_DUPFD, 64))
for number, descriptor in enumerate(kept):
    os.dup2(descriptor, 3 + number)
    os.close(descriptor)
os.environ.update(LISTEN_FDS=str(len(kept)), LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES=names)
os.execv(program[0], program)
"#;
        let quiet = |command: &mut Command| command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        let has = quiet(Command::new("python3").args(["-c", ""])).is_ok_and(|status| status.success());
        if !has {
            harness::skip("there is no python3 that could hand sockets over");
            return None;
        }
        let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        let mut command = Command::new("python3");
        command.args(["-I", "-c", HAND_OVER, &addresses.join(" "), names]);
        command.arg(env!("CARGO_BIN_EXE_smsbridge"));
        Some(Self::by(command, folder))
    }

    fn by(mut command: Command, folder: &Path) -> Self {
        let ours = |name: &str| name.starts_with("SMSBRIDGE_") || name == "RUST_LOG";
        for (name, _) in std::env::vars_os().filter(|(name, _)| ours(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        // Everybody at the same port would be nobody: a test that watches says so.
        command.env("SMSBRIDGE_ADMIN__LISTEN", "");
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(command)
    }

    /// The same with these arguments.
    pub fn args(mut self, args: &[&str]) -> Self {
        self.0.args(args);
        self
    }

    /// The same with an environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        if ["KEY", "SECRET"].iter().any(|what| name.ends_with(what)) {
            secrets::keep(value);
        }
        self.0.env(name, value);
        self
    }

    /// The same without an environment variable, be it one that everything here gets.
    pub fn without(mut self, name: &str) -> Self {
        self.0.env_remove(name);
        self
    }

    /// The same with this file as its standard input.
    pub fn reading(mut self, file: &Path) -> Self {
        self.0.stdin(std::fs::File::open(file).unwrap());
        self
    }

    /// Starts it.
    pub fn start(mut self) -> Child {
        let configured = self.0.get_current_dir().map(|folder| folder.join("proxy.toml"));
        if let Some(toml) = configured.and_then(|file| std::fs::read_to_string(file).ok()) {
            secrets::keep_those_of(&toml);
        }
        let mut process = self.0.spawn().unwrap();
        let (stdout, out) = gather(process.stdout.take().unwrap());
        let (stderr, err) = gather(process.stderr.take().unwrap());
        let is_stand_in = self.0.get_args().any(|arg| arg == "mock");
        Child { process, stdout, stderr, listeners: vec![out, err], is_stand_in }
    }

    /// Runs it to its end.
    pub async fn end(self) -> Ended {
        self.start().end().await
    }

    /// Starts a server on a free port and waits until it says where it is.
    pub async fn serve(self) -> Served {
        let mut child = self.args(&["--listen", "127.0.0.1:0"]).start();
        let url = child.said("  base URL  ").await;
        Served { addr: address(&url), child }
    }
}

/// What of a child's output was heard so far.
#[derive(Default)]
struct Heard {
    text: String,
    over: bool,
}

/// Listens until the child closes its end, which is when it ends.
fn gather(mut pipe: impl Read + Send + 'static) -> (watch::Receiver<Heard>, JoinHandle<()>) {
    let (sender, receiver) = watch::channel(Heard::default());
    let listener = std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = pipe.read(&mut piece) {
            sender.send_modify(|heard| heard.text.push_str(&String::from_utf8_lossy(&piece[..length])));
        }
        sender.send_modify(|heard| heard.over = true);
    });
    (receiver, listener)
}

/// A child that runs; it is killed when this is dropped.
pub struct Child {
    process: Process,
    stdout: watch::Receiver<Heard>,
    stderr: watch::Receiver<Heard>,
    listeners: Vec<JoinHandle<()>>,
    /// A stand-in says which key it takes: it is made up.
    is_stand_in: bool,
}

/// A child that ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// All that it printed.
    pub stdout: String,
    /// All that it complained and logged.
    pub stderr: String,
}

impl Child {
    /// The rest of the first line of its standard output that begins so, once it is there.
    pub async fn said(&mut self, beginning: &str) -> String {
        let find = |text: &str| {
            let whole = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
            whole.filter_map(|line| line.strip_prefix(beginning)).next().map(str::to_owned)
        };
        let found = self.stdout.wait_for(|heard| heard.over || find(&heard.text).is_some());
        let text = tokio::time::timeout(PATIENCE, found).await.unwrap().unwrap().text.clone();
        find(&text).unwrap_or_else(|| panic!("no {beginning:?}: {text}{}", self.stderr.borrow().text))
    }

    /// Waits for its standard error to hold this.
    pub async fn logged(&mut self, text: &str) {
        self.logged_times(text, 1).await;
    }

    /// Waits for its standard error to hold this so often.
    pub async fn logged_times(&mut self, text: &str, times: usize) {
        let holds = |heard: &Heard| heard.text.matches(text).count() >= times;
        let found = self.stderr.wait_for(|heard| heard.over || holds(heard));
        let found = tokio::time::timeout(PATIENCE, found).await.map(|found| holds(&found.unwrap()));
        assert_eq!(found, Ok(true), "no {text:?}: {}", self.stderr.borrow().text);
    }

    /// All of its standard output so far.
    pub fn heard(&self) -> String {
        self.stdout.borrow().text.clone()
    }

    /// Waits for its end.
    pub async fn end(mut self) -> Ended {
        let mut texts = Vec::new();
        for heard in [&mut self.stdout, &mut self.stderr] {
            let over = tokio::time::timeout(PATIENCE, heard.wait_for(|heard| heard.over)).await;
            texts.push(over.expect("the child does not end").unwrap().text.clone());
        }
        let code = self.process.wait().unwrap().code();
        let stderr = texts.pop().unwrap();
        Ended { code, stdout: texts.pop().unwrap(), stderr }
    }

    /// Ends it as a loss of power would (`kill -9`), and gives what it said until then.
    pub async fn kill(mut self) -> Ended {
        self.process.kill().unwrap();
        self.end().await
    }

    /// Its resident memory in KiB, where the system tells it.
    pub fn resident(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    }

    /// Its number.
    #[cfg(unix)]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// All of its standard error so far.
    pub fn complained(&self) -> String {
        self.stderr.borrow().text.clone()
    }

    /// Sends it a signal by name, as `TERM`.
    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        // Now the pipes are closed, and what was said is complete.
        for listener in self.listeners.drain(..) {
            listener.join().unwrap();
        }
        for heard in [&self.stdout, &self.stderr].into_iter().filter(|_| !self.is_stand_in) {
            said::hold_child(&heard.borrow().text);
        }
    }
}

/// A server in a child process.
pub struct Served {
    /// Where it listens.
    pub addr: SocketAddr,
    /// Its process.
    pub child: Child,
}

impl Served {
    /// The answer to a request with the key `any`.
    pub async fn ask(&self, query: &str) -> String {
        self.ask_as("any", query).await
    }

    /// The same with another key.
    pub async fn ask_as(&self, key: &str, query: &str) -> String {
        ask_at(self.addr, key, query).await
    }

    /// Orders a number and gives its id and phone.
    pub async fn order(&self, key: &str) -> (i64, String) {
        let answer = self.ask_as(key, ORDER).await;
        bought(&answer).unwrap_or_else(|| panic!("{answer}"))
    }
}

/// The answer of the server that listens there.
pub async fn ask_at(addr: SocketAddr, key: &str, query: &str) -> String {
    let answer = harness::get(addr, &format!("{DIALECT_PATH}?api_key={key}&{query}"), &[]).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.body
}

/// An order that every provider here can fill.
pub const ORDER: &str = "action=getNumber&service=tg&country=0";

/// The id and the phone of `ACCESS_NUMBER:id:phone`.
pub fn bought(answer: &str) -> Option<(i64, String)> {
    let (id, phone) = answer.strip_prefix("ACCESS_NUMBER:")?.split_once(':')?;
    Some((id.parse().ok()?, phone.to_owned()))
}

/// The address in a base URL.
pub fn address(url: &str) -> SocketAddr {
    let rest = url.strip_prefix("http://").unwrap_or_else(|| panic!("{url}"));
    rest.split('/').next().unwrap().parse().unwrap()
}

/// The body of the answer to a GET, if the server lives to give a whole one.
pub async fn attempt(addr: SocketAddr, query: &str) -> Option<String> {
    let mut stream = TcpStream::connect(addr).await.ok()?;
    let request = format!(
        "GET {DIALECT_PATH}?api_key=any&{query} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse().ok()?;
    (body.len() == length).then(|| body.to_owned())
}
