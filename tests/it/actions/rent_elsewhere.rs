//! Kinds of providers that rent nothing: each action's documented word, and no question to the upstream.

use smsbridge::mock;
use smsbridge::provider::{self, Capability};

use super::{refuse, rent_error, upstream};
use crate::harness::{KINDS, World};

fn rents_nothing(kind: &str) -> bool {
    let kind = mock::stand_in(kind).map_or(kind, |stand_in| stand_in.kind);
    !provider::spec(kind).unwrap().can(Capability::Rent)
}

#[tokio::test]
async fn who_rents_nothing_says_so_in_the_documented_words() {
    for kind in KINDS.into_iter().filter(|kind| rents_nothing(kind)) {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        let asked = upstream(&world).requests().len();
        for (query, word) in [
            ("getRentServicesAndCountries", "OUT_OF_STOCK"),
            ("getRentNumber&service=tg", "NO_NUMBERS"),
            ("getRentNumber&service=full&rent_time=24", "NO_NUMBERS"),
            ("getRentStatus", "NO_ID_RENT"),
            ("getRentStatus&id=ID", "INVALID_PHONE"),
            ("setRentStatus&id=ID&status=1", "INVALID_PHONE"),
            ("setRentStatus&id=ID&status=2", "INVALID_PHONE"),
            ("setRentStatus&id=ID", "INCORECT_STATUS"),
            ("getRentList", "NO_NUMBERS"),
            ("continueRentNumber&id=ID&rent_time=4", "INVALID_PHONE"),
            ("getContinueRentPriceNumber&id=ID&rent_time=4", "INVALID_PHONE"),
            ("continueRentInfo&id=ID&hours=4", "INVALID_PHONE"),
            ("serviceCountRent&service=tg", "OUT_OF_STOCK"),
        ] {
            let query = format!("action={}", query.replace("ID", &id));
            refuse(&world.bridge, &query, &rent_error(word)).await;
        }
        let prices = r#"{"status":"error","error":"NO_NUMBERS"}"#;
        refuse(&world.bridge, "action=getRentPrices&service=tg", prices).await;
        assert_eq!(upstream(&world).requests().len(), asked, "{kind}");
        world.end().await;
    }
}
