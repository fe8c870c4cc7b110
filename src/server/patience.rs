//! How long a connection is waited for: for the head of a request, between requests, and for an answer to be
//! taken. Knows nothing of what is said. (The body of a request is waited for by who reads it.)

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use futures_util::task::AtomicWaker;
use hyper::body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

/// How long is waited.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// From the first byte of a request, or from the connection's beginning, to the end of the head.
    pub(super) head: Duration,
    /// From an answer to the first byte of the next request; and for any of an answer to be taken.
    pub(super) idle: Duration,
}

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The head of a request is coming.
    Head,
    /// A request is being answered.
    Busy,
    /// It is kept for the next request.
    Idle,
}

/// What a connection is doing, told by who answers to who waits.
#[derive(Debug, Clone, Default)]
pub(super) struct Pulse(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// Three times the number of the phase, and which it is.
    beat: AtomicU64,
    /// Who waits for the next request without a limit, as long as this one is being answered.
    waiting: AtomicWaker,
}

impl Pulse {
    /// A request has come. It is being answered until the answer's body is dropped.
    pub(super) fn busy(&self) -> Answering {
        self.change(Phase::Busy);
        Answering(self.clone())
    }

    /// Whether a request is being answered.
    pub(super) fn is_busy(&self) -> bool {
        Self::phase(self.beat()) == Phase::Busy
    }

    fn beat(&self) -> u64 {
        self.0.beat.load(Ordering::Acquire)
    }

    fn change(&self, phase: Phase) {
        let next = (self.beat() / 3 + 1) * 3;
        self.0.beat.store(next + phase as u64, Ordering::Release);
    }

    fn phase(beat: u64) -> Phase {
        match beat % 3 {
            0 => Phase::Head,
            1 => Phase::Busy,
            _ => Phase::Idle,
        }
    }
}

/// A request that is being answered.
pub(super) struct Answering(Pulse);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.change(Phase::Idle);
        // The HTTP library waits for bytes, and would not look at the time again before they come.
        self.0.0.waiting.wake();
    }
}

/// An answer's body that says when all of it is gone.
pub(super) struct Watched {
    body: Body,
    _answering: Answering,
}

impl Watched {
    /// The same body.
    pub(super) fn new(body: Body, answering: Answering) -> Self {
        Self { body, _answering: answering }
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A connection that fails when it was waited for long enough.
pub(super) struct Patient<S> {
    stream: S,
    patience: Patience,
    pulse: Pulse,
    /// Until when the present phase is waited for.
    reading: Option<(u64, Pin<Box<Sleep>>)>,
    writing: Option<Pin<Box<Sleep>>>,
    slow: Box<dyn Fn() + Send + Sync>,
}

impl<S> Patient<S> {
    /// `slow` is called when a request that had begun did not come to its end.
    pub(super) fn new(
        stream: S,
        patience: Patience,
        pulse: Pulse,
        slow: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self { stream, patience, pulse, reading: None, writing: None, slow: Box::new(slow) }
    }

    fn wait_to_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let beat = self.pulse.beat();
        let span = match Pulse::phase(beat) {
            Phase::Busy => {
                self.pulse.0.waiting.register(cx.waker());
                return Poll::Pending;
            }
            Phase::Head => self.patience.head,
            Phase::Idle => self.patience.idle,
        };
        let (since, waiting) = self.reading.get_or_insert_with(|| (beat, Box::pin(tokio::time::sleep(span))));
        if *since != beat {
            *since = beat;
            // A later time is only noted; a new timer would have to be made, and the old one found and taken out.
            waiting.as_mut().reset(Instant::now() + span);
        }
        ready!(waiting.as_mut().poll(cx));
        if Pulse::phase(beat) == Phase::Head {
            (self.slow)();
        }
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// What comes of writing, which is waited for as long as nothing is taken.
    fn written<T>(&mut self, done: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.writing = None;
            return done;
        }
        let idle = self.patience.idle;
        let waiting = self.writing.get_or_insert_with(|| Box::pin(tokio::time::sleep(idle)));
        ready!(waiting.as_mut().poll(cx));
        (self.slow)();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Patient<TcpStream> {
    /// The first byte that comes, which is still there to be read afterwards.
    pub(super) async fn first_byte(&mut self) -> io::Result<u8> {
        poll_fn(|cx| {
            let mut space = [0];
            let mut space = ReadBuf::new(&mut space);
            match self.stream.poll_peek(cx, &mut space)? {
                Poll::Pending => {
                    ready!(self.wait_to_read(cx))?;
                    Poll::Pending
                }
                Poll::Ready(_) => {
                    let first = space.filled().first().copied();
                    Poll::Ready(first.ok_or_else(|| io::ErrorKind::UnexpectedEof.into()))
                }
            }
        })
        .await
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        if Pin::new(&mut self.stream).poll_read(cx, buf)?.is_pending() {
            return self.wait_to_read(cx);
        }
        if buf.filled().len() > before && Pulse::phase(self.pulse.beat()) == Phase::Idle {
            self.pulse.change(Phase::Head);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(done, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.written(done, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

    use super::*;

    const SOON: Duration = Duration::from_millis(20);
    const NEVER: Duration = Duration::from_secs(3600);

    /// A connection, its other end, and how often somebody was found too slow.
    fn connection(
        head: Duration,
        idle: Duration,
    ) -> (Patient<DuplexStream>, DuplexStream, Pulse, Arc<AtomicU64>) {
        let (near, far) = tokio::io::duplex(16);
        let (pulse, slow) = (Pulse::default(), Arc::new(AtomicU64::new(0)));
        let counted = Arc::clone(&slow);
        let note = move || {
            counted.fetch_add(1, Ordering::Relaxed);
        };
        (Patient::new(near, Patience { head, idle }, pulse.clone(), note), far, pulse, slow)
    }

    #[tokio::test]
    async fn an_answer_that_is_not_taken_is_given_up() {
        let (mut near, _far, _, slow) = connection(NEVER, SOON);
        let error = near.write_all(&[0; 64]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(slow.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn who_waits_while_a_request_is_answered_sees_its_end() {
        let (mut near, _far, pulse, slow) = connection(NEVER, SOON);
        let answering = pulse.busy();
        let reading = tokio::spawn(async move { near.read_u8().await });
        // It has begun to wait, without a limit, before the answer is gone.
        tokio::task::yield_now().await;
        drop(answering);
        let error = reading.await.unwrap().unwrap_err();
        assert_eq!((error.kind(), slow.load(Ordering::Relaxed)), (io::ErrorKind::TimedOut, 0));
    }
}
