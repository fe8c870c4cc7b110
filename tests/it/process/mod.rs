//! The program itself, as people run it: a child process with arguments, environment, files, signals and
//! an exit code. What it answers once it runs is the other modules' business.

mod actions;
mod backups;
mod banner;
mod check;
mod child;
mod crash;
mod currencies;
mod diff;
mod environment;
mod hash_key;
mod hosts;
mod https;
mod kills;
mod ledgers;
mod logs;
mod orders;
mod passthrough;
#[cfg(unix)]
mod redirect;
mod reload;
mod rows;
mod secrets;
#[cfg(unix)]
mod signals;
mod sockets;
#[cfg(unix)]
mod status;
#[cfg(unix)]
mod storage;
mod tools;
#[cfg(target_os = "linux")]
mod trust;
mod unmet;
mod upstream;
mod webhooks;

pub use child::Program;
pub use upstream::asked;
