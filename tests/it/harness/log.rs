//! What the server inside a test's own thread writes into its log.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

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
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
