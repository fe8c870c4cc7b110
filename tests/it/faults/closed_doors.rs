//! Addresses with which no request can be exchanged: nothing gets so far that a byte of it is sent.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinHandle;

/// A certificate for 127.0.0.1 that nobody has signed, and its key, which is for nothing else.
const CERTIFICATE: &[u8] = include_bytes!("untrusted.cert.der");
const KEY: &[u8] = include_bytes!("untrusted.key.der");

/// Why nothing can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// Nobody listens.
    Refused,
    /// What answers there speaks no TLS.
    NoTls,
    /// The certificate is not to be trusted.
    Untrusted,
    /// The connection stands, and the handshake is never answered.
    MuteTls,
    /// The connection never comes about: too many others wait for it.
    Full,
}

impl Closed {
    pub const ALL: [Self; 5] = [Self::Refused, Self::NoTls, Self::Untrusted, Self::MuteTls, Self::Full];
}

/// An address of this kind, for as long as this lives.
pub struct ClosedDoor {
    pub url: String,
    running: Option<JoinHandle<()>>,
    _waiting: Vec<TcpStream>,
}

impl ClosedDoor {
    pub async fn of(closed: Closed) -> Self {
        match closed {
            Closed::Refused => Self { url: super::dead(), running: None, _waiting: Vec::new() },
            Closed::Full => Self::full().await,
            Closed::Untrusted => Self::untrusted(),
            Closed::NoTls | Closed::MuteTls => Self::without_tls(closed).await,
        }
    }

    async fn without_tls(closed: Closed) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = secure(listener.local_addr().unwrap());
        let running = tokio::spawn(async move {
            let mut held = Vec::new();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                if closed == Closed::NoTls {
                    let _ = stream.read(&mut [0; 4096]).await;
                    let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
                } else {
                    held.push(stream);
                }
            }
        });
        Self { url, running: Some(running), _waiting: Vec::new() }
    }

    fn untrusted() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = secure(listener.local_addr().unwrap());
        let key = PrivatePkcs8KeyDer::from(KEY).into();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key)
            .unwrap();
        let config = Arc::new(config);
        // A thread of its own, which ends with the process: rustls alone knows no asynchronous streams.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, mut tls) = (stream.unwrap(), ServerConnection::new(config.clone()).unwrap());
                while tls.is_handshaking() && tls.complete_io(&mut stream).is_ok() {}
                assert!(tls.is_handshaking(), "somebody trusts what nobody has signed");
            }
        });
        Self { url, running: None, _waiting: Vec::new() }
    }

    async fn full() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let addr = listener.local_addr().unwrap();
        let mut waiting = Vec::new();
        let patience = std::time::Duration::from_millis(300);
        while let Ok(stream) = tokio::time::timeout(patience, TcpStream::connect(addr)).await {
            waiting.push(stream.unwrap());
            assert!(waiting.len() < 100, "it is never full");
        }
        let running = tokio::spawn(async move {
            let _listener = listener;
            std::future::pending().await
        });
        Self { url: format!("http://{addr}"), running: Some(running), _waiting: waiting }
    }
}

impl Drop for ClosedDoor {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.abort();
        }
    }
}

fn secure(addr: SocketAddr) -> String {
    format!("https://{addr}")
}
