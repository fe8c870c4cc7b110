//! What every test starts from: a server with a clock that stands still, an upstream that watches how it
//! is asked, and a client that shows every byte.

mod books;
mod bridge;
mod canned;
mod client;
mod draw;
mod gateway;
mod log;
mod names;
mod nature;
mod parts;
pub mod said;
pub mod secrets;
mod skip;
pub mod tls;
mod world;

pub use books::Books;
pub use bridge::Bridge;
pub use canned::Canned;
pub use client::{Response, get, raw};
pub use draw::Draw;
pub use gateway::{Gateway, Wire};
pub use log::Log;
pub use names::{has_operators, mapping, telegram, trip};
pub use nature::{denies_early_cancels, gives_texts, hides_old_codes};
pub use parts::parts;
pub use skip::skip;
pub use world::{KINDS, World};
