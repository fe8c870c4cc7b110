//! A server's TLS and clients in memory: versions, names and protocols.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, ServerConnection,
    SupportedProtocolVersion,
};

use super::super::server_config;
use super::{made, names};
use crate::clock::{Clock, SystemClock};
use crate::config::TlsConfig;

struct Client {
    versions: &'static [&'static SupportedProtocolVersion],
    protocols: &'static [&'static str],
    says_a_name: bool,
}

const BOTH: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];
const OLD: &[&SupportedProtocolVersion] = &[&TLS12];
const USUAL: Client = Client { versions: BOTH, protocols: &["http/1.1"], says_a_name: true };

impl Client {
    fn connect(&self, root: &CertificateDer<'static>, name: &str) -> ClientConnection {
        let mut roots = RootCertStore::empty();
        roots.add(root.clone()).unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(self.versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.enable_sni = self.says_a_name;
        config.resumption = Resumption::disabled();
        config.alpn_protocols = self.protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        ClientConnection::new(Arc::new(config), ServerName::try_from(name.to_owned()).unwrap()).unwrap()
    }
}

fn server(folder: &Path) -> ServerConnection {
    let tls = TlsConfig { folder: folder.to_owned(), ready: None };
    let clock: Arc<dyn Clock> = SystemClock::new();
    ServerConnection::new(server_config(&tls, &names(), &clock).unwrap()).unwrap()
}

/// Carries bytes between the two until they are done; the first complaint of the client, else of the server.
fn shake(client: &mut ClientConnection, server: &mut ServerConnection) -> Result<(), String> {
    for _ in 0..10 {
        let mut bytes = Vec::new();
        while client.wants_write() {
            client.write_tls(&mut bytes).unwrap();
        }
        pass(&bytes, |rest| server.read_tls(rest));
        let refused = server.process_new_packets().err();
        let mut bytes = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut bytes).unwrap();
        }
        pass(&bytes, |rest| client.read_tls(rest));
        client.process_new_packets().map_err(|error| error.to_string())?;
        if let Some(error) = refused {
            return Err(error.to_string());
        }
        if !client.is_handshaking() && !server.is_handshaking() {
            return Ok(());
        }
    }
    Err("it does not end".to_owned())
}

fn pass(mut bytes: &[u8], mut read: impl FnMut(&mut dyn io::Read) -> io::Result<usize>) {
    while !bytes.is_empty() {
        read(&mut bytes).unwrap();
    }
}

#[test]
fn old_and_new_programs_get_a_certificate_they_can_trust() {
    let folder = tempfile::tempdir().unwrap();
    let root = made(folder.path()).certificate().der().clone();
    for (versions, negotiated) in [(BOTH, ProtocolVersion::TLSv1_3), (OLD, ProtocolVersion::TLSv1_2)] {
        for name in super::NAMES {
            let (mut client, mut server) =
                (Client { versions, ..USUAL }.connect(&root, name), server(folder.path()));
            shake(&mut client, &mut server).unwrap();
            assert_eq!(client.protocol_version(), Some(negotiated), "{name}");
            assert_eq!(client.alpn_protocol(), Some(&b"http/1.1"[..]));
        }
        let mute = Client { versions, says_a_name: false, ..USUAL };
        let (mut client, mut server) = (mute.connect(&root, "api.sms-activate.org"), server(folder.path()));
        shake(&mut client, &mut server).unwrap();
        assert_eq!(server.server_name(), None);
    }
}

#[test]
fn other_names_are_refused_by_an_alert() {
    let folder = tempfile::tempdir().unwrap();
    let root = made(folder.path()).certificate().der().clone();
    for name in ["google.com", "localhost"] {
        let (mut client, mut server) = (USUAL.connect(&root, name), server(folder.path()));
        let refused = shake(&mut client, &mut server).unwrap_err();
        assert!(refused.contains("AccessDenied"), "{refused}");
    }
}

#[test]
fn who_speaks_http_2_only_is_told_so_and_who_says_nothing_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let root = made(folder.path()).certificate().der().clone();
    let ask = |protocols| {
        let mut client = Client { protocols, ..USUAL }.connect(&root, "sms-activate.org");
        let done = shake(&mut client, &mut server(folder.path()));
        done.map(|()| client.alpn_protocol().map(<[u8]>::to_vec))
    };
    assert_eq!(ask(&[]), Ok(None));
    assert_eq!(ask(&["h2", "http/1.1"]), Ok(Some(b"http/1.1".to_vec())));
    let refused = ask(&["h2"]).unwrap_err();
    assert!(refused.contains("NoApplicationProtocol"), "{refused}");
}
