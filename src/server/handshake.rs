//! The beginning of a connection over which TLS is spoken, and what goes wrong there: counted always, told of in the
//! log now and then. Knows neither certificates nor what is said afterwards.

use std::error::Error;
use std::io;
use std::sync::Arc;

use rustls::AlertDescription;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::limits::{Limits, Tally};
use super::listen::{LAST_WORDS, asked_to_stop};
use super::live::Live;
use super::patience::Patient;
use super::shed;

/// The first byte of every connection of TLS (RFC 8446, section 5.1: the type of a record).
const HANDSHAKE: u8 = 22;

/// What is said to who speaks HTTP where TLS is spoken.
const NOT_HERE: &str = "this is a port for HTTPS: ask for https://, or at one of [server] listen\n";

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// Something other than TLS was spoken.
    NotTls,
    /// It was not over in time.
    Slow,
    /// The client went away without a word.
    HungUp,
    /// There is no certificate for the name that was asked for.
    NoCertificate,
    /// The client said that it does not trust the certificate, in these words.
    Distrust(&'static str),
    /// Anything else, as a version that is not spoken here.
    Protocol,
}

/// The words of a client that does not trust a certificate (RFC 8446, section 6.2).
const DISTRUST: [(AlertDescription, &str); 5] = [
    (AlertDescription::UnknownCA, "unknown_ca"),
    (AlertDescription::BadCertificate, "bad_certificate"),
    (AlertDescription::CertificateUnknown, "certificate_unknown"),
    (AlertDescription::UnsupportedCertificate, "unsupported_certificate"),
    (AlertDescription::CertificateExpired, "certificate_expired"),
];

impl Trouble {
    fn of(error: &io::Error) -> Self {
        let said = match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(said) => said,
            None => {
                return match error.kind() {
                    io::ErrorKind::TimedOut => Self::Slow,
                    io::ErrorKind::InvalidData => Self::Protocol,
                    _ => Self::HungUp,
                };
            }
        };
        match said {
            rustls::Error::General(_) => Self::NoCertificate,
            said => distrust(said).map_or(Self::Protocol, Self::Distrust),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::NotTls => "not_tls",
            Self::Slow => "slow",
            Self::HungUp => "hung_up",
            Self::NoCertificate => "no_certificate",
            Self::Distrust(word) => word,
            Self::Protocol => "protocol",
        }
    }
}

fn distrust(error: &rustls::Error) -> Option<&'static str> {
    let rustls::Error::AlertReceived(alert) = error else { return None };
    DISTRUST.iter().find(|(known, _)| known == alert).map(|(_, word)| *word)
}

/// How connections of TLS begin, at every listener of a server.
#[derive(Clone)]
pub(super) struct Greeting {
    live: Live,
    limits: Arc<Limits>,
    told: Arc<Tally<{ DISTRUST.len() }>>,
}

impl Greeting {
    /// With the certificates that are in effect at each moment.
    pub(super) fn new(live: Live, limits: Arc<Limits>) -> Self {
        Self { live, limits, told: Arc::default() }
    }

    /// The connection as it goes on, unless something goes wrong or the server is to stop meanwhile.
    pub(super) async fn greet(
        &self,
        stream: Patient<TcpStream>,
        stopped: &mut watch::Receiver<bool>,
    ) -> Option<TlsStream<Patient<TcpStream>>> {
        let greeted = tokio::select! {
            greeted = self.shake_hands(stream) => greeted,
            () = last_moment(stopped) => return None,
        };
        greeted.map_err(|trouble| self.note(trouble)).ok()
    }

    async fn shake_hands(
        &self,
        mut stream: Patient<TcpStream>,
    ) -> Result<TlsStream<Patient<TcpStream>>, Trouble> {
        let first = stream.first_byte().await.map_err(|error| Trouble::of(&error))?;
        if first != HANDSHAKE {
            // Whatever begins with a capital letter is a method.
            if first.is_ascii_uppercase() {
                shed::tell(stream, not_here().as_bytes()).await;
            }
            return Err(Trouble::NotTls);
        }
        let spoken = Arc::clone(&self.live.now().tls.spoken);
        TlsAcceptor::from(spoken).accept(stream).await.map_err(|error| Trouble::of(&error))
    }

    /// Looks whether a connection ended since the client does not trust the certificate: some say so only after the
    /// handshake.
    pub(super) fn look_into(&self, error: &(dyn Error + 'static)) {
        if let Some(word) = tls_error(error).and_then(distrust) {
            self.note(Trouble::Distrust(word));
        }
    }

    fn note(&self, trouble: Trouble) {
        let reason = trouble.word();
        self.limits.metrics().handshake_failed(reason);
        tracing::debug!(reason, "a connection for HTTPS did not come about");
        let Some(index) = DISTRUST.iter().position(|(_, word)| *word == reason) else { return };
        if let Some(so_far) = self.told.note(index, self.limits.now()) {
            tracing::warn!(
                reason,
                so_far,
                "a client does not trust this server's certificate; where that is the local CA's, `smsbridge ca env` shows what the client needs"
            );
        }
    }
}

/// The error of TLS among the causes of this one.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        // What an error of the system wraps is not among its causes.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = wrapped.and_then(|inner| inner.downcast_ref()) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

async fn last_moment(stopped: &mut watch::Receiver<bool>) {
    asked_to_stop(stopped).await;
    tokio::time::sleep(LAST_WORDS).await;
}

fn not_here() -> String {
    let length = NOT_HERE.len();
    format!(
        "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {length}\r\n\r\n{NOT_HERE}"
    )
}
