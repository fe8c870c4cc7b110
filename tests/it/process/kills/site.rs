//! Where the killing takes place: a stand-in that counts, somebody who is sent messages, and a server between
//! them that is started again and again on one ledger.

use std::path::Path;
use std::time::Duration;

use rust_decimal::Decimal;
use smsbridge::mock::{self, Running};
use tempfile::TempDir;

use super::told::Told;
use crate::harness::telegram;
use crate::process::child::{Program, Served};
use crate::process::upstream;
use crate::webhooks::Receiver;

/// How many clients there are, each with a key of its own.
pub const CLIENTS: usize = 4;

/// Where the receiver is sent messages.
pub const HOOK: &str = "/sms";

/// The key of a client.
pub fn key_of(client: usize) -> String {
    format!("client-key-{client}-7c1e")
}

/// The place.
pub struct Site {
    /// The stand-in's name.
    pub kind: &'static str,
    /// The stand-in.
    pub upstream: Running,
    /// Who is sent messages.
    pub receiver: Receiver,
    /// What clients were told.
    pub told: Told,
    home: TempDir,
}

impl Site {
    /// A stand-in with much in stock, and a folder with a configuration for it.
    pub async fn of(kind: &'static str, more: &str) -> Self {
        let upstream = upstream::start(kind).await;
        let (country, service) = telegram(kind);
        upstream.market().set_stock(&country, &service, 1_000_000);
        upstream.market().set_balance(Decimal::from(100_000_000));
        let receiver = Receiver::content().await;
        let home = TempDir::new().unwrap();
        configure(home.path(), kind, &upstream, &receiver.url(HOOK), more);
        Self { kind, upstream, receiver, told: Told::default(), home }
    }

    /// The folder of the server.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Starts the server.
    pub async fn serve(&self) -> Served {
        Program::within(self.home()).serve().await
    }
}

fn configure(home: &Path, name: &str, upstream: &Running, hook: &str, more: &str) {
    let mock::StandIn { kind, settings, .. } = mock::stand_in(name).unwrap();
    let clients =
        (0..CLIENTS).map(|client| format!("[clients.key.c{client}]\napi_key = \"{}\"\n", key_of(client)));
    let timeout = Duration::from_secs(2).as_secs();
    let toml = format!(
        "{more}\n[provider.main]\nkind = \"{kind}\"\n{settings}\nbase_url = \"{}\"\napi_key = \"{}\"\n\
         poll_interval = \"0s\"\nrate_limit = \"off\"\ntimeout = \"{timeout}s\"\n\
         [webhooks]\nurls = [\"{hook}\"]\n[clients]\nmode = \"listed\"\n{}",
        upstream.url(),
        upstream::KEY,
        clients.collect::<String>(),
    );
    std::fs::write(home.join("proxy.toml"), toml).unwrap();
}
