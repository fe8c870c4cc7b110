//! Turning away connections for which there is no place: a short answer to some, nothing to the rest, and no
//! waiting for any. Knows neither why nor what is said.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use super::limits::Turned;

/// How many are told at once; the others are closed without a word.
const TOLD_AT_ONCE: usize = 64;

/// How long one may take to hear it.
const PATIENCE: Duration = Duration::from_secs(1);

/// How much of a request is read after the answer, in bytes. A connection that is closed with something unread is
/// reset, and the answer with it.
const READ: u64 = 64 * 1024;

/// What is said to whom there is no place for.
pub(super) struct Shed {
    full: Arc<[u8]>,
    address_full: Arc<[u8]>,
    telling: Arc<Semaphore>,
}

impl Shed {
    /// `say` makes an answer as it goes over the wire.
    pub(super) fn new(say: impl Fn(Turned) -> Vec<u8>) -> Self {
        Self {
            full: say(Turned::Full).into(),
            address_full: say(Turned::AddressFull).into(),
            telling: Arc::new(Semaphore::new(TOLD_AT_ONCE)),
        }
    }

    /// Turns a connection away.
    pub(super) fn turn_away(&self, stream: TcpStream, turned: Turned) {
        let Ok(telling) = Arc::clone(&self.telling).try_acquire_owned() else { return };
        let answer = Arc::clone(if turned == Turned::AddressFull { &self.address_full } else { &self.full });
        tokio::spawn(async move {
            tell(stream, &answer).await;
            drop(telling);
        });
    }
}

/// Gives a connection an answer, whatever was or will be asked, and ends it.
pub(super) async fn tell(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &[u8]) {
    let told = async {
        stream.write_all(answer).await?;
        stream.shutdown().await?;
        tokio::io::copy(&mut stream.take(READ), &mut tokio::io::sink()).await
    };
    // Whether it was heard is not known, and makes no difference.
    let _ = tokio::time::timeout(PATIENCE, told).await;
}
