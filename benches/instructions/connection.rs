//! `getStatus` from memory over a connection that is kept: everything that a request costs this program, from the bytes
//! it reads to those it writes. The client is a thread of its own, which is not counted.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use smsbridge::clock::SystemClock;
use smsbridge::server::DIALECT_PATH;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::Done;
use crate::bridge::{AT_ONCE, Bridge, KEY};
use crate::counted::Counter;

/// How many requests are counted: enough that what is done now and then beside them is lost in them.
const TIMES: u64 = 200;

/// In which ways it is asked.
const WAYS: [(&str, &str, &str); 3] = [
    ("connection: getStatus", "", ""),
    ("connection: getStatus, gzip accepted", "", "accept-encoding: gzip, deflate\r\n"),
    (
        "connection: getStatus, key listed",
        "[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"instructions-0123456789abcdef\"\n",
        "",
    ),
];

/// The least that any answer costs which goes by the same HTTP library: one that is there already.
const BARE: &str = "connection: nothing but HTTP";

pub fn count(counter: &Counter) -> Done {
    for (name, lines, header) in WAYS.iter().filter(|(name, ..)| counter.wants(name)) {
        of_a_server(counter, name, lines, header)?;
    }
    if counter.wants(BARE) { of_nothing(counter) } else { Ok(()) }
}

fn of_a_server(counter: &Counter, name: &str, lines: &str, header: &str) -> Done {
    let bridge = Bridge::start(&format!("{AT_ONCE}{lines}"), SystemClock::new())?;
    let bought = bridge.runtime.block_on(bridge.ask("action=getNumber&service=tg&country=0"))?;
    let id = bought.split(':').nth(1).ok_or(bought.clone())?.to_owned();
    let Bridge { server, runtime, .. } = bridge;
    let addr = server.addrs().first().copied().ok_or("no address")?;
    let (stop, stopped) = oneshot::channel::<()>();
    let running = runtime.spawn(server.run(async {
        let _ = stopped.await;
    }));
    converse(counter, name, &runtime, addr, request(addr, &id, header))?;
    let _ = stop.send(());
    Ok(runtime.block_on(running)?)
}

fn of_nothing(counter: &Counter) -> Done {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let addr = listener.local_addr()?;
    runtime.spawn(async move {
        let Ok((stream, _)) = listener.accept().await else { return };
        let answer = |_: Request<Incoming>| async {
            Ok::<_, Infallible>(Response::new(Body::from("STATUS_OK:12345")))
        };
        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)).await;
    });
    converse(counter, BARE, &runtime, addr, request(addr, "1234567", ""))
}

/// A poll as Python's most common library sends it, with another header.
fn request(addr: SocketAddr, id: &str, header: &str) -> String {
    format!(
        "GET {DIALECT_PATH}?api_key={KEY}&action=getStatus&id={id} HTTP/1.1\r\nHost: {addr}\r\nUser-Agent: python-requests/2.31.0\r\nAccept: */*\r\nConnection: keep-alive\r\n{header}\r\n"
    )
}

/// Counts what this thread does for a client that asks over and over.
fn converse(counter: &Counter, name: &str, runtime: &Runtime, addr: SocketAddr, asked: String) -> Done {
    let (go, goes) = channel();
    let client = thread::spawn(move || ask(addr, &asked, &goes).map_err(|error| error.to_string()));
    let turn = |times| {
        let (done, is_done) = oneshot::channel();
        // What went wrong is told by the client's end.
        let _ = go.send((times, done));
        let _ = runtime.block_on(is_done);
    };
    turn(20);
    counter.count(name, TIMES, || turn(TIMES));
    drop(go);
    client.join().map_err(|_| "the client failed")??;
    Ok(())
}

/// Asks over one connection as often as it is told to.
fn ask(addr: SocketAddr, asked: &str, goes: &Receiver<(u64, oneshot::Sender<()>)>) -> Done {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_nodelay(true)?;
    let mut answer = [0; 4096];
    while let Ok((times, done)) = goes.recv() {
        for _ in 0..times {
            stream.write_all(asked.as_bytes())?;
            let length = stream.read(&mut answer)?;
            if !answer[..length].starts_with(b"HTTP/1.1 200") || length == answer.len() {
                return Err(String::from_utf8_lossy(&answer[..length]).into_owned().into());
            }
        }
        let _ = done.send(());
    }
    Ok(())
}
