//! `finishActivation` and `cancelActivation`: 6 and 8 of `setStatus` under HeroSMS's names, with its words and its
//! states.

use super::{balance, golden, last_lot, refuse, upstream};
use crate::harness::{KINDS, World};

#[tokio::test]
async fn cancelled_as_by_status_8() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let before = balance(&world.bridge).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        assert!(balance(&world.bridge).await < before, "{kind}");
        let cancel = format!("action=cancelActivation&id={id}");
        // A repeated one is answered as the first.
        golden(&world.bridge, &[(&cancel, "ACCESS_CANCEL"), (&cancel, "ACCESS_CANCEL")]).await;
        assert_eq!(balance(&world.bridge).await, before, "{kind}");
        assert_eq!(world.bridge.status(&id).await, "STATUS_CANCEL", "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn finished_as_by_status_6() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        world.let_message_come();
        let code = world.bridge.status(&id).await;
        refuse(&world.bridge, &format!("action=cancelActivation&id={id}"), "BAD_STATUS").await;
        let finish = format!("action=finishActivation&activationId={id}");
        golden(&world.bridge, &[(&finish, "ACCESS_ACTIVATION"), (&finish, "ACCESS_ACTIVATION")]).await;
        assert_eq!(world.bridge.status(&id).await, code, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn an_unused_number_is_not_forgotten_but_given_back() {
    let world = World::of("vak-sms").await;
    let before = balance(&world.bridge).await;
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    golden(&world.bridge, &[(&format!("action=finishActivation&id={id}"), "ACCESS_CANCEL")]).await;
    assert_eq!(balance(&world.bridge).await, before);
    world.end().await;
}

#[tokio::test]
async fn what_is_not_there_or_too_early_has_the_words_of_set_status() {
    let world = World::market("sms-activate", &[], "", Default::default()).await;
    for action in ["finishActivation", "cancelActivation"] {
        for query in ["", "&id=1", "&id=x"] {
            refuse(&world.bridge, &format!("action={action}{query}"), "NO_ACTIVATION").await;
        }
    }
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    refuse(&world.bridge, &format!("action=cancelActivation&id={id}"), "EARLY_CANCEL_DENIED").await;
    assert!(last_lot(&world).is_active() && upstream(&world).calls("setStatus") == 1);
    world.end().await;
}
