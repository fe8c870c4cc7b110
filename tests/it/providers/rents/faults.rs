//! Answers that are lost on the way: what may have been bought or changed is in doubt, and never asked for again.

use smsbridge::mock::{FaultPlan, Mishap};
use smsbridge::provider::{Capability, Effect, Ending, FaultKind};

use super::flat::in_every_flat;

/// Each of them after the upstream has done what it was asked.
const LOST: [Mishap; 3] = [Mishap::DropAfter, Mishap::CutBody, Mishap::EmptyBody];

#[tokio::test]
async fn a_rent_whose_answer_is_lost_is_in_doubt_and_asked_for_once() {
    in_every_flat(async |flat| {
        for mishap in LOST {
            let (orders, sold) = (flat.upstream.orders(), flat.market().totals().purchases);
            flat.upstream.fault(FaultPlan::once(mishap).on_any(flat.upstream.names().order));
            let fault = flat.rentals().rent(&flat.cx, &flat.order()).await.unwrap_err();
            assert_eq!(fault.effect, Effect::Unknown, "{mishap:?}: {fault}");
            assert_eq!(flat.upstream.orders(), orders + 1, "{mishap:?}");
            assert_eq!(flat.market().totals().purchases, sold + 1, "{mishap:?}");
        }
        // The next one is not mixed up with those.
        let rent = flat.rent().await;
        assert_eq!(rent.upstream_id, flat.last_lot().id);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_fails_leaves_a_rent_in_doubt() {
    in_every_flat(async |flat| {
        for mishap in [Mishap::ServerError, Mishap::BadGateway] {
            flat.upstream.fault(FaultPlan::once(mishap).on_any(flat.upstream.names().order));
            let fault = flat.rentals().rent(&flat.cx, &flat.order()).await.unwrap_err();
            assert_eq!((fault.kind, fault.effect), (FaultKind::UpstreamFailed, Effect::Unknown));
        }
        flat.upstream.fault(FaultPlan::once(Mishap::TooManyRequests).on_any(flat.upstream.names().order));
        let fault = flat.rentals().rent(&flat.cx, &flat.order()).await.unwrap_err();
        assert_eq!((fault.kind, fault.effect), (FaultKind::RateLimited, Effect::None));
        assert_eq!(flat.market().totals().purchases, 0);
    })
    .await;
}

#[tokio::test]
async fn more_time_whose_answer_is_lost_is_in_doubt_and_asked_for_once() {
    in_every_flat(async |flat| {
        if !flat.can(Capability::RentContinue) {
            return;
        }
        let rent = flat.rent().await;
        for mishap in LOST {
            let (orders, charged) = (flat.upstream.orders(), flat.charged());
            flat.upstream.fault(FaultPlan::once(mishap).on_any(flat.upstream.names().order));
            let fault = flat.rentals().prolong(&flat.cx, &rent, flat.hours).await.unwrap_err();
            assert_eq!(fault.effect, Effect::Unknown, "{mishap:?}: {fault}");
            assert_eq!(flat.upstream.orders(), orders + 1, "{mishap:?}");
            assert!(flat.charged() > charged, "{mishap:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_end_whose_answer_is_lost_is_in_doubt() {
    in_every_flat(async |flat| {
        flat.silence();
        let endings: &[Ending] = match (flat.takes_back(), flat.spec.speaks_dialect) {
            (true, true) => &[Ending::Finish, Ending::Cancel],
            (true, false) => &[Ending::Cancel],
            (false, _) => &[],
        };
        for ending in endings {
            for mishap in LOST {
                let rent = flat.rent().await;
                let changes = flat.upstream.changes();
                flat.upstream.fault(FaultPlan::once(mishap).on_any(flat.upstream.names().change));
                let fault = flat.rentals().end(&flat.cx, &rent, *ending).await.unwrap_err();
                assert_eq!(fault.effect, Effect::Unknown, "{mishap:?}: {fault}");
                assert_eq!(flat.upstream.changes(), changes + 1, "{mishap:?}");
                assert!(flat.last_lot().state.is_final(), "{mishap:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_look_that_fails_says_nothing_of_the_rent() {
    in_every_flat(async |flat| {
        let mut rent = flat.rent().await;
        flat.advance(6);
        for mishap in [Mishap::EmptyBody, Mishap::BadGateway, Mishap::CutBody] {
            flat.upstream.fault(FaultPlan::once(mishap).on_any(flat.upstream.names().poll));
            assert!(flat.rentals().messages(&flat.cx, &rent).await.is_err(), "{mishap:?}");
        }
        assert!(!flat.look(&mut rent).await.is_empty());
    })
    .await;
}

/// What only goes along with a question decides nothing: the messages are shown, and it is made up for.
#[tokio::test]
async fn what_goes_along_with_a_question_may_fail() {
    in_every_flat(async |flat| {
        let beside = match flat.spec.kind {
            "vak-sms" => "setStatus",
            "smsak" => "send-enable-sim",
            _ => return,
        };
        flat.upstream.fault(FaultPlan::once(Mishap::BadGateway).on(beside));
        let mut rent = flat.rent().await;
        flat.advance(6);
        assert_eq!(flat.look(&mut rent).await.len(), 1);
        flat.advance(60);
        assert!(!flat.look(&mut rent).await.is_empty());
        let asked = flat.upstream.calls(beside);
        assert_eq!(asked, 2, "once that failed, and once more");
        assert!(!flat.look(&mut rent).await.is_empty());
        assert_eq!(flat.upstream.calls(beside), asked, "what was agreed to is not asked for again");
    })
    .await;
}
