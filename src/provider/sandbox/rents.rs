//! The sandbox as one that rents: every service and whole numbers, by hours, with a few messages on the way.
//! Knows no network.

use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::restored::sms_of;
use super::sales::fault_of_buying;
use super::{Sandbox, fault_of_step};
use crate::catalog::ServiceEntry;
use crate::domain::{
    Activation, Bought, Extra, Held, Inbox, Money, Offer, Operator, Order, Phone, Progress, Service,
};
use crate::mock::{BuyError, Lot, LotState, StepError, Want};
use crate::provider::{Cx, Ending, Fault, FaultKind, RentOffers, RentQuery, Rentals};

/// The most hours that a rent has before it, as at sms-activate.
const MOST_HOURS: u32 = 1344;

/// How many messages come to a rented number, each some time after the one before was read.
const MESSAGES: usize = 3;

/// For how long after its end a number can still be rented again.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What a whole number costs, in prices of a single service.
const WHOLE: u32 = 3;

/// What hours cost in prices of an activation.
fn times(hours: u32) -> Decimal {
    Decimal::from(2 + hours / 12)
}

fn time_of(hours: u32) -> Duration {
    Duration::from_secs(u64::from(hours) * 3600)
}

impl Sandbox {
    fn rental(&self, country: &str, service: &Service, hours: u32) -> Decimal {
        let whole = self.catalog.service(service).is_some_and(ServiceEntry::is_rent_only);
        let of = if whole { WHOLE } else { 1 };
        self.market.quote(country, service.as_str(), &[]).price * times(hours) * Decimal::from(of)
    }

    /// The lot of a rent, with another message on its way if more are to come.
    fn rented(&self, rent: &Activation) -> Option<Lot> {
        let lot = self.lot(rent)?;
        let more = lot.state == LotState::Received && lot.messages.len() < MESSAGES;
        if more { self.market.another(&lot.id).ok() } else { Some(lot) }
    }

    fn sold(&self, lot: Lot, price: Decimal) -> Result<Bought, Fault> {
        let phone = Phone::parse(&lot.phone);
        Ok(Bought {
            phone: phone.map_err(|error| Fault::new(FaultKind::Malformed, error.to_string()).in_doubt())?,
            upstream_id: lot.id,
            price: Some(self.money(price)),
            operator: lot.operator.and_then(|name| Operator::parse(&name).ok()),
            expires_at: Some(lot.expires_at),
            extra: Extra::new(),
        })
    }

    /// Rents the number of a rent that has ended once more.
    fn rent_again(&self, ended: &Activation, hours: u32) -> Result<Bought, Fault> {
        let kept_until = ended.expires_at.saturating_add(KEPT).unwrap_or(Timestamp::MAX);
        if self.market.now() >= kept_until {
            return Err(over("the number of this rent has been given away"));
        }
        let country = ended.country.to_string();
        let price = self.rental(&country, &ended.service, hours);
        let want = Want {
            phone: Some(ended.phone.digits().to_owned()),
            rental: Some(price),
            lifetime: Some(time_of(hours)),
            ..Want::new(&country, ended.service.as_str())
        };
        match self.market.buy(want) {
            Ok(lot) => self.sold(lot, price),
            Err(BuyError::NoStock) => Err(over("the number of this rent has been given away")),
            Err(error) => Err(fault_of_buying(error)),
        }
    }

    /// Refuses more hours than a rent can still get.
    fn room(&self, rent: &Activation, hours: u32) -> Result<(), Fault> {
        let left = rent.expires_at.duration_since(self.market.now()).as_hours();
        let left = if rent.state.is_final() { 0 } else { u32::try_from(left).unwrap_or(0) };
        let max = MOST_HOURS.saturating_sub(left);
        if hours <= max {
            return Ok(());
        }
        let detail = format!("sandbox: this rent can get {max} hours more");
        Err(Fault::new(FaultKind::TooManyHours(max), detail))
    }
}

