use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokio::net::UdpSocket;

use super::dns::Dns;
use super::find::{Find, Missing};
use super::{Lookup, Lost, Names};
use crate::clock::MovableClock;

const LEGACY: &str = "api.sms-activate.org";
const KNOWN: &str = "vak-sms.com";
const FAR: &str = "198.51.100.7";
const OTHER: &str = "203.0.113.9";
const HERE: &str = "127.0.0.1";

/// Somebody who knows these names and counts how often it is asked.
#[derive(Default)]
struct Book {
    names: HashMap<String, Vec<IpAddr>>,
    dead: bool,
    asked: AtomicUsize,
}

impl Book {
    fn of(names: &[(&str, &str)]) -> Arc<Self> {
        let ips = |text: &str| text.split(' ').map(|ip| ip.parse().unwrap()).collect();
        let names = names.iter().map(|(name, text)| ((*name).to_owned(), ips(text)));
        Arc::new(Self { names: names.collect(), ..Self::default() })
    }

    fn dead() -> Arc<Self> {
        Arc::new(Self { dead: true, ..Self::default() })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Find for Book {
    async fn find(&self, name: &str) -> Result<Vec<IpAddr>, Missing> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.dead {
            return Err(Missing::Failed("no answer".to_owned()));
        }
        self.names.get(name).cloned().ok_or(Missing::Unknown)
    }
}

fn lookup() -> Lookup {
    Lookup { redirected: vec![LEGACY.to_owned()], ..Lookup::default() }
}

async fn found(lookup: Lookup, system: &Arc<Book>, dns: &Arc<Book>, name: &str) -> Result<Vec<IpAddr>, Lost> {
    Names::over("main", lookup, system.clone(), dns.clone()).addresses(name).await
}

fn ips(text: &str) -> Vec<IpAddr> {
    text.split(' ').map(|ip| ip.parse().unwrap()).collect()
}

#[tokio::test]
async fn a_redirected_name_is_looked_up_past_the_hosts_file() {
    let (system, dns) = (Book::of(&[(LEGACY, HERE)]), Book::of(&[(LEGACY, FAR)]));
    for spelling in [LEGACY, "API.SMS-Activate.org", "api.sms-activate.org."] {
        assert_eq!(found(lookup(), &system, &dns, spelling).await, Ok(ips(FAR)), "{spelling}");
    }
    assert_eq!(system.asked(), 0, "the hosts file has been read");
    let mixed = Book::of(&[(LEGACY, "127.0.0.1 198.51.100.7")]);
    assert_eq!(found(lookup(), &system, &mixed, LEGACY).await, Ok(ips(FAR)), "what is here is left out");
}

#[tokio::test]
async fn a_redirected_name_that_leads_here_all_the_same_is_not_connected_to() {
    let system = Book::of(&[(LEGACY, FAR)]);
    for (dns, why) in [
        (
            Book::of(&[(LEGACY, HERE)]),
            "leads to this machine itself (127.0.0.1); set [provider.main] resolve to",
        ),
        (Book::of(&[(LEGACY, "::1")]), "leads to this machine itself (::1); set [provider.main] resolve to"),
        (Book::of(&[]), "knows no address of it (there is no such name); set [provider.main] resolve to"),
        (Book::dead(), "knows no address of it (no answer); set [provider.main] resolve to"),
    ] {
        let lost = found(lookup(), &system, &dns, LEGACY).await.unwrap_err().to_string();
        assert!(lost.contains(why), "{lost}");
    }
}

#[tokio::test]
async fn other_names_are_the_systems_business() {
    let (system, dns) =
        (Book::of(&[(KNOWN, OTHER), ("mock", HERE), ("a.internal", HERE), ("b.corp", HERE)]), Book::dead());
    for (name, ip) in [(KNOWN, OTHER), ("mock", HERE), ("a.internal", HERE), ("b.corp", HERE)] {
        assert_eq!(found(lookup(), &system, &dns, name).await, Ok(ips(ip)), "{name}");
    }
    assert_eq!(dns.asked(), 0);
    let lost = found(lookup(), &system, &dns, "nowhere.example").await.unwrap_err();
    assert_eq!(lost.to_string(), "the system knows no address of it: there is no such name");
}

#[tokio::test]
async fn a_public_name_that_was_led_here_by_hand_is_asked_for_once_more() {
    let (system, dns) = (Book::of(&[(KNOWN, HERE)]), Book::of(&[(KNOWN, FAR)]));
    assert_eq!(found(lookup(), &system, &dns, KNOWN).await, Ok(ips(FAR)));
    // What DNS does not know better is the user's own name for something here ...
    for dns in [Book::of(&[]), Book::of(&[(KNOWN, HERE)]), Book::dead()] {
        assert_eq!(found(lookup(), &system, &dns, KNOWN).await, Ok(ips(HERE)));
        // ... but not that of a service that is known to be elsewhere.
        let known = Lookup { is_elsewhere: true, ..lookup() };
        let lost = found(known, &system, &dns, KNOWN).await.unwrap_err().to_string();
        assert!(lost.contains("leads to this machine itself (127.0.0.1)"), "{lost}");
    }
}

#[tokio::test]
async fn what_is_pinned_is_never_looked_up() {
    let (system, dns) = (Book::dead(), Book::dead());
    let pinned = Lookup { pinned: ips("127.0.0.1 ::1"), is_elsewhere: true, ..lookup() };
    for name in [LEGACY, KNOWN] {
        assert_eq!(found(pinned.clone(), &system, &dns, name).await, Ok(ips("127.0.0.1 ::1")));
    }
    assert_eq!((system.asked(), dns.asked()), (0, 0));
}

/// A DNS server on loopback that answers every question for an IPv4 address with this one, and notes the names.
async fn server(ip: Option<[u8; 4]>, ttl: u32) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let addr = socket.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = asked.clone();
    tokio::spawn(async move {
        let mut bytes = [0; 512];
        while let Ok((length, peer)) = socket.recv_from(&mut bytes).await {
            let (name, answer) = answer(&bytes[..length], ip, ttl);
            heard.lock().unwrap().extend(name);
            socket.send_to(&answer, peer).await.unwrap();
        }
    });
    (addr, asked)
}

