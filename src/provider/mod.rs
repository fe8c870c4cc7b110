//! What an upstream can do, and the list of the kinds there are. Providers map: they know neither
//! the dialect's wire nor the ledger, and hold no retries, limits, ids or caches.
//!
//! Adding a provider is a folder, which names its catalog files, and a line in [`PROVIDERS`].

mod allowance;
mod ask;
mod breaker;
pub mod calls;
mod capability;
#[cfg(test)]
mod codes_tests;
pub mod fault;
pub mod handler_api;
pub mod http;
mod jitter;
mod line;
mod mail;
mod meter;
mod options;
pub mod pace;
mod pause;
pub mod read;
mod rentals;
mod resolve;
pub mod sandbox;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod script;
pub mod sms_man;
pub mod sms_service_online;
pub mod smsak;
mod spec;
pub(crate) mod tls;
mod transport;
mod turns;
pub mod vak_sms;
mod variants;
pub mod via;
pub mod words;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

pub use breaker::{BreakerState, Phase};
pub use calls::Calls;
pub use capability::Capability;
pub use fault::{Effect, Fault, FaultKind, Side};
pub use mail::{Mailboxes, NoMailboxes};
pub use meter::{Cx, Meter};
pub use options::{OptionKey, OptionKind, Options, parse_duration};
pub use rentals::{Ending, NoRentals, RentOffers, RentQuery, Rentals};
pub use resolve::Lookup;
pub use spec::{Counterpart, Parts, Spec};
pub use variants::{Variant, Variants};

use crate::domain::{
    Activation, Bought, BoughtProduct, Country, Extra, Held, Money, Offer, Operator, Order, Phone,
    ProductNumber, Progress, Service, Sms, Step,
};

/// Every kind of provider: one line each.
pub static PROVIDERS: &[&Spec] = &[
    &sandbox::SPEC,
    &vak_sms::SPEC,
    &smsak::SPEC,
    &sms_service_online::SPEC,
    &sms_man::SPEC,
    &handler_api::SPEC,
];

/// The kind called `kind` in the configuration.
pub fn spec(kind: &str) -> Option<&'static Spec> {
    PROVIDERS.iter().copied().find(|spec| spec.kind == kind)
}

/// A country as an upstream that speaks the dialect lists it.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedCountry {
    /// Its number.
    pub country: Country,
    /// Every field the upstream gave, as it gave it.
    pub fields: Extra,
}

/// A service as an upstream that speaks the dialect lists it.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedService {
    /// Its code.
    pub service: Service,
    /// Its name.
    pub name: String,
    /// What else the upstream said of it.
    pub extra: Extra,
}

/// What an upstream that speaks the dialect answered to an action that this server does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relayed {
    /// The body, folded back into the dialect where the upstream is of the newer generation.
    pub body: String,
}

