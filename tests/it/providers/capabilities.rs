//! A kind declares what it implements and implements what it declares: the matrix of actions and the
//! engine's decisions are computed from the declarations.

use std::sync::Arc;
use std::time::Duration;

use smsbridge::clock::MovableClock;
use smsbridge::domain::{
    Activation, ActivationId, Country, Order, Owner, ProductNumber, Secret, Service, State, Step,
};
use smsbridge::mock::Running;
use smsbridge::provider::{Capability, Cx, Fault, FaultKind, PROVIDERS, Provider, RentQuery};

use super::rents::{as_rent, rent_somehow};
use super::stage::{Cast, casts, easy};
use crate::harness::{World, parts};

/// A provider as the configuration of its stand-in makes it.
fn build(cast: &Cast, upstream: Option<&Running>, clock: Arc<MovableClock>) -> Arc<dyn Provider> {
    let toml = match upstream {
        Some(upstream) => World::toml(cast.stand_in, &cast.quirks, upstream, "rate_limit = \"off\""),
        None => format!("[provider.main]\nkind = \"{}\"\n", cast.spec.kind),
    };
    (cast.spec.build)(parts(cast.spec, &toml, clock)).unwrap()
}

/// Whatever is bought here is in stock.
fn stock(upstream: &Running, cast: &Cast) {
    let codes = cast.spec.codes();
    for code in ["tg", "wa"] {
        for service in codes.services(&Service::parse(code).unwrap()).iter() {
            upstream.market().set_stock(&codes.country(Country(0)).unwrap(), service, 100);
        }
    }
}

fn order() -> Order {
    Order::new(Service::parse("tg").unwrap(), Country(0))
}

async fn bought(provider: &dyn Provider, cx: &Cx, clock: &MovableClock) -> Activation {
    use smsbridge::clock::Clock;
    let sold = provider.buy(cx, &order()).await.unwrap();
    let now = clock.now();
    Activation {
        id: ActivationId::new(7).unwrap(),
        owner: Owner("*".into()),
        provider: "main".into(),
        upstream_id: sold.upstream_id,
        phone: sold.phone,
        service: order().service,
        country: order().country,
        operator: None,
        price: sold.price,
        bought_at: now,
        expires_at: now.saturating_add(Duration::from_secs(1200)).unwrap(),
        state: State::Waiting,
        asked_at: 0,
        messages: Vec::new(),
        extra: sold.extra,
        rent: None,
        unwanted: false,
    }
}

/// What there is to rent for the hours for which it rents.
async fn offers(provider: &dyn Provider, cx: &Cx) -> Result<(), Fault> {
    let query = |hours| RentQuery { country: Country(0), operators: Vec::new(), hours, incoming_call: false };
    match provider.rentals().offers(cx, &query(4)).await {
        Err(fault) if fault.kind == FaultKind::WrongHours => {
            provider.rentals().offers(cx, &query(24)).await.map(drop)
        }
        outcome => outcome.map(drop),
    }
}