/// The name in a question for an IPv4 address, and the answer (RFC 1035, section 4.1).
fn answer(question: &[u8], ip: Option<[u8; 4]>, ttl: u32) -> (Option<String>, Vec<u8>) {
    let mut at = 12;
    let mut labels = Vec::new();
    while question[at] != 0 {
        let end = at + 1 + usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..end]).to_ascii_lowercase());
        at = end;
    }
    let is_a = question[at + 1..at + 3] == [0, 1];
    let found = ip.filter(|_| is_a);
    let no_such_name = if ip.is_none() { 3 } else { 0 };
    let mut bytes = question[..at + 5].to_vec();
    bytes[2..4].copy_from_slice(&[0x81, 0x80 | no_such_name]);
    bytes[6..12].copy_from_slice(&[0, u8::from(found.is_some()), 0, 0, 0, 0]);
    if let Some(ip) = found {
        bytes.extend([0xc0, 12, 0, 1, 0, 1]);
        bytes.extend(ttl.to_be_bytes());
        bytes.extend([0, 4]);
        bytes.extend(ip);
    }
    (is_a.then(|| labels.join(".")), bytes)
}

#[tokio::test]
async fn dns_is_asked_over_the_wire_and_its_answers_are_kept() {
    let (addr, asked) = server(Some([198, 51, 100, 7]), 300).await;
    let dns = Dns::new(vec![addr], MovableClock::standing());
    for _ in 0..3 {
        assert_eq!(dns.find("localhost.example").await, Ok(ips(FAR)));
    }
    let questions = asked.lock().unwrap().clone();
    assert_eq!(questions, ["localhost.example"], "once, and no search domain");
}

#[tokio::test]
async fn who_is_to_be_asked_is_looked_at_again_and_the_cache_stays() {
    let (addr, asked) = server(Some([198, 51, 100, 7]), 3600).await;
    let clock = MovableClock::standing();
    let dns = Dns::new(vec![addr], clock.clone());
    dns.find("a.example").await.unwrap();
    clock.advance(Duration::from_secs(120));
    dns.find("a.example").await.unwrap();
    assert_eq!(asked.lock().unwrap().len(), 1, "the same servers, the same answers");
}

#[tokio::test]
async fn a_name_that_dns_does_not_know_is_told_from_a_server_that_is_silent() {
    let (addr, _) = server(None, 0).await;
    let dns = Dns::new(vec![addr], MovableClock::standing());
    assert_eq!(dns.find("a.example").await, Err(Missing::Unknown));
    // A port at which nobody listens.
    let closed = UdpSocket::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let dns = Dns::new(vec![closed], MovableClock::standing());
    assert!(matches!(dns.find("a.example").await, Err(Missing::Failed(_))));
}
