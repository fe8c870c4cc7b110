//! More time for a rent, and what it costs.

use std::time::Duration;

use smsbridge::mock::Settings;
use smsbridge::provider::{Capability, Effect, FaultKind};

use super::super::stage::easy;
use super::flat::{in_every_flat, on_market};

#[tokio::test]
async fn more_time_costs_what_was_said_and_moves_the_end() {
    in_every_flat(async |flat| {
        let rent = flat.rent().await;
        let price = flat.rentals().price_of_more(&flat.cx, &rent, flat.hours).await;
        let more = flat.rentals().prolong(&flat.cx, &rent, flat.hours).await;
        if !flat.can(Capability::RentContinue) {
            let unsupported = FaultKind::Unsupported(Capability::RentContinue);
            assert_eq!((price.unwrap_err().kind, more.unwrap_err().kind), (unsupported.clone(), unsupported));
            return;
        }
        let (price, more, lot) = (price.unwrap(), more.unwrap(), flat.last_lot());
        assert_eq!(lot.price, flat.charged());
        assert_eq!(flat.market().totals().purchases, 1);
        assert_eq!(more.upstream_id, rent.upstream_id);
        assert_eq!(more.phone, rent.phone);
        assert!(more.price.is_none_or(|charged| charged == price), "{:?}", more.price);
        let end = rent.expires_at + Duration::from_secs(u64::from(flat.hours) * 3600);
        assert_eq!((more.expires_at, lot.expires_at), (Some(end), end));
        // The first hours cost as much.
        assert_eq!(flat.charged(), price.amount + price.amount);
    })
    .await;
}

#[tokio::test]
async fn what_is_over_is_had_again_or_not_at_all() {
    in_every_flat(async |flat| {
        if !flat.can(Capability::RentContinue) {
            return;
        }
        let rent = flat.rent().await;
        flat.advance(u64::from(flat.hours) * 3600);
        let charged = flat.charged();
        let again = flat.rentals().prolong(&flat.cx, &rent, flat.hours).await;
        if flat.spec.speaks_dialect {
            let again = again.unwrap();
            assert_ne!(again.upstream_id, rent.upstream_id, "it is another rent");
            assert_eq!((again.upstream_id, again.phone), (flat.last_lot().id, rent.phone.clone()));
            flat.advance(48 * 3600);
            let fault = flat.rentals().prolong(&flat.cx, &rent, flat.hours).await.unwrap_err();
            assert_eq!((fault.kind, fault.effect), (FaultKind::RentOver, Effect::None));
            let fault = flat.rentals().price_of_more(&flat.cx, &rent, flat.hours).await.unwrap_err();
            assert_eq!(fault.kind, FaultKind::RentOver);
        } else {
            let fault = again.unwrap_err();
            assert_eq!((fault.kind, fault.effect), (FaultKind::RentOver, Effect::None));
            assert_eq!(flat.charged(), charged);
        }
    })
    .await;
}

#[tokio::test]
async fn hours_that_are_not_to_be_had_are_refused_for_certain() {
    in_every_flat(async |flat| {
        if !flat.can(Capability::RentContinue) {
            return;
        }
        let rent = flat.rent().await;
        let charged = flat.charged();
        let wrong = if flat.spec.speaks_dialect { [0, 3, 1345] } else { [0, 5, 48] };
        for hours in wrong {
            let fault = flat.rentals().prolong(&flat.cx, &rent, hours).await.unwrap_err();
            assert_eq!((fault.kind, fault.effect), (FaultKind::WrongHours, Effect::None), "{hours}");
            let fault = flat.rentals().price_of_more(&flat.cx, &rent, hours).await.unwrap_err();
            assert_eq!(fault.kind, FaultKind::WrongHours, "{hours}");
        }
        if flat.spec.speaks_dialect {
            let fault = flat.rentals().prolong(&flat.cx, &rent, 1344).await.unwrap_err();
            assert_eq!((fault.kind, fault.effect), (FaultKind::TooManyHours(1340), Effect::None));
            let stranger = smsbridge::domain::Activation { upstream_id: "1".into(), ..rent };
            let fault = flat.rentals().prolong(&flat.cx, &stranger, 4).await.unwrap_err();
            assert_eq!((fault.kind, fault.effect), (FaultKind::UnknownActivation, Effect::None));
        }
        assert_eq!(flat.charged(), charged);
    })
    .await;
}

#[tokio::test]
async fn more_time_that_cannot_be_paid_for_is_not_had() {
    let settings = Settings { balance: 200.into(), ..easy() };
    on_market(settings, async |flat| {
        if !flat.can(Capability::RentContinue) {
            return;
        }
        let rent = flat.rent().await;
        flat.market().set_balance(1.into());
        let fault = flat.rentals().prolong(&flat.cx, &rent, flat.hours).await.unwrap_err();
        assert_eq!((fault.kind, fault.effect), (FaultKind::NoFunds, Effect::None));
        assert_eq!(flat.last_lot().expires_at, rent.expires_at);
    })
    .await;
}
