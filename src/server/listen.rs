//! The listener's loop: accepts connections as long as there is a place for them, speaks HTTP/1 over each, and
//! lets those in flight finish when it is to stop. Knows neither paths nor the dialect.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::Service;

use super::limits::{Limits, Place, Source, Turned};
use super::patience::{Patience, Patient, Pulse, Watched};
use super::shed::Shed;

/// How long nobody is accepted when the system has nothing left for another connection.
const BREATH: Duration = Duration::from_millis(200);

/// The least that the HTTP library reads into.
const LEAST_BUFFER: usize = 8 * 1024;

/// A listener and what answers behind it.
pub(super) struct Door {
    listener: TcpListener,
    app: Router,
    limits: Arc<Limits>,
    shed: Shed,
}

impl Door {
    /// `full` makes what is said to those for whom there is no place.
    pub(super) fn new(
        listener: TcpListener,
        app: Router,
        limits: Arc<Limits>,
        full: impl Fn(Turned) -> Vec<u8>,
    ) -> Self {
        Self { listener, app, limits, shed: Shed::new(full) }
    }

    /// Answers until `stopped`, then lets what is in flight finish; connections that wait for a request are closed.
    pub(super) async fn keep(self, mut stopped: watch::Receiver<bool>) {
        let mut connections = JoinSet::new();
        let mut failures = 0_u64;
        loop {
            let accepted = tokio::select! {
                () = asked_to_stop(&mut stopped) => break,
                accepted = self.listener.accept() => accepted,
            };
            while connections.try_join_next().is_some() {}
            match accepted {
                Ok((stream, peer)) => {
                    failures = 0;
                    self.admit(stream, peer, &stopped, &mut connections);
                }
                // Somebody hung up before being accepted.
                Err(error) if is_the_clients(&error) => {}
                Err(error) => {
                    failures += 1;
                    if failures.is_power_of_two() {
                        tracing::error!("no connection can be accepted, trying again: {error}");
                    }
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
        drop(self.listener);
        while connections.join_next().await.is_some() {}
    }

    fn admit(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        stopped: &watch::Receiver<bool>,
        connections: &mut JoinSet<()>,
    ) {
        let source = Source::of(peer.ip());
        match self.limits.connection(source) {
            Ok(place) => {
                // Answers are short: waiting to fill a packet only delays them.
                let _ = stream.set_nodelay(true);
                let limits = Arc::clone(&self.limits);
                let talk = talk(stream, source, place, self.app.clone(), limits, stopped.clone());
                connections.spawn(talk);
            }
            Err(turned) => {
                self.limits.note(turned);
                self.shed.turn_away(stream, turned);
            }
        }
    }
}

/// Serves one connection.
async fn talk(
    stream: TcpStream,
    source: Source,
    place: Place,
    app: Router,
    limits: Arc<Limits>,
    mut stopped: watch::Receiver<bool>,
) {
    let settings = limits.settings();
    let patience = Patience { head: settings.header_timeout, idle: settings.idle_timeout };
    let pulse = Pulse::default();
    let mut http = http1::Builder::new();
    http.max_header_size(settings.max_header).max_buf_size(settings.max_header.max(LEAST_BUFFER));
    let slow = {
        let limits = Arc::clone(&limits);
        move || limits.note(Turned::Slow)
    };
    let stream = Patient::new(stream, patience, pulse.clone(), slow);
    let answering = pulse.clone();
    let service =
        service_fn(move |request: Request<Incoming>| answer(app.clone(), request, source, &answering));
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = asked_to_stop(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            if pulse.is_busy() { connection.await } else { last_words(connection, &pulse).await }
        }
    };
    // The library's errors say what was wrong with a request, and repeat nothing of it.
    if let Err(error) = ended {
        tracing::debug!("a connection ended before its time: {error}");
    }
    drop(place);
}

fn answer(
    mut app: Router,
    mut request: Request<Incoming>,
    source: Source,
    pulse: &Pulse,
) -> impl Future<Output = Result<Response<Watched>, Infallible>> + use<> {
    let answering = pulse.busy();
    request.extensions_mut().insert(source);
    let answer = app.call(request.map(Body::new));
    async move { Ok(answer.await?.map(|body| Watched::new(body, answering))) }
}

/// How long a request that has not come whole is waited for when the server is to stop.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Waits for a connection over which nothing is being answered: what is on its way may still come, but not slowly.
async fn last_words<E>(
    mut connection: Pin<&mut impl Future<Output = Result<(), E>>>,
    pulse: &Pulse,
) -> Result<(), E> {
    loop {
        match tokio::time::timeout(LAST_WORDS, connection.as_mut()).await {
            Ok(ended) => return ended,
            Err(_) if pulse.is_busy() => {}
            Err(_) => return Ok(()),
        }
    }
}

/// Is over when the server is to stop, or when there is nobody left to say so.
async fn asked_to_stop(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
