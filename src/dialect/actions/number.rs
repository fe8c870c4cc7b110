//! `getNumber`: orders a number, `ACCESS_NUMBER:id:phone`. Source: `api/sms-activate.txt`, "Запрос
//! номера". Also reads the order that `getNumberV2` shares with it.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Activation, Country, Order};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// An order for a number.
pub static GET_NUMBER: Action =
    Action { name: "getNumber", paths: &[Path::native(Capability::Buy)], refusal: Word::NoNumbers, answer };

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let order = order(&engine, &caller, &params).await?;
        let bought = engine.purchase(&caller, order).await.map_err(Refusal::from)?;
        Ok(written(&bought))
    })
}

/// A number that was bought.
pub(crate) fn written(bought: &Activation) -> Reply {
    Reply::text("ACCESS_NUMBER", &[&bought.id.to_string(), bought.phone.digits()])
}

/// The order that a request makes. A client's `ref` names it at another service, so it is not read.
pub(super) async fn order(engine: &Engine, caller: &Caller, params: &Params) -> Result<Order, Refusal> {
    let service = params.service()?;
    super::services_list::require_sold(engine, &service)?;
    let country = params.country()?;
    let Ok(max_price) = params.max_price() else {
        return Err(bad_cap(engine, caller, &Order::new(service, country)).await);
    };
    Ok(Order {
        operators: params.operators()?,
        max_price,
        excluded: excluded(params, country)?,
        forward: params.is_on("forward"),
        verification: params.is_on("verification"),
        free_price: params.is_on("freePrice") || params.is_on("$freePrice"),
        use_cashback: params.is_on("useCashBack"),
        ..Order::new(service, country)
    })
}

/// A cap that is no amount is not ignored, which would cost the client money, but answered with the
/// documented word and the price of the moment.
async fn bad_cap(engine: &Engine, caller: &Caller, order: &Order) -> Refusal {
    let offers = engine.prices(caller, Some(order.service.clone()), Some(order.country)).await;
    let price = offers.ok().and_then(|offers| offers.first().map(|offer| offer.price.amount));
    Refusal::max_price(price.unwrap_or(Decimal::ZERO), "maxPrice is not a positive amount")
}

/// The excluded prefixes: "код страны и от 3 до 6 цифр маски", separated by commas. Country codes have
/// one to three digits; that of Russia is 7.
fn excluded(params: &Params, country: Country) -> Result<Vec<String>, Refusal> {
    let Some(text) = params.get("phoneException") else { return Ok(Vec::new()) };
    let prefixes: Vec<String> =
        text.split(',').map(|prefix| prefix.trim().to_owned()).filter(|prefix| !prefix.is_empty()).collect();
    let good = |prefix: &String| {
        let digits = prefix.bytes().all(|b| b.is_ascii_digit());
        let lengths = if country == Country::DEFAULT { 4..=7 } else { 4..=9 };
        digits && lengths.contains(&prefix.len()) && (country != Country::DEFAULT || prefix.starts_with('7'))
    };
    if prefixes.iter().all(good) {
        return Ok(prefixes);
    }
    let detail =
        "phoneException is a list of prefixes, each a country code and 3 to 6 digits, as 7918,7900111";
    Err(Refusal::new(Word::WrongExceptionPhone, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, country: u16) -> Result<Vec<String>, String> {
        let params = Params::of_pairs(vec![("phoneException".into(), text.into())]);
        excluded(&params, Country(country)).map_err(|refusal| refusal.text)
    }

    #[test]
    fn excluded_prefixes_have_the_documented_form() {
        assert_eq!(read("7918, 7900111,", 0), Ok(vec!["7918".into(), "7900111".into()]));
        assert_eq!(read("380501", 1), Ok(vec!["380501".into()]));
        assert_eq!(read("", 0), Ok(Vec::new()));
        for bad in ["791", "79001112", "8918", "7918;7900", "+7918", "1"] {
            assert_eq!(read(bad, 0), Err("WRONG_EXCEPTION_PHONE".into()), "{bad}");
        }
    }
}
