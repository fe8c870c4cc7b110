//! smsbridge answers in sms-activate's dialect and does the work at another provider. This page is the
//! map; `ARCHITECTURE.md` walks through it.
//!
//! ```text
//! request ─▶ server ─▶ dialect::Params ─▶ Order, Command, … ─▶ engine ─▶ Provider ─▶ upstream
//! answer  ◀─ server ◀─ dialect::Reply  ◀─ Activation, Offer, …  ◀─ engine ◀─ facts or a Fault ◀─┘
//!                                                                  │
//!                                                             ledger · catalog
//! ```
//!
//! 1. [`server`] turns bytes into [`dialect::Params`], checks the key and makes an [`engine::Caller`].
//! 2. [`dialect::answer`] finds the action by its name in [`dialect::ACTIONS`]. Its file reads the
//!    parameters, calls the engine and writes the answer; a fault becomes one of the dialect's words by the
//!    one table in [`dialect::code`].
//! 3. [`engine::Engine`] has the use cases, and the rules that hold for every action and every provider: what
//!    is on disk before what, what is asked how often, what may be sent again.
//! 4. A [`provider::Provider`] maps: our question to its upstream's call, the upstream's answer to facts. What
//!    its kind can do stands in its [`provider::Spec`]; the table of actions and providers is computed from that.
//!
//! | module | what it is for | what it may use |
//! |---|---|---|
//! | [`cli`] | subcommands; puts the parts together | everything |
//! | [`ca`] | the local certificate authority, its leaves, the trust stores | `config`'s TLS |
//! | [`config`] | `proxy.toml`, environment and flags, checked | `provider`'s specs, `domain` |
//! | [`server`] | HTTP, keys, and what those who watch may see | `dialect`, `engine`, `metrics`, `config`'s clients |
//! | [`dialect`] | the wire: actions, words, forms | `engine`, specs, `catalog` |
//! | [`engine`] | use cases | `provider`, `ledger`, `metrics`, `webhook`, `catalog`, `config`'s providers |
//! | [`provider`] | one folder an upstream: mapping only | `catalog`, `domain`; the sandbox also `mock` |
//! | [`webhook`] | messages to addresses: which, signed how, over which connections | `config`'s webhooks, `domain` |
//! | [`ledger`] | what outlives the process | `domain` |
//! | [`metrics`] | what is counted, and how that is written | `domain` |
//! | [`catalog`] | services, countries, operators, and each upstream's codes for them | `domain` |
//! | [`redirect`] | the hosts file, and whether what it says works | `config`'s redirect |
//! | [`mock`] | stand-ins of upstreams over a simulated market | no adapter |
//! | [`domain`] | the words of the field and the state machine; no I/O | nothing |
//! | [`clock`] | time, injected wherever logic depends on it | nothing |
//! | [`aside`] | what takes long, on a thread of its own | nothing |

pub mod aside;
pub mod ca;
pub mod catalog;
pub mod cli;
pub mod clock;
pub mod config;
pub mod dialect;
pub mod domain;
pub mod engine;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod ledger;
pub mod metrics;
pub mod mock;
pub mod provider;
pub mod redirect;
pub mod server;
pub mod webhook;
