//! Services that speak the dialect and have no rents: declared by the user or by a preset, or seen by their answer.

use smsbridge::clock::MovableClock;
use smsbridge::domain::{Order, Secret};
use smsbridge::provider::{Capability, Cx, Effect, Ending, Fault, FaultKind, RentQuery};

use super::flat::{as_rent, order_of};
use crate::harness::{Canned, parts};

const DECLARED: &str = "lacks = \"getRentNumber, getRentServicesAndCountries, continueRentNumber\"";

/// What each method answers on a service with these settings, and how often that was asked.
async fn answers(lines: &str) -> (Vec<(Capability, Fault)>, usize) {
    let upstream = Canned::answering(|_| (200, "BAD_ACTION".to_owned())).await;
    let spec = smsbridge::provider::spec("sms-activate").unwrap();
    let url = upstream.url();
    let toml = format!(
        "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{url}\"\napi_key = \"k\"\nrate_limit = \"off\"\ncurrency = \"RUB\"\n{lines}\n"
    );
    let clock = MovableClock::standing();
    let provider = (spec.build)(parts(spec, &toml, clock.clone())).unwrap();
    let (rentals, cx, order) = (provider.rentals(), Cx::new(Secret::new("k")), order_of("tg", 4));
    let query = RentQuery { country: order.country, operators: Vec::new(), hours: 4, incoming_call: false };
    let bought = smsbridge::domain::Bought {
        upstream_id: "1".into(),
        phone: smsbridge::domain::Phone::parse("7999").unwrap(),
        price: None,
        operator: None,
        expires_at: Some(jiff::Timestamp::UNIX_EPOCH),
        extra: Default::default(),
    };
    let rent = as_rent(&order, bought, &clock);
    let faults = vec![
        (Capability::RentOffers, rentals.offers(&cx, &query).await.unwrap_err()),
        (Capability::Rent, rentals.rent(&cx, &order).await.unwrap_err()),
        (Capability::RentContinue, rentals.price_of_more(&cx, &rent, 4).await.unwrap_err()),
        (Capability::RentContinue, rentals.prolong(&cx, &rent, 4).await.unwrap_err()),
        (Capability::Rent, rentals.messages(&cx, &rent).await.unwrap_err()),
        (Capability::Rent, rentals.end(&cx, &rent, Ending::Cancel).await.unwrap_err()),
    ];
    (faults, upstream.asked().len())
}

#[tokio::test]
async fn what_is_declared_to_be_lacking_is_not_asked_for() {
    let presets =
        ["hero-sms", "vak-sms-compat", "smsak-compat", "sms-man", "smshub", "grizzly", "tiger", "smsbower"];
    let presets = presets.map(|name| format!("preset = \"{name}\""));
    for lines in [DECLARED.to_owned()].into_iter().chain(presets) {
        let (faults, asked) = answers(&lines).await;
        for (part, fault) in faults {
            assert_eq!((fault.kind, fault.effect), (FaultKind::Unsupported(part), Effect::None), "{lines}");
        }
        assert_eq!(asked, 0, "{lines}");
    }
}

#[tokio::test]
async fn a_number_that_is_to_be_called_is_not_rented_where_none_can_be() {
    let upstream = Canned::answering(|_| (200, "BAD_ACTION".to_owned())).await;
    let spec = smsbridge::provider::spec("sms-activate").unwrap();
    let toml = format!(
        "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\napi_key = \"k\"\nlacks = \"verification\"\n",
        upstream.url()
    );
    let provider = (spec.build)(parts(spec, &toml, MovableClock::standing())).unwrap();
    let (rentals, cx) = (provider.rentals(), Cx::new(Secret::new("k")));
    let order = Order { verification: true, ..order_of("tg", 4) };
    let country = order.country;
    let query = RentQuery { country, operators: Vec::new(), hours: 4, incoming_call: true };
    let faults =
        [rentals.rent(&cx, &order).await.unwrap_err(), rentals.offers(&cx, &query).await.unwrap_err()];
    for fault in faults {
        assert_eq!(fault.kind, FaultKind::Unsupported(Capability::Verification));
    }
    assert_eq!(upstream.asked().len(), 0);
}

#[tokio::test]
async fn an_action_that_turns_out_not_to_exist_is_lacking() {
    let (faults, asked) = answers("").await;
    for (part, fault) in &faults[..4] {
        assert_eq!((&fault.kind, fault.effect), (&FaultKind::Unsupported(*part), Effect::None));
    }
    assert_eq!(asked, faults.len());
    for (_, fault) in &faults[4..] {
        assert_eq!(fault.effect, Effect::None, "{fault}");
    }
}
