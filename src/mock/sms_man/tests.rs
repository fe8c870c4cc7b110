use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::mock::testing::{Bench, setup};
use crate::mock::{FaultPlan, Mishap, Scope, Setup, Special};

async fn bench(quirks: &[&str]) -> Bench {
    stocked(Bench::new("sms-man", quirks).await)
}

fn stocked(bench: Bench) -> Bench {
    let market = bench.running.market();
    for (service, kopecks) in [("tg", 1500), ("wa", 1235)] {
        market.set_stock("0", service, 26);
        market.set_price("0", service, Decimal::new(kopecks, 2));
    }
    bench
}

fn path(rest: &str) -> String {
    format!("/stubs/handler_api.php?api_key=mock-key&action={rest}")
}

async fn say(bench: &Bench, rest: &str) -> String {
    bench.text(&path(rest)).await
}

async fn document(bench: &Bench, rest: &str) -> Value {
    bench.json(&path(rest)).await
}

async fn sold(bench: &Bench) -> String {
    let answer = say(bench, "getNumber&country=0&service=tg").await;
    answer.split(':').nth(1).unwrap().to_owned()
}

async fn tell(bench: &Bench, id: &str, status: &str) -> String {
    say(bench, &format!("setStatus&id={id}&status={status}")).await
}

async fn status(bench: &Bench, id: &str) -> String {
    say(bench, &format!("getStatus&id={id}")).await
}

fn silence(bench: &Bench) {
    bench.running.market().declare(Scope::Service("tg".into()), Special::NoMessage);
}

#[tokio::test]
async fn an_activation_goes_through_every_status() {
    let bench = bench(&[]).await;
    let answer = say(&bench, "getNumber&country=0&service=tg&ref=partner").await;
    let parts: Vec<&str> = answer.split(':').collect();
    let [word, id, phone] = parts[..] else { panic!("{answer}") };
    assert_eq!((word, id), ("ACCESS_NUMBER", "572295481"));
    assert!(phone.starts_with("79") && phone.len() == 11);
    assert_eq!(status(&bench, id).await, "STATUS_WAIT_CODE");
    assert_eq!(tell(&bench, id, "1").await, "ACCESS_READY");
    bench.advance(5);
    let answer = status(&bench, id).await;
    let code = answer.strip_prefix("STATUS_OK:").unwrap();
    assert_eq!(tell(&bench, id, "3").await, "ACCESS_RETRY_GET");
    assert_eq!(tell(&bench, id, "3").await, "ACCESS_RETRY_GET");
    assert_eq!(status(&bench, id).await, format!("STATUS_WAIT_RETRY:{code}"));
    bench.advance(5);
    let second = status(&bench, id).await;
    assert!(second.starts_with("STATUS_OK:"));
    assert_eq!(tell(&bench, id, "6").await, "ACCESS_ACTIVATION");
    assert_eq!(tell(&bench, id, "6").await, "BAD_STATUS");
    assert_eq!(status(&bench, id).await, second);
    assert_eq!(bench.running.calls("getStatus"), 5);
    assert_eq!(bench.running.market().totals().charged, Decimal::from(15));
    bench.is_clean();
}

#[tokio::test]
async fn what_was_not_used_goes_back_at_once_by_three_words() {
    let bench = bench(&[]).await;
    silence(&bench);
    for word in ["-1", "8", "6"] {
        let id = sold(&bench).await;
        assert_eq!(say(&bench, "getBalance").await, "ACCESS_BALANCE:985.00");
        assert_eq!(tell(&bench, &id, word).await, "ACCESS_CANCEL");
        assert_eq!(status(&bench, &id).await, "STATUS_CANCEL");
        for again in ["-1", "1", "3", "6", "8"] {
            assert_eq!(tell(&bench, &id, again).await, "BAD_STATUS", "{word} {again}");
        }
        assert_eq!(say(&bench, "getBalance").await, "ACCESS_BALANCE:1000.00");
    }
    let expired = sold(&bench).await;
    bench.advance(20 * 60);
    assert_eq!(status(&bench, &expired).await, "STATUS_CANCEL");
    let totals = bench.running.market().totals();
    assert_eq!((totals.purchases, totals.charged), (4, Decimal::ZERO));
    assert_eq!(totals.credited, totals.balance + totals.charged);
    bench.is_clean();
}

