//! One of the two sides: an engine over one provider that can buy nothing, asked as a client would ask.
//! Knows no kind of provider.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::catalog::Catalog;
use crate::clock::{Clock, SystemClock};
use crate::config::{DialectConfig, ProviderConfig, PurchaseConfig, SpendingConfig};
use crate::dialect::actions::status;
use crate::dialect::code::refusal_of;
use crate::dialect::{self, Params};
use crate::domain::Owner;
use crate::engine::{Caller, Engine, Setup, Upstream};
use crate::ledger::none::NoLedger;
use crate::metrics::Metrics;
use crate::webhook::Webhooks;

/// A question that changes nothing.
pub enum Question {
    /// The balance.
    Balance,
    /// Which countries there are.
    Countries,
    /// Prices in a country.
    Prices(u16),
    /// Stock in a country.
    Counts(u16),
    /// How an activation stands, by the provider's own id.
    Status(String),
}

/// Every question about these countries and this activation.
pub fn questions(countries: &[u16], id: Option<&str>) -> Vec<Question> {
    let mut all = vec![Question::Balance, Question::Countries];
    all.extend(countries.iter().flat_map(|country| [Question::Prices(*country), Question::Counts(*country)]));
    all.extend(id.map(|id| Question::Status(id.to_owned())));
    all
}

impl Question {
    /// What it is about, for people.
    pub fn title(&self) -> String {
        match self {
            Self::Balance => "balance".to_owned(),
            Self::Countries => "countries".to_owned(),
            Self::Prices(country) => format!("prices in country {country}"),
            Self::Counts(country) => format!("stock in country {country}"),
            Self::Status(_) => "state of the activation".to_owned(),
        }
    }

    fn query(&self) -> Vec<(String, String)> {
        let (action, country) = match self {
            Self::Balance => ("getBalance", None),
            Self::Countries => ("getCountries", None),
            Self::Prices(country) => ("getPrices", Some(country)),
            Self::Counts(country) => ("getNumbersStatus", Some(country)),
            Self::Status(_) => ("getStatus", None),
        };
        let mut query = vec![("action".to_owned(), action.to_owned())];
        query.extend(country.map(|country| ("country".to_owned(), country.to_string())));
        query
    }
}

/// A side.
pub struct Side {
    /// Its name in the configuration.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    engine: Arc<Engine>,
    caller: Caller,
}

impl Side {
    /// Makes one.
    ///
    /// # Errors
    /// When its provider cannot be made, or has no key; the text says why.
    pub async fn start(config: &ProviderConfig, dialect: &DialectConfig) -> Result<Self, String> {
        if config.spec.needs_key && config.api_key.is_none() {
            return Err(format!("[provider.{}] has no api_key, which is needed for this", config.name));
        }
        let clock: Arc<dyn Clock> = SystemClock::new();
        let catalog = Catalog::builtin();
        let metrics = Metrics::new([], []);
        let upstream = Upstream::build(config, dialect, catalog, &clock, &metrics)?;
        let engine = Engine::start(Setup {
            upstreams: vec![upstream],
            dialect: dialect.clone(),
            webhooks: Webhooks::none(),
            purchase: PurchaseConfig::default(),
            spending: SpendingConfig::default(),
            catalog,
            ledger: Arc::new(NoLedger),
            metrics,
            clock,
        });
        Ok(Self {
            name: config.name.clone(),
            kind: config.spec.kind,
            engine: engine.await.map_err(|error| error.to_string())?,
            caller: Caller::new(Owner("*".to_owned()), "diff"),
        })
    }

    /// Its answer as a client would read it, or why there is none.
    pub async fn answer(&self, question: &Question) -> Result<Value, String> {
        if let Question::Status(id) = question {
            let seen = self.engine.glance(&self.caller, id).await;
            return match seen {
                Ok(activation) => Ok(Value::String(status::written(activation.standing()).body)),
                Err(fault) if fault.may_ask_again() => Err(fault.to_string()),
                Err(fault) => Ok(Value::String(refusal_of(&fault).text)),
            };
        }
        let params = Params::of_pairs(question.query());
        let reply = dialect::answer(&self.engine, &self.caller, params).await;
        match &reply.detail {
            Some(detail) => Err(format!("{}: {detail}", reply.text_of())),
            None => Ok(reduced(question, reply.text_of())),
        }
    }
}

/// What of an answer is compared: of countries only which there are, since their names come from the
/// catalog where an API has none.
fn reduced(question: &Question, body: &str) -> Value {
    let value = serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.to_owned()));
    match (question, value) {
        (Question::Countries, Value::Object(rows)) => {
            let numbers: BTreeMap<_, _> = rows.keys().map(|number| (number.as_str(), "")).collect();
            serde_json::json!(numbers)
        }
        (_, value) => value,
    }
}
