//! What holds for whatever a provider gives out, and for what it says when it does not. Knows no kind.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::calls::Call;
use super::sample::{self, KEY};
use super::stage::Stage;
use crate::domain::{
    Bought, BoughtMail, Country, Email, Inbox, MailProgress, Money, Offer, Operator, Phone, ProductNumber,
    Progress, Service, Sms, Step,
};
use crate::provider::{Calls, Ending, Fault, FaultKind, Provider, RentQuery};

/// Whether a law is kept; if not, which one is broken.
type Kept = Result<(), String>;

/// Makes a call of a fresh provider, and holds its outcome against the laws.
///
/// # Errors
/// Which of them is broken.
pub(super) fn hold(stage: &Stage, call: Call) -> Kept {
    let provider = stage.provider();
    match stage.wait(make(provider.as_ref(), stage, call)) {
        Ok(kept) => kept,
        Err(fault) => of_fault(&fault),
    }
}

async fn make(provider: &dyn Provider, stage: &Stage, call: Call) -> Result<Kept, Fault> {
    let cx = &stage.cx;
    let (service, country) = (sample::service(), Country(0));
    let (activation, rent, mail) = (sample::activation(), sample::rent(), sample::mail());
    let calls = || provider.calls().ok_or_else(|| Fault::new(FaultKind::Malformed, "no calls"));
    let rentals = provider.rentals();
    Ok(match call {
        // What an account owes is below zero.
        Call::Balance => provider.balance(cx).await.map(|_| Ok(()))?,
        Call::Cashback => provider.balance_and_cashback(cx).await.map(|_| Ok(()))?,
        Call::Offers => of_offers(&provider.offers(cx, country, None).await?),
        Call::Market => of_offers(&provider.market(cx, None, None).await?),
        Call::MarketOfOne => of_offers(&provider.market(cx, Some(&service), Some(country)).await?),
        Call::PricesOfCalls => of_offers(&provider.call_prices(cx, None).await?),
        Call::Counts => provider.counts(cx, country, &[]).await.map(|_| Ok(()))?,
        Call::Quote => of_offers(&[provider.quote(cx, &service, country, None).await?]),
        Call::TopCountries => {
            let ranking = provider.top_countries(cx, None, false).await?;
            is(ranking.is_object(), "a ranking is no object")
        }
        Call::Countries => provider.countries(cx).await.map(|_| Ok(()))?,
        Call::Services => {
            let listed = provider.services(cx, None, None).await?;
            listed.iter().try_for_each(|row| of_service(&row.service))
        }
        Call::Operators => provider.operators(cx, None).await?.values().flatten().try_for_each(of_operator),
        Call::Buy => of_bought(&provider.buy(cx, &sample::order()).await?),
        Call::BuyDemanding => of_bought(&provider.buy(cx, &sample::demanding()).await?),
        Call::BuyTogether => {
            let orders = [sample::order(), sample::order()];
            let parts = provider.buy_together(cx, &orders).await?;
            is(parts.len() == orders.len(), "parts and orders differ in number")
                .and_then(|()| parts.iter().try_for_each(of_bought))
        }
        Call::BuyAgain => of_bought(&provider.buy_again(cx, &activation).await?),
        Call::PriceAgain => of_price(provider.price_again(cx, &activation).await?),
        Call::BuyAdditional => of_bought(&provider.buy_additional(cx, &activation, &service).await?),
        Call::BuyProduct => {
            let bought = provider.buy_product(cx, ProductNumber(3)).await?;
            is(!bought.key.is_empty(), "a product without a key")
                .and_then(|()| bought.price.map_or(Ok(()), of_price))
        }
        Call::Poll => of_progress(&provider.poll(cx, &activation).await?),
        Call::PollV2 => of_progress(&provider.poll_v2(cx, &activation).await?.0),
        Call::FullText => {
            is(provider.full_text(cx, &activation).await?.as_deref() != Some(""), "a text of nothing")
        }
        Call::Messages => provider.messages(cx, &activation).await?.iter().try_for_each(of_sms),
        Call::Cancel => provider.tell(cx, &activation, Step::Cancel, None).await.map(Ok)?,
        Call::Finish => provider.tell(cx, &activation, Step::Finish, None).await.map(Ok)?,
        Call::Another => provider.tell(cx, &activation, Step::Another, None).await.map(Ok)?,
        Call::Caller => calls()?.incoming(cx, &activation).await?.caller.as_ref().map_or(Ok(()), of_phone),
        Call::OutgoingCalls => {
            let all = Calls::outgoing(calls()?, cx, None, None).await?;
            all.iter().try_for_each(|call| of_phone(&call.from))
        }
        Call::Ring => calls()?.order(cx, &activation, &sample::phone()).await.map(Ok)?,
        Call::Reread => calls()?.reread(cx, &activation, None).await.map(|_| Ok(()))?,
        Call::RentOffersForHours | Call::RentOffersForDays => {
            let hours = if call == Call::RentOffersForHours { 4 } else { 24 };
            let query = RentQuery { country, operators: Vec::new(), hours, incoming_call: false };
            let offers = rentals.offers(cx, &query).await?;
            of_offers(&offers.services).and_then(|()| offers.operators.iter().try_for_each(of_operator))
        }
        Call::RentForHours => of_bought(&rentals.rent(cx, &sample::rent_order(4)).await?),
        Call::RentForDays => of_bought(&rentals.rent(cx, &sample::rent_order(24)).await?),
        Call::RentMessages => of_progress(&rentals.messages(cx, &rent).await?),
        Call::EndRent => rentals.end(cx, &rent, Ending::Cancel).await.map(Ok)?,
        Call::PriceOfMore => of_price(rentals.price_of_more(cx, &rent, 24).await?),
        Call::Prolong => of_bought(&rentals.prolong(cx, &rent, 24).await?),
        Call::MailDomains => {
            let offers = provider.mail().domains(cx, &mail.order.site).await?;
            offers.zones.iter().chain(&offers.popular).try_for_each(|offer| of_price(offer.price))
        }
        Call::BuyMail => of_mail(&provider.mail().buy(cx, &mail.order).await?),
        Call::BuyMailAgain => of_mail(&provider.mail().buy_again(cx, &mail).await?),
        Call::LookAtMail => match provider.mail().look(cx, &mail).await? {
            MailProgress::Waiting => Ok(()),
            MailProgress::Received(letter) => is(!letter.value.is_empty(), "a mail of nothing"),
        },
        Call::CancelMail => provider.mail().cancel(cx, &mail).await.map(Ok)?,
        Call::Relay => provider.relay(cx, &[("action".into(), "getOther".into())]).await.map(|_| Ok(()))?,
        Call::RelayList => {
            provider.relay_list(cx, &[("action".into(), "getPricesV3".into())]).await.map(|_| Ok(()))?
        }
    })
}

