//! A recorder between a provider and its stand-in: it first passes requests on and keeps the answers, then
//! plays them back, one of them spoiled. Knows no provider.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use smsbridge::mock::Running;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::harness::get;

/// What a stand-in answered to one request.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The path and query that were asked for.
    pub target: String,
    pub status: u16,
    pub body: Vec<u8>,
    /// Whether it was an order or a change, so that whoever reads the answer wrong does not know what it did.
    pub acts: bool,
}

/// An answer as it goes over the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoiled {
    pub status: u16,
    pub body: Vec<u8>,
    /// How much of the body is sent before the connection breaks; all of it otherwise.
    pub cut: Option<usize>,
    /// How many more bytes than the body has are sent.
    pub flood: usize,
}

/// What was asked while a tape was played.
#[derive(Debug, Default)]
pub struct Played {
    /// Which of the recorded exchanges were asked for.
    pub asked: Vec<usize>,
    /// What was asked for and is not on the tape.
    pub strange: Vec<String>,
}

#[derive(Default)]
struct Reel {
    playing: bool,
    exchanges: Vec<Exchange>,
    spoiled: Option<(usize, Spoiled)>,
    played: Played,
}

/// It runs until it is dropped.
pub struct Tape {
    addr: SocketAddr,
    reel: Arc<Mutex<Reel>>,
    running: JoinHandle<()>,
}

impl Tape {
    /// One in front of this stand-in.
    pub async fn before(upstream: Arc<Running>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let reel = Arc::new(Mutex::new(Reel::default()));
        let running = tokio::spawn(accept(listener, Arc::clone(&reel), upstream));
        Self { addr, reel, running }
    }

    /// Its address as a base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// From now on requests are passed on, and their answers kept.
    pub fn record(&self) {
        *self.reel.lock().unwrap() = Reel::default();
    }

    /// What was recorded.
    pub fn recorded(&self) -> Vec<Exchange> {
        self.reel.lock().unwrap().exchanges.clone()
    }

    /// From now on these are answered, with another answer to one of them.
    pub fn play(&self, exchanges: &[Exchange], which: usize, spoiled: Spoiled) {
        *self.reel.lock().unwrap() = Reel {
            playing: true,
            exchanges: exchanges.to_vec(),
            spoiled: Some((which, spoiled)),
            played: Played::default(),
        };
    }

    /// What was asked since.
    pub fn played(&self) -> Played {
        std::mem::take(&mut self.reel.lock().unwrap().played)
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn accept(listener: TcpListener, reel: Arc<Mutex<Reel>>, upstream: Arc<Running>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted.unwrap();
                connections.spawn(converse(stream, Arc::clone(&reel), Arc::clone(&upstream)));
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

/// Answers one request after the other until the client hangs up or an answer is to break off.
async fn converse(mut stream: TcpStream, reel: Arc<Mutex<Reel>>, upstream: Arc<Running>) {
    stream.set_nodelay(true).unwrap();
    while let Some(target) = target_of(&mut stream).await {
        let playing = reel.lock().unwrap().playing;
        let answer = if playing {
            reel.lock().unwrap().answer(&target)
        } else {
            pass_on(target, &reel, &upstream).await
        };
        // A client that has read enough hangs up.
        if send(&mut stream, &answer).await.is_err() || answer.cut.is_some() {
            return;
        }
    }
}

async fn pass_on(target: String, reel: &Mutex<Reel>, upstream: &Running) -> Spoiled {
    let acts = || upstream.orders() + upstream.changes();
    let before = acts();
    let answer = get(upstream.addr, &target, &[]).await;
    let exchange =
        Exchange { target, status: answer.status, body: answer.bytes.clone(), acts: acts() > before };
    reel.lock().unwrap().exchanges.push(exchange);
    Spoiled { status: answer.status, body: answer.bytes, cut: None, flood: 0 }
}

impl Reel {
    fn answer(&mut self, target: &str) -> Spoiled {
        let unasked = |(nth, exchange): &(usize, &Exchange)| {
            exchange.target == target && !self.played.asked.contains(nth)
        };
        let Some((nth, exchange)) = self.exchanges.iter().enumerate().find(unasked) else {
            self.played.strange.push(target.to_owned());
            return Spoiled { status: 404, body: Vec::new(), cut: None, flood: 0 };
        };
        self.played.asked.push(nth);
        match &self.spoiled {
            Some((which, spoiled)) if *which == nth => spoiled.clone(),
            _ => Spoiled { status: exchange.status, body: exchange.body.clone(), cut: None, flood: 0 },
        }
    }
}

async fn send(stream: &mut TcpStream, answer: &Spoiled) -> std::io::Result<()> {
    let Spoiled { status, body, cut, flood } = answer;
    // A redirect that was followed would be asked for under this name.
    let place = if *status == 302 { "Location: /elsewhere\r\n" } else { "" };
    let length = body.len() + flood;
    let mut bytes =
        format!("HTTP/1.1 {status} Whatever\r\n{place}Content-Length: {length}\r\n\r\n").into_bytes();
    bytes.extend_from_slice(&body[..cut.unwrap_or(body.len())]);
    stream.write_all(&bytes).await?;
    let block = [b' '; 64 * 1024];
    for start in (0..*flood).step_by(block.len()) {
        stream.write_all(&block[..block.len().min(flood - start)]).await?;
    }
    Ok(())
}

/// The target of the next request; `None` when there is none any more.
async fn target_of(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut block = [0; 4096];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut block).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => head.extend_from_slice(&block[..read]),
        }
    }
    let head = String::from_utf8(head).unwrap();
    Some(head.split(' ').nth(1).unwrap().to_owned())
}
