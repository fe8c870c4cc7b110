//! The page about the local CA and its certificate, at listeners for HTTP.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use smsbridge::ca::{Authority, Certificate};
use smsbridge::clock::{Clock, MovableClock};
use smsbridge::config::{Overrides, load};
use tempfile::TempDir;

use crate::harness::{Bridge, get};

const MEDIA_TYPE: Option<&str> = Some("application/x-x509-ca-cert");

/// A server whose CA is in this folder, once there is one.
async fn bridge(home: &TempDir) -> Bridge {
    let folder = home.path().join("ca");
    Bridge::over(&format!("[tls]\nfolder = '{}'\n", folder.display()), MovableClock::standing(), home.path())
        .await
}

/// A CA as `smsbridge ca init` makes it.
fn make(home: &TempDir) -> Certificate {
    let names = load(None, std::iter::empty(), &Overrides::default()).unwrap().redirect.names;
    let folder = home.path().join("ca");
    Authority::init(&folder, &names, MovableClock::standing().now()).unwrap();
    Certificate::load(&folder).unwrap()
}

#[tokio::test]
async fn the_certificate_is_offered_as_soon_as_there_is_one() {
    let home = TempDir::new().unwrap();
    let bridge = bridge(&home).await;
    for path in ["/ca", "/ca.pem", "/ca.der"] {
        let none = get(bridge.addr, path, &[]).await;
        assert_eq!(none.status, 404, "{path}");
        assert!(none.body.contains("smsbridge ca init"), "{path}: {}", none.body);
    }
    let made = make(&home);
    let text = get(bridge.addr, "/ca.pem", &[]).await;
    assert_eq!((text.status, text.header("content-type")), (200, MEDIA_TYPE));
    assert_eq!(&CertificateDer::from_pem_slice(&text.bytes).unwrap(), made.der());
    assert!(!text.body.contains("PRIVATE"), "the key is nobody's business");
    let bytes = get(bridge.addr, "/ca.der", &[]).await;
    assert_eq!((bytes.status, bytes.header("content-type")), (200, MEDIA_TYPE));
    assert_eq!(bytes.bytes, made.der().as_ref());
    bridge.stop().await;
}

#[tokio::test]
async fn the_page_says_what_everybody_needs() {
    let home = TempDir::new().unwrap();
    let bridge = bridge(&home).await;
    let made = make(&home);
    // As a browser asks in whose line the address was typed.
    let page = get(bridge.addr, "/ca", &[("Sec-Fetch-Site", "none"), ("Accept", "text/html")]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("content-security-policy"), Some("default-src 'none'"));
    let fingerprint = made.fingerprint();
    for part in [
        "REQUESTS_CA_BUNDLE",
        "NODE_EXTRA_CA_CERTS",
        "update-ca-certificates",
        "security add-trusted-cert",
        "certutil -addstore -f Root",
        "href=\"/ca.pem\"",
        "sms-activate.org",
        fingerprint.as_str(),
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    for part in ["<script", "http://", "https://", "src="] {
        assert!(!page.body.contains(part), "{part}");
    }
    // Pages of others learn nothing of it.
    let foreign = get(bridge.addr, "/ca", &[("Sec-Fetch-Site", "cross-site")]).await;
    assert_eq!(foreign.status, 403);
    bridge.stop().await;
}

#[tokio::test]
async fn where_a_ready_certificate_is_shown_no_ca_is_offered() {
    let home = TempDir::new().unwrap();
    make(&home);
    let (cert, key) = (home.path().join("cert.pem"), home.path().join("key.pem"));
    let ready = rcgen::generate_simple_self_signed(["a.example".to_owned()]).unwrap();
    std::fs::write(&cert, ready.cert.pem()).unwrap();
    std::fs::write(&key, ready.signing_key.serialize_pem()).unwrap();
    let folder = home.path().join("ca");
    let toml = format!(
        "[tls]\nfolder = '{}'\ncert = '{}'\nkey = '{}'\n",
        folder.display(),
        cert.display(),
        key.display()
    );
    let bridge = Bridge::over(&toml, MovableClock::standing(), home.path()).await;
    for path in ["/ca", "/ca.pem", "/ca.der"] {
        let none = get(bridge.addr, path, &[]).await;
        assert_eq!(none.status, 404, "{path}");
        assert!(none.body.contains("ready certificate"), "{path}: {}", none.body);
    }
    bridge.stop().await;
}
