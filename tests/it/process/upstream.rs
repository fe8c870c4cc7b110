//! Upstreams for a child process: stand-ins in this process, on the real time that the child lives in.
//! Messages come when a test delivers them, not earlier.

use std::path::Path;
use std::time::Duration;

use rust_decimal::Decimal;
use smsbridge::mock::{self, Running, Settings, Setup};

use crate::harness::secrets;

/// The account's key at every stand-in here.
pub const KEY: &str = "upstream-key-5f2c81";

/// Every stand-in there is, by name.
pub fn all() -> impl Iterator<Item = &'static str> {
    mock::STAND_INS.iter().map(|stand_in| stand_in.name)
}

/// A stand-in of this name.
pub async fn start(kind: &str) -> Running {
    let market = Settings {
        balance: Decimal::new(10_000_000, 2),
        sms_delay: Duration::from_secs(24 * 3600),
        early_cancel: Some(Duration::ZERO),
        ..Settings::default()
    };
    let setup = Setup { key: KEY.to_owned(), market, ..Setup::default() };
    let upstream = mock::start(kind, "127.0.0.1:0".parse().unwrap(), setup).await.unwrap();
    secrets::keep(KEY);
    secrets::keep_those_sold_by(&upstream);
    upstream
}

/// Writes a configuration for a server on this stand-in into a folder. Every poll asks the upstream, and at
/// once, so that nobody has to wait for time to pass.
pub fn configure(folder: &Path, name: &str, upstream: &Running, more: &str) {
    let mock::StandIn { kind, settings, .. } = mock::stand_in(name).unwrap();
    let toml = format!(
        "[provider.main]\nkind = \"{kind}\"\n{settings}\nbase_url = \"{}\"\npoll_interval = \"0s\"\nrate_limit = \"off\"\n{more}",
        upstream.url()
    );
    let file = folder.join("proxy.toml");
    std::fs::write(&file, toml).unwrap();
    // It holds keys; one that others can read is warned of.
    #[cfg(unix)]
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

/// The same with the account's key.
pub fn configure_with_key(folder: &Path, kind: &str, upstream: &Running) {
    configure(folder, kind, upstream, &format!("api_key = \"{KEY}\"\n"));
}

/// The id under which the stand-in sold a phone number.
pub fn lot_of(upstream: &Running, phone: &str) -> String {
    let lots = upstream.market().lots();
    lots.into_iter().find(|lot| lot.phone == phone).unwrap_or_else(|| panic!("nobody sold it")).id
}

/// Waits for the stand-in to have been asked for any of these so often.
pub async fn asked(upstream: &Running, names: &[&str], times: u64) {
    let heard = async {
        while upstream.calls_of(names) < times {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), heard).await.expect("the upstream is not asked");
}
