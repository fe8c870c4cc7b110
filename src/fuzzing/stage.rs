//! A provider whose upstream is a script. Knows the kinds' settings, and no answer.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::sample::KEY;
use crate::catalog::Catalog;
use crate::clock::MovableClock;
use crate::domain::Secret;
use crate::metrics::Metrics;
use crate::provider::http::{Answer, Http, HttpSettings};
use crate::provider::pace::Pace;
use crate::provider::script::Script;
use crate::provider::{self, Cx, Lookup, Parts, Provider, Spec};

/// The settings with which kinds are tried; one that is not here is tried with its defaults.
const SETTINGS: &[(&str, &[(&str, &str)])] = &[
    ("sms-man", &[("api", "compatible")]),
    ("sms-man", &[("api", "v2"), ("multiple_sms", "true")]),
    ("sms-activate", &[]),
    (
        "sms-activate",
        &[
            ("cancel_status", "6"),
            ("ready_status", "false"),
            ("send_currency", "true"),
            ("words", "BAD_ACTION=BAD_KEY, getStatus:NO_KEY=NO_ACTIVATION"),
        ],
    ),
];

/// A provider, and what its upstream will answer.
pub(super) struct Stage {
    /// What it is called in a complaint.
    pub name: String,
    /// What is answered to it.
    pub script: Arc<Script>,
    /// With which key it asks.
    pub cx: Cx,
    spec: &'static Spec,
    given: BTreeMap<String, String>,
    http: Http,
    clock: Arc<MovableClock>,
    runtime: Runtime,
}

thread_local! {
    static STAGES: RefCell<BTreeMap<String, Vec<Stage>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Does it with each stage of a kind; they are made once a thread, since what they are made of is slow.
pub(super) fn with_stages(kind: &str, mut run: impl FnMut(&Stage)) {
    STAGES.with_borrow_mut(|stages| {
        stages.entry(kind.to_owned()).or_insert_with(|| stages_of(kind)).iter().for_each(&mut run);
    });
}

/// All stages of a kind.
pub(super) fn stages_of(kind: &str) -> Vec<Stage> {
    let Some(spec) = provider::spec(kind) else { panic!("there is no kind {kind}") };
    let own: Vec<_> = SETTINGS.iter().filter(|(of, _)| *of == kind).map(|(_, given)| *given).collect();
    let all = if own.is_empty() { vec![&[][..]] } else { own };
    all.into_iter().map(|given| Stage::new(spec, given)).collect()
}

impl Stage {
    fn new(spec: &'static Spec, given: &[(&str, &str)]) -> Self {
        let script = Arc::new(Script::default());
        let clock = MovableClock::standing();
        let settings = HttpSettings {
            provider: spec.kind.to_owned(),
            origins: "http://upstream.invalid".parse().into_iter().collect(),
            lookup: Lookup::default(),
            timeout: Duration::from_secs(30),
            pace: Pace::off(),
            max_concurrent: 0,
            read_retries: 0,
            breaker_failures: 0,
            clock: clock.clone(),
            metrics: Metrics::new([], []).upstream(spec.kind),
        };
        let http = Http::scripted(settings, Arc::clone(&script));
        let runtime = Builder::new_current_thread().enable_time().build();
        let (Ok(http), Ok(runtime)) = (http, runtime) else { panic!("no stage can be set") };
        Self {
            name: format!("{} {given:?}", spec.kind),
            script,
            cx: Cx::new(Secret::new(KEY)),
            spec,
            given: given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            http,
            clock,
            runtime,
        }
    }

    /// A provider that remembers nothing yet.
    pub(super) fn provider(&self) -> Arc<dyn Provider> {
        let variant = self.spec.variant(&self.given);
        let path = variant.and_then(|variant| variant.path).or(self.spec.path);
        let parts = Parts {
            http: self.http.clone(),
            path: path.unwrap_or_default().to_owned(),
            mapping: self.spec.codes(),
            options: self.spec.settings(&self.given),
            currency: variant.and_then(|variant| variant.currency).unwrap_or(self.spec.currency),
            catalog: Catalog::builtin(),
            clock: self.clock.clone(),
        };
        match (self.spec.build)(parts) {
            Ok(provider) => provider,
            Err(why) => panic!("{}: {why}", self.name),
        }
    }

    /// Waits for an answer.
    pub(super) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}

/// What stands in the data; bytes that are no UTF-8 are replaced, as they are when they come over the wire.
pub(super) fn answers(data: &[u8]) -> Vec<Answer> {
    let text = String::from_utf8_lossy(data);
    text.split("\n---\n").map(answer).collect()
}

fn answer(text: &str) -> Answer {
    let line = text.strip_prefix("HTTP ").map(|rest| rest.split_once('\n').unwrap_or((rest, "")));
    let status = line.and_then(|(status, body)| Some((status.parse().ok()?, body)));
    match status {
        Some((status @ 100..=599, body)) => Answer { status, body: body.to_owned() },
        _ => Answer { status: 200, body: text.to_owned() },
    }
}