fn is(kept: bool, law: &str) -> Kept {
    if kept { Ok(()) } else { Err(law.to_owned()) }
}

/// A fault is told in the log and to clients, so it holds no key; and an amount that it names is one.
fn of_fault(fault: &Fault) -> Kept {
    let said = format!("{fault} {fault:?}");
    is(!said.contains(KEY), "a fault repeats the key")?;
    match &fault.kind {
        FaultKind::PriceAboveCap(min) => is(!min.is_sign_negative(), "a lowest price below zero"),
        FaultKind::Word(word) => {
            let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            let head = word.split(':').next().unwrap_or_default();
            is(word.len() <= 80 && head.chars().all(plain), "a word that is none")
        }
        _ => Ok(()),
    }
}

fn of_offers(offers: &[Offer]) -> Kept {
    offers.iter().try_for_each(|offer| {
        of_service(&offer.service)?;
        of_price(offer.price)
    })
}

fn of_price(price: Money) -> Kept {
    is(price.amount >= Decimal::ZERO, "a price below zero")
}

fn of_service(service: &Service) -> Kept {
    is(Service::parse(service.as_str()).as_ref() == Ok(service), "a service that is none")
}

fn of_operator(operator: &Operator) -> Kept {
    is(Operator::parse(operator.as_str()).as_ref() == Ok(operator), "an operator that is none")
}

fn of_phone(phone: &Phone) -> Kept {
    is(Phone::parse(phone.digits()).as_ref() == Ok(phone), "a number that is none")
}

fn of_id(id: &str) -> Kept {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    is(!id.is_empty() && id.len() <= 64 && id.bytes().all(inner), "an id that nobody could ask about")
}

fn of_bought(bought: &Bought) -> Kept {
    of_id(&bought.upstream_id)?;
    of_phone(&bought.phone)?;
    bought.price.map_or(Ok(()), of_price)?;
    bought.operator.as_ref().map_or(Ok(()), of_operator)
}

fn of_mail(bought: &BoughtMail) -> Kept {
    of_id(&bought.upstream_id)?;
    is(Email::parse(bought.email.as_str()).as_ref() == Ok(&bought.email), "an address that is none")?;
    bought.price.map_or(Ok(()), of_price)
}

fn of_progress(progress: &Progress) -> Kept {
    match progress {
        Progress::Received(Inbox::All(all)) => all.iter().try_for_each(of_sms),
        Progress::Received(Inbox::Newest(sms) | Inbox::Last(sms)) => of_sms(sms),
        Progress::Waiting | Progress::Resend | Progress::Cancelled | Progress::Gone => Ok(()),
    }
}

fn of_sms(sms: &Sms) -> Kept {
    is(!sms.code.trim().is_empty(), "a message of nothing")?;
    is(sms.received_at >= Timestamp::MIN, "a time that is none")?;
    sms.service.as_ref().map_or(Ok(()), of_service)
}
