//! What the tests of the stand-ins share: a running one with a standing clock, and a client.

use serde_json::Value;

use super::*;
use crate::clock::MovableClock;

pub(super) struct Bench {
    pub(super) running: Running,
    client: reqwest::Client,
}

impl Bench {
    pub(super) async fn new(kind: &str, quirks: &[&str]) -> Self {
        Self::with(kind, Setup { quirks: quirks.iter().map(|name| (*name).to_owned()).collect(), ..setup() })
            .await
    }

    pub(super) async fn with(kind: &str, setup: Setup) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let running = start(kind, ([127, 0, 0, 1], 0).into(), setup).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { running, client }
    }

    pub(super) async fn try_get(&self, path: &str) -> Result<(u16, String), reqwest::Error> {
        let response = self.client.get(format!("{}{path}", self.running.url())).send().await?;
        Ok((response.status().as_u16(), response.text().await?))
    }

    pub(super) async fn get(&self, path: &str) -> (u16, String) {
        self.try_get(path).await.unwrap()
    }

    pub(super) async fn text(&self, path: &str) -> String {
        self.get(path).await.1
    }

    pub(super) async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path).await).unwrap()
    }

    pub(super) async fn post(&self, path: &str, form: Option<&str>) -> (u16, String) {
        let mut request = self.client.post(format!("{}{path}", self.running.url()));
        if let Some(form) = form {
            request =
                request.header("content-type", "application/x-www-form-urlencoded").body(form.to_owned());
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    pub(super) fn advance(&self, seconds: u64) {
        self.running.clock().advance(std::time::Duration::from_secs(seconds));
    }

    /// That nothing was asked which the document does not allow.
    pub(super) fn is_clean(&self) {
        assert_eq!(self.running.violations(), Vec::<String>::new());
    }
}

pub(super) fn setup() -> Setup {
    Setup { clock: MovableClock::standing(), ..Setup::default() }
}
