//! How VAK-SMS sells a number for two services, and a number once more. Knows no shape of its answers.
//!
//! Source: `api/vak-sms.txt`, "Получение номера" (its end) and "Продление полученного ранее номера";
//! `UPSTREAMS.md` section 6, "getMultiServiceNumber" and "getExtraActivation".

use super::{VakSms, wire};
use crate::domain::{Activation, Bought, Money, Order};
use crate::provider::http::Purpose;
use crate::provider::{Cx, Fault, FaultKind, Provider};

impl VakSms {
    /// One number for two services in one call, which sells both or none. More than two it does not sell, nor
    /// two that are one service there.
    pub(super) async fn buy_two(&self, cx: &Cx, orders: &[Order]) -> Result<Vec<Bought>, Fault> {
        let none = |detail: &str| Err(Fault::new(FaultKind::NoStock, detail));
        let [one, two] = orders else { return none("VAK-SMS sells a number for two services at most") };
        let place = self.place(one.country, one.operators.first())?;
        // Of a service that is several there, the first is taken: which pairs are in stock nobody says.
        let codes = [self.codes(&one.service)?.0, self.codes(&two.service)?.0];
        if codes[0] == codes[1] {
            return none("these are one service at VAK-SMS");
        }
        let answer = self.get_number(cx, &codes.join(","), &place, &[]).await?;
        wire::bought_together(&answer, &codes, self.currency)
    }

    /// The number of a used activation once more. A code must have come the first time, "в противном случае
    /// сервис не выдаст этот номер вам".
    pub(super) async fn prolong(&self, cx: &Cx, parent: &Activation) -> Result<Bought, Fault> {
        require_code(parent)?;
        let (first, others) = self.codes(&parent.service)?;
        let mut outcome = self.prolong_code(cx, &first, parent).await;
        // By which of a service's codes it was sold nobody wrote down; by another one there is no number.
        for code in &others {
            if !matches!(&outcome, Err(fault) if fault.kind == FaultKind::NoStock) {
                break;
            }
            outcome = self.prolong_code(cx, code, parent).await;
        }
        outcome.map_err(not_renewable)
    }

    async fn prolong_code(&self, cx: &Cx, code: &str, parent: &Activation) -> Result<Bought, Fault> {
        let query = [("service", code), ("tel", parent.phone.digits())];
        let answer = self.call(cx, Purpose::Act, "prolongNumber", &query).await?;
        wire::prolonged(&answer, &parent.phone, self.currency)
    }

    /// What the service costs now. Whether the number is to be had shows only when it is bought.
    pub(super) async fn price_of_more(&self, cx: &Cx, parent: &Activation) -> Result<Money, Fault> {
        require_code(parent)?;
        let offer = self.quote(cx, &parent.service, parent.country, None).await.map_err(not_renewable)?;
        Ok(offer.price)
    }
}

fn require_code(parent: &Activation) -> Result<(), Fault> {
    let detail = "no code has come to this number, so VAK-SMS does not sell it once more";
    if parent.messages.is_empty() { Err(Fault::new(FaultKind::NotRenewable, detail)) } else { Ok(()) }
}

fn not_renewable(fault: Fault) -> Fault {
    match fault.kind {
        FaultKind::NoStock => Fault { kind: FaultKind::NotRenewable, ..fault },
        _ => fault,
    }
}
