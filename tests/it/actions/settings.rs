//! `setMaxPrice`, `updateApiCurrency` and `getQiwiRequisites`: nothing is agreed to that is not kept.

use super::{refuse, upstream};
use crate::harness::{KINDS, World};

#[tokio::test]
async fn settings_of_an_account_are_refused_everywhere_and_told_to_nobody() {
    for kind in KINDS {
        let world = World::of(kind).await;
        for query in [
            "action=setMaxPrice&service=tg&maxPrice=5&country=0&random=true",
            "action=updateApiCurrency&currency=840",
            "action=getQiwiRequisites",
        ] {
            refuse(&world.bridge, query, "BAD_ACTION").await;
        }
        if kind != "sandbox" {
            assert_eq!(upstream(&world).requests(), Vec::<String>::new(), "{kind}");
        }
        world.end().await;
    }
}
