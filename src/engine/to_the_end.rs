//! Work that is done to its end even if who waits for it goes away: it is done where it is waited for, and handed to a task
//! of its own only then. A task for each would have every poll wake another thread. Knows nothing of the work.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::future::BoxFuture;
use tokio::runtime::Handle;

/// Such work.
pub(super) struct ToTheEnd<T: Send + 'static> {
    left: Option<BoxFuture<'static, T>>,
    runtime: Handle,
}

impl<T: Send + 'static> ToTheEnd<T> {
    /// Must be called within the runtime that is to go on with it.
    pub(super) fn new(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self { left: Some(Box::pin(work)), runtime: Handle::current() }
    }
}

impl<T: Send + 'static> Future for ToTheEnd<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let Some(work) = &mut self.left else { return Poll::Pending };
        let done = ready!(work.as_mut().poll(cx));
        self.left = None;
        Poll::Ready(done)
    }
}

impl<T: Send + 'static> Drop for ToTheEnd<T> {
    fn drop(&mut self) {
        // What has panicked is over.
        if let Some(left) = self.left.take().filter(|_| !std::thread::panicking()) {
            self.runtime.spawn(left);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures_util::FutureExt;
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_is_done_to_its_end() {
        for polled in [false, true] {
            let (go, goes) = oneshot::channel();
            let (tell, told) = oneshot::channel();
            let mut work = ToTheEnd::new(async move {
                let _ = goes.await;
                let _ = tell.send(());
            });
            if polled {
                assert_eq!((&mut work).now_or_never(), None);
            }
            drop(work);
            go.send(()).unwrap();
            assert_eq!(told.await, Ok(()), "polled before: {polled}");
        }
    }

    #[tokio::test]
    async fn what_is_waited_for_is_done_once_and_gives_what_it_gives() {
        let times = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&times);
        let work = ToTheEnd::new(async move { counted.fetch_add(1, Ordering::Relaxed) });
        assert_eq!(work.await, 0);
        tokio::task::yield_now().await;
        assert_eq!(times.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_panicked_is_not_gone_on_with() {
        let times = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&times);
        let work = ToTheEnd::new(async move {
            counted.fetch_add(1, Ordering::Relaxed);
            panic!("a defect");
        });
        assert!(std::panic::AssertUnwindSafe(work).catch_unwind().await.is_err());
        tokio::task::yield_now().await;
        assert_eq!(times.load(Ordering::Relaxed), 1);
    }
}
