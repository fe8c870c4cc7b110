//! What only SMSAK brings along: purchases whose answer no document shows, told by the list of rented numbers
//! before and after. Source: `api/smsak.txt`, "API for renting numbers"; `UPSTREAMS.md` sections 0 and 8.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use smsbridge::clock::MovableClock;
use smsbridge::domain::{Activation, Bought, Secret};
use smsbridge::provider::{Capability, Cx, Effect, Fault, FaultKind, Provider};

use super::flat::{as_rent, in_every_flat, order_of};
use crate::harness::{Canned, parts};

/// A provider on an upstream that lists these rented numbers, one list after the other and then the last, and
/// answers this to a purchase.
async fn on(lists: &'static [&'static str], sold: &'static str) -> (Canned, Arc<dyn Provider>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let upstream = Canned::answering(move |target| {
        let answer = match target {
            _ if target.contains("/getalltarifs/") => r#"[{"id":1,"days":1,"cost":"150.00","code":"RU"}]"#,
            _ if target.contains("/getallfullnumbers/") => {
                lists[asked.fetch_add(1, Ordering::SeqCst).min(lists.len() - 1)]
            }
            _ if target.contains("/getfullnumber/") || target.contains("/rebuynumber/") => sold,
            _ => "1",
        };
        (200, answer.to_owned())
    })
    .await;
    let spec = smsbridge::provider::spec("smsak").unwrap();
    let toml = format!(
        "[provider.main]\nkind = \"smsak\"\nbase_url = \"{}\"\napi_key = \"mock-key\"\nrate_limit = \"off\"\n",
        upstream.url()
    );
    let provider = (spec.build)(parts(spec, &toml, MovableClock::standing())).unwrap();
    (upstream, provider)
}

fn cx() -> Cx {
    Cx::new(Secret::new("mock-key"))
}

async fn rents(lists: &'static [&'static str], sold: &'static str) -> Result<Bought, Fault> {
    let (_upstream, provider) = on(lists, sold).await;
    provider.rentals().rent(&cx(), &order_of("full", 24)).await
}

const ONE: &str = r#"[{"id":1,"time":"2026-01-02 00:00:00","number":"+79990000001","is_work":1}]"#;
const TWO: &str = r#"[{"id":2,"time":"2026-01-02 00:00:00","number":"+79990000002","is_work":0},
    {"id":1,"time":"2026-01-02 00:00:00","number":"+79990000001","is_work":1}]"#;
const THREE: &str = r#"[{"id":1,"time":"2026-01-02 00:00:00","number":"+79990000001","is_work":1},
    {"id":2,"time":"2026-01-02 00:00:00","number":"+79990000002","is_work":0},
    {"id":3,"time":"2026-01-02 00:00:00","number":"+79990000003","is_work":0}]"#;

#[tokio::test]
async fn whatever_it_answers_the_one_new_number_is_ours() {
    for sold in ["1", "\"1\"", "true", r#"{"status":"ok"}"#, r#"{"id":2}"#, "[]", "null"] {
        let bought = rents(&[ONE, TWO], sold).await.unwrap();
        assert_eq!((bought.upstream_id.as_str(), bought.phone.digits()), ("2", "79990000002"), "{sold}");
        assert_eq!(bought.expires_at.unwrap().to_string(), "2026-01-02T00:00:00Z");
    }
    let row = r#"{"id":9,"time":"2026-01-02 00:00:00","number":"+79990000009","is_work":0}"#;
    assert_eq!(rents(&[ONE], row).await.unwrap().upstream_id, "9");
}

