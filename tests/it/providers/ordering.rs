//! What each parameter of an order comes to. Source: `api/sms-activate.txt`, "Запрос номера"; what is done
//! where an upstream has no such thing: `UPSTREAMS.md` section 6.

use smsbridge::provider::Capability;

use crate::harness::World;

use super::stage::everywhere;

#[tokio::test]
async fn a_number_has_a_small_id_and_bare_digits() {
    everywhere(async |stage| {
        let (id, phone) = stage.bridge().order("service=tg&country=0").await;
        assert!(id.parse::<i32>().unwrap() > 0, "{id}");
        assert!(phone.starts_with("79") && phone.bytes().all(|b| b.is_ascii_digit()), "{phone}");
        if let Some(lot) = stage.last_lot() {
            assert_eq!((lot.phone, lot.country, lot.service), (phone, stage.country(0), stage.service("tg")));
            assert_ne!(lot.id, id);
        }
    })
    .await;
}

#[tokio::test]
async fn a_country_left_out_is_russia_and_an_unknown_one_has_no_numbers() {
    everywhere(async |stage| {
        for query in ["service=tg", "service=tg&country=", "service=tg&country=any", "service=tg&country=0"] {
            let (_, phone) = stage.bridge().order(query).await;
            assert!(phone.starts_with("79"), "{query}: {phone}");
        }
        let before = stage.orders();
        stage.expect("action=getNumber&service=tg&country=ru", "ERROR_SQL").await;
        if !stage.spec.speaks_dialect {
            stage.expect("action=getNumber&service=tg&country=9999", "NO_NUMBERS").await;
        }
        assert_eq!(stage.orders(), before);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_service_is_refused() {
    everywhere(async |stage| {
        for query in ["service=qqqq", "service=", "", "service=%D1%82%D0%B3"] {
            stage.expect(&format!("action=getNumber&country=0&{query}"), "BAD_SERVICE").await;
        }
        if !stage.spec.speaks_dialect {
            assert_eq!(stage.orders(), 0);
        }
    })
    .await;
}

#[tokio::test]
async fn a_service_without_a_counterpart_is_refused_before_anything_is_asked() {
    everywhere(async |stage| {
        if !stage.is("vak-sms") {
            return;
        }
        // Noon, Uklon and Fastmail are the dialect's; VAK-SMS sells something else under their codes.
        for service in ["tf", "cp", "mr", "zz"] {
            let asked = stage.requests();
            for action in ["getNumber", "getNumberV2"] {
                stage.expect(&format!("action={action}&service={service}&country=0"), "BAD_SERVICE").await;
            }
            assert_eq!(stage.requests(), asked, "{service}");
        }
        assert_eq!(stage.orders(), 0);
    })
    .await;
}

#[tokio::test]
async fn an_operator_is_the_one_that_was_asked_for() {
    everywhere(async |stage| {
        for query in ["operator=mts", "operator=MTS", "operator%20=mts"] {
            if !stage.has_operators() {
                stage.expect(&format!("action=getNumberV2&service=tg&country=0&{query}"), "NO_NUMBERS").await;
                continue;
            }
            let sold = stage.bridge().json(&format!("action=getNumberV2&service=tg&country=0&{query}")).await;
            assert_eq!(sold["activationOperator"], "mts", "{query}");
            if let Some(lot) = stage.last_lot() {
                assert_eq!(lot.operator.as_deref(), Some("mts"), "{query}");
            }
        }
        for query in ["operator=any", "operator=", "operator=mts,any"] {
            stage.bridge().order(&format!("service=tg&country=0&{query}")).await;
        }
    })
    .await;
}

#[tokio::test]
async fn operators_are_tried_in_turn_until_one_has_a_number() {
    everywhere(async |stage| {
        if !stage.has_operators() {
            stage.expect("action=getNumber&service=tg&country=0&operator=mts,beeline", "NO_NUMBERS").await;
            assert_eq!(stage.orders(), 0);
            return;
        }
        let Some(market) = stage.market() else {
            let query = "action=getNumberV2&service=tg&country=0&operator=mts,beeline";
            let sold = stage.bridge().json(query).await;
            assert!(["mts", "beeline"].contains(&sold["activationOperator"].as_str().unwrap()), "{sold}");
            return;
        };
        // One number is left, at the stand-in's first operator of Russia.
        market.set_stock(&stage.country(0), &stage.service("tg"), 1);
        stage.expect("action=getNumber&service=tg&country=0&operator=mts,yota", "NO_NUMBERS").await;
        let refused = stage.orders();
        let first = stage.first_operator();
        stage.bridge().order(&format!("service=tg&country=0&operator=mts,{first},yota")).await;
        assert_eq!(stage.last_lot().unwrap().operator.as_deref(), Some(first));
        if !stage.spec.can(Capability::OperatorList) {
            // One operator at a time, and after the one that sold none is asked.
            assert_eq!((refused, stage.orders()), (2, 4));
        }
    })
    .await;
}

#[tokio::test]
async fn an_operator_that_does_not_exist_never_becomes_any_operator() {
    everywhere(async |stage| {
        if stage.spec.speaks_dialect {
            return;
        }
        stage.expect("action=getNumber&service=tg&country=0&operator=nosuch", "NO_NUMBERS").await;
        assert_eq!(stage.orders(), 0);
        if !stage.has_operators() {
            stage.expect("action=getNumber&service=tg&country=0&operator=nosuch,mts", "NO_NUMBERS").await;
            return;
        }
        stage.bridge().order("service=tg&country=0&operator=nosuch,mts").await;
        if let Some(lot) = stage.last_lot() {
            assert_eq!(lot.operator.as_deref(), Some("mts"));
        }
    })
    .await;
}

#[tokio::test]
async fn forwarding_is_never_sold_as_an_ordinary_number() {
    everywhere(async |stage| {
        for forward in ["forward=1", "forward=true", "forward=True"] {
            stage.expect(&format!("action=getNumber&service=tg&country=0&{forward}"), "NO_NUMBERS").await;
        }
        if !stage.spec.can(Capability::Forward) {
            assert_eq!(stage.orders(), 0);
        }
        for forward in ["forward=0", "forward=false", "forward="] {
            stage.bridge().order(&format!("service=tg&country=0&{forward}")).await;
        }
    })
    .await;
}

#[tokio::test]
async fn verification_is_passed_on_or_refused() {
    everywhere(async |stage| {
        let query = "action=getNumber&service=tg&country=0&verification=true";
        if !stage.spec.can(Capability::Verification) {
            stage.expect(query, "NO_NUMBERS").await;
            assert_eq!(stage.orders(), 0);
            return;
        }
        assert!(stage.bridge().ask(query).await.starts_with("ACCESS_NUMBER:"));
        let Some(upstream) = stage.upstream() else { return };
        let requests = upstream.requests();
        assert!(requests.iter().any(|request| request.contains("verification=true")), "{requests:?}");
    })
    .await;
}

#[tokio::test]
async fn an_excluded_prefix_is_never_handed_out() {
    everywhere(async |stage| {
        let odd: Vec<String> = (0..50).map(|nth| format!("79{:02}", 2 * nth)).collect();
        let excluded = odd.join(",");
        for _ in 0..10 {
            let query = format!("action=getNumber&service=tg&country=0&phoneException={excluded}");
            let answer = stage.bridge().ask(&query).await;
            match answer.rsplit_once(':') {
                Some((_, phone)) => assert!(!odd.iter().any(|prefix| phone.starts_with(prefix)), "{phone}"),
                None => assert_eq!(answer, "NO_NUMBERS"),
            }
        }
        let before = stage.orders();
        for bad in ["791", "79181234", "8918", "7918;7900", "%2B7918", "abc"] {
            let query = format!("action=getNumber&service=tg&country=0&phoneException={bad}");
            stage.expect(&query, "WRONG_EXCEPTION_PHONE").await;
        }
        assert_eq!(stage.orders(), before);
        // Some clients send it empty.
        stage.bridge().order("service=tg&country=0&phoneException=").await;
    })
    .await;
}

#[tokio::test]
async fn what_concerns_another_service_or_nobody_is_not_passed_on() {
    everywhere(async |stage| {
        let extras = "ref=pythonsmsactivate&json=1&lang=en&userID=5&forward=0&foo=bar&rent=true&softId=666";
        stage.bridge().order(&format!("service=tg&country=0&{extras}")).await;
        if let Some(upstream) = stage.upstream() {
            for request in upstream.requests() {
                for stray in ["ref=", "json=", "userID=", "foo=", "rent=", "softId=", "lang=en"] {
                    assert!(!request.contains(stray), "{request}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn free_price_and_cash_back_reach_who_knows_them() {
    everywhere(async |stage| {
        stage.bridge().order("service=tg&country=0&freePrice=True&useCashBack=true").await;
        let Some(upstream) = stage.upstream() else { return };
        let order = upstream.names().order[0];
        let request = upstream.requests().into_iter().find(|request| request.contains(order)).unwrap();
        assert_eq!(request.contains("freePrice=true"), stage.spec.speaks_dialect, "{request}");
        assert_eq!(request.contains("useCashBack=true"), stage.spec.speaks_dialect, "{request}");
    })
    .await;
}

#[tokio::test]
async fn a_referral_comes_from_the_configuration_only() {
    for (kind, line, expected) in [
        ("vak-sms", "soft_id = 77", "softId=77"),
        ("sms-activate", "ref = \"mine\"", "ref=mine"),
        ("sms-man", "ref = \"mine\"", "ref=mine"),
        ("sms-man-v2", "ref = \"mine\"", "ref=mine"),
    ] {
        let world = World::with(kind, &[], line).await;
        world.bridge.order("service=tg&country=0&ref=theirs&softId=5").await;
        let upstream = world.upstream.as_ref().unwrap();
        let (requests, name) = (upstream.requests(), upstream.names().order[0]);
        let order = requests.iter().find(|request| request.contains(name) && !request.contains("List"));
        assert!(order.is_some_and(|order| order.contains(expected)), "{requests:?}");
        world.end().await;
    }
}