/// What the method behind a capability answers; `None` for features of an order, which have no method.
async fn call(
    provider: &dyn Provider,
    cx: &Cx,
    activation: &Activation,
    capability: Capability,
) -> Option<Result<(), Fault>> {
    let (country, service) = (Country(0), order().service);
    Some(match capability {
        Capability::Balance => provider.balance(cx).await.map(drop),
        Capability::Cashback => provider.balance_and_cashback(cx).await.map(drop),
        Capability::Offers => provider.offers(cx, country, None).await.map(drop),
        Capability::Market => provider.market(cx, Some(&service), Some(country)).await.map(drop),
        Capability::Counts => provider.counts(cx, country, &[]).await.map(drop),
        Capability::Quote => provider.quote(cx, &service, country, None).await.map(drop),
        Capability::TopCountries => provider.top_countries(cx, Some(&service), false).await.map(drop),
        Capability::Countries => provider.countries(cx).await.map(drop),
        Capability::Services => provider.services(cx, None, None).await.map(drop),
        Capability::Operators => provider.operators(cx, Some(country)).await.map(drop),
        Capability::Buy => provider.buy(cx, &order()).await.map(drop),
        Capability::MultiService => {
            let other = Order::new(Service::parse("wa").unwrap(), country);
            provider.buy_together(cx, &[order(), other]).await.map(drop)
        }
        // What it builds on had no message, and does not forward.
        Capability::ExtraActivation => match provider.buy_again(cx, activation).await {
            Err(Fault { kind: FaultKind::NotRenewable, .. }) => Ok(()),
            outcome => outcome.map(drop),
        },
        Capability::AdditionalService => {
            let forwardable = Service::parse("av").unwrap();
            match provider.buy_additional(cx, activation, &forwardable).await {
                Err(Fault { kind: FaultKind::NotForwarding, .. }) => Ok(()),
                outcome => outcome.map(drop),
            }
        }
        Capability::Rent => rent_somehow(provider, cx).await.map(drop),
        Capability::RentOffers => offers(provider, cx).await,
        Capability::RentContinue => match rent_somehow(provider, cx).await {
            Ok((order, bought)) => {
                let hours = order.rent.as_ref().map_or(0, |terms| terms.hours);
                let rent = as_rent(&order, bought, &MovableClock::standing());
                provider.rentals().prolong(cx, &rent, hours).await.map(drop)
            }
            Err(_) => provider.rentals().prolong(cx, activation, 4).await.map(drop),
        },
        Capability::Mail => provider.mail().domains(cx, "apple.com").await.map(drop),
        Capability::Partner => provider.buy_product(cx, ProductNumber(1)).await.map(drop),
        Capability::Poll => provider.poll(cx, activation).await.map(drop),
        Capability::StatusV2 => provider.poll_v2(cx, activation).await.map(drop),
        Capability::FullText => provider.full_text(cx, activation).await.map(drop),
        Capability::CallPrices => provider.call_prices(cx, Some(&service)).await.map(drop),
        Capability::Calls => {
            let calls = provider.calls().ok_or_else(|| Fault::unsupported(Capability::Calls));
            match calls {
                Ok(calls) => calls.incoming(cx, activation).await.map(drop),
                Err(none) => Err(none),
            }
        }
        Capability::Messages => provider.messages(cx, activation).await.map(drop),
        Capability::Tell => provider.tell(cx, activation, Step::Cancel, None).await,
        Capability::Relay => {
            let params = [("action".to_owned(), "getRentServicesAndCountries".to_owned())];
            provider.relay(cx, &params).await.map(drop)
        }
        Capability::Holdings => provider.held(cx).await.map(drop),
        Capability::RentHoldings => provider.rentals().held(cx).await.map(drop),
        Capability::BuyDetailed
        | Capability::Operator
        | Capability::OperatorList
        | Capability::MaxPrice
        | Capability::PhoneException
        | Capability::Forward
        | Capability::Verification => return None,
    })
}

#[tokio::test]
async fn what_is_declared_is_what_is_implemented() {
    for cast in casts() {
        let Cast { spec, stand_in, quirks } = &cast;
        let clock = MovableClock::standing();
        let upstream = match spec.in_process {
            true => None,
            false => Some(World::stand_in(stand_in, quirks, easy(), &clock).await),
        };
        if let Some(upstream) = &upstream {
            stock(upstream, &cast);
        }
        let provider = build(&cast, upstream.as_ref(), clock.clone());
        let cx = Cx::new(Secret::new("mock-key"));
        let activation = bought(provider.as_ref(), &cx, &clock).await;
        for capability in Capability::ALL {
            let Some(outcome) = call(provider.as_ref(), &cx, &activation, *capability).await else {
                continue;
            };
            let unsupported =
                matches!(&outcome, Err(fault) if matches!(fault.kind, FaultKind::Unsupported(_)));
            let place = format!("{stand_in} with {quirks:?}: {capability:?}");
            let can = spec.can(*capability) && !provider.lacks(*capability);
            assert_eq!(can, !unsupported, "{place}: {outcome:?}");
            if let Err(fault) = outcome {
                assert_eq!(fault.kind, FaultKind::Unsupported(*capability), "{place}: {fault}");
            }
        }
        if let Some(upstream) = upstream {
            assert_eq!(upstream.violations(), Vec::<String>::new(), "{stand_in}");
        }
    }
}

#[test]
fn no_kind_declares_anything_twice() {
    for spec in PROVIDERS {
        for (nth, capability) in spec.capabilities.iter().enumerate() {
            assert!(!spec.capabilities[nth + 1..].contains(capability), "{}: {capability:?}", spec.kind);
        }
    }
}
