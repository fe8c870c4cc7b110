//! SIGHUP: a wish for the configuration to be read again, unless the terminal that the program runs in was closed.
//! Knows nothing of configurations.

/// What a SIGHUP means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hangup {
    /// The configuration is to be read again.
    Reload,
    /// Nobody sees the program any more, as if it had been asked to stop.
    TerminalClosed,
}

/// Catches SIGHUP, from when it is made on.
#[cfg(unix)]
pub struct Hangups {
    signal: Option<tokio::signal::unix::Signal>,
    /// Whether the program was started in a terminal.
    in_terminal: bool,
}

#[cfg(unix)]
impl Hangups {
    /// Begins to catch it.
    pub fn caught() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self { signal: signal(SignalKind::hangup()).ok(), in_terminal: in_terminal() }
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Hangup {
        let got = match &mut self.signal {
            Some(signal) => signal.recv().await,
            None => None,
        };
        if got.is_none() {
            std::future::pending::<()>().await;
        }
        // A terminal that was closed is none any more.
        if self.in_terminal && !in_terminal() { Hangup::TerminalClosed } else { Hangup::Reload }
    }
}

#[cfg(unix)]
fn in_terminal() -> bool {
    use std::io::{IsTerminal, stderr, stdin, stdout};
    stdin().is_terminal() || stdout().is_terminal() || stderr().is_terminal()
}

/// There is no such signal.
#[cfg(not(unix))]
pub struct Hangups;

#[cfg(not(unix))]
impl Hangups {
    /// Catches nothing.
    pub fn caught() -> Self {
        Self
    }

    /// Never ends.
    pub async fn next(&mut self) -> Hangup {
        std::future::pending().await
    }
}
