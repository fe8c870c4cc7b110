//! Another configuration for a running server: what of it needs a restart, and what must not come into effect before
//! that. Knows no server.

use std::net::SocketAddr;

use super::{Config, Mode, server};

/// The settings that only a restart brings into effect, and in which `now` differs from what the server was
/// `started` with, by their keys.
pub fn needs_restart(started: &Config, now: &Config) -> Vec<&'static str> {
    let differing = [
        ("server.listen", started.server.listen != now.server.listen),
        ("server.listen_tls", started.server.listen_tls != now.server.listen_tls),
        ("server.workers", started.server.workers != now.server.workers),
        ("admin.listen", started.admin.listen != now.admin.listen),
        ("purchase.adopt_within", started.purchase.adopt_within != now.purchase.adopt_within),
        ("limits", started.limits != now.limits),
        ("tls", started.tls != now.tls),
        ("ledger.url", started.ledger.url != now.ledger.url),
        ("ledger.keep", started.ledger.keep != now.ledger.keep),
    ];
    differing.into_iter().filter_map(|(key, differs)| differs.then_some(key)).collect()
}

/// Why `now` must not come into effect while the listeners are those that the server was `started` with: what was
/// judged with its own listeners may be open to everybody at these.
///
/// # Errors
/// A text that names the setting and says what would be right.
pub fn may_follow(started: &Config, now: &Config) -> Result<(), String> {
    if let (Some(file), None) = (&started.source, &now.source) {
        return Err(format!(
            "{}: there is no such file now; put it back, or restart the server without one",
            file.display()
        ));
    }
    let sells = |config: &Config| config.providers.iter().any(|provider| !provider.spec.in_process);
    if sells(started) && !sells(now) {
        return Err("provider: none is left that sells real numbers, and the sandbox's would be taken for such; restart the server to change to it".to_owned());
    }
    if started.spending.is_off() && !now.spending.is_off() {
        return Err("spending: there were no limits at the start, so that it is not known what was spent since; restart the server to set some".to_owned());
    }
    if !started.spending.is_off() && started.dialect.currency != now.dialect.currency {
        return Err("dialect.currency: what was spent is held against [spending] in another currency; restart the server to change it".to_owned());
    }
    let reachable = |addr: &&SocketAddr| !server::is_loopback(addr);
    match started.server.addresses().find(reachable) {
        Some(open) if sells(now) && now.clients.mode == Mode::Any => Err(format!(
            "clients.mode: \"any\" accepts every api_key, and until a restart {open} is listened at, which can be reached from other machines; restart the server, or set mode = \"listed\""
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::layers::File;
    use super::super::{Overrides, check};
    use super::*;
    use crate::provider::PROVIDERS;

    fn config(text: &str) -> Config {
        let file = File::parse(Path::new("proxy.toml"), text.as_bytes().to_vec()).unwrap();
        check(PROVIDERS, Some(file), std::iter::empty(), &Overrides::default()).unwrap()
    }

    const VAK: &str = "[provider.main]\nkind = \"vak-sms\"\napi_key = \"k\"\n";

    #[test]
    fn what_is_bound_at_the_start_needs_a_restart_and_nothing_else_does() {
        let before = config("");
        let other = config(
            "[server]\nlisten = [\"127.0.0.1:9\"]\nlisten_tls = [\"127.0.0.1:10\"]\ndrain = \"1s\"\n[admin]\nlisten = \"\"\n[ledger]\nurl = \"sqlite:other.db\"\n",
        );
        assert_eq!(
            needs_restart(&before, &other),
            ["server.listen", "server.listen_tls", "admin.listen", "ledger.url"]
        );
        assert_eq!(needs_restart(&before, &config(VAK)), [""; 0]);
    }

    #[test]
    fn listeners_that_stay_open_to_others_are_not_opened_to_every_key() {
        let listed = "[server]\nlisten = [\"0.0.0.0:8080\"]\n[clients]\nmode = \"listed\"\n[clients.key.a]\napi_key = \"k\"\n";
        let before = config(&format!("{listed}{VAK}"));
        let problem = may_follow(&before, &config(VAK)).unwrap_err();
        assert!(problem.contains("0.0.0.0:8080") && problem.starts_with("clients.mode"), "{problem}");
        let sandbox = may_follow(&before, &config("")).unwrap_err();
        assert!(sandbox.starts_with("provider: none is left"), "an empty file is no wish: {sandbox}");
        assert_eq!(may_follow(&config(VAK), &config(VAK)), Ok(()), "nobody else reaches it");
        assert_eq!(may_follow(&before, &before), Ok(()));
    }
}
