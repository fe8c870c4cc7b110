//! How VAK-SMS rents numbers: for one of its services and for four hours, with `rent=true` in an ordinary
//! order. Knows no other tariff, for there is none, and no way to make a rent longer.
//!
//! | ours | theirs | source (`api/vak-sms.txt`) |
//! |---|---|---|
//! | offers | `getCountNumberList` | "Количество доступных номеров" |
//! | rent | `getNumber` with `rent=true` | "Получение номера" |
//! | messages | `getSmsCode` with `all`, then `setStatus` send | "Состояние активации", "Изменение статуса" |
//! | cancel | `setStatus` end | "Изменение статуса" |
//! | finish | no call | `UPSTREAMS.md` section 6, "Rent" |

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rust_decimal::Decimal;

use super::VakSms;
use crate::domain::{Activation, Bought, Inbox, Offer, Order, Progress};
use crate::provider::{Capability, Cx, Ending, Fault, FaultKind, Provider, RentOffers, RentQuery, Rentals};

/// "на 4 (четыре) часа".
const HOURS: u32 = 4;
const LENGTH: Duration = Duration::from_secs(4 * 3600);

/// What a rent costs in prices of an activation. No document has a price for rents, and nothing that can be
/// asked tells one before the purchase; this multiple is assumed (`UPSTREAMS.md` section 8). Clients need an
/// amount in the list, and one that is too low would cost them more than one that is too high. It stands in
/// the list only: what was charged is taken from the answer to the order, where that has it.
const TIMES: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

/// For how many codes of each rent another one was asked for already.
#[derive(Debug, Default)]
pub(super) struct Asked(Mutex<HashMap<String, usize>>);

impl Asked {
    /// More rents than anyone has at a time; what is forgotten is asked for once more, which changes nothing.
    const MOST: usize = 10_000;

    fn open(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn covers(&self, id: &str, codes: usize) -> bool {
        self.open().get(id).is_some_and(|asked| *asked >= codes)
    }

    fn note(&self, id: &str, codes: usize) {
        let mut asked = self.open();
        if asked.len() >= Self::MOST {
            asked.clear();
        }
        asked.insert(id.to_owned(), codes);
    }

    fn forget(&self, id: &str) {
        self.open().remove(id);
    }
}

fn admit(hours: u32, incoming_call: bool) -> Result<(), Fault> {
    if hours != HOURS {
        return Err(Fault::new(FaultKind::WrongHours, "VAK-SMS rents for 4 hours only"));
    }
    if incoming_call { Err(Fault::unsupported(Capability::Verification)) } else { Ok(()) }
}

impl VakSms {
    /// What a query finds at any operator, or at all of those that it names together.
    async fn on_shelves(&self, cx: &Cx, query: &RentQuery) -> Result<Vec<Offer>, Fault> {
        let Some((first, others)) = query.operators.split_first() else {
            return Provider::offers(self, cx, query.country, None).await;
        };
        let mut all = Provider::offers(self, cx, query.country, Some(first)).await?;
        for operator in others {
            for offer in Provider::offers(self, cx, query.country, Some(operator)).await? {
                match all.iter_mut().find(|known| known.service == offer.service) {
                    Some(known) => known.count = known.count.saturating_add(offer.count),
                    None => all.push(offer),
                }
            }
        }
        Ok(all)
    }

    /// Asks for the code after those that have come ("необходимо только в случае получения еще одной смс с
    /// кодом"): a rent takes any number of them, and its client has no way to ask for one. A rent with a code
    /// cannot be cancelled anyhow. If this fails, the next look does it; the codes are shown all the same.
    async fn ask_for_more(&self, cx: &Cx, id: &str, codes: usize) {
        if self.rents_asked.covers(id, codes) {
            return;
        }
        if self.set_status(cx, id, "send").await.is_ok_and(|answer| answer == "ready") {
            self.rents_asked.note(id, codes);
        }
    }
}

#[async_trait]
impl Rentals for VakSms {
    async fn offers(&self, cx: &Cx, query: &RentQuery) -> Result<RentOffers, Fault> {
        admit(query.hours, query.incoming_call)?;
        let mut services = self.on_shelves(cx, query).await?;
        services.retain_mut(|offer| {
            // What cannot be multiplied is no price that anybody pays.
            let price = offer.price.amount.checked_mul(TIMES);
            offer.price.amount = price.unwrap_or_default();
            price.is_some()
        });
        Ok(RentOffers {
            countries: self.mapping.mapped_countries().collect(),
            operators: self.mapping.operators(query.country),
            services,
        })
    }

    /// It says no end: that is four hours from now. The number as a whole (`full`) is none of its services.
    async fn rent(&self, cx: &Cx, order: &Order) -> Result<Bought, Fault> {
        admit(order.rent.as_ref().map_or(0, |terms| terms.hours), order.verification)?;
        let now = self.clock.now();
        let bought = self.buy_with(cx, order, &[("rent", "true")]).await?;
        Ok(Bought { expires_at: now.saturating_add(LENGTH).ok(), ..bought })
    }

    /// Codes only, without sender or time: each is as old as the first look at it.
    async fn messages(&self, cx: &Cx, rent: &Activation) -> Result<Progress, Fault> {
        let progress = self.poll(cx, rent).await?;
        match &progress {
            Progress::Received(Inbox::All(all)) => {
                self.ask_for_more(cx, &rent.upstream_id, all.len()).await;
            }
            Progress::Gone => self.rents_asked.forget(&rent.upstream_id),
            _ => {}
        }
        Ok(progress)
    }

    async fn end(&self, cx: &Cx, rent: &Activation, ending: Ending) -> Result<(), Fault> {
        // Nothing is to be told of a rent that is done with.
        if ending == Ending::Finish {
            return Ok(());
        }
        match self.set_status(cx, &rent.upstream_id, "end").await?.as_str() {
            "update" => Ok(()),
            // A code has come, or is on its way: "отмена невозможна".
            word @ ("smsReceived" | "waitSMS") => Err(Fault::upstream(FaultKind::BadStatus, word)),
            _ => Err(super::wire::malformed("setStatus answered an undocumented status").in_doubt()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_hours_and_no_calls() {
        assert_eq!(admit(4, false), Ok(()));
        for hours in [0, 3, 5, 12, 24] {
            assert_eq!(admit(hours, false).unwrap_err().kind, FaultKind::WrongHours, "{hours}");
        }
        let calls = FaultKind::Unsupported(Capability::Verification);
        assert_eq!(admit(4, true).unwrap_err().kind, calls);
    }

    #[test]
    fn another_code_is_asked_for_once_a_code() {
        let asked = Asked::default();
        assert!(!asked.covers("a", 1));
        asked.note("a", 1);
        assert!(asked.covers("a", 1) && !asked.covers("a", 2) && !asked.covers("b", 1));
        asked.forget("a");
        assert!(!asked.covers("a", 1));
    }
}
