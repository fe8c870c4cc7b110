use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::mock::testing::{Bench, setup};
use crate::mock::{Scope, Setup, Special};

async fn bench(quirks: &[&str]) -> Bench {
    let bench = Bench::new("sms-activate", quirks).await;
    let market = bench.running.market();
    for service in ["tg", "wa"] {
        market.set_stock("0", service, 26);
        market.set_price("0", service, Decimal::new(1550, 2));
    }
    bench
}

fn path(rest: &str) -> String {
    format!("/stubs/handler_api.php?api_key=mock-key&action={rest}")
}

impl Bench {
    async fn say(&self, rest: &str) -> String {
        self.text(&path(rest)).await
    }

    async fn document(&self, rest: &str) -> Value {
        self.json(&path(rest)).await
    }

    async fn sold(&self) -> String {
        let answer = self.say("getNumber&service=tg&country=0").await;
        answer.split(':').nth(1).unwrap().to_owned()
    }

    async fn tell(&self, id: &str, status: &str) -> String {
        self.say(&format!("setStatus&id={id}&status={status}")).await
    }
}

#[tokio::test]
async fn an_activation_goes_through_every_status() {
    let bench = bench(&[]).await;
    let sold = bench.say("getNumber&service=tg&country=0&operator=mts,tele2&ref=1&maxPrice=15.5").await;
    let parts: Vec<&str> = sold.split(':').collect();
    let [word, id, phone] = parts[..] else { panic!("{sold}") };
    assert_eq!(word, "ACCESS_NUMBER");
    assert!(id.parse::<u64>().unwrap() > u64::from(u32::MAX / 2) && phone.starts_with("79"));
    let status = format!("getStatus&id={id}");
    assert_eq!(bench.say(&status).await, "STATUS_WAIT_CODE");
    assert_eq!(bench.say(&format!("getFullSms&id={id}")).await, "STATUS_WAIT_CODE");
    assert_eq!(bench.tell(id, "1").await, "ACCESS_READY");
    assert_eq!(bench.tell(id, "8").await, "EARLY_CANCEL_DENIED");
    bench.advance(5);
    let ok = bench.say(&status).await;
    let code = ok.strip_prefix("STATUS_OK:").unwrap().to_owned();
    assert_eq!(bench.say(&format!("getFullSms&id={id}")).await, format!("FULL_SMS:Your code is {code}"));
    let v2 = bench.document(&format!("getStatusV2&id={id}")).await;
    assert_eq!(v2["sms"]["code"], code.as_str());
    assert_eq!(v2["sms"]["dateTime"], "2026-01-01 00:00:05");
    assert_eq!(bench.tell(id, "3").await, "ACCESS_RETRY_GET");
    assert_eq!(bench.say(&status).await, format!("STATUS_WAIT_RETRY:{code}"));
    bench.advance(5);
    assert!(bench.say(&status).await.starts_with("STATUS_OK:"));
    assert_eq!(bench.tell(id, "6").await, "ACCESS_ACTIVATION");
    assert!(bench.say(&status).await.starts_with("STATUS_OK:"));
    assert_eq!(bench.running.calls("getStatus"), 5);
    assert_eq!(bench.running.market().totals().charged, Decimal::new(1550, 2));
    bench.is_clean();
}

#[tokio::test]
async fn what_was_not_used_is_cancelled_by_8_and_by_6_but_not_early() {
    let bench = bench(&[]).await;
    bench.running.market().declare(Scope::Service("tg".into()), Special::NoMessage);
    for status in ["8", "6"] {
        let id = bench.sold().await;
        bench.advance(119);
        assert_eq!(bench.tell(&id, status).await, "EARLY_CANCEL_DENIED");
        bench.advance(1);
        assert_eq!(bench.tell(&id, status).await, "ACCESS_CANCEL");
        assert_eq!(bench.say(&format!("getStatus&id={id}")).await, "STATUS_CANCEL");
        assert_eq!(bench.tell(&id, status).await, "BAD_STATUS");
    }
    let held = bench.sold().await;
    bench.running.market().hold_for_resend(&held).unwrap();
    assert_eq!(bench.say(&format!("getStatus&id={held}")).await, "STATUS_WAIT_RESEND");
    assert_eq!(bench.tell(&held, "6").await, "ACCESS_RETRY_GET");
    assert_eq!(bench.say(&format!("getStatus&id={held}")).await, "STATUS_WAIT_CODE");
    bench.advance(20 * 60);
    assert_eq!(
        bench.say(&format!("getStatus&id={held}")).await,
        "STATUS_OK:".to_owned() + &last_code(&bench, &held)
    );
    assert_eq!(bench.say("getBalance").await, "ACCESS_BALANCE:984.50");
    bench.is_clean();
}

