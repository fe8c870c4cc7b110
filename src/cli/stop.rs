//! Being asked to stop: Ctrl-C, and SIGTERM where there is one. Knows nothing of what is stopped.

/// Resolves when the process is asked to stop. The signals are caught from this call on and not from the
/// first poll on, so that a server that has said where it is never ends half-way.
#[cfg(unix)]
pub fn asked_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = signal(SignalKind::interrupt());
    let terminate = signal(SignalKind::terminate());
    async move {
        tokio::select! {
            () = received(interrupt) => {}
            () = received(terminate) => {}
        }
    }
}

/// Without a handler there is nothing to wait for, and the signal ends the process itself.
#[cfg(unix)]
async fn received(signal: std::io::Result<tokio::signal::unix::Signal>) {
    match signal {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

/// Resolves when the process is asked to stop.
#[cfg(not(unix))]
pub async fn asked_to_stop() {
    // Without a handler there is nothing to wait for, and Ctrl-C ends the process itself.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
