//! How a compatible service rents numbers: by the dialect's own rent section. Maps our questions onto its actions;
//! knows no ids of ours.
//!
//! | ours | theirs | source (`api/sms-activate.txt`, "API АРЕНДЫ") |
//! |---|---|---|
//! | held | `getRentList` | "Вывести список текущих активаций" |
//! | offers | `getRentServicesAndCountries` | "Запросить доступные страны и сервисы" |
//! | rent | `getRentNumber`, without a webhook | "Заказ номера для Аренды" |
//! | messages | `getRentStatus` | "Получить статус для Аренды" |
//! | finish, cancel | `setRentStatus` 1, 2 | "Изменение статуса для Аренды" |
//! | price of more | `getContinueRentPriceNumber` | "Получить стоимость продления аренды" |
//! | prolong | `continueRentNumber` | "Продлить аренду" |
//!
//! How many hours there are to be had is the service's to say: the document's own examples take 2, 6 and 10.
//! A webhook (`url`) is never passed on: it is the client's, and the service knows other ids than the client.

pub(super) mod shapes;
pub(super) mod words;

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::fold::{self, Body, malformed};
use super::{HandlerApi, ask};
use crate::domain::{Activation, Bought, Held, Inbox, Money, Order, Progress};
use crate::provider::http::Purpose;
use crate::provider::{Capability, Cx, Ending, Fault, FaultKind, RentOffers, RentQuery, Rentals};
use words::Said;

/// What an action of this section answered.
pub(super) enum Heard {
    /// One of its words.
    Word(Said),
    /// Anything else that is no error.
    Body(Body),
}

impl HandlerApi {
    pub(super) async fn hear(
        &self,
        cx: &Cx,
        purpose: Purpose,
        action: &str,
        query: &[(&str, &str)],
    ) -> Result<Heard, Fault> {
        let answer = self.send(cx, purpose, action, query).await?;
        let said = words::said(&answer);
        if let Some(said) = said.filter(|said| words::fault_of(said).is_some() || is_done(said)) {
            return Ok(Heard::Word(said));
        }
        let folded = fold::fold(&answer).map_err(|fault| self.quirks.words.reread(action, fault));
        folded.map(Heard::Body)
    }

    /// The same where a word of the section is a fault.
    async fn ask_of_rent(
        &self,
        cx: &Cx,
        purpose: Purpose,
        part: Capability,
        action: &str,
        query: &[(&str, &str)],
    ) -> Result<Body, Fault> {
        self.quirks.require(part)?;
        match self.hear(cx, purpose, action, query).await.map_err(|fault| ask::lacking(part, fault))? {
            Heard::Body(body) => Ok(body),
            Heard::Word(said) => Err(fault_of(action, &said)),
        }
    }

    fn hours_from_now(&self, hours: u32) -> Option<Timestamp> {
        self.clock.now().saturating_add(Duration::from_secs(u64::from(hours) * 3600)).ok()
    }
}

/// Whether a word says that what is asked for was done before.
fn is_done(said: &Said) -> bool {
    ["ALREADY_FINISH", "ALREADY_CANCEL"].contains(&said.word.as_str())
}

/// What a word means as the answer to an action.
fn fault_of(action: &str, said: &Said) -> Fault {
    let unknown = || malformed(&format!("{action} answered an undocumented word")).in_doubt();
    match words::fault_of(said) {
        Some(fault) => fault,
        None if is_done(said) => Fault::upstream(FaultKind::BadStatus, &said.word),
        None => unknown(),
    }
}

#[async_trait]
impl Rentals for HandlerApi {
    async fn offers(&self, cx: &Cx, query: &RentQuery) -> Result<RentOffers, Fault> {
        if !query.operators.is_empty() && !self.quirks.takes_operator() {
            return Err(Fault::new(FaultKind::UnknownOperator, "this service takes no operator"));
        }
        let (hours, country) = (query.hours.to_string(), query.country.to_string());
        let operators = ask::joined(&query.operators);
        let mut asked = vec![("rent_time", hours.as_str()), ("country", country.as_str())];
        asked.extend(Some(("operator", operators.as_str())).filter(|(_, names)| !names.is_empty()));
        if query.incoming_call {
            self.quirks.require(Capability::Verification)?;
        }
        asked.extend(query.incoming_call.then_some(("incomingCall", "true")));
        let part = Capability::RentOffers;
        let body = self.ask_of_rent(cx, Purpose::List, part, "getRentServicesAndCountries", &asked).await?;
        shapes::offers(&body.json()?, query.country, self.currency)
    }

