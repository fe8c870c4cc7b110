//! An upstream whose address leads back to the server that asks it, at once or by way of another one: it is told so,
//! nothing is bought, and nothing goes round twice. A chain of servers that ends somewhere is none of that.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};

use smsbridge::clock::MovableClock;
use smsbridge::mock::{FaultPlan, Mishap, Settings};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::{Bridge, World};
use crate::process::Program;

/// A port that leads to another one, which is known later, and notes which actions are asked for through it.
struct Relay {
    addr: SocketAddr,
    target: Arc<OnceLock<SocketAddr>>,
    asked: Actions,
}

type Actions = Arc<Mutex<Vec<String>>>;

impl Relay {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (target, asked) = (Arc::new(OnceLock::new()), Actions::default());
        let (leads, notes) = (target.clone(), asked.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, *leads.get().unwrap(), notes.clone()));
            }
        });
        Self { addr, target, asked }
    }

    /// A provider behind it, under a name that is redirected.
    fn provider(&self) -> String {
        let port = self.addr.port();
        format!(
            "[provider.main]\nkind = 'sms-activate'\nbase_url = 'http://api.sms-activate.org:{port}'\nresolve = '127.0.0.1'\napi_key = 'upstreamkey1'\nread_retries = 1\n"
        )
    }

    fn lead_to(&self, addr: SocketAddr) {
        self.target.set(addr).unwrap();
    }

    /// What was asked for since the last time.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

async fn pass(mut client: TcpStream, target: SocketAddr, asked: Actions) {
    let mut server = TcpStream::connect(target).await.unwrap();
    let (mut there, mut back) = ([0; 16 * 1024], [0; 16 * 1024]);
    loop {
        tokio::select! {
            read = client.read(&mut there) => match read {
                Ok(length @ 1..) => {
                    let head = String::from_utf8_lossy(&there[..length]).into_owned();
                    let action = head.split_once("action=").and_then(|(_, rest)| rest.split(['&', ' ']).next());
                    asked.lock().unwrap().extend(action.map(str::to_owned));
                    server.write_all(&there[..length]).await.unwrap();
                }
                _ => return,
            },
            read = server.read(&mut back) => match read {
                Ok(length @ 1..) => {
                    if client.write_all(&back[..length]).await.is_err() {
                        return;
                    }
                }
                _ => return,
            },
        }
    }
}

/// What lets a server answer under the name by which another one finds it.
const NAMED: &str = "[server]\nallow_hosts = ['api.sms-activate.org']\n";

const ORDER: &str = "action=getNumber&service=tg&country=0";

/// Asks for something that costs nothing and for something that does: each is refused, and
/// goes round once.
async fn refuses(bridge: &Bridge, relays: &[&Relay]) {
    for query in ["action=getBalance", ORDER, ORDER] {
        let answer = bridge.get(query).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "ERROR_SQL"), "{query}");
        let detail = answer.header("x-smsbridge-detail").unwrap_or_default();
        let says =
            "the upstream's address leads back to this server: api.sms-activate.org is redirected here";
        assert!(
            detail.contains(says) && detail.contains("set resolve in its [provider] section"),
            "{detail}"
        );
        for relay in relays {
            let asked = relay.asked();
            // An order notes first what the account holds, here and at a server in the middle.
            let (orders, others): (Vec<_>, Vec<_>) = asked.iter().partition(|action| *action == "getNumber");
            assert_eq!(orders.len(), usize::from(query == ORDER), "{query}: {asked:?}");
            assert!(others.len() <= 2, "{query}: {asked:?}");
        }
    }
    assert_eq!(
        (bridge.unknown().await, bridge.reasons().await),
        (0, vec![]),
        "nothing was bought for certain"
    );
}

#[tokio::test]
async fn a_server_that_is_its_own_upstream_says_so_and_buys_nothing() {
    let relay = Relay::start().await;
    let bridge = Bridge::start(&relay.provider()).await;
    relay.lead_to(bridge.addr);
    refuses(&bridge, &[&relay]).await;
}

#[tokio::test]
async fn a_circle_of_two_servers_is_cut_where_it_closes() {
    let (there, back) = (Relay::start().await, Relay::start().await);
    let bridge = Bridge::start(&there.provider()).await;
    back.lead_to(bridge.addr);
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("proxy.toml"), format!("{NAMED}{}", back.provider())).unwrap();
    let other = Program::within(folder.path()).serve().await;
    there.lead_to(other.addr);
    refuses(&bridge, &[&there, &back]).await;
}

/// One address of the server in the middle leads back, and the other one sells and says nothing: that something came back
/// does not make the purchase one that certainly was not.
#[tokio::test]
async fn a_sale_is_not_hidden_by_another_call_that_came_back() {
    let (there, back) = (Relay::start().await, Relay::start().await);
    let bridge = Bridge::start(&there.provider()).await;
    back.lead_to(bridge.addr);
    let clock = MovableClock::standing();
    let upstream = World::stand_in("sms-activate", &[], Settings::default(), &clock).await;
    upstream.market().set_stock("0", "tg", 10);
    upstream.fault(FaultPlan::once(Mishap::DropAfter).on("getNumber"));
    // So that the address that leads back stays the first one.
    upstream.fault(FaultPlan::once(Mishap::ServerError).on("getBalance").times(20));
    let (port, url) = (back.addr.port(), upstream.url());
    let toml = format!(
        "{NAMED}[provider.main]\nkind = 'sms-activate'\nbase_url = ['http://api.sms-activate.org:{port}', '{url}']\nresolve = '127.0.0.1'\napi_key = 'mock-key'\nread_retries = 0\n"
    );
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("proxy.toml"), toml).unwrap();
    let other = Program::within(folder.path()).serve().await;
    there.lead_to(other.addr);
    // What the start asked is of no interest.
    back.asked();
    let answer = bridge.get(ORDER).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "ERROR_SQL"));
    assert_eq!(upstream.calls("getNumber"), 1);
    assert!(!back.asked().is_empty(), "nothing came back, so nothing was tried");
    assert_eq!(bridge.unknown().await, 1, "{:?}", bridge.reasons().await);
}

#[tokio::test]
async fn a_chain_of_two_servers_is_none_of_that() {
    let relay = Relay::start().await;
    let bridge = Bridge::start(&relay.provider()).await;
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("proxy.toml"), NAMED).unwrap();
    let other = Program::within(folder.path()).serve().await;
    relay.lead_to(other.addr);
    assert_eq!(bridge.ask("action=getBalance").await, "ACCESS_BALANCE:1000.00");
    bridge.order("service=tg&country=0").await;
}
