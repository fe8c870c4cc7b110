//! Processes that are measured: started, waited for, and ended with whoever holds them. Knows none of them in
//! particular.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStdin, ChildStdout, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::failure::{Failure, Outcome, Trying};

/// Longer than any of them takes to come up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A process that runs; it is killed when this is dropped, so that nothing is left running.
pub struct Running {
    name: &'static str,
    child: Child,
}

impl Running {
    /// Starts it.
    pub fn start(name: &'static str, command: &mut Command) -> Outcome<Self> {
        let child = command.spawn().trying(&format!("{name} cannot be started"))?;
        Ok(Self { name, child })
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its ends of the pipes, where there are some.
    pub fn pipes(&mut self) -> (Option<ChildStdin>, Option<ChildStdout>) {
        (self.child.stdin.take(), self.child.stdout.take())
    }

    /// Waits until somebody listens at `addr`.
    pub fn listens(&mut self, addr: SocketAddr) -> Outcome<()> {
        let begun = Instant::now();
        while TcpStream::connect(addr).is_err() {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(Failure::Server(format!("{} ended: {status}", self.name)));
            }
            if begun.elapsed() > PATIENCE {
                return Err(Failure::Server(format!("{} does not listen at {addr}", self.name)));
            }
            sleep(Duration::from_micros(200));
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address of this machine at which nobody listens now.
pub fn free_address() -> Outcome<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).trying("no port is free")?;
    listener.local_addr().trying("no port is free")
}
