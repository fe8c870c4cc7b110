//! One POST to one address, and whether it was taken. Knows neither how often that is tried nor what it says.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Url, redirect};

use super::Address;
use super::address::{host_of, ip_of};
use super::guard::Guard;
use super::lookup::{Lookup, System};
use super::signature::{HEADER, Signer};
use crate::domain::Secret;
use crate::provider::tls;

/// Why an address did not take a message. Nothing here holds the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// It answered something else than 200.
    #[error("it answered {0}")]
    Status(u16),
    /// It did not answer.
    #[error("no answer in time")]
    TimedOut,
    /// It cannot be connected to, or the connection broke.
    #[error("no connection")]
    Unreachable,
    /// The name leads nowhere.
    #[error("its name is not known")]
    Unknown,
    /// Its name leads into the own network.
    #[error("its name leads to an address that is not public and that [webhooks] allow does not name")]
    Forbidden,
    /// The way could not be set up.
    #[error("no connection can be set up: {0}")]
    Setup(String),
}

/// The way to addresses.
pub struct Sender {
    guard: Guard,
    signer: Option<Signer>,
    timeout: Duration,
    lookup: Arc<dyn Lookup>,
}

impl Sender {
    /// One that signs with `secret`, and waits so long for an answer.
    pub fn new(guard: Guard, secret: Option<&Secret>, timeout: Duration) -> Self {
        Self { guard, signer: secret.map(Signer::new), timeout, lookup: Arc::new(System) }
    }

    /// Sends a body. It is taken by the status 200 and by nothing else (`api/sms-activate.txt`, "Webhooks").
    pub async fn post(&self, address: &Address, body: String) -> Result<(), NotTaken> {
        let sending = self.send(address, body);
        match tokio::time::timeout(self.timeout, sending).await.map_err(|_| NotTaken::TimedOut)?? {
            200 => Ok(()),
            other => Err(NotTaken::Status(other)),
        }
    }

    /// The answer's body is not read: its connection is not used again.
    async fn send(&self, address: &Address, body: String) -> Result<u16, NotTaken> {
        let pinned = if address.guarded { self.pinned(&address.url).await? } else { None };
        let client = client(self.timeout, pinned).map_err(NotTaken::Setup)?;
        let mut request = client.post(address.url.clone()).header(CONTENT_TYPE, "application/json");
        if let Some(signer) = &self.signer {
            request = request.header(HEADER, signer.sign(body.as_bytes()));
        }
        let answer =
            request.body(body).send().await.map_err(|error| {
                if error.is_timeout() { NotTaken::TimedOut } else { NotTaken::Unreachable }
            })?;
        Ok(answer.status().as_u16())
    }

    /// Where exactly to connect for a client's address, which is looked up once: what was judged is what is
    /// connected to, whatever the name leads to a moment later. An IP needs no look-up.
    async fn pinned(&self, url: &Url) -> Result<Option<Vec<SocketAddr>>, NotTaken> {
        let host = host_of(url);
        if ip_of(&host).is_some() {
            return Ok(None);
        }
        let port = url.port_or_known_default().unwrap_or_default();
        let found = self.lookup.addresses(&host, port).await.map_err(|_| NotTaken::Unknown)?;
        let reachable = self.guard.reachable(url, found);
        if reachable.is_empty() { Err(NotTaken::Forbidden) } else { Ok(Some(reachable)) }
    }
}

/// A client for one request: none of the connections is shared, so no address profits from another's.
fn client(timeout: Duration, pinned: Option<Vec<SocketAddr>>) -> Result<Client, String> {
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls::config()?)
        .timeout(timeout)
        .pool_max_idle_per_host(0)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .retry(reqwest::retry::never())
        .user_agent(concat!("smsbridge/", env!("CARGO_PKG_VERSION")));
    if let Some(pinned) = pinned {
        builder = builder.dns_resolver(Arc::new(Pinned(pinned)));
    }
    builder.build().map_err(|error| error.to_string())
}

/// Every name leads to these.
struct Pinned(Vec<SocketAddr>);

impl Resolve for Pinned {
    fn resolve(&self, _: Name) -> Resolving {
        let found: Addrs = Box::new(self.0.clone().into_iter());
        Box::pin(std::future::ready(Ok(found)))
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_trait::async_trait;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::super::address::AllowedHost;
    use super::*;

    /// A name that leads here first and to another place the next time.
    struct Rebinding {
        first: SocketAddr,
        asked: AtomicUsize,
    }

    #[async_trait]
    impl Lookup for Rebinding {
        async fn addresses(&self, _: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
            let first = self.asked.fetch_add(1, Ordering::SeqCst) == 0;
            let elsewhere = SocketAddr::new("10.255.255.1".parse().unwrap(), port);
            Ok(vec![if first { self.first } else { elsewhere }])
        }
    }

    fn sender(allow: &[String], first: SocketAddr) -> (Sender, Arc<Rebinding>) {
        let allow = allow.iter().map(|host| AllowedHost::parse(host).unwrap()).collect();
        let lookup = Arc::new(Rebinding { first, asked: AtomicUsize::new(0) });
        let sender = Sender::new(Guard::new(allow), None, Duration::from_secs(5));
        (Sender { lookup: lookup.clone(), ..sender }, lookup)
    }

    fn named(port: u16) -> Address {
        Address { url: format!("http://hooks.test:{port}/").parse().unwrap(), guarded: true }
    }

    #[tokio::test]
    async fn a_name_that_leads_into_the_own_network_is_not_connected_to() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (sender, lookup) = sender(&[format!("hooks.test:{}", addr.port())], addr);
        assert_eq!(sender.post(&named(addr.port()), "{}".into()).await, Err(NotTaken::Forbidden));
        assert_eq!(lookup.asked.load(Ordering::SeqCst), 1);
        let nobody = tokio::time::timeout(Duration::from_millis(20), listener.accept()).await;
        assert!(nobody.is_err(), "somebody connected");
    }

    #[tokio::test]
    async fn what_was_judged_is_what_is_connected_to() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let allow = [format!("hooks.test:{}", addr.port()), addr.to_string()];
        let (sender, lookup) = sender(&allow, addr);
        let answering = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut piece = [0; 4096];
            let length = stream.read(&mut piece).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            String::from_utf8_lossy(&piece[..length]).into_owned()
        });
        assert_eq!(sender.post(&named(addr.port()), "{}".into()).await, Ok(()));
        assert!(answering.await.unwrap().to_lowercase().contains("host: hooks.test"));
        assert_eq!(lookup.asked.load(Ordering::SeqCst), 1, "a second look-up could lead elsewhere");
    }
}
