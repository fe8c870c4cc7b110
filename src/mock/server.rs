//! The listener of a stand-in: reads requests, lets the ordered mishaps happen and really closes
//! connections where they say so. Knows no provider's words.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use super::admin;
use super::call::{Answer, Call};
use super::faults::{FaultPlan, Faults, Mishap};
use super::journal::Journal;
use super::market::Market;
use super::registry::Calls;
use crate::clock::MovableClock;

/// More than any documented request has.
const MAX_BODY: usize = 64 * 1024;

/// What a kind of stand-in adds: its reading of requests and its words.
pub(super) trait Upstream: Send + Sync + 'static {
    /// The action or method that is asked for, for the counters and the ordered faults.
    fn action<'call>(&self, call: &'call Call) -> Option<&'call str>;

    /// The end of the path that must not be shown, where the key stands in the path.
    fn secret<'call>(&self, _: &'call Call) -> &'call str {
        ""
    }

    /// Does what is asked.
    fn answer(&self, call: &Call, journal: &Journal) -> Answer;
}

/// Everything a running stand-in has.
pub(super) struct Shared {
    pub(super) market: Arc<Market>,
    pub(super) clock: Arc<MovableClock>,
    pub(super) journal: Journal,
    pub(super) faults: Faults,
    pub(super) upstream: Box<dyn Upstream>,
    pub(super) calls: Calls,
}

/// A stand-in that runs; it stops when this is dropped.
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Running {
    pub(super) async fn start(listen: SocketAddr, shared: Shared) -> io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let addr = listener.local_addr()?;
        let shared = Arc::new(shared);
        let task = tokio::spawn(accept(listener, shared.clone()));
        Ok(Self { addr, shared, task })
    }

    /// Its address as a base URL, without a path.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The market it sells from.
    pub fn market(&self) -> &Arc<Market> {
        &self.shared.market
    }

    /// The clock it goes by.
    pub fn clock(&self) -> &Arc<MovableClock> {
        &self.shared.clock
    }

    /// What was asked that the provider's document does not allow, oldest first.
    pub fn violations(&self) -> Vec<String> {
        self.shared.journal.violations()
    }

    /// Every request with its keys masked, oldest first.
    pub fn requests(&self) -> Vec<String> {
        self.shared.journal.requests()
    }

    /// How often an action was asked for, whatever came of it.
    pub fn calls(&self, action: &str) -> u64 {
        self.shared.journal.calls_of(action)
    }

    /// What its calls are called.
    pub fn names(&self) -> Calls {
        self.shared.calls
    }

    /// How often any of these was asked for.
    pub fn calls_of(&self, names: &[&str]) -> u64 {
        names.iter().map(|name| self.calls(name)).sum()
    }

    /// How often a number was ordered, whatever came of it.
    pub fn orders(&self) -> u64 {
        self.calls_of(self.names().order)
    }

    /// How often it was asked how an activation stands.
    pub fn polls(&self) -> u64 {
        self.calls_of(self.names().poll)
    }

    /// How often an activation was to be changed.
    pub fn changes(&self) -> u64 {
        self.calls_of(self.names().change)
    }

    /// Orders a mishap.
    pub fn fault(&self, plan: FaultPlan) {
        self.shared.faults.order(plan);
    }

    /// Takes back every mishap that was ordered and has not happened.
    pub fn forgive(&self) {
        self.shared.faults.clear();
    }

    /// Closes the listener and every connection.
    pub async fn stop(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The connections belong to this task, so ending it closes them.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(converse(stream, shared.clone()))),
                // Out of file descriptors, say: there is nothing to do but try again later.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

async fn converse(stream: TcpStream, shared: Arc<Shared>) {
    // Answers are small; waiting to fill a packet would only add 40 ms.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| respond(request, &shared));
    // An error here is the client's hanging up, or ours on purpose.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("hung up on purpose")]
struct HangUp;

async fn respond(request: Request<Incoming>, shared: &Shared) -> Result<Response<Body>, HangUp> {
    let (head, body) = request.into_parts();
    let is_form = head.headers.get(header::CONTENT_TYPE).is_some_and(|value| {
        value.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
    });
    let body = to_bytes(Body::new(body), MAX_BODY).await.map_err(|_| HangUp)?;
    let form = if is_form { String::from_utf8_lossy(&body).into_owned() } else { String::new() };
    let call = Call::new(head.method, head.uri.path(), head.uri.query().unwrap_or_default(), &form);
    if let Some(page) = call.path.strip_prefix("/_mock/") {
        return Ok(response(admin::answer(page, &call, shared)));
    }
    let action = shared.upstream.action(&call);
    shared.journal.request(call.masked(shared.upstream.secret(&call)), action);
    let mishap = shared.faults.take(action);
    carry_out(&call, mishap, shared).await.map(response)
}

async fn carry_out(call: &Call, mishap: Option<Mishap>, shared: &Shared) -> Result<Answer, HangUp> {
    match mishap {
        Some(Mishap::Latency(delay)) => tokio::time::sleep(delay).await,
        Some(Mishap::DropBefore) => return Err(HangUp),
        _ => {}
    }
    if let Some(answer) = mishap.and_then(Mishap::instead) {
        return Ok(answer);
    }
    let answer = shared.upstream.answer(call, &shared.journal);
    match mishap {
        Some(Mishap::LateAnswer(delay)) => {
            tokio::time::sleep(delay).await;
            Ok(answer)
        }
        Some(Mishap::DropAfter) => Err(HangUp),
        Some(mishap) => Ok(mishap.spoil(answer)),
        None => Ok(answer),
    }
}

fn response(answer: Answer) -> Response<Body> {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    if let Some(seconds) = answer.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
