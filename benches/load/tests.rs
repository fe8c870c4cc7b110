//! What the rig reckons with, tested without measuring anything: `cargo test --test load`.

#![allow(clippy::unwrap_used, reason = "tests say what went wrong by failing")]
#![allow(dead_code, reason = "what only the measuring itself calls is not called here")]

mod args;
mod bridge;
mod certificate;
mod comparison;
mod failure;
mod filled;
mod load;
mod machine;
mod nginx;
mod paths;
mod proc;
mod report;
mod rig;
mod say;
mod servers;
mod summary;
mod upstream;
mod wire;

mod tests {
    mod answers;
    mod args;
    mod ids;
    mod lists;
    mod load;
    mod proc;
    mod report;
    mod stand_in;
    mod summary;
    mod wire;
}
