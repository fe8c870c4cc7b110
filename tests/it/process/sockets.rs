//! Sockets that a supervisor hands over, and addresses that cannot be had.

use std::net::SocketAddr;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::child::{Program, ask_at};

/// Addresses of this machine that are free now.
fn free(many: usize) -> Vec<SocketAddr> {
    let taken: Vec<_> = (0..many).map(|_| std::net::TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    taken.iter().map(|socket| socket.local_addr().unwrap()).collect()
}

/// What a listener says to HTTP.
async fn heard_at(addr: SocketAddr) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[cfg(unix)]
#[tokio::test]
async fn sockets_that_are_handed_over_are_used_instead() {
    let home = TempDir::new().unwrap();
    // Neither of these is listened at.
    let configured = free(2);
    let toml = format!("[server]\nlisten = [\"{}\"]\nlisten_tls = [\"{}\"]\n", configured[0], configured[1]);
    std::fs::write(home.path().join("proxy.toml"), toml).unwrap();
    let addrs = free(3);
    let names = "smsbridge-http:smsbridge-https:smsbridge.socket";
    let Some(program) = Program::handed(home.path(), &addrs, names) else { return };
    let mut child = program.start();
    child.said("  ledger    ").await;
    let said = child.heard();
    assert!(said.contains(&format!("base URL  http://{}/", addrs[0])), "{said}");
    assert!(said.contains(&format!("base URL  http://{}/", addrs[2])), "{said}");
    assert!(said.contains(&format!("HTTPS     {}", addrs[1])), "{said}");
    assert_eq!(ask_at(addrs[0], "any", "action=getBalance").await, "ACCESS_BALANCE:1000.00");
    assert!(heard_at(addrs[1]).await.starts_with("HTTP/1.1 400 "));
    assert!(heard_at(addrs[2]).await.ends_with("\r\n\r\nok"));
    for addr in configured {
        assert!(TcpStream::connect(addr).await.is_err(), "{addr}");
    }
    // The addresses are the same after the configuration is read again, whatever it says.
    child.signal("HUP");
    child.logged("the configuration was read again and is in effect").await;
    assert!(!child.complained().contains("needs a restart"), "{}", child.complained());
    child.signal("TERM");
    assert_eq!(child.end().await.code, Some(0));
}

/// What holds for addresses that are configured holds for those that are handed over.
#[cfg(unix)]
#[tokio::test]
async fn sockets_that_others_reach_need_clients_that_are_listed() {
    let home = TempDir::new().unwrap();
    let toml = "[provider.main]\nkind = \"vak-sms\"\napi_key = \"upstream-key\"\n";
    std::fs::write(home.path().join("proxy.toml"), toml).unwrap();
    let addr = SocketAddr::from(([0, 0, 0, 0], free(1)[0].port()));
    let Some(program) = Program::handed(home.path(), &[addr], "") else { return };
    let ended = program.end().await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("clients.mode") && ended.stderr.contains(&addr.to_string()),
        "{}",
        ended.stderr
    );
}

/// Whoever has no rights is told how to get them.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_port_without_rights_is_explained() {
    let home = TempDir::new().unwrap();
    std::fs::set_permissions(home.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    let begin = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").unwrap();
    if begin.trim().parse::<u16>().unwrap() <= 443 {
        crate::harness::skip("this system lets everybody have port 443");
        return;
    }
    let Some(program) = Program::as_nobody(home.path()) else {
        crate::harness::skip("nobody can become a user without rights here");
        return;
    };
    let ended = program.args(&["--listen", "127.0.0.1:0", "--listen-tls", "127.0.0.1:443"]).end().await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    for part in ["cannot listen on 127.0.0.1:443", "setcap", "examples/systemd", "--listen-tls"] {
        assert!(ended.stderr.contains(part), "{part}: {}", ended.stderr);
    }
}
