//! How often an upstream is asked: the pace that is configured, who goes first where not all may go at
//! once, and what becomes of those who are refused with HTTP 429. Source: `UPSTREAMS.md` sections 1 to 5
//! ("Throttle") and 6a ("HTTP 429: back off").

mod bursts;
mod order;
mod pauses;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use smsbridge::clock::{Clock, MovableClock};

use crate::harness::{Bridge, Canned, Log};

/// What the log says, finely, of each call that waits.
const HELD: &str = "a call is held back";

/// A server with a pace before an upstream that is never at a loss, and notes when it was asked for what.
struct Paced {
    bridge: Arc<Bridge>,
    upstream: Canned,
    calls: Arc<Mutex<Vec<(String, Duration)>>>,
    log: Log,
}

impl Paced {
    /// With these lines in `[provider.main]`.
    async fn with(lines: &str) -> Self {
        Self::answering(lines, |_, _| None).await
    }

    /// The same; what `answer` gives for an action and how often it was asked for before, is answered instead:
    /// a status and more headers.
    async fn answering(
        lines: &str,
        answer: impl Fn(&str, usize) -> Option<(u16, String)> + Send + Sync + 'static,
    ) -> Self {
        let log = Log::of("smsbridge::provider");
        let clock = MovableClock::standing();
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (noted, time) = (Arc::clone(&calls), clock.clone());
        let upstream = Canned::with_headers(move |target| {
            let action = action_of(target);
            let mut noted = noted.lock().unwrap();
            let before = noted.iter().filter(|(other, _)| *other == action).count();
            noted.push((action.clone(), time.elapsed()));
            let (status, headers) = answer(&action, before).unwrap_or((200, String::new()));
            let body = match action.as_str() {
                _ if status == 429 => "slow down".to_owned(),
                "getBalance" => "ACCESS_BALANCE:5.00".to_owned(),
                "getNumber" => format!("ACCESS_NUMBER:{}:7999111220{}", before + 1, before),
                "getStatus" => "STATUS_WAIT_CODE".to_owned(),
                "getPrices" => r#"{"0":{"tg":{"cost":5,"count":9}}}"#.to_owned(),
                _ => "BAD_ACTION".to_owned(),
            };
            (status, headers, body)
        })
        .await;
        let toml = format!(
            "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\napi_key = \"k\"\n{lines}\n",
            upstream.url()
        );
        Self { bridge: Arc::new(Bridge::at(&toml, clock).await), upstream, calls, log }
    }

    /// Asks on a task of its own. A call that nobody lets go fails the test.
    fn ask(&self, query: &str) -> tokio::task::JoinHandle<String> {
        let (bridge, query) = (Arc::clone(&self.bridge), query.to_owned());
        let answer = async move { bridge.ask(&query).await };
        tokio::spawn(async { tokio::time::timeout(Duration::from_secs(20), answer).await.unwrap() })
    }

    fn advance(&self, millis: u64) {
        self.bridge.clock.advance(Duration::from_millis(millis));
    }

    /// What the upstream was asked for, and at which millisecond.
    fn calls(&self) -> Vec<(String, u128)> {
        let calls = self.calls.lock().unwrap();
        calls.iter().map(|(action, at)| (action.clone(), at.as_millis())).collect()
    }

    /// The same without when.
    fn actions(&self) -> Vec<String> {
        self.calls().into_iter().map(|(action, _)| action).collect()
    }

    /// Waits until the upstream was asked so often.
    async fn asked(&self, times: usize) {
        let asked = async {
            while self.upstream.asked().len() < times {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let asked = tokio::time::timeout(Duration::from_secs(20), asked).await;
        assert!(asked.is_ok(), "not asked {times} times: {:?}", self.calls());
    }
}

fn action_of(target: &str) -> String {
    let query = target.split_once("action=").unwrap().1;
    query.split('&').next().unwrap().to_owned()
}
