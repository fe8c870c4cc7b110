//! One test binary over the running server: requests go in as bytes and come out as bytes, upstreams are
//! strict stand-ins, and time moves only when a test moves it.

// The helpers of tests may give up as tests do; the linter sees no test in them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod harness;
mod process;
mod smoke;
