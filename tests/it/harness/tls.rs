//! A certificate for tests, one a process, and clients that trust it or do not.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The name that the certificate is for.
pub const NAME: &str = "api.sms-activate.org";

/// A root, and the chain and the key of a leaf under it.
struct Made {
    root: CertificateDer<'static>,
    leaf: CertificateDer<'static>,
    key: KeyPair,
}

static MADE: LazyLock<Made> = LazyLock::new(|| {
    let root_key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let root = params.self_signed(&root_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![NAME.to_owned()]).unwrap();
    let leaf = leaf.signed_by(&key, &Issuer::from_params(&params, &root_key)).unwrap();
    Made { root: root.der().clone(), leaf: leaf.der().clone(), key }
});

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// A server's side of it.
pub fn server() -> Arc<ServerConfig> {
    let builder =
        ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().unwrap();
    let key = PrivateKeyDer::try_from(MADE.key.serialize_der()).unwrap();
    let made = builder.with_no_client_auth().with_single_cert(vec![MADE.leaf.clone()], key);
    let mut config = made.unwrap();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}

/// A client that trusts it, and speaks these versions.
pub fn client(versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(MADE.root.clone()).unwrap();
    with_roots(roots, versions)
}

/// One that trusts nobody.
pub fn distrustful(versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
    with_roots(RootCertStore::empty(), versions)
}

fn with_roots(roots: RootCertStore, versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
    let builder = ClientConfig::builder_with_provider(provider()).with_protocol_versions(versions).unwrap();
    builder.with_root_certificates(roots).with_no_client_auth()
}

/// A connection to the server there, as the name that its certificate is for.
pub async fn connect(addr: SocketAddr, config: ClientConfig) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(addr).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(NAME).unwrap(), stream).await
}

/// What comes back for these bytes until the server closes the connection.
pub async fn raw(addr: SocketAddr, config: ClientConfig, sent: &str) -> String {
    let mut stream = connect(addr, config).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}
