//! Making software that has a service's name compiled in come here: what stands in the system's hosts file, how it gets
//! in and out again, and whether it works. Knows no certificate and no dialect.
//!
//! `entries` reads a hosts file, `block` has our lines in it, `replace` writes a file, `hosts` puts these
//! together; `system` knows where each system keeps it; `here` tells a server which names lead to it, and
//! `sight` what software would meet under one.

mod block;
mod entries;
pub mod here;
pub mod hosts;
mod replace;
pub mod sight;
pub mod system;

pub use block::{Damage, Lines};
