//! Each flavour against the reader of the service it is taken from: one server speaks it, and another one
//! is pointed at the first as at that service. What the second makes of it is what happened at the first.

use super::sandbox;
use crate::harness::Bridge;

/// A server on the first one, as on a service.
async fn behind(first: &Bridge, provider: &str) -> Bridge {
    let toml =
        format!("[provider.main]\n{provider}\nbase_url = \"http://{}\"\napi_key = \"any\"\n", first.addr);
    Bridge::at(&toml, first.clock.clone()).await
}

#[tokio::test]
async fn each_is_read_by_what_reads_that_service() {
    for (flavour, provider, prices) in [
        ("sms-activate", "kind = \"sms-activate\"", true),
        ("sms-man", "kind = \"sms-man\"", true),
        ("sms-service-online", "kind = \"sms-service-online\"", false),
        ("smsak", "kind = \"sms-activate\"\npreset = \"smsak-compat\"", true),
    ] {
        let first = sandbox(&format!("[dialect]\nflavour = \"{flavour}\"")).await;
        let second = behind(&first, provider).await;
        assert_eq!(second.ask("action=getBalance").await, "ACCESS_BALANCE:463.02", "{flavour}");
        if prices {
            let price = second.json("action=getPrices&service=tg&country=0").await;
            assert!(price["0"]["tg"]["cost"].is_number(), "{flavour}: {price}");
        }
        let (id, phone) = second.order("service=tg&country=0").await;
        assert!(phone.starts_with('7'), "{flavour}: {phone}");
        assert_eq!(second.status(&id).await, "STATUS_WAIT_CODE", "{flavour}");
        second.advance(6);
        let code = second.status(&id).await;
        assert!(code.starts_with("STATUS_OK:"), "{flavour}: {code}");
        assert_eq!(second.set(&id, "3").await, "ACCESS_RETRY_GET", "{flavour}");
        assert_eq!(second.status(&id).await, code.replace("OK", "WAIT_RETRY"), "{flavour}");
        assert_eq!(second.set(&id, "6").await, "ACCESS_ACTIVATION", "{flavour}");
        let held = second.ask("action=getBalance").await;
        let (other, _) = second.order("service=tg&country=0").await;
        assert_ne!(second.ask("action=getBalance").await, held, "{flavour}");
        assert_eq!(second.set(&other, "8").await, "ACCESS_CANCEL", "{flavour}");
        assert_eq!(second.ask("action=getBalance").await, held, "{flavour}: not refunded");
        assert_eq!(second.ask("action=getNumber&service=tg&country=999").await, "NO_NUMBERS", "{flavour}");
        second.stop().await;
        first.stop().await;
    }
}
