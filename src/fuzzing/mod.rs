//! The way in for the fuzz targets: each takes bytes, and panics where a law is broken. Compiled for tests and with
//! the feature `fuzzing` only; no part of what the library offers. Knows nothing of who makes the bytes.
//!
//! - [`params`]: a request's bytes become parameters that hold what they promise.
//! - [`decoders`]: whatever an upstream answers, a provider neither panics nor gives out what is no id, no number, no
//!   amount; and no fault repeats the key.
//! - [`round_trip`]: what the dialect writes is read back as what it was.
//!
//! [`Decoder`] is for those who count what it takes to read an answer.
//!
//! The corpus in `fuzz/seeds` has a folder for each target, and a test runs it over them.

mod bytes;
mod calls;
mod decoder;
mod laws;
mod params;
mod round_trip;
mod sample;
mod stage;

pub use decoder::{Decoder, Question};
pub use params::params;
pub use round_trip::round_trip;

use stage::Stage;

/// Feeds what an upstream answers to every method of each provider of a kind.
///
/// The answers stand one after the other, parted by lines of three dashes; one that begins with a line `HTTP 404` has
/// that status. A method that asks more often than there are answers gets the last one again.
pub fn decoders(kind: &str, data: &[u8]) {
    let answers = stage::answers(data);
    stage::with_stages(kind, |stage: &Stage| {
        for call in calls::ALL {
            stage.script.play(&answers);
            if let Err(complaint) = laws::hold(stage, *call) {
                panic!("{} {call:?}: {complaint}", stage.name);
            }
        }
    });
}

#[cfg(test)]
mod tests;
