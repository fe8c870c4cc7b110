//! The program itself, as people run it: a child process with arguments, environment, files, signals and
//! an exit code. What it answers once it runs is the other modules' business.

mod actions;
mod banner;
mod check;
mod child;
mod crash;
mod currencies;
mod diff;
mod environment;
mod kills;
mod ledgers;
mod logs;
mod passthrough;
mod rows;
#[cfg(unix)]
mod signals;
mod tools;
mod unmet;
mod upstream;
mod webhooks;
