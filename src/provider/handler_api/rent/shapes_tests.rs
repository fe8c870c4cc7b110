use serde_json::json;

use super::*;
use crate::provider::Effect;

fn listed(answer: &Value) -> RentOffers {
    offers(answer, Country(0), Currency::RUB).unwrap()
}

#[test]
fn what_there_is_to_rent_is_read_as_objects_and_as_lists() {
    let objects = json!({
        "countries": {"0": 0, "1": 6},
        "operators": {"0": "aiva", "1": "any", "2": "beeline"},
        "services": {"full": {"cost": 42.93, "quant": 20, "search_count": 1}, "vk": {"cost": 21.95, "quant": 20}},
    });
    let lists = json!({
        "countries": ["0", "6"],
        "operators": ["aiva", "any", "beeline"],
        "services": {"full": {"cost": "42.93", "quant": "20", "search_count": 1}, "vk": {"cost": "21.95", "quant": 20}},
    });
    for answer in [objects, lists] {
        let read = listed(&answer);
        assert_eq!(read.countries, [Country(0), Country(6)]);
        let operators: Vec<_> = read.operators.iter().map(Operator::as_str).collect();
        assert_eq!(operators, ["aiva", "beeline"]);
        let full = &read.services[0];
        assert_eq!((full.service.as_str(), full.count, full.country), ("full", 20, Country(0)));
        assert_eq!(full.price, Money::rub("42.93".parse().unwrap()));
        assert_eq!(full.extra["search_count"], 1);
        assert_eq!(read.services.len(), 2);
    }
}

#[test]
fn a_bad_row_hides_no_good_one_and_bad_rows_alone_are_no_list() {
    let good = json!({"cost": 1, "quant": 2});
    for bad in [json!(1), json!({}), json!({"cost": 1}), json!({"cost": null, "quant": 2})] {
        assert_eq!(listed(&json!({"services": {"vk": bad, "tg": good}})).services.len(), 1, "{bad}");
        assert!(offers(&json!({"services": {"vk": bad}}), Country(0), Currency::RUB).is_err(), "{bad}");
    }
    assert_eq!(listed(&json!({"services": [], "countries": [], "operators": []})), RentOffers::default());
    for other in [json!({}), json!([]), json!({"services": null}), json!({"services": [1]})] {
        assert!(offers(&other, Country(0), Currency::RUB).is_err(), "{other}");
    }
}

#[test]
fn a_rented_number_is_read_with_texts_and_numbers() {
    let numbers = json!({"status":"success","phone":{"id":1049,"endDate":"2020-01-31T12:01:52","number":79959707564_u64}});
    let texts = json!({"status":"success","phone":{"id":"1049","endDate":"2020-01-31 12:01:52","number":"+79959707564"}});
    for answer in [numbers, texts] {
        let sold = rented(&answer, None).unwrap();
        assert_eq!((sold.upstream_id.as_str(), sold.phone.digits()), ("1049", "79959707564"));
        assert_eq!(sold.expires_at.unwrap().to_string(), "2020-01-31T12:01:52Z");
        assert!(sold.price.is_none() && sold.extra.is_empty());
    }
    let ends = |end: &str| {
        rented(&json!({"status":"success","phone":{"id":1,"endDate":end,"number":"7999"}}), None)
            .unwrap()
            .expires_at
            .map(|end| end.to_string())
    };
    assert_eq!(ends("2020-01-31T12:01:52+03:00").as_deref(), Some("2020-01-31T09:01:52Z"));
    assert_eq!(ends("2020-01-31T12:01:52Z").as_deref(), Some("2020-01-31T12:01:52Z"));
    let until = Some(Timestamp::UNIX_EPOCH);
    let endless = json!({"status":"success","phone":{"id":1,"endDate":null,"number":"7999","city":"x"}});
    let sold = rented(&endless, until).unwrap();
    assert_eq!((sold.expires_at, &sold.extra["city"]), (until, &json!("x")));
}

#[test]
fn what_is_no_rented_number_leaves_it_open_whether_there_is_one() {
    for other in [
        json!(null),
        json!([]),
        json!({}),
        json!({"status":"success"}),
        json!({"status":"success","phone":[]}),
        json!({"status":"success","phone":{"id":1}}),
        json!({"status":"success","phone":{"number":"7999"}}),
        json!({"status":"success","phone":{"id":-1,"number":"7999"}}),
        json!({"status":"error","phone":{"id":1,"number":"7999"}}),
        json!({"phone":{"id":1,"number":"7999"}}),
    ] {
        assert_eq!(rented(&other, None).unwrap_err().effect, Effect::Unknown, "{other}");
    }
}

#[test]
fn messages_come_oldest_first_from_objects_and_lists() {
    let new = json!({"phoneFrom":"79180230628","text":"5","service":"ot","date":"2020-01-30 14:31:58"});
    let old = json!({"phoneFrom":79180230628_u64,"text":4,"service":"ot","date":"2020-01-30 14:04:16"});
    for rows in [json!({"0":new,"1":old}), json!([new, old]), json!({"1":old,"0":new}), json!([old, new])] {
        let answer = json!({"status":"success","quantity":"2","values":rows});
        let all = messages(&answer, Timestamp::UNIX_EPOCH).unwrap();
        let read: Vec<_> = all.iter().map(|sms| (sms.code.as_str(), sms.text.as_deref())).collect();
        assert_eq!(read, [("4", Some("4")), ("5", Some("5"))], "{answer}");
        assert_eq!(all[0].sender.as_deref(), Some("79180230628"));
        assert_eq!(all[1].service.as_ref().map(Service::as_str), Some("ot"));
        assert_eq!(all[1].received_at.to_string(), "2020-01-30T14:31:58Z");
    }
    let eleven: Value =
        (0..11).map(|nth| (nth.to_string(), json!({"text": (10 - nth).to_string()}))).collect();
    let all = messages(&json!({"status":"success","values":eleven}), Timestamp::UNIX_EPOCH).unwrap();
    let codes: Vec<_> = all.into_iter().map(|sms| sms.code).collect();
    assert_eq!(codes, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
    for none in
        [json!([]), json!({"0":{"phoneFrom":"","text":"","service":"","date":""}}), json!([{"text":" "}])]
    {
        let answer = json!({"status":"success","values":none});
        assert_eq!(messages(&answer, Timestamp::UNIX_EPOCH), Ok(Vec::new()), "{none}");
    }
    for other in [
        json!({}),
        json!([]),
        json!({"status":"success"}),
        json!({"status":"success","values":null}),
        json!({"status":"success","values":{"0":{}}}),
        json!({"status":"success","values":{"0":7}}),
        json!({"values":{"0":new}}),
    ] {
        assert!(messages(&other, Timestamp::UNIX_EPOCH).is_err(), "{other}");
    }
}

#[test]
fn a_price_is_a_number_or_a_text() {
    for body in [json!({"status":"success","price":6.33}), json!({"status":"success","price":"6.33"})] {
        assert_eq!(price(&body), Ok("6.33".parse().unwrap()));
    }
    for other in [
        json!({}),
        json!({"status":"success"}),
        json!({"price":6.33}),
        json!({"status":"success","price":-1}),
    ] {
        assert!(price(&other).is_err(), "{other}");
    }
}
