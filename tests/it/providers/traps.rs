//! A code that both sides have for different services must never buy the other side's: every row of every
//! kind's list of such codes is ordered through the wire (`UPSTREAMS.md` section 7).

use rust_decimal::Decimal;
use smsbridge::catalog::{Catalog, Mapping, Trap};
use smsbridge::domain::{Country, Service};
use smsbridge::mock::{STAND_INS, Settings};
use smsbridge::provider;

use super::stage::easy;
use crate::harness::World;

/// A kind with codes of its own, on one of its stand-ins.
struct Case {
    world: World,
    mapping: Mapping,
    /// The upstream's code for Russia.
    country: String,
}

impl Case {
    fn set_stock(&self, code: &str) {
        self.world.upstream.as_ref().unwrap().market().set_stock(&self.country, code, 10);
    }

    fn sold(&self) -> Vec<String> {
        let lots = self.world.upstream.as_ref().unwrap().market().lots();
        lots.into_iter().map(|lot| lot.service).collect()
    }

    async fn order(&self, service: &Service) -> String {
        self.world.bridge.ask(&format!("action=getNumber&service={service}&country=0")).await
    }

    /// Orders the dialect's service of the code, and says whether it was sold.
    async fn order_the_code(&self, trap: &Trap<'_>) -> bool {
        let code = trap.code.as_str();
        let before = self.sold().len();
        let counterpart = self.mapping.services(&trap.code).first().cloned();
        if let Some(counterpart) = &counterpart {
            self.set_stock(counterpart);
        }
        let answer = self.order(&trap.code).await;
        let sold = self.sold();
        match counterpart {
            Some(counterpart) => {
                assert!(answer.starts_with("ACCESS_NUMBER:"), "{code}: {answer}");
                assert_ne!(counterpart, code, "the false twin");
                assert_eq!(sold[before..], [counterpart], "{code}");
                true
            }
            None => {
                assert_eq!(answer, "BAD_SERVICE", "{code}");
                assert_eq!(sold.len(), before, "{code}");
                false
            }
        }
    }
}

#[tokio::test]
async fn no_code_buys_its_false_twin() {
    for stand_in in STAND_INS {
        let mapping = provider::spec(stand_in.kind).unwrap().codes();
        let Some(files) = mapping.files() else { continue };
        let settings = Settings { balance: Decimal::from(1_000_000), ..easy() };
        let country = mapping.country(Country(0)).unwrap().into_owned();
        let case = Case { world: World::market(stand_in.name, &[], "", settings).await, mapping, country };
        let (mut sold, mut refused) = (0, 0);
        for trap in files.traps(Catalog::builtin()).unwrap() {
            case.set_stock(trap.code.as_str());
            if case.order_the_code(&trap).await {
                sold += 1;
            } else {
                refused += 1;
            }
            // The service behind the code is bought under the dialect's own codes for it.
            for own in &trap.instead {
                let answer = case.order(own).await;
                assert!(answer.starts_with("ACCESS_NUMBER:"), "{own}: {answer}");
                assert_eq!(case.sold().last().map(String::as_str), Some(trap.code.as_str()), "{own}");
            }
        }
        if stand_in.kind == "vak-sms" {
            assert!(sold > 10 && refused > 50, "{sold} {refused}");
        }
        case.world.end().await;
    }
}

/// The codes of the reference that fall into the trap most often, told apart without the data files.
#[tokio::test]
async fn the_best_known_traps_by_hand() {
    let world = World::of("vak-sms").await;
    let upstream = world.upstream.as_ref().unwrap();
    for (service, code) in [
        ("vk", "mr"),
        ("ma", "mr"),
        ("me", "lm"),
        ("go", "gl"),
        ("mm", "ms"),
        ("ds", "dc"),
        ("lf", "tk"),
        ("wx", "al"),
    ] {
        upstream.market().set_stock("ru", code, 10);
        world.bridge.order(&format!("service={service}&country=0")).await;
        assert_eq!(upstream.market().lots().pop().unwrap().service, code, "{service}");
    }
    world.end().await;
}
