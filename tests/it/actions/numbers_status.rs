//! `getNumbersStatus`: every service as a text, `"0"` if there is none, since clients index without
//! asking (`WIRE.md` section 1, items 6 and 7).

use std::collections::BTreeMap;

use smsbridge::catalog::Catalog;

use super::{golden, refuse, say, upstream};
use crate::harness::{Bridge, KINDS, World, has_operators};

/// What RU (`smsactivateru` 1.2.6) looks up and fails without.
const INDEXED: &str = "vk_0 ok_0 wa_0 vi_0 tg_0 wb_0 go_0 av_0 av_1 fb_0 tw_0 ot_0 ot_1 ub_0 qw_0 gt_0 sn_0 \
    ig_0 ss_0 ym_0 ym_1 ma_0 mm_0 uk_0 me_0 mb_0 we_0 bd_0 kp_0 dt_0 ya_0 ya_1 mt_0 oi_0 fd_0 zz_0 kt_0 pm_0 \
    tn_0";

/// The answer as counts; anything but a text of digits fails.
async fn stock(bridge: &Bridge, query: &str) -> BTreeMap<String, u64> {
    let answer = bridge.json(&format!("action=getNumbersStatus{query}")).await;
    let count = |(key, value): (&String, &serde_json::Value)| {
        let text = value.as_str().unwrap_or_else(|| panic!("{key}: {value}"));
        assert!(text.bytes().all(|byte| byte.is_ascii_digit()), "{key}: {text}");
        (key.clone(), text.parse().unwrap())
    };
    answer.as_object().unwrap().iter().map(count).collect()
}

#[tokio::test]
async fn every_service_is_there_under_every_provider() {
    let services = || Catalog::builtin().services().iter().filter(|entry| entry.code.as_str() != "full");
    let mut expected: Vec<_> = services().map(|entry| format!("{}_0", entry.code)).collect();
    expected.extend(services().filter(|entry| entry.forwardable).map(|entry| format!("{}_1", entry.code)));
    expected.sort();
    for kind in KINDS {
        let world = World::of(kind).await;
        for country in [0, 1, 12, 999] {
            // The stand-in for sms-activate counts a country that does not exist as a violation.
            if kind == "sms-activate" && country == 999 {
                continue;
            }
            let stock = stock(&world.bridge, &format!("&country={country}")).await;
            assert_eq!(stock.keys().cloned().collect::<Vec<_>>(), expected, "{kind} {country}");
            assert!(INDEXED.split_whitespace().all(|key| stock.contains_key(key)), "{kind}");
            if country == 999 {
                assert!(stock.values().all(|count| *count == 0), "{kind}");
            }
        }
        world.end().await;
    }
}

#[tokio::test]
async fn counts_are_those_of_the_price_list() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let stock = stock(&world.bridge, "&country=0").await;
        let prices = world.bridge.json("action=getPrices&country=0").await;
        let prices = prices["0"].as_object().unwrap();
        assert!(prices.len() > 20, "{kind}");
        for (service, offer) in prices {
            assert_eq!(stock[&format!("{service}_0")], offer["count"].as_u64().unwrap(), "{kind} {service}");
        }
        // What is not sold there at all is "0".
        let unsold = stock.iter().filter(|(key, _)| !prices.contains_key(key.split_once('_').unwrap().0));
        assert!(unsold.clone().all(|(_, count)| *count == 0), "{kind}");
        // "0 - нет. 1 - да": nothing here forwards calls.
        assert!(stock.iter().filter(|(key, _)| key.ends_with("_1")).all(|(_, count)| *count == 0), "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn russia_is_meant_where_no_country_is_named() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let russia = say(&world.bridge, "action=getNumbersStatus&country=0").await;
        assert_ne!(say(&world.bridge, "action=getNumbersStatus&country=1").await, russia, "{kind}");
        for query in [
            "",
            "&country=",
            "&country=any",
            "&country=00",
            "&operator=",
            "&operator=any",
            "&operator=mts,any",
        ] {
            let answer = say(&world.bridge, &format!("action=getNumbersStatus{query}")).await;
            assert!(answer == russia, "{kind} {query}");
        }
        refuse(&world.bridge, "action=getNumbersStatus&country=ru", "ERROR_SQL").await;
        world.end().await;
    }
}

#[tokio::test]
async fn operators_narrow_the_stock_down() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let of = async |query: &str| stock(&world.bridge, &format!("&country=0{query}")).await["tg_0"];
        let (mts, tele2) = (of("&operator=mts").await, of("&operator=tele2").await);
        if !has_operators(kind) {
            assert_eq!((mts, tele2), (0, 0), "{kind}");
            continue;
        }
        assert!(mts > 0 && tele2 > 0 && mts + tele2 < of("").await, "{kind}");
        assert_eq!(of("&operator=mts,tele2").await, mts + tele2, "{kind}");
        assert_eq!(of("&operator=MTS,%20mts").await, mts, "{kind}");
        // The stand-in for sms-activate counts an unknown operator as a violation, so it is not asked.
        if kind != "sms-activate" {
            assert_eq!(of("&operator=nosuch").await, 0, "{kind}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn what_is_sold_is_missing_and_what_never_was_is_zero() {
    let world = World::of("sandbox").await;
    let before = stock(&world.bridge, "").await;
    world.bridge.order("service=tg").await;
    let after = stock(&world.bridge, "").await;
    assert_eq!(after["tg_0"], before["tg_0"] - 1);
    assert_eq!((after["vk_0"], after["nn_0"]), (before["vk_0"], 0));
    assert!(stock(&world.bridge, "&country=204").await.values().all(|count| *count == 0));
    world.end().await;
}

#[tokio::test]
async fn an_upstreams_bare_keys_and_textual_counts_are_the_same_stock() {
    let world = World::with("sms-activate", &["bare-numbersstatus"], "").await;
    upstream(&world).market().set_stock("0", "tg", 158);
    let stock = stock(&world.bridge, "&country=0").await;
    assert_eq!((stock["tg_0"], stock.get("tg")), (158, None));
    golden(&world.bridge, &[("action=getStatus&id=1", "NO_ACTIVATION")]).await;
    world.end().await;
}
