//! How SMSAK rents numbers: whole ones, for the days of a tariff of their country, with no way back. Maps our
//! questions onto its calls; knows no ids, limits or retries of ours.
//!
//! | ours | theirs | source (`api/smsak.txt`, "API for renting numbers") |
//! |---|---|---|
//! | offers | `getfullnumbers` and `getalltarifs` | getfullnumbers, getalltarifs |
//! | rent | `getfullnumber` between two `getallfullnumbers` | getfullnumber, which has no example |
//! | held | `getallfullnumbers` | getallfullnumbers |
//! | begin | `send-enable-sim` | send-enable-sim |
//! | messages | `getallsmsofnumber`, and now and then `send-enable-sim` | getallsmsofnumber, send-enable-sim |
//! | finish | no call | `UPSTREAMS.md` section 6, "Rent" |
//! | cancel | refused: nothing there takes a rent back | `UPSTREAMS.md` section 2 |
//! | price of more | `getalltarifs` | getalltarifs |
//! | prolong | `rebuynumber`, then `getallfullnumbers` | rebuynumber, which has no example |

mod purchase;
mod rows;
mod sims;

use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use super::{Smsak, beforehand, wire};
use crate::domain::{
    Activation, Bought, Country, Extra, Held, Inbox, Money, Offer, Order, Progress, Service,
};
use crate::provider::http::Purpose;
use crate::provider::{Capability, Cx, Ending, Fault, FaultKind, RentOffers, RentQuery, Rentals};
use purchase::Terms;
use rows::{Rented, Tariff};

/// The dialect's code for a number as a whole.
const WHOLE: &str = "full";

/// How long a purchase waits for its number to be switched on.
const PATIENCE: Duration = Duration::from_secs(3);

/// What renting has to remember.
#[derive(Debug, Default)]
pub(super) struct Renting {
    /// One purchase at a time: each is told from the others by the list before and after it.
    one_at_a_time: tokio::sync::Mutex<()>,
    sims: sims::Sims,
}

impl Smsak {
    /// The tariffs of all countries.
    async fn tariffs(&self, cx: &Cx, purpose: Purpose) -> Result<Vec<Tariff>, Fault> {
        rows::tariffs(&self.list(cx, purpose, "getalltarifs", &[]).await?)
    }

    /// The tariff of a country for so many hours.
    async fn tariff(&self, cx: &Cx, country: Country, hours: u32) -> Result<Tariff, Fault> {
        let code = self.place(country, None)?;
        fitting(self.tariffs(cx, Purpose::Ahead).await.map_err(beforehand)?, &code, hours)
    }

    async fn rented(&self, cx: &Cx) -> Result<Vec<Rented>, Fault> {
        rows::all_rented(&self.list(cx, Purpose::Ahead, "getallfullnumbers", &[]).await?)
    }

    /// The row of a rent that goes on; one that is in the list no more is over.
    async fn rented_now(&self, cx: &Cx, rent: &Activation) -> Result<Rented, Fault> {
        let all = self.rented(cx).await.map_err(beforehand)?;
        let row = all.into_iter().find(|row| row.id == rent.upstream_id);
        row.ok_or_else(|| Fault::new(FaultKind::RentOver, "SMSAK no longer lists this rent"))
    }

    fn price(&self, tariff: &Tariff) -> Money {
        Money { amount: tariff.cost, currency: self.currency }
    }

    /// Puts a number into the network, if that is due: 1 is a request that was sent, 2 an earlier one under way,
    /// 0 an error. Whatever comes of it, the number is rented and its messages can be asked for.
    async fn switch_on(&self, cx: &Cx, id: &str) {
        if !self.renting.sims.is_due(id, self.clock.elapsed()) {
            return;
        }
        let answer = self.call(cx, Purpose::Act, "send-enable-sim", &[("id", id)]).await;
        let answer = answer.and_then(|answer| wire::bare(&answer, wire::unknown_activation));
        if !answer.is_ok_and(|answer| ["1", "2"].contains(&answer.as_str())) {
            self.renting.sims.failed(id, self.clock.elapsed());
        }
    }

    /// The same for a number that was just rented, whose purchase waits to be written down: what takes long is left
    /// to a later look for messages.
    async fn switch_on_quickly(&self, cx: &Cx, id: &str) {
        if tokio::time::timeout(PATIENCE, self.switch_on(cx, id)).await.is_err() {
            self.renting.sims.failed(id, self.clock.elapsed());
        }
    }

    /// Rents a number between two looks at what is rented, alone.
    async fn rent_at(&self, cx: &Cx, tariff: &Tariff, terms: Terms) -> Result<Bought, Fault> {
        let _alone = self.renting.one_at_a_time.lock().await;
        let before = self.rented(cx).await.map_err(beforehand)?;
        let query = [("code", tariff.code.as_str()), ("tarif", tariff.id.as_str())];
        let answer = self.buying(cx, "getfullnumber", &query).await?;
        if let Some(bought) = purchase::shown(&answer, &before, terms) {
            return Ok(bought);
        }
        let after = self.rented(cx).await.map_err(Fault::in_doubt)?;
        purchase::found(&answer, &before, after, terms)
    }

    async fn buying(&self, cx: &Cx, method: &str, query: &[(&str, &str)]) -> Result<Value, Fault> {
        wire::json(&self.call(cx, Purpose::Act, method, query).await?, wire::undocumented)
    }
}