fn was_prolonged(rent: &Activation) -> bool {
    let hours = rent.rent.as_ref().map_or(0, |terms| terms.hours);
    rent.expires_at.duration_since(rent.bought_at) > SignedDuration::from_hours(i64::from(hours))
}

fn over(detail: &str) -> Fault {
    Fault::new(FaultKind::RentOver, format!("sandbox: {detail}"))
}

fn no_calls() -> Fault {
    Fault::new(FaultKind::NoStock, "sandbox: none of its rented numbers takes calls")
}

#[async_trait]
impl Rentals for Sandbox {
    async fn offers(&self, _: &Cx, query: &RentQuery) -> Result<RentOffers, Fault> {
        self.known(query.country)?;
        if query.incoming_call {
            return Err(no_calls());
        }
        let country = query.country.to_string();
        let operators: Vec<_> = query.operators.iter().map(|operator| operator.as_str().to_owned()).collect();
        let offer = |entry: &ServiceEntry| Offer {
            price: self.money(self.rental(&country, &entry.code, query.hours)),
            ..self.offer(&entry.code, query.country, &operators)
        };
        Ok(RentOffers {
            countries: self.catalog.countries().iter().map(|entry| entry.id).collect(),
            operators: self.catalog.operators(query.country).to_vec(),
            services: self.catalog.services().iter().map(offer).collect(),
        })
    }

    async fn rent(&self, _: &Cx, order: &Order) -> Result<Bought, Fault> {
        self.known(order.country)?;
        if order.verification {
            return Err(no_calls());
        }
        let hours = order.rent.as_ref().map_or(0, |terms| terms.hours);
        let country = order.country.to_string();
        let price = self.rental(&country, &order.service, hours);
        let want = Want {
            operators: order.operators.iter().map(|operator| operator.as_str().to_owned()).collect(),
            rental: Some(price),
            lifetime: Some(time_of(hours)),
            ..Want::new(&country, order.service.as_str())
        };
        self.sold(self.market.buy(want).map_err(fault_of_buying)?, price)
    }

    async fn held(&self, _: &Cx) -> Result<Vec<Held>, Fault> {
        Ok(self.living(true))
    }

    async fn messages(&self, _: &Cx, rent: &Activation) -> Result<Progress, Fault> {
        let Some(lot) = self.rented(rent) else { return Ok(Progress::Gone) };
        Ok(match lot.state {
            LotState::Cancelled => Progress::Cancelled,
            _ if !lot.messages.is_empty() => {
                Progress::Received(Inbox::All(lot.messages.into_iter().map(sms_of).collect()))
            }
            LotState::Expired | LotState::Finished => Progress::Gone,
            _ => Progress::Waiting,
        })
    }

    async fn end(&self, _: &Cx, rent: &Activation, ending: Ending) -> Result<(), Fault> {
        if ending == Ending::Cancel && was_prolonged(rent) {
            let detail = "sandbox: what was bought for it afterwards is not refunded";
            return Err(Fault::new(FaultKind::BadStatus, detail));
        }
        let lot = self.lot(rent).ok_or(StepError::Unknown);
        let ended = lot.and_then(|lot| match ending {
            Ending::Finish => self.market.vacate(&lot.id),
            Ending::Cancel => self.market.evict(&lot.id),
        });
        ended.map(drop).map_err(fault_of_step)
    }

    async fn price_of_more(&self, _: &Cx, rent: &Activation, hours: u32) -> Result<Money, Fault> {
        self.room(rent, hours)?;
        Ok(self.money(self.rental(&rent.country.to_string(), &rent.service, hours)))
    }

    async fn prolong(&self, _: &Cx, rent: &Activation, hours: u32) -> Result<Bought, Fault> {
        self.room(rent, hours)?;
        let lot = match self.lot(rent).filter(Lot::is_active) {
            Some(lot) => lot,
            None => return self.rent_again(rent, hours),
        };
        let price = self.rental(&lot.country, &rent.service, hours);
        let lot = self.market.prolong(&lot.id, time_of(hours), price).map_err(fault_of_buying)?;
        self.sold(lot, price)
    }
}
