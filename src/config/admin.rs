//! `[admin]`: where to listen for those who watch. Knows nothing of what they see.

use std::net::SocketAddr;

use super::error::{Origin, Problem};
use super::reader::Table;
use super::report::Report;
use super::server::{address, is_loopback};
use super::{Server, keys};

/// Where to listen for those who watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admin {
    /// The address; `None` for nowhere.
    pub listen: Option<SocketAddr>,
    /// Whether somebody asked for it, so that not to have it is a failure.
    pub is_wanted: bool,
}

/// Reads `[admin]`; `None` when it is no table, or when its address was refused.
pub(super) fn read(root: &Table<'_>, report: &mut Report) -> Option<Admin> {
    let table = root.table("admin", report)?;
    table.refuse_unknown(keys::ADMIN, report);
    let node = table.get("listen")?;
    let Some(text) = node.as_text().map(str::trim) else {
        node.wrong_type(report, "a text in quotes");
        return None;
    };
    let is_wanted = node.origin != Origin::Default;
    if text.is_empty() {
        return Some(Admin { listen: None, is_wanted });
    }
    let listen = match address(text) {
        Ok(listen) => listen,
        Err(right) => {
            let right = format!("{right}; \"\" is for none");
            node.fail(report, Problem::BadAddress { text: text.to_owned(), right });
            return None;
        }
    };
    if !is_loopback(&listen) {
        let text = format!(
            "whoever reaches {listen} sees how much is bought and spent; no key, number or message is shown there"
        );
        report.warn(&node.origin, &node.key, text);
    }
    Some(Admin { listen: Some(listen), is_wanted })
}

/// Refuses an address at which clients are answered. Where nobody asked for it, it is left to whoever listens first.
pub(super) fn check_listeners(admin: &Admin, server: &Server, root: &Table<'_>, report: &mut Report) {
    let is_clients = |listen: &SocketAddr| server.addresses().any(|address| address == listen);
    let taken = admin.listen.filter(|listen| listen.port() != 0 && is_clients(listen));
    if let (Some(listen), true, Some(said)) = (taken, admin.is_wanted, root.find(&["admin", "listen"])) {
        said.fail(report, Problem::AdminAmongClients(listen));
    }
}
