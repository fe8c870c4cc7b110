//! The sandbox: a provider without an upstream, an account or a bill. A seeded market in this process
//! sells every service of the catalog in every country, and sends a code some seconds later. Knows no
//! network.
//!
//! Some services and countries always end badly, so that software can rehearse it: see [`SPECIALS`].

mod calls;
mod dialling;
mod held;
mod mail;
mod rents;
mod restored;
mod sales;
mod specials;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rust_decimal::Decimal;
use tokio::task::yield_now;

use super::{
    Calls, Capability, Cx, Fault, FaultKind, Mailboxes, OptionKey, OptionKind, Parts, Provider, Rentals, Spec,
};
use crate::catalog::{Catalog, CountryEntry, Mapping};
use crate::domain::{
    Activation, Bought, BoughtProduct, Country, Currency, Extra, Held, Inbox, Money, Offer, Operator, Order,
    Phone, ProductNumber, Progress, Service, Sms, Step,
};
use crate::mock::{LotState, Market, Place, Scope, Settings, StepError};
use restored::sms_of;
pub use specials::{Ending, SPECIALS};

/// What is fixed about the sandbox.
pub static SPEC: Spec = Spec {
    kind: "sandbox",
    summary: "a market inside this process: no account, no money",
    capabilities: &[
        Capability::Balance,
        Capability::Offers,
        Capability::Market,
        Capability::Quote,
        Capability::Buy,
        Capability::Operator,
        Capability::BuyDetailed,
        Capability::OperatorList,
        Capability::MaxPrice,
        Capability::PhoneException,
        Capability::Verification,
        Capability::CallPrices,
        Capability::Calls,
        Capability::Forward,
        Capability::MultiService,
        Capability::ExtraActivation,
        Capability::AdditionalService,
        Capability::Rent,
        Capability::RentOffers,
        Capability::RentContinue,
        Capability::Mail,
        Capability::Partner,
        Capability::Poll,
        Capability::FullText,
        Capability::Messages,
        Capability::Tell,
        Capability::Holdings,
        Capability::RentHoldings,
    ],
    speaks_dialect: false,
    in_process: true,
    needs_key: false,
    base_urls: &[],
    path: None,
    currency: Currency::RUB,
    lifetime: Duration::from_secs(20 * 60),
    expiry_refunds: true,
    options: &[
        OptionKey {
            name: "sms_delay",
            kind: OptionKind::Duration,
            default: "5s",
            doc: "how long after the order, and after another was asked for, a message comes",
        },
        OptionKey {
            name: "balance",
            kind: OptionKind::Amount,
            default: "1000.00",
            doc: "the balance at the start, in the currency of the account",
        },
        OptionKey {
            name: "early_cancel",
            kind: OptionKind::Duration,
            default: "0s",
            doc: "how long after the order cancelling is denied; sms-activate's own was 2m",
        },
        OptionKey {
            name: "seed",
            kind: OptionKind::Integer,
            default: "1",
            doc: "where prices, stock, numbers and codes come from",
        },
    ],
    variants: None,
    counterpart: None,
    mapping: Mapping::identity,
    build,
};

struct Sandbox {
    market: Arc<Market>,
    currency: Currency,
    catalog: &'static Catalog,
    switchboard: calls::Switchboard,
}

fn build(parts: Parts) -> Result<Arc<dyn Provider>, String> {
    let settings = Settings {
        balance: parts.options.amount("balance").unwrap_or_default(),
        sms_delay: parts.options.duration("sms_delay"),
        lifetime: SPEC.lifetime,
        early_cancel: Some(parts.options.duration("early_cancel")),
        seed: parts.options.integer("seed").unwrap_or_default(),
    };
    let catalog = parts.catalog;
    // Ids of an earlier run must not be met again, so they carry the time of this one's start.
    let started = parts.clock.now().as_millisecond();
    let naming = move |_, nth: u64| format!("{started}-{nth}");
    let places = places(catalog);
    let place = move |country: &str| places.get(country).cloned().unwrap_or_default();
    let market = Market::new(settings, parts.clock, naming, place);
    for (code, ending) in SPECIALS {
        let is_country = code.bytes().all(|b| b.is_ascii_digit());
        let code = (*code).to_owned();
        let scope = if is_country { Scope::Country(code) } else { Scope::Service(code) };
        market.declare(scope, ending.special());
    }
    let switchboard = calls::Switchboard::default();
    Ok(Arc::new(Sandbox { market, currency: parts.currency, catalog, switchboard }))
}

