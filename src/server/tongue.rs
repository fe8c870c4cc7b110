//! In which shape a request is answered: by the name it was sent to, else by the listener it came in at.
//! Knows no flavour.

use std::net::SocketAddr;

use axum::http::header::HOST;
use axum::http::{HeaderMap, Uri};

use crate::config::Flavours;
use crate::dialect::Shape;

/// What one listener speaks, and what it speaks under certain names.
pub struct Tongue {
    own: Shape,
    hosts: Vec<(String, Shape)>,
}

impl Tongue {
    /// That of the listener at `addr`, as it was configured.
    pub fn of(flavours: &Flavours, addr: SocketAddr) -> Self {
        let hosts = flavours.hosts.iter().map(|(host, flavour)| (host.clone(), flavours.shape(flavour)));
        Self { own: flavours.at(addr), hosts: hosts.collect() }
    }

    /// The shape for a request. Where the target names a host, as it does through a proxy, that is meant and
    /// not the header.
    pub fn shape(&self, target: &Uri, asked: &HeaderMap) -> Shape {
        if self.hosts.is_empty() {
            return self.own;
        }
        let header = || asked.get(HOST).and_then(|value| value.to_str().ok()).map(without_port);
        let host = target.host().or_else(header).unwrap_or_default().trim_end_matches('.');
        let named = self.hosts.iter().find(|(name, _)| name.eq_ignore_ascii_case(host));
        named.map_or(self.own, |(_, shape)| *shape)
    }
}

fn without_port(host: &str) -> &str {
    let host = host.trim();
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Listener;
    use crate::dialect::shape::{SMS_ACTIVATE, flavour};

    fn tongue(listener: &str) -> Tongue {
        let (man, online) = (flavour("sms-man").unwrap(), flavour("sms-service-online").unwrap());
        let address = "127.0.0.1:8081".parse().unwrap();
        let flavours = Flavours {
            listeners: vec![Listener { text: String::new(), address, flavour: man }],
            hosts: vec![("Api.Online.example".to_owned(), online), ("original".to_owned(), &SMS_ACTIVATE)],
            ..Flavours::only(&SMS_ACTIVATE)
        };
        Tongue::of(&flavours, listener.parse().unwrap())
    }

    fn spoken(tongue: &Tongue, target: &str, host: &str) -> &'static str {
        let mut asked = HeaderMap::new();
        asked.insert(HOST, host.parse().unwrap());
        let shape = tongue.shape(&target.parse().unwrap(), &asked);
        let known = crate::dialect::shape::FLAVOURS;
        known.iter().find(|flavour| flavour.shape == shape).map_or("none", |flavour| flavour.name)
    }

    #[test]
    fn a_host_goes_above_a_listener_and_that_above_the_default() {
        let (plain, own) = (tongue("127.0.0.1:8080"), tongue("127.0.0.1:8081"));
        for host in ["127.0.0.1", "online.example", "api.online.example.org", "", "[::1]:80"] {
            assert_eq!(spoken(&plain, "/", host), "sms-activate", "{host}");
            assert_eq!(spoken(&own, "/", host), "sms-man", "{host}");
        }
        for host in ["api.online.example", "API.online.EXAMPLE:8080", "api.online.example.:80"] {
            assert_eq!(spoken(&plain, "/", host), "sms-service-online", "{host}");
            assert_eq!(spoken(&own, "/", host), "sms-service-online", "{host}");
        }
        assert_eq!(spoken(&own, "/", "original"), "sms-activate");
    }

    #[test]
    fn a_target_that_names_a_host_means_it() {
        let target = "http://api.online.example:80/stubs/handler_api.php";
        assert_eq!(spoken(&tongue("127.0.0.1:8081"), target, "elsewhere"), "sms-service-online");
    }
}