    async fn rent(&self, cx: &Cx, order: &Order) -> Result<Bought, Fault> {
        self.quirks.require(Capability::Rent)?;
        self.quirks.admit(order)?;
        let hours = order.rent.as_ref().map_or(0, |terms| terms.hours);
        let (text, country) = (hours.to_string(), order.country.to_string());
        let operators = ask::joined(&order.operators);
        let mut asked = vec![
            ("service", order.service.as_str()),
            ("rent_time", text.as_str()),
            ("country", country.as_str()),
        ];
        asked.extend(Some(("operator", operators.as_str())).filter(|(_, names)| !names.is_empty()));
        asked.extend(order.verification.then_some(("incomingCall", "true")));
        let until = self.hours_from_now(hours);
        let body = self.ask_of_rent(cx, Purpose::Act, Capability::Rent, "getRentNumber", &asked).await?;
        shapes::rented(&body.json()?, until)
    }

    async fn held(&self, cx: &Cx) -> Result<Vec<Held>, Fault> {
        self.living_rents(cx).await
    }

    async fn messages(&self, cx: &Cx, rent: &Activation) -> Result<Progress, Fault> {
        self.quirks.require(Capability::Rent)?;
        let query = [("id", rent.upstream_id.as_str())];
        let body = match self.hear(cx, Purpose::Poll, "getRentStatus", &query).await? {
            Heard::Body(body) => body,
            Heard::Word(said) => return state_of(&said),
        };
        Ok(match shapes::messages(&body.json()?, self.clock.now())? {
            none if none.is_empty() => Progress::Waiting,
            all => Progress::Received(Inbox::All(all)),
        })
    }

    async fn end(&self, cx: &Cx, rent: &Activation, ending: Ending) -> Result<(), Fault> {
        self.quirks.require(Capability::Rent)?;
        let (status, done) = match ending {
            Ending::Finish => ("1", "ALREADY_FINISH"),
            Ending::Cancel => ("2", "ALREADY_CANCEL"),
        };
        let query = [("id", rent.upstream_id.as_str()), ("status", status)];
        match self.hear(cx, Purpose::Act, "setRentStatus", &query).await? {
            Heard::Body(Body::Empty) => Ok(()),
            Heard::Body(body) if shapes::is_success(&body.json()?) => Ok(()),
            Heard::Body(_) => Err(malformed("setRentStatus answered no success").in_doubt()),
            // The answer to an earlier request may have been lost.
            Heard::Word(said) if said.word == done => Ok(()),
            Heard::Word(said) => Err(fault_of("setRentStatus", &said)),
        }
    }

    async fn price_of_more(&self, cx: &Cx, rent: &Activation, hours: u32) -> Result<Money, Fault> {
        let (hours, part) = (hours.to_string(), Capability::RentContinue);
        let query = [("id", rent.upstream_id.as_str()), ("rent_time", hours.as_str())];
        let body = self.ask_of_rent(cx, Purpose::Ahead, part, "getContinueRentPriceNumber", &query).await?;
        shapes::price(&body.json()?).map(|amount| Money { amount, currency: self.currency })
    }

    /// A rent that was over comes back under another id ("будет передан новый id").
    async fn prolong(&self, cx: &Cx, rent: &Activation, hours: u32) -> Result<Bought, Fault> {
        let (text, part) = (hours.to_string(), Capability::RentContinue);
        let query = [("id", rent.upstream_id.as_str()), ("rent_time", text.as_str())];
        let now = self.clock.now();
        let length = Duration::from_secs(u64::from(hours) * 3600);
        let until = rent.expires_at.max(now).saturating_add(length).ok();
        let body = self.ask_of_rent(cx, Purpose::Act, part, "continueRentNumber", &query).await?;
        shapes::rented(&body.json()?, until)
    }
}

/// What a word of `getRentStatus` says of a rent.
fn state_of(said: &Said) -> Result<Progress, Fault> {
    match said.word.as_str() {
        "STATUS_WAIT_CODE" => Ok(Progress::Waiting),
        "STATUS_CANCEL" | "STATUS_REVOKE" => Ok(Progress::Cancelled),
        // It is over, and its messages are no longer shown; or it is not ours.
        "STATUS_FINISH" | "INVALID_PHONE" => Ok(Progress::Gone),
        _ => Err(fault_of("getRentStatus", said)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Effect;

    fn said(word: &str) -> Said {
        Said { word: word.to_owned(), max: None }
    }

    #[test]
    fn each_state_has_its_word() {
        assert_eq!(state_of(&said("STATUS_WAIT_CODE")), Ok(Progress::Waiting));
        assert_eq!(state_of(&said("STATUS_CANCEL")), Ok(Progress::Cancelled));
        assert_eq!(state_of(&said("STATUS_FINISH")), Ok(Progress::Gone));
        assert_eq!(state_of(&said("INVALID_PHONE")), Ok(Progress::Gone));
        for word in ["RENT_DIE", "NO_ID_RENT", "ALREADY_FINISH"] {
            assert!(state_of(&said(word)).is_err(), "{word}");
        }
    }

    #[test]
    fn what_was_done_before_is_nothing_that_can_be_done() {
        let fault = fault_of("setRentStatus", &said("ALREADY_FINISH"));
        assert_eq!((fault.kind, fault.effect), (FaultKind::BadStatus, Effect::None));
    }
}