/// How numbers look in each country, and its operators, by the country's number.
fn places(catalog: &Catalog) -> HashMap<String, Place> {
    let place = |entry: &CountryEntry| {
        let (prefix, digits) = dialling::of(&entry.iso2).unwrap_or(("999", 9));
        let operators = catalog.operators(entry.id).iter().map(|operator| operator.as_str().to_owned());
        let place = Place {
            prefix: prefix.to_owned(),
            length: prefix.len() + digits,
            operators: operators.collect(),
        };
        (entry.id.to_string(), place)
    };
    catalog.countries().iter().map(place).collect()
}

impl Sandbox {
    fn money(&self, amount: Decimal) -> Money {
        Money { amount, currency: self.currency }
    }

    fn offer(&self, service: &Service, country: Country, operators: &[String]) -> Offer {
        let quote = self.market.quote(&country.to_string(), service.as_str(), operators);
        Offer {
            service: service.clone(),
            country,
            price: self.money(quote.price),
            count: quote.count,
            extra: Extra::new(),
        }
    }

    fn assortment(&self) -> impl Iterator<Item = &'static Service> {
        self.catalog.services().iter().filter(|entry| !entry.is_rent_only()).map(|entry| &entry.code)
    }

    fn known(&self, country: Country) -> Result<(), Fault> {
        match self.catalog.country(country) {
            Some(_) => Ok(()),
            None => Err(Fault::new(FaultKind::UnknownCountry, format!("there is no country {country}"))),
        }
    }
}

#[async_trait]
impl Provider for Sandbox {
    async fn balance(&self, _: &Cx) -> Result<Money, Fault> {
        Ok(self.money(self.market.balance()))
    }

    async fn offers(
        &self,
        _: &Cx,
        country: Country,
        operator: Option<&Operator>,
    ) -> Result<Vec<Offer>, Fault> {
        self.known(country)?;
        let operators: Vec<_> = operator.iter().map(|operator| operator.as_str().to_owned()).collect();
        Ok(self.assortment().map(|service| self.offer(service, country, &operators)).collect())
    }

    async fn market(
        &self,
        _: &Cx,
        service: Option<&Service>,
        country: Option<Country>,
    ) -> Result<Vec<Offer>, Fault> {
        let countries = self.catalog.countries().iter().map(|entry| entry.id);
        let countries: Vec<_> = countries.filter(|id| country.is_none_or(|country| country == *id)).collect();
        let services: Vec<_> =
            self.assortment().filter(|code| service.is_none_or(|service| service == *code)).collect();
        let mut offers = Vec::with_capacity(countries.len() * services.len());
        for country in countries {
            offers.extend(services.iter().map(|service| self.offer(service, country, &[])));
            // All services take long, one does not; others are to be answered meanwhile.
            if service.is_none() {
                yield_now().await;
            }
        }
        Ok(offers)
    }

    /// A number that is called costs what any other does.
    async fn call_prices(&self, cx: &Cx, service: Option<&Service>) -> Result<Vec<Offer>, Fault> {
        self.market(cx, service, None).await
    }

    async fn quote(
        &self,
        _: &Cx,
        service: &Service,
        country: Country,
        operator: Option<&Operator>,
    ) -> Result<Offer, Fault> {
        self.known(country)?;
        let operators: Vec<_> = operator.iter().map(|operator| operator.as_str().to_owned()).collect();
        Ok(self.offer(service, country, &operators))
    }

    async fn buy(&self, _: &Cx, order: &Order) -> Result<Bought, Fault> {
        self.sell(order)
    }

    async fn buy_together(&self, _: &Cx, orders: &[Order]) -> Result<Vec<Bought>, Fault> {
        self.sell_together(orders)
    }

    async fn buy_again(&self, _: &Cx, parent: &Activation) -> Result<Bought, Fault> {
        self.sell_again(parent)
    }

    async fn price_again(&self, _: &Cx, parent: &Activation) -> Result<Money, Fault> {
        self.price_of_more(parent)
    }

    async fn buy_additional(&self, _: &Cx, parent: &Activation, service: &Service) -> Result<Bought, Fault> {
        self.sell_additional(parent, service)
    }

    fn mail(&self) -> &dyn Mailboxes {
        self
    }

