//! Work that is done to its end even if who waits for it goes away: it is done where it is waited for, and handed to a task
//! of its own only then. A task for each would have every poll wake another thread. A panic in it is its own: it goes no
//! further than a task's would. Knows nothing of the work.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::thread;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;

/// Such work. It gives an error where it panicked.
pub(super) struct ToTheEnd<T: Send + 'static> {
    left: Option<BoxFuture<'static, thread::Result<T>>>,
    runtime: Handle,
}

impl<T: Send + 'static> ToTheEnd<T> {
    /// Must be called within the runtime that is to go on with it.
    pub(super) fn new(work: impl Future<Output = T> + Send + 'static) -> Self {
        // What it was working on when it panicked, nobody goes on with.
        Self { left: Some(AssertUnwindSafe(work).catch_unwind().boxed()), runtime: Handle::current() }
    }
}

impl<T: Send + 'static> Future for ToTheEnd<T> {
    type Output = thread::Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(work) = &mut self.left else { return Poll::Pending };
        let done = ready!(work.as_mut().poll(cx));
        self.left = None;
        Poll::Ready(done)
    }
}

impl<T: Send + 'static> Drop for ToTheEnd<T> {
    fn drop(&mut self) {
        if let Some(left) = self.left.take() {
            self.runtime.spawn(left);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

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
                assert!((&mut work).now_or_never().is_none());
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
        assert_eq!(work.await.unwrap(), 0);
        tokio::task::yield_now().await;
        assert_eq!(times.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_nobody_goes_on_with_what_had_it() {
        let times = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&times);
        let work = ToTheEnd::new(async move {
            counted.fetch_add(1, Ordering::Relaxed);
            panic!("a defect");
        });
        assert!(work.await.is_err());
        tokio::task::yield_now().await;
        assert_eq!(times.load(Ordering::Relaxed), 1);
    }

    /// Others are at work in the same task, at the upstream too.
    #[tokio::test]
    async fn who_panics_beside_it_does_not_cut_it_off() {
        let (tell, told) = oneshot::channel();
        let work = ToTheEnd::new(async move {
            tokio::task::yield_now().await;
            let _ = tell.send(());
        });
        let both = async { tokio::join!(work, async { panic!("a defect") }) };
        assert!(AssertUnwindSafe(both).catch_unwind().await.is_err());
        assert_eq!(told.await, Ok(()));
    }
}
