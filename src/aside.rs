//! Does what takes long on a thread of its own, so that it holds up nobody: one thread may be all that answers. Knows
//! nothing of what is done.

/// From so many bytes on, reading, writing or packing a text takes long enough to hold up others.
pub const LONG: usize = 64 * 1024;

/// Does it, aside if it is said to take long; `None` if it came to no end.
pub async fn aside<T: Send + 'static>(long: bool, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    if long { tokio::task::spawn_blocking(work).await.ok() } else { Some(work()) }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[tokio::test]
    async fn what_takes_long_holds_up_nobody_and_what_does_not_is_done_at_once() {
        let here = thread::current().id();
        assert_eq!(aside(false, || thread::current().id()).await, Some(here));
        assert_ne!(aside(true, || thread::current().id()).await, Some(here));
    }

    #[tokio::test]
    async fn what_panics_aside_came_to_no_end() {
        assert_eq!(aside(true, || if thread::panicking() { 1 } else { panic!("on purpose") }).await, None);
    }
}
