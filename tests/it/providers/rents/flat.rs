//! Where rents are tried: a provider on its stand-in, and the terms on which it rents.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use rust_decimal::Decimal;
use smsbridge::clock::{Clock, MovableClock};
use smsbridge::domain::{
    Activation, ActivationId, Bought, Country, Inbox, Order, Owner, Progress, Rent, RentTerms, Secret,
    Service, Sms, State,
};
use smsbridge::mock::{Lot, Market, Running, Scope, Settings, Special};
use smsbridge::provider::{Capability, Cx, Fault, FaultKind, Provider, RentQuery, Rentals, Spec};

use super::super::stage::{Cast, casts, easy};
use crate::harness::{World, parts};

/// Terms of which each kind has at least one: a service, and hours.
pub const TERMS: [(&str, u32); 2] = [("tg", 4), ("full", 24)];

/// An order for a rented number of Russia.
pub fn order_of(service: &str, hours: u32) -> Order {
    let rent = Some(RentTerms { hours, webhook: Some("https://client.example/hook".into()) });
    Order { rent, ..Order::new(Service::parse(service).unwrap(), Country(0)) }
}

/// Rents on the first terms that there are.
pub async fn rent_somehow(provider: &dyn Provider, cx: &Cx) -> Result<(Order, Bought), Fault> {
    let mut last = None;
    for (service, hours) in TERMS {
        let order = order_of(service, hours);
        match provider.rentals().rent(cx, &order).await {
            Ok(bought) => return Ok((order, bought)),
            Err(fault) if matches!(fault.kind, FaultKind::WrongHours | FaultKind::UnknownService) => {
                last = Some(fault);
            }
            Err(fault) => return Err(fault),
        }
    }
    Err(last.unwrap())
}

/// What was rented, as it is kept.
pub fn as_rent(order: &Order, bought: Bought, clock: &MovableClock) -> Activation {
    let hours = order.rent.as_ref().unwrap().hours;
    Activation {
        id: ActivationId::new(7).unwrap(),
        owner: Owner("*".into()),
        provider: "main".into(),
        upstream_id: bought.upstream_id,
        phone: bought.phone,
        service: order.service.clone(),
        country: order.country,
        operator: None,
        price: bought.price,
        bought_at: clock.now(),
        expires_at: bought.expires_at.unwrap(),
        state: State::Waiting,
        asked_at: 0,
        messages: Vec::new(),
        extra: bought.extra,
        rent: Some(Rent { hours, webhook: None, prolongs: None }),
        unwanted: false,
    }
}

/// A provider that rents, on its stand-in.
pub struct Flat {
    pub spec: &'static Spec,
    pub quirks: Vec<&'static str>,
    pub upstream: Running,
    pub clock: Arc<MovableClock>,
    pub cx: Cx,
    pub service: &'static str,
    pub hours: u32,
    provider: Arc<dyn Provider>,
    mapped: (String, String),
}

impl Flat {
    async fn new(cast: Cast, market: Settings) -> Self {
        let Cast { spec, stand_in, quirks } = cast;
        let clock = MovableClock::standing();
        let upstream = World::stand_in(stand_in, &quirks, market, &clock).await;
        let toml = World::toml(stand_in, &quirks, &upstream, "rate_limit = \"off\"");
        let provider = (spec.build)(parts(spec, &toml, clock.clone())).unwrap();
        let (service, hours) = if spec.kind == "smsak" { TERMS[1] } else { TERMS[0] };
        let codes = spec.codes();
        let theirs = codes.services(&Service::parse(service).unwrap()).first().cloned();
        let mapped =
            (codes.country(Country(0)).unwrap().into_owned(), theirs.unwrap_or_else(|| service.into()));
        let cx = Cx::new(Secret::new("mock-key"));
        let flat = Self { spec, quirks, upstream, clock, cx, service, hours, provider, mapped };
        flat.market().set_stock(&flat.mapped.0, &flat.mapped.1, 100);
        flat
    }

    pub fn rentals(&self) -> &dyn Rentals {
        self.provider.rentals()
    }

    pub fn market(&self) -> &Arc<Market> {
        self.upstream.market()
    }

    pub fn can(&self, capability: Capability) -> bool {
        self.spec.can(capability)
    }

    /// Whether a rented number can be given back at all.
    pub fn takes_back(&self) -> bool {
        self.spec.kind != "smsak"
    }

    pub fn charged(&self) -> Decimal {
        self.market().totals().charged
    }

    pub fn order(&self) -> Order {
        order_of(self.service, self.hours)
    }

    pub fn query(&self) -> RentQuery {
        RentQuery { country: Country(0), operators: Vec::new(), hours: self.hours, incoming_call: false }
    }

    pub fn sell_out(&self) {
        self.market().set_stock(&self.mapped.0, &self.mapped.1, 0);
    }

    /// From now on no message comes by itself.
    pub fn silence(&self) {
        self.market().declare(Scope::Country(self.mapped.0.clone()), Special::NoMessage);
    }

    pub async fn rent(&self) -> Activation {
        let order = self.order();
        let rent = as_rent(&order, self.rentals().rent(&self.cx, &order).await.unwrap(), &self.clock);
        self.rentals().begin(&self.cx, &rent).await;
        rent
    }

    pub fn last_lot(&self) -> Lot {
        self.market().lots().pop().unwrap()
    }

    pub fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// The messages there are, which the rent remembers.
    pub async fn look(&self, rent: &mut Activation) -> Vec<Sms> {
        match self.rentals().messages(&self.cx, rent).await.unwrap() {
            Progress::Waiting => Vec::new(),
            Progress::Received(Inbox::All(all)) => {
                rent.messages.clone_from(&all);
                all
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Holds `test` against every kind that rents and has a stand-in; at the end of each nothing was asked that its
/// document does not allow.
pub async fn in_every_flat(test: impl AsyncFn(&Flat)) {
    on_market(easy(), test).await;
}

/// The same on a market of the test's own.
pub async fn on_market(market: Settings, test: impl AsyncFn(&Flat)) {
    let rents = |cast: &Cast| cast.spec.can(Capability::Rent) && !cast.spec.in_process;
    let mut flats = 0;
    for cast in casts().into_iter().filter(rents) {
        flats += 1;
        let flat = Flat::new(cast, market.clone()).await;
        let name = format!("{} with {:?}", flat.spec.kind, flat.quirks);
        if let Err(reason) = AssertUnwindSafe(test(&flat)).catch_unwind().await {
            let text = reason.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| reason.downcast_ref::<&str>().copied());
            panic!("on {name}: {}", text.unwrap_or("failed"));
        }
        assert_eq!(flat.upstream.violations(), Vec::<String>::new(), "{name}");
        let totals = flat.market().totals();
        assert_eq!(totals.charged, totals.credited - totals.balance, "{name}");
    }
    assert!(flats > 10, "{flats}");
}
