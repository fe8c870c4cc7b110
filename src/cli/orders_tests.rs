use jiff::Timestamp;

use super::*;
use crate::domain::{ActivationId, Money};

fn order(id: i64, amount: Option<&str>) -> OrderLine {
    OrderLine {
        id: ActivationId::new(id).unwrap(),
        kind: "number".into(),
        stage: "unknown".into(),
        state: None,
        reason: Some("no answer in time".into()),
        owner: Owner("shop".into()),
        seller: "main/vak-sms".into(),
        what: "tg".into(),
        country: Some(0),
        at: Timestamp::from_second(1_767_225_600).unwrap(),
        upstream_id: None,
        phone: None,
        amount: amount.map(|amount| Money::rub(amount.parse().unwrap())),
    }
}

fn options(json: bool) -> Options {
    Options { unknown: true, json, limit: 50 }
}

#[test]
fn what_is_at_stake_is_summed_up() {
    let text = written(&[order(7, Some("15.50")), order(8, None), order(9, Some("4.25"))], &options(false));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "7  2026-01-01T00:00:00Z  main  number tg in 0  shop  15.50 RUB  unknown  -");
    assert_eq!(lines[1], "    no answer in time");
    assert!(lines[2].contains("price unknown"), "{text}");
    assert_eq!(lines.last(), Some(&"in doubt: 3, at stake: 19.75 RUB"));
    assert_eq!(written(&[], &options(false)), "no purchase is in doubt");
}

#[test]
fn json_keeps_its_names() {
    let json: serde_json::Value =
        serde_json::from_str(&written(&[order(7, Some("15.50"))], &options(true))).unwrap();
    let expected = serde_json::json!({
        "orders": [{
            "id": 7, "kind": "number", "stage": "unknown", "state": null, "provider": "main", "what": "tg",
            "country": 0, "at": "2026-01-01T00:00:00Z", "owner": "shop", "amount": "15.50", "currency": "RUB",
            "upstream_id": null, "phone": null, "reason": "no answer in time",
        }],
        "count": 1,
        "at_stake": { "RUB": "15.50" },
    });
    assert_eq!(json, expected);
}

#[test]
fn neither_numbers_nor_marks_are_shown_whole() {
    assert_eq!(masked("79991112233"), "*******2233");
    assert_eq!(masked("123"), "123");
    assert_eq!(shown_owner(&Owner("key:0123456789abcdef".into())), "key:01234567");
    assert_eq!(shown_owner(&Owner("a-shop-with-a-long-name".into())), "a-shop-with-a-long-name");
}
