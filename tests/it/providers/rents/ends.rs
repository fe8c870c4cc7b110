//! How a rent is ended before its time: done with, or taken back while that is allowed.

use rust_decimal::Decimal;
use smsbridge::domain::Progress;
use smsbridge::provider::{Effect, Ending, FaultKind};

use super::flat::in_every_flat;

#[tokio::test]
async fn a_fresh_rent_is_taken_back_and_refunded_where_that_can_be() {
    in_every_flat(async |flat| {
        flat.silence();
        let rent = flat.rent().await;
        flat.advance(60);
        let charged = flat.charged();
        let ended = flat.rentals().end(&flat.cx, &rent, Ending::Cancel).await;
        if flat.takes_back() {
            assert_eq!(ended, Ok(()));
            assert_eq!(flat.charged(), Decimal::ZERO);
            let seen = flat.rentals().messages(&flat.cx, &rent).await.unwrap();
            assert!(matches!(seen, Progress::Cancelled | Progress::Gone), "{seen:?}");
        } else {
            let fault = ended.unwrap_err();
            assert_eq!((fault.kind, fault.effect), (FaultKind::BadStatus, Effect::None));
            assert_eq!(flat.charged(), charged);
            assert_eq!(flat.rentals().messages(&flat.cx, &rent).await, Ok(Progress::Waiting));
        }
    })
    .await;
}

#[tokio::test]
async fn a_rent_with_a_message_is_not_taken_back() {
    in_every_flat(async |flat| {
        flat.silence();
        let mut rent = flat.rent().await;
        flat.market().deliver(&rent.upstream_id, "1", "one").unwrap();
        let charged = flat.charged();
        for _ in 0..2 {
            let fault = flat.rentals().end(&flat.cx, &rent, Ending::Cancel).await.unwrap_err();
            assert_eq!((fault.kind, fault.effect), (FaultKind::BadStatus, Effect::None));
            // What the next look asks for makes no difference.
            assert_eq!(flat.look(&mut rent).await.len(), 1);
        }
        assert_eq!(flat.charged(), charged);
    })
    .await;
}

#[tokio::test]
async fn after_twenty_minutes_the_dialect_s_own_rents_stay() {
    in_every_flat(async |flat| {
        if !flat.spec.speaks_dialect {
            return;
        }
        flat.silence();
        let rent = flat.rent().await;
        flat.advance(20 * 60 + 1);
        let fault = flat.rentals().end(&flat.cx, &rent, Ending::Cancel).await.unwrap_err();
        assert_eq!((fault.kind, fault.effect), (FaultKind::BadStatus, Effect::None));
        assert_eq!(fault.upstream_code.as_deref(), Some("CANT_CANCEL"));
        assert_eq!(flat.charged(), flat.last_lot().price);
    })
    .await;
}

#[tokio::test]
async fn a_rent_that_is_done_with_stays_paid() {
    in_every_flat(async |flat| {
        let rent = flat.rent().await;
        let charged = flat.charged();
        for _ in 0..2 {
            assert_eq!(flat.rentals().end(&flat.cx, &rent, Ending::Finish).await, Ok(()));
        }
        assert_eq!(flat.charged(), charged);
        if flat.spec.speaks_dialect {
            assert_eq!(flat.rentals().messages(&flat.cx, &rent).await, Ok(Progress::Gone));
            let fault = flat.rentals().end(&flat.cx, &rent, Ending::Cancel).await.unwrap_err();
            assert_eq!((fault.kind, fault.effect), (FaultKind::BadStatus, Effect::None));
        } else {
            assert_eq!(flat.upstream.changes(), 0, "nothing was to be told");
        }
    })
    .await;
}

#[tokio::test]
async fn a_second_cancellation_claims_nothing_new() {
    in_every_flat(async |flat| {
        if !flat.takes_back() {
            return;
        }
        flat.silence();
        let rent = flat.rent().await;
        assert_eq!(flat.rentals().end(&flat.cx, &rent, Ending::Cancel).await, Ok(()));
        let again = flat.rentals().end(&flat.cx, &rent, Ending::Cancel).await;
        if flat.spec.speaks_dialect {
            assert_eq!(again, Ok(()), "it was done before");
        } else {
            assert_eq!(again.unwrap_err().kind, FaultKind::UnknownActivation);
        }
        assert_eq!(flat.charged(), Decimal::ZERO);
    })
    .await;
}
