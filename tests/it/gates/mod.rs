//! What keeps strangers and floods out: limits on bytes, time, connections, requests and wrong keys, and the check of
//! whose page asks under which name.

mod limits;
mod names;
mod overload;
mod pace;
mod pages;

use std::net::SocketAddr;

use smsbridge::server::DIALECT_PATH;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A question that the sandbox answers, and the answer.
const ASK: &str = "api_key=any&action=getBalance";
const BALANCE: &str = "ACCESS_BALANCE:1000.00";

/// The question as a request that keeps its connection.
fn kept() -> String {
    format!("GET {DIALECT_PATH}?{ASK} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

/// What comes back until the server closes the connection, which it has to do by itself.
async fn until_closed(addr: SocketAddr, sent: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A reset is an end too.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
