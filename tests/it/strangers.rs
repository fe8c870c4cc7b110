//! Who is not to be asked: another service under the name of the one that sold a number.

use smsbridge::clock::MovableClock;
use smsbridge::mock::Settings;
use tempfile::TempDir;

use crate::harness::{Bridge, World};

#[tokio::test]
async fn another_service_under_the_same_name_is_not_asked_about_a_number() {
    let home = TempDir::new().unwrap();
    let clock = MovableClock::standing();
    let first = Bridge::over("[provider.main]\nkind = \"sandbox\"", clock.clone(), home.path()).await;
    let (id, _) = first.order("service=tg&country=0").await;
    first.stop().await;

    let upstream = World::stand_in("vak-sms", &[], Settings::default(), &clock).await;
    let second = Bridge::over(&World::toml("vak-sms", &[], &upstream, ""), clock.clone(), home.path()).await;
    assert_eq!(second.status(&id).await, "ERROR_SQL");
    assert_eq!(second.set(&id, "8").await, "ERROR_SQL");
    assert_eq!(upstream.calls("getSmsCode") + upstream.calls("setStatus"), 0);
    second.stop().await;

    let again = Bridge::over("[provider.main]\nkind = \"sandbox\"", clock.clone(), home.path()).await;
    clock.advance(std::time::Duration::from_secs(6));
    assert!(again.status(&id).await.starts_with("STATUS_OK:"));
    again.stop().await;
    upstream.stop().await;
}
