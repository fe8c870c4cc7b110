//! What software that has a legacy address compiled in would meet now: the name is looked up as the system does it, and
//! the call is made with the system's own trust. Buys nothing and needs no key. Knows neither the hosts file nor the CA.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderName;
use reqwest::redirect::Policy;
use tokio::net::{TcpStream, lookup_host};

use crate::provider::tls;

/// How long each step may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What there is to be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// This program, with this answer.
    Smsbridge(String),
    /// The name leads nowhere.
    NoAddress(String),
    /// The name leads to other machines.
    Elsewhere(Vec<IpAddr>),
    /// Nobody takes the call there.
    NobodyListens(Vec<SocketAddr>),
    /// The certificate is not trusted; why not.
    NotTrusted(String),
    /// The call fails in another way.
    NoAnswer(String),
    /// Somebody else answers, with this status.
    Stranger(u16),
    /// This program answers, but not under this name; why not.
    Refused(String),
}

impl Sight {
    /// Whether it is as it should be.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Smsbridge(_))
    }
}

impl fmt::Display for Sight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Smsbridge(answer) => {
                write!(f, "smsbridge answers ({answer}, since the question had no api_key)")
            }
            Self::NoAddress(why) => write!(f, "the name leads nowhere: {why}"),
            Self::Elsewhere(addresses) => write!(
                f,
                "the name leads to {}, not to this machine; nothing was asked there",
                joined(addresses)
            ),
            Self::NobodyListens(addresses) => write!(f, "nobody listens at {}", joined(addresses)),
            Self::NotTrusted(why) => write!(f, "this system does not trust the certificate: {why}"),
            Self::NoAnswer(why) => write!(f, "there is no answer: {why}"),
            Self::Stranger(status) => write!(
                f,
                "another program than smsbridge answers (HTTP {status}); it has the port that smsbridge needs"
            ),
            Self::Refused(why) => write!(f, "smsbridge refuses the call: {why}"),
        }
    }
}

fn joined<T: ToString>(several: &[T]) -> String {
    several.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}

/// What is met at this address; what this program answers is known by the header that `mark` names.
pub async fn look(address: &str, mark: &HeaderName) -> Sight {
    match seen(address, mark).await {
        Ok(sight) | Err(sight) => sight,
    }
}

async fn seen(address: &str, mark: &HeaderName) -> Result<Sight, Sight> {
    let url = Url::parse(address).map_err(|error| Sight::NoAnswer(error.to_string()))?;
    let addresses = addresses(&url).await?;
    reach(&addresses).await?;
    ask(url, mark).await
}

/// Where the name leads, as everybody on this machine is told; all of it must be this machine.
async fn addresses(url: &Url) -> Result<Vec<SocketAddr>, Sight> {
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
    let found = tokio::time::timeout(PATIENCE, lookup_host((host, port))).await;
    let found = found.map_err(|_| Sight::NoAddress("the resolver does not answer".to_owned()))?;
    let mut found: Vec<_> = found.map_err(|error| Sight::NoAddress(error.to_string()))?.collect();
    found.dedup();
    let elsewhere: Vec<_> = found.iter().map(SocketAddr::ip).filter(|ip| !is_here(*ip)).collect();
    if !elsewhere.is_empty() {
        return Err(Sight::Elsewhere(elsewhere));
    }
    Ok(found)
}

fn is_here(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

/// Somebody takes calls at every one of them: not all software tries another when the first is refused.
async fn reach(addresses: &[SocketAddr]) -> Result<(), Sight> {
    let mut silent = Vec::new();
    for address in addresses {
        let taken = tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await;
        if !matches!(taken, Ok(Ok(_))) {
            silent.push(*address);
        }
    }
    if silent.is_empty() { Ok(()) } else { Err(Sight::NobodyListens(silent)) }
}

async fn ask(url: Url, mark: &HeaderName) -> Result<Sight, Sight> {
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls::config().map_err(Sight::NotTrusted)?)
        .no_proxy()
        .redirect(Policy::none())
        .timeout(PATIENCE)
        .build()
        .map_err(|error| Sight::NoAnswer(error.to_string()))?;
    let answer = client.get(url).send().await.map_err(|error| failure(&error))?;
    let (status, ours) = (answer.status(), answer.headers().contains_key(mark));
    let body = answer.text().await.map_err(|error| failure(&error))?;
    Ok(match (status.as_u16(), ours) {
        (200, true) => Sight::Smsbridge(body),
        // The sentence in which this program says why it does not answer names one of its settings.
        (403 | 421 | 503, _) if body.contains('[') && body.len() < 500 => {
            Sight::Refused(body.trim().to_owned())
        }
        (status, _) => Sight::Stranger(status),
    })
}

fn failure(error: &reqwest::Error) -> Sight {
    let mut cause: &(dyn Error + 'static) = error;
    loop {
        if let Some(rustls::Error::InvalidCertificate(why)) = tls_error(cause) {
            return Sight::NotTrusted(why.to_string());
        }
        match cause.source() {
            Some(deeper) => cause = deeper,
            None => return Sight::NoAnswer(cause.to_string()),
        }
    }
}

/// What an I/O error wraps is not among its sources, and may be an I/O error itself.
fn tls_error<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let wrapped = || tls_error(cause.downcast_ref::<io::Error>()?.get_ref()?);
    cause.downcast_ref().or_else(wrapped)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Somebody who answers every call so.
    async fn server(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut sent = [0; 1024];
                let _ = stream.read(&mut sent).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        origin
    }

    const MARK: HeaderName = HeaderName::from_static("x-mark");

    #[tokio::test]
    async fn who_answers_is_told_apart() {
        for (answer, right) in [
            (
                "HTTP/1.1 200 OK\r\nx-mark: why\r\nContent-Length: 6\r\n\r\nNO_KEY",
                Sight::Smsbridge("NO_KEY".to_owned()),
            ),
            ("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nNO_KEY", Sight::Stranger(200)),
            (
                "HTTP/1.1 403 No\r\nContent-Length: 20\r\n\r\n[server] allow_hosts",
                Sight::Refused("[server] allow_hosts".to_owned()),
            ),
            ("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", Sight::Stranger(403)),
            ("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", Sight::Stranger(302)),
        ] {
            assert_eq!(look(&server(answer).await, &MARK).await, right, "{answer}");
        }
        assert!(matches!(look(&server("what?").await, &MARK).await, Sight::NoAnswer(_)));
    }

    #[test]
    fn a_certificate_is_found_wherever_it_is_wrapped() {
        let why = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let twice = io::Error::other(io::Error::other(why.clone()));
        assert_eq!(tls_error(&twice), Some(&why));
        assert_eq!(tls_error(&why), Some(&why));
        assert_eq!(tls_error(&io::Error::other("why")), None);
    }

    #[tokio::test]
    async fn a_certificate_that_this_system_does_not_trust_is_said_to_be_so() {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = acceptor.accept(stream).await;
            }
        });
        let seen = look(&format!("https://{addr}"), &MARK).await;
        assert!(matches!(seen, Sight::NotTrusted(_)), "{seen}");
    }

    #[tokio::test]
    async fn what_is_in_the_way_is_named() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        drop(listener);
        assert_eq!(look(&format!("http://{addr}"), &MARK).await, Sight::NobodyListens(vec![addr]));
        let elsewhere = look("http://192.0.2.1", &MARK).await;
        assert_eq!(elsewhere, Sight::Elsewhere(vec!["192.0.2.1".parse().unwrap()]));
        assert!(elsewhere.to_string().contains("nothing was asked there"));
    }
}
