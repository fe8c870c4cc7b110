//! `getNumber` with `phoneException`: "код страны и от 3 до 6 цифр маски ( например 7918,7900111)". An
//! excluded number is never handed out, and a mask that is none is refused before anything is bought. What is
//! done where the upstream cannot exclude any: `phone_exception_emulated`.

use super::{balance, refuse};
use crate::harness::{KINDS, World};

/// Masks for every Russian mobile number but those that begin with `kept`.
pub(super) fn all_but(kept: &str) -> String {
    let masks = (0..100).map(|n| format!("79{n:02}")).filter(|mask| !mask.starts_with(kept));
    masks.collect::<Vec<_>>().join(",")
}

#[tokio::test]
async fn a_mask_is_a_country_code_and_three_to_six_digits() {
    let bad = [
        "7",
        "79",
        "791",
        "79001112",
        "8918",
        "7918;7900",
        "7918|7900",
        "+7918",
        "7918,abc",
        "7918,79",
        "abc",
        "79-18",
        "7918,,%00",
        "7 918",
        "%D9%A7918",
    ];
    for kind in KINDS {
        let world = World::of(kind).await;
        let before = balance(&world.bridge).await;
        for masks in bad {
            for action in ["getNumber", "getNumberV2"] {
                let query = format!(
                    "action={action}&service=tg&country=0&phoneException={}",
                    masks.replace(' ', "%20").replace('+', "%2B")
                );
                refuse(&world.bridge, &query, "WRONG_EXCEPTION_PHONE").await;
            }
        }
        assert_eq!(balance(&world.bridge).await, before, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn excluded_numbers_are_not_handed_out() {
    for kind in ["sandbox", "sms-activate"] {
        let world = World::of(kind).await;
        for kept in ["790", "795", "799"] {
            let masks = all_but(kept);
            for _ in 0..3 {
                let (_, phone) =
                    world.bridge.order(&format!("service=tg&country=0&phoneException={masks}")).await;
                assert!(phone.starts_with(kept), "{kind}: {phone} is not {kept}…");
            }
        }
        // Unencoded and encoded commas, a blank behind one, masks of every length.
        for masks in ["7900", "7900,79001,790011,7900111", "7900%2C7901", "7900,%207901", "7900,"] {
            let (_, phone) =
                world.bridge.order(&format!("service=tg&country=0&phoneException={masks}")).await;
            assert!(!phone.starts_with("7900"), "{kind} {masks}: {phone}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn where_everything_is_excluded_there_is_no_number() {
    for kind in ["sandbox", "sms-activate"] {
        let world = World::of(kind).await;
        let before = balance(&world.bridge).await;
        let query = format!("action=getNumber&service=tg&country=0&phoneException={}", all_but("x"));
        refuse(&world.bridge, &query, "NO_NUMBERS").await;
        assert_eq!(balance(&world.bridge).await, before, "{kind}");
        world.end().await;
    }
}
