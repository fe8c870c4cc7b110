//! Each flavour against the reader of the service it is taken from: one server speaks it, and another one
//! is pointed at the first as at that service. What the second makes of it is what happened at the first.

use std::net::SocketAddr;

use smsbridge::provider::via::PASSED;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::sandbox;
use crate::harness::Bridge;

/// A server on the first one, as on a service.
async fn behind(first: &Bridge, provider: &str) -> Bridge {
    let addr = unmarked(first.addr).await;
    let toml = format!("[provider.main]\n{provider}\nbase_url = \"http://{addr}\"\napi_key = \"any\"\n");
    Bridge::at(&toml, first.clock.clone()).await
}

/// Hands requests on under another mark than that by which a server knows its own calls again: here both are in one
/// process, and have the same.
async fn unmarked(to: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut server = TcpStream::connect(to).await.unwrap();
                let ((mut asks, mut hears), (mut answers, mut tells)) = (client.split(), server.split());
                let there = async {
                    let mut bytes = vec![0; 64 * 1024];
                    while let Ok(length @ 1..) = asks.read(&mut bytes).await {
                        // Calls have no body, and so few headers that they come in one piece.
                        let text = String::from_utf8(bytes[..length].to_vec()).unwrap();
                        let other = text.replace(PASSED.as_str(), "x-passed-by");
                        assert_ne!(other, text, "a call without its mark");
                        tells.write_all(other.as_bytes()).await.unwrap();
                    }
                    let _ = tells.shutdown().await;
                };
                let _ = tokio::join!(there, tokio::io::copy(&mut answers, &mut hears));
            });
        }
    });
    addr
}

#[tokio::test]
async fn each_is_read_by_what_reads_that_service() {
    for (flavour, provider, prices) in [
        ("sms-activate", "kind = \"sms-activate\"", true),
        ("sms-man", "kind = \"sms-man\"", true),
        ("sms-service-online", "kind = \"sms-service-online\"", false),
        ("smsak", "kind = \"sms-activate\"\npreset = \"smsak-compat\"", true),
    ] {
        let first = sandbox(&format!("[dialect]\nflavour = \"{flavour}\"")).await;
        let second = behind(&first, provider).await;
        assert_eq!(second.ask("action=getBalance").await, "ACCESS_BALANCE:463.02", "{flavour}");
        if prices {
            let price = second.json("action=getPrices&service=tg&country=0").await;
            assert!(price["0"]["tg"]["cost"].is_number(), "{flavour}: {price}");
        }
        let (id, phone) = second.order("service=tg&country=0").await;
        assert!(phone.starts_with('7'), "{flavour}: {phone}");
        assert_eq!(second.status(&id).await, "STATUS_WAIT_CODE", "{flavour}");
        second.advance(6);
        let code = second.status(&id).await;
        assert!(code.starts_with("STATUS_OK:"), "{flavour}: {code}");
        assert_eq!(second.set(&id, "3").await, "ACCESS_RETRY_GET", "{flavour}");
        assert_eq!(second.status(&id).await, code.replace("OK", "WAIT_RETRY"), "{flavour}");
        assert_eq!(second.set(&id, "6").await, "ACCESS_ACTIVATION", "{flavour}");
        let held = second.ask("action=getBalance").await;
        let (other, _) = second.order("service=tg&country=0").await;
        assert_ne!(second.ask("action=getBalance").await, held, "{flavour}");
        assert_eq!(second.set(&other, "8").await, "ACCESS_CANCEL", "{flavour}");
        assert_eq!(second.ask("action=getBalance").await, held, "{flavour}: not refunded");
        assert_eq!(second.ask("action=getNumber&service=tg&country=999").await, "NO_NUMBERS", "{flavour}");
        second.stop().await;
        first.stop().await;
    }
}
