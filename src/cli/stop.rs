//! Being asked to stop: Ctrl-C, and SIGTERM where there is one; a second time for at once. Knows nothing of what is
//! stopped.

use tokio::sync::watch;

/// Resolves when the process is asked to stop. The signals are caught from this call on and not from the
/// first poll on, so that a server that has said where it is never ends half-way.
pub fn asked_to_stop() -> impl Future<Output = ()> {
    asked_twice().0
}

/// The same, and a second future for being asked once more.
pub fn asked_twice() -> (impl Future<Output = ()>, impl Future<Output = ()>) {
    let (asked, times) = watch::channel(0_u8);
    let mut signals = Signals::caught();
    tokio::spawn(async move {
        loop {
            signals.next().await;
            asked.send_modify(|times| *times = times.saturating_add(1));
        }
    });
    (at_least(times.clone(), 1), at_least(times, 2))
}

async fn at_least(mut times: watch::Receiver<u8>, so_many: u8) {
    if times.wait_for(|times| *times >= so_many).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The signals that ask to stop. Without a handler there is nothing to wait for, and the signal ends the process
/// itself.
#[cfg(unix)]
struct Signals {
    interrupt: Option<tokio::signal::unix::Signal>,
    terminate: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn caught() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupt = signal(SignalKind::interrupt()).ok();
        Self { interrupt, terminate: signal(SignalKind::terminate()).ok() }
    }

    async fn next(&mut self) {
        tokio::select! {
            () = received(&mut self.interrupt) => {}
            () = received(&mut self.terminate) => {}
        }
    }
}

#[cfg(unix)]
async fn received(signal: &mut Option<tokio::signal::unix::Signal>) {
    let got = match signal {
        Some(signal) => signal.recv().await,
        None => None,
    };
    if got.is_none() {
        std::future::pending::<()>().await;
    }
}

/// The signal that asks to stop. Without a handler there is nothing to wait for, and Ctrl-C ends the process itself.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn caught() -> Self {
        Self
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
