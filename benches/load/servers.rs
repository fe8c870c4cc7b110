//! Processes that are measured: started, waited for, and ended with whoever holds them. Knows none of them in
//! particular.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use super::failure::{Failure, Outcome, Trying};

/// Longer than any of them takes to come up.
const PATIENCE: Duration = Duration::from_secs(20);

/// All that run, for the case that the rig is told to end.
static RUNNING: Mutex<Vec<Arc<Mutex<Child>>>> = Mutex::new(Vec::new());

/// A process that runs; it is killed when this is dropped, so that nothing is left running.
pub struct Running {
    name: &'static str,
    pid: u32,
    child: Arc<Mutex<Child>>,
}

impl Running {
    /// Starts it.
    pub fn start(name: &'static str, command: &mut Command) -> Outcome<Self> {
        // Nobody ends all of them between the start and the entry.
        let mut running = locked(&RUNNING);
        let child = command.spawn().trying(&format!("{name} cannot be started"))?;
        let (pid, child) = (child.id(), Arc::new(Mutex::new(child)));
        running.push(Arc::clone(&child));
        Ok(Self { name, pid, child })
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Its ends of the pipes, where there are some.
    pub fn pipes(&self) -> (Option<ChildStdin>, Option<ChildStdout>) {
        let mut child = locked(&self.child);
        (child.stdin.take(), child.stdout.take())
    }

    /// Waits until somebody listens at `addr`.
    pub fn listens(&self, addr: SocketAddr) -> Outcome<()> {
        let begun = Instant::now();
        while TcpStream::connect(addr).is_err() {
            if let Ok(Some(status)) = locked(&self.child).try_wait() {
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
        locked(&RUNNING).retain(|one| !Arc::ptr_eq(one, &self.child));
        end(&mut locked(&self.child));
    }
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Ends all that run when the rig itself is told to end, and removes its `folder`.
pub fn end_with_the_rig(folder: PathBuf) {
    spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if runtime.is_ok_and(|runtime| runtime.block_on(told()).is_some()) {
            // It stays locked, so that nothing more is started.
            let running = locked(&RUNNING);
            running.iter().for_each(|child| end(&mut locked(child)));
            let _ = std::fs::remove_dir_all(folder);
            std::process::exit(130);
        }
    });
}

/// Waits until somebody wants the rig to end; `None` where that cannot be heard.
#[cfg(unix)]
async fn told() -> Option<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut stop = signal(SignalKind::terminate()).ok()?;
    let mut hang_up = signal(SignalKind::hangup()).ok()?;
    let mut interrupt = signal(SignalKind::interrupt()).ok()?;
    tokio::select! {
        told = stop.recv() => told,
        told = hang_up.recv() => told,
        told = interrupt.recv() => told,
    }
}

#[cfg(not(unix))]
async fn told() -> Option<()> {
    tokio::signal::ctrl_c().await.ok()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An address of this machine at which nobody listens now.
pub fn free_address() -> Outcome<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).trying("no port is free")?;
    listener.local_addr().trying("no port is free")
}
