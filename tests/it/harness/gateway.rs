//! A gateway before an upstream: it passes each request on and closes its connection once that is answered, without
//! saying so; or it does to the next ones what a test wants, down to single bytes.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// It is closed before anything is read.
    ResetAtOnce,
    /// It is reset when some of the request has come.
    ResetAmid,
    /// It is reset when the request has come and is done.
    ResetAfter,
    /// It is done; the answer ends within its first line.
    CutHead,
    /// It is done; the answer ends before the length it has named.
    CutShort,
    /// It is done; the answer never ends.
    Endless,
    /// It is done; the answer comes byte by byte and never ends.
    Drip,
}

/// It runs until it is dropped or closed.
pub struct Gateway {
    addr: SocketAddr,
    trouble: Arc<Mutex<Option<Wire>>>,
    connections: Arc<AtomicU64>,
    running: JoinHandle<()>,
}

impl Gateway {
    /// A gateway before the server at this address.
    pub async fn before(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (trouble, connections) = (Arc::<Mutex<Option<Wire>>>::default(), Arc::<AtomicU64>::default());
        let (ordered, counted) = (Arc::clone(&trouble), Arc::clone(&connections));
        let running = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                let trouble = *ordered.lock().unwrap();
                tokio::spawn(serve(stream, upstream, trouble));
            }
        });
        Self { addr, trouble, connections, running }
    }

    /// From now on this becomes of every connection; none is passed on as it came.
    pub fn trouble(&self, wire: Option<Wire>) {
        *self.trouble.lock().unwrap() = wire;
    }

    /// How many connections there were.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::SeqCst)
    }

    /// From now on nobody listens.
    pub async fn close(&mut self) {
        self.running.abort();
        let _ = (&mut self.running).await;
    }

    /// Its address as a base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// An error here is the other side's hanging up.
async fn serve(mut stream: TcpStream, upstream: SocketAddr, trouble: Option<Wire>) {
    let _ = match trouble {
        None => pass_on(&mut stream, upstream).await,
        Some(Wire::ResetAtOnce) => Ok(()),
        // What is left unread makes a reset of the closing.
        Some(Wire::ResetAmid) => stream.read_exact(&mut [0; 10]).await.map(drop),
        Some(Wire::ResetAfter) => match peeked_head(&stream).await {
            Ok(head) => answer_to(&head, upstream).await.map(drop),
            Err(error) => Err(error),
        },
        Some(wire) => spoil(&mut stream, upstream, wire).await,
    };
}

async fn pass_on(stream: &mut TcpStream, upstream: SocketAddr) -> std::io::Result<()> {
    let head = read_head(stream).await?;
    let answer = answer_to(&head, upstream).await?;
    stream.write_all(&answer).await
}

async fn spoil(stream: &mut TcpStream, upstream: SocketAddr, wire: Wire) -> std::io::Result<()> {
    let head = read_head(stream).await?;
    let answer = answer_to(&head, upstream).await?;
    match wire {
        Wire::CutHead => return stream.write_all(&answer[..10]).await,
        Wire::CutShort => {
            return stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nACCESS_").await;
        }
        _ => {}
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await?;
    let (chunk, pause) = match wire {
        Wire::Endless => (format!("10000\r\n{}\r\n", " ".repeat(0x10000)), Duration::ZERO),
        _ => ("1\r\n \r\n".to_owned(), Duration::from_millis(50)),
    };
    loop {
        stream.write_all(chunk.as_bytes()).await?;
        tokio::time::sleep(pause).await;
    }
}

/// What the upstream answers, without a word of its closing the connection.
async fn answer_to(head: &str, upstream: SocketAddr) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(upstream).await?;
    let (line, rest) = head.split_once("\r\n").unwrap();
    stream.write_all(format!("{line}\r\nConnection: close\r\n{rest}").as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(answer.len());
    let body = answer.split_off(end);
    let head = String::from_utf8(answer).unwrap();
    let kept: Vec<_> =
        head.split("\r\n").filter(|line| !line.to_ascii_lowercase().starts_with("connection:")).collect();
    Ok([kept.join("\r\n").into_bytes(), body].concat())
}

async fn read_head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8(head).unwrap())
}

/// The head of a request, which is left unread.
async fn peeked_head(stream: &TcpStream) -> std::io::Result<String> {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let length = stream.peek(&mut bytes).await?;
        if bytes[..length].ends_with(b"\r\n\r\n") {
            return Ok(String::from_utf8(bytes[..length].to_vec()).unwrap());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
