//! The local certificate authority: a CA that can sign for the redirected names and for nothing else, the leaves it
//! signs while clients knock, and the trust stores it is put into. Knows no dialect, no listener and no hosts file.
//!
//! `certificate` is the public half, all that trust stores, exports and pages need, and `confined` what it is held to;
//! `authority` has the key too; `files` keeps both on disk. `leaves` and `ready` answer the handshakes, `serving` makes a
//! server's TLS of them. `stores` has machines trust the certificate, `handout` gives it out in other forms.

mod authority;
mod certificate;
mod confined;
mod error;
mod files;
pub mod guide;
mod handout;
mod leaves;
pub mod names;
mod ready;
mod serving;
pub mod stores;
#[cfg(test)]
mod tests;

pub use authority::{Authority, Made};
pub use certificate::Certificate;
pub use error::CaError;
pub use files::remove;
pub use handout::{bundle, java_store, p12};
pub use leaves::Leaves;
pub use ready::Ready;
pub(crate) use ready::read as read_pair;
pub use serving::server_config;
