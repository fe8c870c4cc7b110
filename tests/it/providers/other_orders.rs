//! The other ways to buy: one number for several services, and a number once more. Who declares them sells them and
//! is charged what the ledger says; who does not is not asked. Source: `UPSTREAMS.md` section 6.

use smsbridge::provider::Capability;

use super::stage::{Stage, everywhere};

fn stock(stage: &Stage, service: &str) {
    if let Some(market) = stage.market() {
        market.set_stock(&stage.country(0), &stage.service(service), 100);
    }
}

#[tokio::test]
async fn one_number_for_two_services_is_two_activations() {
    everywhere(async |stage| {
        stock(stage, "wa");
        let query = "action=getMultiServiceNumber&multiService=wa,tg&country=0";
        if !stage.spec.can(Capability::MultiService) {
            stage.expect(query, "NO_NUMBERS").await;
            assert_eq!(stage.orders(), 0);
            return;
        }
        let cost = stage.listed("tg").await.0 + stage.listed("wa").await.0;
        let before = stage.balance().await;
        let sold = stage.bridge().json(query).await;
        assert_eq!(sold[0]["phone"], sold[1]["phone"], "{sold}");
        assert_eq!((sold[0]["service"].as_str(), sold[1]["service"].as_str()), (Some("wa"), Some("tg")));
        assert_eq!(stage.balance().await, before - cost);
        if let Some(market) = stage.market() {
            let services: Vec<_> = market.lots().into_iter().map(|lot| lot.service).collect();
            assert_eq!(services, [stage.service("wa"), stage.service("tg")]);
        }
        // One is used, the other given back.
        let [used, unused] = [&sold[0]["activation"], &sold[1]["activation"]].map(ToString::to_string);
        assert_eq!(stage.bridge().set(&unused, "8").await, "ACCESS_CANCEL");
        assert_eq!(stage.bridge().status(&unused).await, "STATUS_CANCEL");
        stage.world.let_message_come();
        assert!(stage.bridge().status(&used).await.starts_with("STATUS_OK:"));
        assert_eq!(stage.bridge().set(&used, "6").await, "ACCESS_ACTIVATION");
    })
    .await;
}

#[tokio::test]
async fn a_used_number_is_sold_once_more_without_its_old_messages() {
    everywhere(async |stage| {
        let bridge = stage.bridge();
        let (parent, phone) = bridge.order("service=tg&country=0").await;
        stage.world.let_message_come();
        let old = bridge.status(&parent).await;
        assert!(old.starts_with("STATUS_OK:"), "{old}");
        bridge.set(&parent, "6").await;
        bridge.advance(20 * 60);
        let query = format!("action=getExtraActivation&activationId={parent}");
        let orders = stage.orders();
        if !stage.spec.can(Capability::ExtraActivation) {
            stage.expect(&query, "RENEW_ACTIVATION_NOT_AVAILABLE").await;
            assert_eq!(stage.orders(), orders);
            return;
        }
        let check = bridge.json(&format!("action=checkExtraActivation&activationId={parent}")).await;
        let before = stage.balance().await;
        let sold = bridge.ask(&query).await;
        let fields: Vec<_> = sold.split(':').collect();
        let ["ACCESS_NUMBER", id, same] = fields[..] else { panic!("{sold}") };
        assert_eq!((same, id == parent), (phone.as_str(), false));
        assert_eq!(
            stage.balance().await,
            before - check["cost"].to_string().parse::<rust_decimal::Decimal>().unwrap()
        );
        assert_eq!(bridge.status(id).await, "STATUS_WAIT_CODE");
        stage.world.let_message_come();
        let new = bridge.status(id).await;
        assert!(new.starts_with("STATUS_OK:"), "{new}");
        assert_eq!(bridge.status(&parent).await, old);
        // What has not been used once more can be given back.
        bridge.set(id, "6").await;
        bridge.advance(20 * 60);
        let third = bridge.ask(&format!("action=getExtraActivation&activationId={id}")).await;
        let third = third.split(':').nth(1).unwrap_or_else(|| panic!("{third}")).to_owned();
        assert_eq!(bridge.set(&third, "8").await, "ACCESS_CANCEL");
    })
    .await;
}