fn last_code(bench: &Bench, id: &str) -> String {
    bench.running.market().lot(id).unwrap().last().unwrap().code.clone()
}

#[tokio::test]
async fn lists_look_as_documented() {
    let bench = bench(&[]).await;
    let status = bench.document("getNumbersStatus&country=0&operator=mts").await;
    assert_eq!((status["tg_0"].to_string(), status["av_1"].to_string()), ("1".into(), "0".into()));
    assert_eq!(bench.say("getPrices&service=tg&country=0").await, r#"{"0":{"tg":{"cost":15.5,"count":26}}}"#);
    assert_eq!(bench.document("getPrices").await.as_object().unwrap().len(), 17);
    assert_eq!(bench.say("getPrices&service=nope").await, "{}");
    let countries = bench.document("getCountries").await;
    assert_eq!(
        countries["0"],
        json!({"id":0,"rus":"Россия","eng":"Russia","chn":"俄罗斯","visible":1,"retry":1,"rent":1,"multiService":1})
    );
    let operators = bench.document("getOperators&country=40").await;
    assert_eq!(operators["countryOperators"]["40"][0], "ucell");
    let missing = r#"{"status":"error","error":"OPERATORS_NOT_FOUND"}"#;
    assert_eq!(bench.say("getOperators&country=190").await, missing);
    let top = bench.document("getTopCountriesByService&service=tg&freePrice=true").await;
    let counts: Vec<u64> = (0..top.as_object().unwrap().len())
        .map(|place| top[place.to_string()]["count"].as_u64().unwrap())
        .collect();
    assert!(counts.is_sorted_by(|one, two| one >= two));
    let russia = top.as_object().unwrap().values().find(|row| row["country"] == 0).unwrap();
    let expected =
        r#"{"country":0,"count":26,"price":15.50,"retail_price":31.00,"freePriceMap":{"15.50":26}}"#;
    assert_eq!(russia.to_string(), expected);
    assert_eq!(bench.document("getServicesList").await["status"], "success");
    assert_eq!(bench.document("getListOfTopCountriesByService&service=tg").await[0]["rate"], 50);
    assert_eq!(bench.document("getRentServicesAndCountries").await["services"]["full"]["quant"], 20);
    assert_eq!(bench.say("getRentServicesAndCountries&country=1").await, "OUT_OF_STOCK");
    bench.is_clean();
}

#[tokio::test]
async fn activations_are_listed_while_they_live_and_afterwards() {
    let bench = bench(&[]).await;
    let none = r#"{"status":"error","error":"NO_ACTIVATIONS"}"#;
    assert_eq!(bench.say("getActiveActivations").await, none);
    let v2 = bench.document("getNumberV2&service=tg").await;
    assert!(v2["activationId"].is_u64());
    assert_eq!((v2["activationCost"].as_str(), v2["countryCode"].as_str()), (Some("15.50"), Some("0")));
    assert!(v2.get("currency").is_none());
    bench.advance(5);
    let active = bench.document("getActiveActivations").await["activeActivations"][0].clone();
    assert_eq!(active["activationId"], v2["activationId"].to_string().as_str());
    assert_eq!(active["smsCode"].as_array().unwrap().len(), 1);
    let call = format!("getIncomingCallStatus&activationId={}", v2["activationId"]);
    assert_eq!(bench.say(&call).await, r#"{"status":"2","phone":false}"#);
    assert_eq!(bench.document("getHistory").await[0]["cost"], 0);
    bench.tell(&v2["activationId"].to_string(), "6").await;
    assert_eq!(bench.say("getActiveActivations").await, none);
    let history = bench.document("getHistory&start=1767225600&end=1767225600").await;
    assert_eq!((history[0]["cost"].to_string(), history[0]["status"].as_str()), ("15.5".into(), Some("6")));
    assert!(serde_json::from_str::<Vec<String>>(history[0]["sms"].as_str().unwrap()).is_ok());
    assert_eq!(bench.document("getHistory&start=1767225601").await, json!([]));
    let pair = bench.document("getMultiServiceNumber&multiService=tg,wa&multiForward=0,0").await;
    assert_eq!(pair[0]["phone"], pair[1]["phone"]);
    bench.is_clean();
}

#[tokio::test]
async fn bad_luck_is_no_violation() {
    let specials = vec![
        (Scope::Service("vk".into()), Special::NoFunds),
        (Scope::Service("ok".into()), Special::OutOfStock),
    ];
    let bench = Bench::with("sms-activate", Setup { specials, ..setup() }).await;
    for service in ["tg", "vk"] {
        bench.running.market().set_stock("0", service, 9);
        bench.running.market().set_price("0", service, Decimal::new(1250, 2));
    }
    for (rest, word) in [
        ("getNumber&service=vk", "NO_BALANCE"),
        ("getNumber&service=ok", "NO_NUMBERS"),
        ("getNumber&service=zzz", "BAD_SERVICE"),
        ("getNumber&service=tg&country=190", "NO_NUMBERS"),
        ("getNumber&service=tg&maxPrice=12", "WRONG_MAX_PRICE:12.5"),
        ("getNumber&service=tg&phoneException=79", "WRONG_EXCEPTION_PHONE"),
        ("getNumber&service=tg&forward=1", "NO_NUMBERS"),
        ("getStatus&id=1", "NO_ACTIVATION"),
        ("setStatus&id=1&status=8", "NO_ACTIVATION"),
        ("getIncomingCallStatus&activationId=1", "INVALID_ACTIVATION_ID"),
    ] {
        assert_eq!(bench.say(rest).await, word, "{rest}");
    }
    assert_eq!(bench.text("/stubs/handler_api.php?api_key=wrong&action=getBalance").await, "BAD_KEY");
    // The code came, but the buyer has not seen it yet.
    let id = bench.sold().await;
    bench.advance(120);
    assert_eq!(bench.tell(&id, "8").await, "BAD_STATUS");
    bench.is_clean();
    assert_eq!(bench.running.market().totals().purchases, 1);
}

#[tokio::test]
async fn what_the_document_does_not_allow_is_refused_and_kept() {
    let bench = bench(&[]).await;
    let id = bench.sold().await;
    let mut kept = 0;
    let cases = [
        ("getNumber&service=tg&max_price=5".to_owned(), "BAD_ACTION"),
        ("getNumber&service=tg&service=wa".to_owned(), "BAD_ACTION"),
        ("getNumber&service=tg&fixedPrice=true".to_owned(), "BAD_ACTION"),
        ("getNumber&service=tg&forward=true".to_owned(), "BAD_ACTION"),
        ("getNumber&service=tg&maxPrice=dear".to_owned(), "BAD_ACTION"),
        ("getNumber".to_owned(), "BAD_SERVICE"),
        ("getNumber&service=tg&country=ru".to_owned(), "ERROR_SQL"),
        ("getNumber&service=tg&country=9999".to_owned(), "NO_NUMBERS"),
        ("getNumber&service=tg&operator=kyivstar".to_owned(), "NO_NUMBERS"),
        ("getRentServicesAndCountries&time=4".to_owned(), "BAD_ACTION"),
        (format!("setStatus&id={id}&status=-1"), "BAD_STATUS"),
        (format!("setStatus&id={id}&status=3"), "BAD_STATUS"),
        ("getStatus&id=abc".to_owned(), "NO_ACTIVATION"),
        (format!("getIncomingCallStatus&id={id}"), "BAD_ACTION"),
        ("getBalances".to_owned(), "BAD_ACTION"),
        ("finishActivation&id=1".to_owned(), "BAD_ACTION"),
    ];
    for (rest, word) in &cases {
        assert_eq!(bench.say(rest).await, *word, "{rest}");
        kept += 1;
        assert_eq!(bench.running.violations().len(), kept, "{rest}");
    }
    bench.advance(120);
    assert!(bench.say(&format!("getStatus&id={id}")).await.starts_with("STATUS_OK:"));
    assert_eq!(bench.tell(&id, "8").await, "BAD_STATUS");
    assert_eq!(bench.text("/stubs/handler_api.php?action=getBalance").await, "NO_KEY");
    assert_eq!(bench.get("/stubs/handler_api?api_key=mock-key&action=getBalance").await.0, 404);
    assert_eq!(bench.running.violations().len(), kept + 3);
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
async fn the_newer_generation_says_errors_in_json_and_success_in_nothing() {
    let bench = bench(&["modern-errors", "extra-fields"]).await;
    let (status, body) = bench.get("/stubs/handler_api.php?api_key=wrong&action=getBalance").await;
    assert_eq!((status, body.as_str()), (401, r#"{"title":"BAD_KEY","details":"bad key"}"#));
    let (status, body) = bench.get(&path("getNumber&service=tg&maxPrice=1")).await;
    let error: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, error["info"]["min"].to_string()), (400, "15.5".to_owned()));
    assert_eq!(bench.get(&path("getNumber&service=tg&country=190")).await, (200, "NO_NUMBERS".to_owned()));
    let v2 = bench.document("getNumberV2&service=tg").await;
    assert_eq!(v2["activationEndTime"], "2026-01-01 00:20:00");
    let id = v2["activationId"].to_string();
    assert_eq!(bench.get(&path(&format!("setStatus&id={id}&status=1"))).await.0, 409);
    assert_eq!(bench.get(&path(&format!("cancelActivation&id={id}"))).await.0, 409);
    bench.advance(5);
    assert_eq!(bench.get(&path(&format!("finishActivation&id={id}"))).await, (204, String::new()));
    assert_eq!(bench.document("getPrices&service=tg&country=0").await["0"]["tg"]["physicalCount"], 12);
    bench.is_clean();
}

#[tokio::test]
async fn lists_may_have_the_shapes_met_in_the_wild() {
    let bench = bench(&["list-countries", "bare-numbersstatus", "json-ctype"]).await;
    assert_eq!(bench.document("getCountries").await[0]["eng"], "Russia");
    assert_eq!(bench.document("getNumbersStatus").await["tg"], "26");
    let response = reqwest::get(format!("{}{}", bench.running.url(), path("getCountries"))).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    bench.is_clean();
}

#[tokio::test]
async fn compatible_services_leave_out_and_blur_what_the_original_had() {
    let all = ["string-costs", "vague-errors", "no-numbersstatus", "rus-countries", "no-cancel-code"];
    let bench = bench(&all).await;
    let priced = r#"{"0":{"tg":{"cost":"15.5","count":26}}}"#;
    assert_eq!(bench.say("getPrices&service=tg&country=0").await, priced);
    assert_eq!(bench.text("/stubs/handler_api.php?api_key=wrong&action=getBalance").await, "BAD_ACTION");
    assert_eq!(bench.say("getStatus&id=1").await, "BAD_ACTION");
    assert_eq!(bench.say("setStatus&id=1&status=6").await, "NO_ACTIVATION");
    assert_eq!(bench.say("getNumbersStatus&country=0").await, "BAD_ACTION");
    let countries = bench.document("getCountries").await;
    let ids: Vec<&str> = countries.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(ids, ["0", "1", "6", "16", "34", "40"]);
    let estonia = r#"{"id":"34","rus":"Эстония","visible":1,"retry":1,"rent":0,"multiService":0}"#;
    assert_eq!(countries["34"].to_string(), estonia);
    let id = bench.sold().await;
    bench.running.market().hold_for_resend(&id).unwrap();
    bench.advance(120);
    assert_eq!(bench.tell(&id, "8").await, "BAD_STATUS");
    assert_eq!(bench.tell(&id, "6").await, "ACCESS_RETRY_GET");
    assert_eq!(bench.tell(&id, "6").await, "ACCESS_CANCEL");
    assert_eq!(bench.running.market().totals().charged, Decimal::ZERO);
    bench.is_clean();
}

#[tokio::test]
async fn calls_come_to_numbers_that_were_sold_for_them_and_go_out_once() {
    let bench = bench(&[]).await;
    let sold = bench.say("getNumber&service=tg&country=0&verification=true").await;
    let id = sold.split(':').nth(1).unwrap();
    let status = format!("getIncomingCallStatus&activationId={id}");
    assert_eq!(bench.say(&status).await, r#"{"status":"2","phone":false}"#);
    assert_eq!(bench.say(&format!("parseCall&id={id}&newLang=en")).await, "NO_CALL");
    bench.advance(5);
    let code = bench.say(&format!("getStatus&id={id}")).await.replace("STATUS_OK:", "");
    assert_eq!(bench.document(&status).await["phone"], format!("7495{code}"));
    assert_eq!(bench.document(&format!("parseCall&id={id}")).await["result"], "OK");
    let task = format!("createTaskForCall&activationId={id}&phone=78006007664");
    assert_eq!(bench.document(&task).await["status"], "success");
    assert_eq!(bench.say(&task).await, "CALL_TASK_ALREADY_EXIST");
    assert_eq!(bench.document("getOutgoingCalls").await[id]["status"], "IN_PROCESS");
    assert_eq!(bench.say("getOutgoingCalls&date=2025-12-31").await, "{}");
    assert_eq!(bench.say("getIncomingCallStatus&activationId=1").await, "INVALID_ACTIVATION_ID");
    bench.is_clean();
    assert_eq!(bench.say(&format!("createTaskForCall&activationId={id}")).await, "NUMBER_NOT_EXIST");
    assert_eq!(bench.running.violations().len(), 1);
}

#[tokio::test]
async fn lists_in_forms_of_their_own_exist_where_they_are_declared() {
    let own = bench(&["own-lists"]).await;
    assert_eq!(own.say("getPricesV2&service=tg&country=0").await, r#"{"0":{"tg":{"15.50":26}}}"#);
    assert_eq!(own.document("getPricesV3&service=tg&country=0").await["0"]["tg"]["2319"]["count"], 26);
    own.is_clean();
    let plain = bench(&[]).await;
    for action in ["getPricesV2", "getPricesV3", "getPricesExtended", "getTopCountriesByServiceRank"] {
        assert_eq!(plain.say(action).await, "BAD_ACTION");
    }
    plain.is_clean();
}