#[tokio::test]
async fn what_is_not_one_new_number_is_in_doubt() {
    let old = r#"{"id":1,"time":"2026-01-02 00:00:00","number":"+79990000001","is_work":0}"#;
    let cases: [(&'static [&'static str], &'static str); 8] = [
        (&[ONE, ONE], "1"),
        (&[ONE, THREE], "1"),
        (&[ONE, TWO], r#"{"id":3}"#),
        (&[ONE, ONE], old),
        (&[ONE, r#"{"error":"?"}"#], "1"),
        (&[ONE, "<html>"], "1"),
        (&[ONE, r#"[{"time":"2026-01-02 00:00:00"}]"#], "1"),
        (&[ONE, TWO], r#"{"error":"Ошибка"}"#),
    ];
    for (lists, sold) in cases {
        let fault = rents(lists, sold).await.unwrap_err();
        assert_eq!(fault.effect, Effect::Unknown, "{lists:?} {sold}: {fault}");
        assert!(!fault.to_string().contains("7999"), "{fault}");
    }
}

#[tokio::test]
async fn without_a_list_beforehand_nothing_is_bought() {
    for list in ["<html>", r#"{"error":"?"}"#, r#"[{"number":"+79990000001"}]"#, "1"] {
        let lists: &'static [&'static str] = Box::leak(Box::new([list]));
        let (upstream, provider) = on(lists, "1").await;
        let fault = provider.rentals().rent(&cx(), &order_of("full", 24)).await.unwrap_err();
        assert_eq!(fault.effect, Effect::None, "{list}");
        assert!(upstream.asked().iter().all(|target| !target.contains("/getfullnumber/")), "{list}");
    }
}

fn rent_1() -> Activation {
    let bought = Bought {
        upstream_id: "1".into(),
        phone: smsbridge::domain::Phone::parse("79990000001").unwrap(),
        price: None,
        operator: None,
        expires_at: Some("2026-01-02T00:00:00Z".parse().unwrap()),
        extra: Default::default(),
    };
    as_rent(&order_of("full", 24), bought, &MovableClock::standing())
}

#[tokio::test]
async fn a_rent_is_longer_only_if_its_end_is_seen_to_be_later() {
    const LATER: &str = r#"[{"id":1,"time":"2026-01-03 00:00:00","number":"+79990000001","is_work":1}]"#;
    let prolongs = async |lists, sold| {
        let (_upstream, provider) = on(lists, sold).await;
        provider.rentals().prolong(&cx(), &rent_1(), 24).await
    };
    let row = r#"{"id":1,"time":"2026-01-03 00:00:00","number":"+79990000001","is_work":1}"#;
    for (lists, sold) in [(&[ONE, LATER] as &'static [&'static str], "1"), (&[ONE], row)] {
        let more = prolongs(lists, sold).await.unwrap();
        assert_eq!(more.expires_at.unwrap().to_string(), "2026-01-03T00:00:00Z", "{sold}");
        assert_eq!(more.upstream_id, "1");
    }
    let same = r#"{"id":1,"time":"2026-01-02 00:00:00","number":"+79990000001","is_work":1}"#;
    let other = r#"{"id":2,"time":"2026-01-03 00:00:00","number":"+79990000001","is_work":1}"#;
    for (lists, sold) in [
        (&[ONE, ONE] as &'static [&'static str], "1"),
        (&[ONE, "[]"], "1"),
        (&[ONE, "<html>"], "1"),
        (&[ONE, LATER], "0"),
        (&[ONE, LATER], "true"),
        (&[ONE, LATER], same),
        (&[ONE, LATER], other),
    ] {
        let fault = prolongs(lists, sold).await.unwrap_err();
        assert_eq!(fault.effect, Effect::Unknown, "{lists:?} {sold}: {fault}");
    }
    let over = prolongs(&["[]"], "1").await.unwrap_err();
    assert_eq!((over.kind, over.effect), (FaultKind::RentOver, Effect::None));
}

#[tokio::test]
async fn rents_at_the_same_time_are_not_mixed_up() {
    in_every_flat(async |flat| {
        let order = flat.order();
        let rent = || flat.rentals().rent(&flat.cx, &order);
        let (one, two, three, four) = tokio::join!(rent(), rent(), rent(), rent());
        let mut sold: Vec<_> = [one, two, three, four]
            .map(|bought| bought.unwrap())
            .map(|one| (one.upstream_id, one.phone))
            .into();
        sold.sort_by(|one, other| one.0.cmp(&other.0));
        let mut lots: Vec<_> = flat.market().lots().into_iter().map(|lot| (lot.id, lot.phone)).collect();
        lots.sort();
        let sold: Vec<_> = sold.into_iter().map(|(id, phone)| (id, phone.digits().to_owned())).collect();
        assert_eq!(sold, lots);
    })
    .await;
}

#[tokio::test]
async fn a_number_is_switched_on_when_it_is_rented_and_now_and_then() {
    in_every_flat(async |flat| {
        if flat.spec.kind != "smsak" || !flat.can(Capability::Rent) {
            return;
        }
        let mut rent = flat.rent().await;
        assert_eq!(flat.upstream.calls("send-enable-sim"), 1);
        for _ in 0..3 {
            flat.look(&mut rent).await;
        }
        assert_eq!(flat.upstream.calls("send-enable-sim"), 1);
        flat.advance(15 * 60);
        flat.look(&mut rent).await;
        assert_eq!(flat.upstream.calls("send-enable-sim"), 2);
    })
    .await;
}