    async fn buy_product(&self, _: &Cx, number: ProductNumber) -> Result<BoughtProduct, Fault> {
        self.product(number)
    }

    async fn poll(&self, _: &Cx, activation: &Activation) -> Result<Progress, Fault> {
        let Some(lot) = self.lot(activation) else { return Ok(Progress::Gone) };
        Ok(match lot.state {
            LotState::Cancelled => Progress::Cancelled,
            LotState::Expired => Progress::Gone,
            LotState::Resend => Progress::Resend,
            _ if lot.messages.is_empty() => Progress::Waiting,
            _ => Progress::Received(Inbox::All(lot.messages.into_iter().map(sms_of).collect())),
        })
    }

    async fn held(&self, _: &Cx) -> Result<Vec<Held>, Fault> {
        Ok(self.living(false))
    }

    fn rentals(&self) -> &dyn Rentals {
        self
    }

    async fn full_text(&self, _: &Cx, activation: &Activation) -> Result<Option<String>, Fault> {
        Ok(self.lot(activation).and_then(|lot| lot.last().map(|message| message.text.clone())))
    }

    async fn messages(&self, _: &Cx, activation: &Activation) -> Result<Vec<Sms>, Fault> {
        let messages = self.lot(activation).map_or_else(Vec::new, |lot| lot.messages);
        Ok(messages.into_iter().map(sms_of).collect())
    }

    fn calls(&self) -> Option<&dyn Calls> {
        Some(self)
    }

    async fn tell(
        &self,
        _: &Cx,
        activation: &Activation,
        step: Step,
        forward: Option<&Phone>,
    ) -> Result<(), Fault> {
        let Some(lot) = self.lot(activation) else {
            return Err(Fault::new(FaultKind::UnknownActivation, "the sandbox has no such number"));
        };
        if forward.is_some() && !lot.forwards {
            return Err(Fault::new(FaultKind::BadStatus, "sandbox: this number does not forward"));
        }
        let told = match step {
            Step::Ready => self.market.ready(&lot.id),
            Step::Another => self.market.another(&lot.id),
            Step::Resent => self.market.resent(&lot.id),
            Step::Finish => self.market.finish(&lot.id),
            Step::Reject | Step::Cancel => self.market.cancel(&lot.id),
        };
        told.map(|_| ()).map_err(fault_of_step)
    }
}

fn fault_of_step(error: StepError) -> Fault {
    let kind = match error {
        StepError::Unknown | StepError::Over => FaultKind::UnknownActivation,
        StepError::TooEarly => FaultKind::TooEarlyToCancel,
        StepError::NoMessage | StepError::HasMessage | StepError::NotHeld => FaultKind::BadStatus,
    };
    Fault::new(kind, format!("sandbox: {error}"))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::clock::SystemClock;
    use crate::domain::Secret;

    #[test]
    fn every_special_is_in_the_catalog_and_every_country_can_be_dialled() {
        let catalog = Catalog::builtin();
        for (code, _) in SPECIALS {
            let is_service = Service::parse(code).is_ok_and(|service| catalog.service(&service).is_some());
            let is_country = Country::parse(code).is_ok_and(|country| catalog.country(country).is_some());
            assert!(is_service || is_country, "{code}");
        }
        for entry in catalog.countries() {
            assert!(dialling::of(&entry.iso2).is_some(), "{}", entry.iso2);
        }
    }

    #[tokio::test]
    async fn others_are_answered_while_the_complete_list_is_made() {
        let settings = Settings {
            balance: Decimal::ONE,
            sms_delay: Duration::ZERO,
            lifetime: SPEC.lifetime,
            early_cancel: None,
            seed: 1,
        };
        let (clock, catalog) = (SystemClock::new(), Catalog::builtin());
        let market = Market::new(settings, clock, |_, nth| nth.to_string(), |_| Place::default());
        let sandbox =
            Sandbox { market, currency: SPEC.currency, catalog, switchboard: calls::Switchboard::default() };
        let (cx, another) = (Cx::new(Secret::new("k")), Cell::new(false));
        let list = async { (sandbox.market(&cx, None, None).await, another.get()) };
        let (list, ()) = tokio::join!(list, async { another.set(true) });
        assert!(list.0.is_ok_and(|offers| offers.len() > 10_000));
        assert!(list.1, "the other one had to wait for the list");
    }
}
