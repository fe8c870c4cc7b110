//! The part that looks whether it works: the two addresses that most of the legacy software has compiled in. Knows none
//! of the other parts.

use super::ON;
use super::account::Account;
use crate::config::Config;
use crate::redirect::sight::{Sight, look};
use crate::server::{DETAIL, DIALECT_PATH};

const PART: &str = "check";

/// What is called, over which port (`WIRE.md` section 2).
const CALLS: [(&str, u16); 2] = [("https://api.sms-activate.org", 443), ("http://sms-activate.ru", 80)];

/// Says what is met.
pub(super) async fn look_around(config: &Config, account: &mut Account) {
    for (origin, port) in CALLS {
        let sight = look(&format!("{origin}{DIALECT_PATH}"), &DETAIL).await;
        let text = format!("{origin}: {sight}");
        match help(&sight, port, config) {
            None => account.line(PART, &text),
            Some(help) => account.wrong(PART, &text, &help),
        }
    }
}

fn help(sight: &Sight, port: u16, config: &Config) -> Option<String> {
    let again = "then look with `smsbridge redirect status`";
    Some(match sight {
        Sight::Smsbridge(_) => return None,
        Sight::NoAddress(_) | Sight::Elsewhere(_) => format!(
            "the name must lead to this machine by its hosts file: run `{ON}`; if its lines are there, something else looks names up before it (`hosts:` in /etc/nsswitch.conf, a VPN, a filter)"
        ),
        Sight::NobodyListens(_) if listens(port, config) => {
            format!("start smsbridge, {again}")
        }
        Sight::NobodyListens(_) => {
            format!("have it listen there: {}, start it, {again}", setting(port, config))
        }
        Sight::NotTrusted(_) => {
            format!("the CA that this smsbridge uses must be trusted: run `{ON}`, {again}")
        }
        Sight::Stranger(_) => format!("end the other program at port {port}, start smsbridge, {again}"),
        Sight::NoAnswer(_) | Sight::Refused(_) => {
            format!(
                "see what smsbridge's log says about it, restart it if it is older than its configuration, {again}"
            )
        }
    })
}

fn listens(port: u16, config: &Config) -> bool {
    configured(port, config).iter().any(|addr| addr.port() == port)
}

fn configured(port: u16, config: &Config) -> &[std::net::SocketAddr] {
    if port == 443 { &config.server.listen_tls } else { &config.server.listen }
}

/// The setting with which it would, the others kept.
fn setting(port: u16, config: &Config) -> String {
    let name = if port == 443 { "listen_tls" } else { "listen" };
    let there = configured(port, config).iter().map(ToString::to_string);
    let all: Vec<String> =
        there.chain([format!("127.0.0.1:{port}")]).map(|addr| format!("\"{addr}\"")).collect();
    format!("[server] {name} = [{}]", all.join(", "))
}
