//! What every test starts from: a server with a clock that stands still, an upstream that watches how it
//! is asked, and a client that shows every byte.

mod bridge;
mod client;
mod world;

pub use bridge::Bridge;
pub use client::{Response, get};
pub use world::{KINDS, World};
