//! The table from faults to the rent section's words, over the wire.

use rust_decimal::Decimal;
use smsbridge::provider::{Fault, FaultKind};

use super::{House, error, rent};

/// What is answered to an order, to a wish for more time, to the end of a rent and to a question for offers.
fn table() -> Vec<(FaultKind, [&'static str; 4])> {
    let nothing = |longer, end| ["NO_NUMBERS", longer, end, "OUT_OF_STOCK"];
    let failed = ["SQL_ERROR", "SERVER_ERROR", "SQL_ERROR", "SQL_ERROR"];
    vec![
        (FaultKind::WrongKey, ["BAD_KEY"; 4]),
        (FaultKind::NoFunds, ["NO_BALANCE"; 4]),
        (FaultKind::NoStock, nothing("RENT_DIE", "INVALID_PHONE")),
        (FaultKind::UnknownCountry, nothing("RENT_DIE", "INVALID_PHONE")),
        (FaultKind::UnknownOperator, nothing("RENT_DIE", "INVALID_PHONE")),
        (FaultKind::UnknownService, ["BAD_SERVICE"; 4]),
        (FaultKind::Banned(None), ["CHANNELS_LIMIT"; 4]),
        (FaultKind::Word("ACCOUNT_INACTIVE".into()), ["ACCOUNT_INACTIVE"; 4]),
        (FaultKind::UnknownActivation, ["INVALID_PHONE"; 4]),
        (FaultKind::RentOver, ["RENT_DIE"; 4]),
        (FaultKind::WrongHours, nothing("INVALID_TIME", "INVALID_PHONE")),
        (FaultKind::TooManyHours(24), nothing("MAX_HOURS_EXCEED", "INVALID_PHONE")),
        (FaultKind::BadStatus, nothing("RENT_DIE", "CANT_CANCEL")),
        (FaultKind::TimedOut, failed),
        (FaultKind::RateLimited, failed),
        (FaultKind::UpstreamFailed, failed),
        (FaultKind::Malformed, failed),
    ]
}

/// A word as it is written.
fn written(word: &str) -> String {
    match word {
        "BAD_KEY" => word.to_owned(),
        "MAX_HOURS_EXCEED" => {
            r#"{"status":"error","message":"MAX_HOURS_EXCEED","info":{"max":24}}"#.to_owned()
        }
        _ => error(word),
    }
}

#[tokio::test]
async fn each_fault_has_its_word_at_each_action() {
    let house = House::new().await;
    let id = rent(&house).await;
    for (nth, (kind, [order, longer, end, offers])) in (1..).zip(table()) {
        // A list that was asked for before is kept.
        let list = format!("getRentServicesAndCountries&rent_time={}", 24 * nth);
        let asked = [
            ("rent", "getRentNumber&service=tg".to_owned(), order),
            ("prolong", format!("continueRentNumber&id={id}&rent_time=48"), longer),
            ("price", format!("getContinueRentPriceNumber&id={id}&rent_time=48"), longer),
            ("price", format!("continueRentInfo&id={id}&hours=48"), longer),
            ("cancel", format!("setRentStatus&id={id}&status=2"), end),
            ("offers", list, offers),
        ];
        for (call, query, word) in asked {
            house.landlord.fails(call, Fault::new(kind.clone(), "as the test wants it"));
            let answer = house.bridge.ask(&format!("action={query}")).await;
            assert_eq!(answer, written(word), "{kind:?} at {query}");
        }
    }
    let books = house.books().await;
    assert_eq!(books.doubts, Vec::new(), "nothing of this may have been bought");
}

#[tokio::test]
async fn amounts_are_in_the_clients_currency() {
    let house = House::with("currency = \"USD\"\n[dialect.rates]\nUSD = \"10\"", true).await;
    let offers = house.bridge.json("action=getRentServicesAndCountries").await;
    let cost = |value: &serde_json::Value| value.to_string().parse::<Decimal>().unwrap();
    assert_eq!(cost(&offers["services"]["tg"]["cost"]), Decimal::from(45));
    let id = rent(&house).await;
    let price = house.bridge.json(&format!("action=getContinueRentPriceNumber&id={id}")).await;
    assert_eq!(cost(&price["price"]), Decimal::from(45));
}

#[tokio::test]
async fn lists_are_kept_by_what_was_asked_for() {
    let house = House::new().await;
    for query in ["", "", "&rent_time=4&country=0", "&rent_time=24", "&rent_time=24", "&operator=mts"] {
        house.bridge.ask(&format!("action=getRentServicesAndCountries{query}")).await;
    }
    assert_eq!(house.landlord.asked("offers"), 3);
    house.bridge.advance(60);
    house.bridge.ask("action=getRentServicesAndCountries").await;
    assert_eq!(house.landlord.asked("offers"), 4);
}