#[tokio::test]
async fn a_message_that_has_to_be_sent_again_is_waited_for_after_6() {
    let bench = bench(&[]).await;
    let id = sold(&bench).await;
    bench.running.market().hold_for_resend(&id).unwrap();
    assert_eq!(status(&bench, &id).await, "STATUS_WAIT_RESEND");
    assert_eq!(tell(&bench, &id, "6").await, "ACCESS_RETRY_GET");
    assert_eq!(status(&bench, &id).await, "STATUS_WAIT_CODE");
    bench.advance(5);
    assert!(status(&bench, &id).await.starts_with("STATUS_OK:"));
    let given_up = sold(&bench).await;
    bench.running.market().hold_for_resend(&given_up).unwrap();
    assert_eq!(tell(&bench, &given_up, "-1").await, "ACCESS_CANCEL");
    bench.is_clean();
}

#[tokio::test]
async fn lists_look_as_documented() {
    let bench = bench(&[]).await;
    assert_eq!(say(&bench, "getBalance").await, "ACCESS_BALANCE:1000.00");
    let priced = say(&bench, "getPrices&country=0&service=tg").await;
    assert_eq!(priced, r#"{"0":{"tg":{"cost":"15","count":26}}}"#);
    let everywhere = document(&bench, "getPrices&service=wa").await;
    assert_eq!(everywhere["0"]["wa"], json!({ "cost": "12.35", "count": 26 }));
    assert_eq!(everywhere.as_object().unwrap().len(), 17);
    assert_eq!(document(&bench, "getPrices").await["187"].as_object().unwrap().len(), 26);
    for nothing in ["getPrices&service=zzz", "getPrices&country=190"] {
        assert_eq!(say(&bench, nothing).await, "{}");
    }
    let countries = document(&bench, "getCountries").await;
    assert_eq!(countries[0].to_string(), r#"{"id":0,"name":"Россия","name_en":"Russia"}"#);
    assert_eq!(countries.as_array().unwrap().len(), 17);
    let services = document(&bench, "getServices").await;
    assert_eq!(services[0].to_string(), r#"{"id":"vk","name":"Вконтакте"}"#);
    bench.is_clean();
}

#[tokio::test]
async fn bad_luck_is_no_violation() {
    let specials = vec![
        (Scope::Service("vk".into()), Special::NoFunds),
        (Scope::Service("ok".into()), Special::OutOfStock),
        (Scope::Service("go".into()), Special::Unsupported),
    ];
    let bench = stocked(Bench::with("sms-man", Setup { specials, ..setup() }).await);
    bench.running.market().set_stock("0", "vk", 9);
    for (rest, word) in [
        ("getNumber&country=0&service=vk", "NO_BALANCE"),
        ("getNumber&country=0&service=ok", "NO_NUMBERS"),
        ("getNumber&country=0&service=go", "NO_NUMBERS"),
        ("getNumber&country=0&service=zzz", "NO_NUMBERS"),
        ("getNumber&country=190&service=tg", "NO_NUMBERS"),
        ("getStatus&id=1", "NO_ACTIVATION"),
        ("setStatus&id=1&status=-1", "NO_ACTIVATION"),
    ] {
        assert_eq!(say(&bench, rest).await, word, "{rest}");
    }
    assert_eq!(bench.text("/stubs/handler_api.php?api_key=wrong&action=getBalance").await, "BAD_KEY");
    // The code came, but the buyer has not seen it yet.
    let id = sold(&bench).await;
    bench.advance(5);
    for word in ["-1", "8", "1"] {
        assert_eq!(tell(&bench, &id, word).await, "BAD_STATUS");
    }
    bench.is_clean();
    assert_eq!(bench.running.market().totals().purchases, 1);
}

#[tokio::test]
async fn what_the_document_does_not_allow_is_refused_and_kept() {
    let bench = bench(&[]).await;
    let id = sold(&bench).await;
    let cases = [
        ("getNumbersStatus&country=0".to_owned(), "BAD_ACTION"),
        (format!("getFullSms&id={id}"), "BAD_ACTION"),
        ("getOperators".to_owned(), "BAD_ACTION"),
        (format!("getStatusV2&id={id}"), "BAD_ACTION"),
        ("getNumberV2&country=0&service=tg".to_owned(), "BAD_ACTION"),
        (String::new(), "BAD_ACTION"),
        ("getNumber&service=tg".to_owned(), "BAD_ACTION"),
        ("getNumber&country=&service=tg".to_owned(), "BAD_ACTION"),
        ("getNumber&country=0".to_owned(), "BAD_ACTION"),
        ("getNumber&country=0&service=tg&operator=any".to_owned(), "BAD_ACTION"),
        ("getNumber&country=0&service=tg&maxPrice=20".to_owned(), "BAD_ACTION"),
        ("getNumber&country=0&service=tg&service=wa".to_owned(), "BAD_ACTION"),
        ("getNumber&country=ru&service=tg".to_owned(), "BAD_ACTION"),
        ("getNumber&country=9999&service=tg".to_owned(), "NO_NUMBERS"),
        ("getBalance&country=0".to_owned(), "BAD_ACTION"),
        ("getStatus".to_owned(), "BAD_ACTION"),
        ("getStatus&id=abc".to_owned(), "NO_ACTIVATION"),
        (format!("setStatus&id={id}"), "BAD_ACTION"),
        (format!("setStatus&id={id}&status=2"), "BAD_STATUS"),
        (format!("setStatus&id={id}&status=3"), "BAD_STATUS"),
    ];
    for (nth, (rest, word)) in cases.iter().enumerate() {
        assert_eq!(say(&bench, rest).await, *word, "{rest}");
        assert_eq!(bench.running.violations().len(), nth + 1, "{rest}");
    }
    bench.advance(5);
    assert!(status(&bench, &id).await.starts_with("STATUS_OK:"));
    for late in ["-1", "8", "1"] {
        assert_eq!(tell(&bench, &id, late).await, "BAD_STATUS", "{late}");
    }
    assert_eq!(bench.text("/stubs/handler_api.php?action=getBalance").await, "BAD_KEY");
    assert_eq!(bench.get("/stubs/handler_api?api_key=mock-key&action=getBalance").await.0, 404);
    assert_eq!(bench.running.violations().len(), cases.len() + 5);
    assert_eq!(bench.running.market().totals().purchases, 1);
}

#[tokio::test]
async fn a_form_is_as_good_as_a_query() {
    let bench = bench(&[]).await;
    let form = "api_key=mock-key&action=getBalance";
    let expected = (200, "ACCESS_BALANCE:1000.00".to_owned());
    assert_eq!(bench.post("/stubs/handler_api.php", Some(form)).await, expected);
    assert_eq!(bench.post(&path("getBalance"), None).await, expected);
    assert!(bench.running.requests().iter().all(|line| !line.contains("mock-key")));
    bench.is_clean();
}

#[tokio::test]
async fn lists_may_have_the_shapes_met_in_the_wild() {
    let bench = bench(&["flat-prices", "title-services", "dict-countries", "json-ctype"]).await;
    let flat = say(&bench, "getPrices&country=0&service=tg").await;
    assert_eq!(flat, r#"{"tg":{"cost":"15","count":26}}"#);
    assert_eq!(document(&bench, "getPrices").await["0"]["tg"]["cost"], "15");
    assert_eq!(document(&bench, "getServices").await[0], json!({ "id": "vk", "title": "Вконтакте" }));
    assert_eq!(document(&bench, "getCountries").await["187"]["name_en"], "USA");
    let response = reqwest::get(format!("{}{}", bench.running.url(), path("getCountries"))).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    bench.is_clean();
}

#[tokio::test]
async fn an_order_may_be_carried_out_and_its_answer_lost() {
    let bench = bench(&[]).await;
    bench.running.fault(FaultPlan::once(Mishap::DropAfter).on("getNumber"));
    assert!(bench.try_get(&path("getNumber&country=0&service=tg")).await.is_err());
    assert_eq!(bench.running.market().totals().purchases, 1);
    assert_eq!(say(&bench, "getBalance").await, "ACCESS_BALANCE:985.00");
}