/// The tariff of a country for so many hours, which are its days.
fn fitting(tariffs: Vec<Tariff>, code: &str, hours: u32) -> Result<Tariff, Fault> {
    let mut there = tariffs.into_iter().filter(|tariff| tariff.code == code).peekable();
    if there.peek().is_none() {
        return Err(Fault::new(FaultKind::UnknownCountry, format!("SMSAK has no tariff for {code:.8}")));
    }
    let found = there.find(|tariff| tariff.days.checked_mul(24) == Some(u64::from(hours)));
    found.ok_or_else(|| Fault::new(FaultKind::WrongHours, "SMSAK has no tariff of so many days there"))
}

#[async_trait]
impl Rentals for Smsak {
    async fn offers(&self, cx: &Cx, query: &RentQuery) -> Result<RentOffers, Fault> {
        if query.incoming_call {
            return Err(Fault::unsupported(Capability::Verification));
        }
        let code = self.place(query.country, query.operators.first())?;
        let stock = rows::stock(&self.list(cx, Purpose::List, "getfullnumbers", &[]).await?)?;
        let tariffs = self.tariffs(cx, Purpose::List).await?;
        let mut countries: Vec<_> =
            tariffs.iter().filter_map(|tariff| self.mapping.country_of(&tariff.code)).collect();
        countries.sort_unstable();
        countries.dedup();
        let tariff = fitting(tariffs, &code, query.hours)?;
        // A country that is not in the list has none on offer.
        let count = stock.get(code.as_ref()).copied();
        let offer = |(service, count)| Offer {
            service,
            country: query.country,
            price: self.price(&tariff),
            count,
            extra: Extra::new(),
        };
        let services = Service::parse(WHOLE).ok().zip(count).map(offer).into_iter().collect();
        Ok(RentOffers { countries, operators: Vec::new(), services })
    }

    /// `tarif` is the tariff of as many days. What was charged is what that costs.
    async fn rent(&self, cx: &Cx, order: &Order) -> Result<Bought, Fault> {
        if order.verification {
            return Err(Fault::unsupported(Capability::Verification));
        }
        if order.service.as_str() != WHOLE {
            return Err(Fault::new(
                FaultKind::UnknownService,
                "SMSAK rents whole numbers only: service full",
            ));
        }
        self.place(order.country, order.operators.first())?;
        let hours = order.rent.as_ref().map_or(0, |terms| terms.hours);
        let tariff = self.tariff(cx, order.country, hours).await?;
        let length = Duration::from_secs(u64::from(hours) * 3600);
        let now = self.clock.now();
        let terms = Terms { price: self.price(&tariff), until: now.saturating_add(length).unwrap_or(now) };
        self.rent_at(cx, &tariff, terms).await
    }

    async fn held(&self, cx: &Cx) -> Result<Vec<Held>, Fault> {
        Ok(self.rented(cx).await?.into_iter().map(Rented::held).collect())
    }

    async fn begin(&self, cx: &Cx, rent: &Activation) {
        self.switch_on_quickly(cx, &rent.upstream_id).await;
    }

    async fn messages(&self, cx: &Cx, rent: &Activation) -> Result<Progress, Fault> {
        if rent.is_active(self.clock.now()) {
            self.switch_on(cx, &rent.upstream_id).await;
        }
        // The plus sign belongs to the number; in the query it is percent-encoded.
        let phone = format!("+{}", rent.phone.digits());
        let answer = self.call(cx, Purpose::Poll, "getallsmsofnumber", &[("phone", &phone)]).await?;
        match wire::json(&answer, wire::unknown_activation) {
            Ok(answer) => Ok(match rows::messages(&answer, self.clock.now())? {
                none if none.is_empty() => Progress::Waiting,
                all => Progress::Received(Inbox::All(all)),
            }),
            Err(fault) if fault.kind == FaultKind::UnknownActivation => Ok(Progress::Gone),
            Err(fault) => Err(fault),
        }
    }

    async fn end(&self, _: &Cx, _: &Activation, ending: Ending) -> Result<(), Fault> {
        match ending {
            // It is paid for until its tariff's end.
            Ending::Finish => Ok(()),
            Ending::Cancel => Err(Fault::new(FaultKind::BadStatus, "SMSAK takes no rented number back")),
        }
    }

    async fn price_of_more(&self, cx: &Cx, rent: &Activation, hours: u32) -> Result<Money, Fault> {
        Ok(self.price(&self.tariff(cx, rent.country, hours).await?))
    }

    async fn prolong(&self, cx: &Cx, rent: &Activation, hours: u32) -> Result<Bought, Fault> {
        let tariff = self.tariff(cx, rent.country, hours).await?;
        let price = self.price(&tariff);
        let _alone = self.renting.one_at_a_time.lock().await;
        let before = self.rented_now(cx, rent).await?;
        let query = [("id", rent.upstream_id.as_str()), ("tarif", tariff.id.as_str())];
        let answer = self.buying(cx, "rebuynumber", &query).await?;
        let doubt = |what: &str| wire::malformed(what).in_doubt();
        let after = match rows::rented(&answer) {
            Some(row) => Some(row),
            None if read_as_one(&answer) => {
                let all = self.rented(cx).await.map_err(Fault::in_doubt)?;
                all.into_iter().find(|row| row.id == rent.upstream_id)
            }
            None => return Err(doubt("rebuynumber answered neither a rented number nor 1")),
        };
        after
            .and_then(|row| purchase::prolonged(row, &before, &rent.phone, price))
            .ok_or_else(|| doubt("after rebuynumber the rent does not end later than before"))
    }
}

/// The bare `1` by which it agrees elsewhere.
fn read_as_one(answer: &Value) -> bool {
    answer.as_u64() == Some(1) || answer.as_str() == Some("1")
}