/// An upstream. Each capability has a default that says it is not there; a provider implements what
/// its upstream documents, and lists the same in its [`Spec`] (a test holds the two together).
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// The account's balance.
    async fn balance(&self, cx: &Cx) -> Result<Money, Fault> {
        let _ = cx;
        Err(Fault::unsupported(Capability::Balance))
    }

    /// The account's balance, what it collected as cash-back included.
    async fn balance_and_cashback(&self, cx: &Cx) -> Result<Money, Fault> {
        let _ = cx;
        Err(Fault::unsupported(Capability::Cashback))
    }

    /// Everything on offer in a country, from one operator or any.
    async fn offers(
        &self,
        cx: &Cx,
        country: Country,
        operator: Option<&Operator>,
    ) -> Result<Vec<Offer>, Fault> {
        let _ = (cx, country, operator);
        Err(Fault::unsupported(Capability::Offers))
    }

    /// Everything on offer in all countries, or of one service, or in one country, in one call.
    async fn market(
        &self,
        cx: &Cx,
        service: Option<&Service>,
        country: Option<Country>,
    ) -> Result<Vec<Offer>, Fault> {
        let _ = (cx, service, country);
        Err(Fault::unsupported(Capability::Market))
    }

    /// What numbers that take a verification call cost, of one service or of all.
    async fn call_prices(&self, cx: &Cx, service: Option<&Service>) -> Result<Vec<Offer>, Fault> {
        let _ = (cx, service);
        Err(Fault::unsupported(Capability::CallPrices))
    }

    /// How many numbers are in stock, by the upstream's own keys (`tg_0`).
    async fn counts(
        &self,
        cx: &Cx,
        country: Country,
        operators: &[Operator],
    ) -> Result<BTreeMap<String, u64>, Fault> {
        let _ = (cx, country, operators);
        Err(Fault::unsupported(Capability::Counts))
    }

    /// The price and stock of one service right now.
    async fn quote(
        &self,
        cx: &Cx,
        service: &Service,
        country: Country,
        operator: Option<&Operator>,
    ) -> Result<Offer, Fault> {
        let _ = (cx, service, country, operator);
        Err(Fault::unsupported(Capability::Quote))
    }

    /// The upstream's own ranking of countries, by service.
    async fn top_countries(
        &self,
        cx: &Cx,
        service: Option<&Service>,
        free_price: bool,
    ) -> Result<Value, Fault> {
        let _ = (cx, service, free_price);
        Err(Fault::unsupported(Capability::TopCountries))
    }

    /// The upstream's own list of countries.
    async fn countries(&self, cx: &Cx) -> Result<Vec<ListedCountry>, Fault> {
        let _ = cx;
        Err(Fault::unsupported(Capability::Countries))
    }

    /// The upstream's own list of services.
    async fn services(
        &self,
        cx: &Cx,
        country: Option<Country>,
        lang: Option<&str>,
    ) -> Result<Vec<ListedService>, Fault> {
        let _ = (cx, country, lang);
        Err(Fault::unsupported(Capability::Services))
    }

    /// The upstream's own list of operators, of one country or of all.
    async fn operators(
        &self,
        cx: &Cx,
        country: Option<Country>,
    ) -> Result<BTreeMap<Country, Vec<Operator>>, Fault> {
        let _ = (cx, country);
        Err(Fault::unsupported(Capability::Operators))
    }

    /// Buys one number. The fault's effect says whether it may have been bought after all.
    async fn buy(&self, cx: &Cx, order: &Order) -> Result<Bought, Fault> {
        let _ = (cx, order);
        Err(Fault::unsupported(Capability::Buy))
    }

    /// Buys one number for several services, an order each: all of them or none. The answer has one part for
    /// each order, in their order.
    async fn buy_together(&self, cx: &Cx, orders: &[Order]) -> Result<Vec<Bought>, Fault> {
        let _ = (cx, orders);
        Err(Fault::unsupported(Capability::MultiService))
    }

    /// Buys the number of an activation that was used once more, for the same service.
    async fn buy_again(&self, cx: &Cx, parent: &Activation) -> Result<Bought, Fault> {
        let _ = (cx, parent);
        Err(Fault::unsupported(Capability::ExtraActivation))
    }

    /// What [`Provider::buy_again`] would cost right now.
    async fn price_again(&self, cx: &Cx, parent: &Activation) -> Result<Money, Fault> {
        let _ = (cx, parent);
        Err(Fault::unsupported(Capability::ExtraActivation))
    }

    /// Buys a further service on the number of an activation with call forwarding.
    async fn buy_additional(&self, cx: &Cx, parent: &Activation, service: &Service) -> Result<Bought, Fault> {
        let _ = (cx, parent, service);
        Err(Fault::unsupported(Capability::AdditionalService))
    }

    /// What it rents.
    fn rentals(&self) -> &dyn Rentals {
        &NoRentals
    }

    /// The mail addresses it sells.
    fn mail(&self) -> &dyn Mailboxes {
        &NoMailboxes
    }

    /// Buys a partner product. The fault's effect says whether it may have been bought after all. One that
    /// does not exist is [`NoStock`](FaultKind::NoStock).
    async fn buy_product(&self, cx: &Cx, number: ProductNumber) -> Result<BoughtProduct, Fault> {
        let _ = (cx, number);
        Err(Fault::unsupported(Capability::Partner))
    }

    /// What there is to know of an activation.
    async fn poll(&self, cx: &Cx, activation: &Activation) -> Result<Progress, Fault> {
        let _ = (cx, activation);
        Err(Fault::unsupported(Capability::Poll))
    }

    /// What there is to know of an activation, and the upstream's own `getStatusV2` answer.
    async fn poll_v2(&self, cx: &Cx, activation: &Activation) -> Result<(Progress, Value), Fault> {
        let _ = (cx, activation);
        Err(Fault::unsupported(Capability::StatusV2))
    }

    /// The full text of the newest message, where `poll` gives the code only.
    async fn full_text(&self, cx: &Cx, activation: &Activation) -> Result<Option<String>, Fault> {
        let _ = (cx, activation);
        Err(Fault::unsupported(Capability::FullText))
    }

    /// Every message of an activation, oldest first, where `poll` shows the newest only.
    async fn messages(&self, cx: &Cx, activation: &Activation) -> Result<Vec<Sms>, Fault> {
        let _ = (cx, activation);
        Err(Fault::unsupported(Capability::Messages))
    }

    /// Tells the upstream one step of an activation's life, and the number to forward to where the
    /// client named one. `Ok` means that it agreed, or that it has no notion of this step and nothing
    /// needs to be told.
    async fn tell(
        &self,
        cx: &Cx,
        activation: &Activation,
        step: Step,
        forward: Option<&Phone>,
    ) -> Result<(), Fault> {
        let _ = (cx, activation, step, forward);
        Err(Fault::unsupported(Capability::Tell))
    }

    /// Every activation of the account that lives, whoever bought it. A list of which a row cannot be told from
    /// the others is a fault: what is not in it would be taken for what there is not.
    async fn held(&self, cx: &Cx) -> Result<Vec<Held>, Fault> {
        let _ = cx;
        Err(Fault::unsupported(Capability::Holdings))
    }

    /// Passes on, word for word, an action that this server does not know.
    async fn relay(&self, cx: &Cx, params: &[(String, String)]) -> Result<Relayed, Fault> {
        let _ = (cx, params);
        Err(Fault::unsupported(Capability::Relay))
    }

    /// Passes on an action that only asks, and that this server can also answer from other lists. Where the
    /// upstream has no such action, [`FaultKind::Unsupported`].
    async fn relay_list(&self, cx: &Cx, params: &[(String, String)]) -> Result<Value, Fault> {
        let _ = (cx, params);
        Err(Fault::unsupported(Capability::Relay))
    }

    /// Its calls, if it has any.
    fn calls(&self) -> Option<&dyn Calls> {
        None
    }

    /// Whether this service, by its settings, lacks what its kind can do.
    fn lacks(&self, capability: Capability) -> bool {
        let _ = capability;
        false
    }

    /// How long an activation of this service waits for messages, where it is not the usual time.
    fn lifetime_of(&self, service: &Service) -> Option<Duration> {
        let _ = service;
        None
    }
}
