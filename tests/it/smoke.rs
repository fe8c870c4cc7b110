//! The main job on every kind of provider: order, wait, read, ask again, finish; order and cancel.

use crate::harness::{KINDS, World};

#[tokio::test]
async fn a_number_is_ordered_read_twice_and_finished() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let bridge = &world.bridge;
        let (id, _) = bridge.order("service=tg&country=0").await;
        assert_eq!(bridge.set(&id, "1").await, "ACCESS_READY", "{kind}");
        assert_eq!(bridge.status(&id).await, "STATUS_WAIT_CODE", "{kind}");
        world.let_message_come();
        let first = bridge.status(&id).await;
        let code = first.strip_prefix("STATUS_OK:").unwrap_or_else(|| panic!("{kind}: {first}"));
        assert_eq!(bridge.set(&id, "3").await, "ACCESS_RETRY_GET", "{kind}");
        assert_eq!(bridge.status(&id).await, format!("STATUS_WAIT_RETRY:{code}"), "{kind}");
        world.let_message_come();
        assert!(bridge.status(&id).await.starts_with("STATUS_OK:"), "{kind}");
        assert_eq!(bridge.set(&id, "6").await, "ACCESS_ACTIVATION", "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn an_unused_number_is_cancelled_and_refunded() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let bridge = &world.bridge;
        let before = bridge.ask("action=getBalance").await;
        let (id, _) = bridge.order("service=tg&country=0").await;
        assert_ne!(bridge.ask("action=getBalance").await, before, "{kind}");
        assert_eq!(bridge.set(&id, "8").await, "ACCESS_CANCEL", "{kind}");
        assert_eq!(bridge.status(&id).await, "STATUS_CANCEL", "{kind}");
        assert_eq!(bridge.ask("action=getBalance").await, before, "{kind}");
        world.end().await;
    }
}
