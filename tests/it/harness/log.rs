//! What the server inside a test's own thread writes into its log.

use std::io;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use tracing::Dispatch;
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing_subscriber::fmt::MakeWriter;

/// Somebody who hears nothing, for as long as the process lives. While there is a single listener, what another
/// thread says for the first time is never shown to it: a place in the code that speaks is asked about once, by
/// the thread that comes to it first. Of several listeners all are asked.
static DEAF: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::default()));

/// Listens until it is dropped.
pub struct Log {
    heard: Heard,
    _guard: DefaultGuard,
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Listens to this thread, down to the finest level of what is said of `target` (a module's path).
    pub fn of(target: &str) -> Self {
        LazyLock::force(&DEAF);
        let heard = Heard::default();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(heard.clone())
            .with_env_filter(format!("{target}=trace"))
            .with_ansi(false)
            .finish();
        Self { heard, _guard: tracing::subscriber::set_default(subscriber) }
    }

    /// The lines that hold this text, oldest first.
    pub fn lines(&self, text: &str) -> Vec<String> {
        let bytes = self.heard.0.lock().unwrap().clone();
        let all = String::from_utf8(bytes).unwrap();
        all.lines().filter(|line| line.contains(text)).map(str::to_owned).collect()
    }

    /// Waits until this text was said in so many lines.
    pub async fn says(&self, text: &str, times: usize) {
        let said = async {
            while self.lines(text).len() < times {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let said = tokio::time::timeout(Duration::from_secs(20), said).await;
        assert!(said.is_ok(), "{text:?} was not said {times} times: {:#?}", self.lines(""));
    }
}

impl<'a> MakeWriter<'a> for Heard {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl io::Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        super::said::note(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
