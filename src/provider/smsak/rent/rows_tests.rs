use serde_json::json;

use super::*;

#[test]
fn tariffs_are_read_as_texts_and_as_numbers() {
    let texts = json!([{"id":"1","days":"1","cost":"150.00","country_id":"1","code":"RU"}]);
    let numbers = json!([{"id":1,"days":1,"cost":150.0,"country_id":1,"code":"RU"}]);
    let expected = Tariff { id: "1".into(), code: "RU".into(), days: 1, cost: Decimal::from(150) };
    for answer in [texts, numbers] {
        assert_eq!(tariffs(&answer), Ok(vec![expected.clone()]), "{answer}");
    }
    let good = json!({"id":2,"days":7,"cost":"400.00","code":"RU"});
    for bad in [json!(7), json!({}), json!({"id":1,"days":0,"cost":1,"code":"RU"}), json!({"id":1,"days":1})]
    {
        assert_eq!(tariffs(&json!([bad, good])).unwrap().len(), 1, "{bad}");
        assert!(tariffs(&json!([bad])).is_err(), "{bad}");
    }
    assert_eq!(tariffs(&json!([])), Ok(Vec::new()));
    assert!(tariffs(&json!({})).is_err());
}

#[test]
fn stock_is_read_as_texts_and_as_numbers() {
    for answer in [json!({"RU":"10","UA":"5"}), json!({"RU":10,"UA":5,"KZ":null})] {
        let read = stock(&answer).unwrap();
        assert_eq!((read.len(), read["RU"], read["UA"]), (2, 10, 5), "{answer}");
    }
    assert_eq!(stock(&json!([])), Ok(HashMap::new()));
    for other in [json!([1]), json!(1), json!(null), json!("RU")] {
        assert!(stock(&other).is_err(), "{other}");
    }
}

#[test]
fn a_rented_number_has_an_id_and_mostly_the_rest() {
    let row = json!({"id":19999999,"time":"2012-10-14 20:48:12","number":"+3809999999999","is_work":0});
    let read = rented(&row).unwrap();
    assert_eq!((read.id.as_str(), read.phone.as_ref().unwrap().digits()), ("19999999", "3809999999999"));
    assert_eq!(read.until.unwrap().to_string(), "2012-10-14T20:48:12Z");
    assert_eq!(all_rented(&json!([row])), Ok(vec![read.clone()]));
    let text = json!({"id":"19999999","time":"2012-10-14 20:48:12","number":"3809999999999"});
    assert_eq!(rented(&text), Some(read));
    let bare = rented(&json!({"id":1,"time":"soon","number":""})).unwrap();
    assert_eq!((bare.phone, bare.until), (None, None));
    for other in [json!(1), json!("1"), json!({}), json!({"id":0}), json!({"id":null}), json!([])] {
        assert_eq!(rented(&other), None, "{other}");
        assert!(all_rented(&json!([row, other])).is_err(), "{other}");
        assert!(all_rented(&other) == Ok(Vec::new()) || !other.is_array(), "{other}");
    }
}

#[test]
fn messages_are_in_the_order_of_their_times() {
    let row = |time: &str, text: &str| json!({"time":time,"from":"Taxify","text":text,"number":"+380"});
    let (old, new) = (row("2012-10-05 21:28:28", "1"), row("2012-10-05 21:28:29", "2"));
    let texts = |answer: Value| -> Vec<String> {
        let all = messages(&answer, Timestamp::UNIX_EPOCH).unwrap();
        all.into_iter().map(|sms| sms.code).collect()
    };
    assert_eq!(texts(json!([new, old])), ["1", "2"]);
    assert_eq!(texts(json!([old, new])), ["1", "2"]);
    let same = |text| row("2012-10-05 21:28:28", text);
    assert_eq!(texts(json!([same("2"), same("1")])), ["1", "2"]);
    assert_eq!(texts(json!([])), [""; 0]);
    assert_eq!(texts(json!([same(""), same(" \n"), same("1")])), ["1"]);
    // One without a time stays where it is.
    assert_eq!(texts(json!([new, row("-", "x"), old])), ["1", "x", "2"]);
}

#[test]
fn a_message_has_sender_text_and_time() {
    let answer =
        json!([{"time":"2012-10-05 21:28:28","from":"Taxify","text":"9999 is: yours\n","number":"+3"}]);
    let sms = messages(&answer, Timestamp::UNIX_EPOCH).unwrap().remove(0);
    assert_eq!((sms.code.as_str(), sms.text.as_deref()), ("9999 is: yours\n", Some("9999 is: yours\n")));
    assert_eq!((sms.sender.as_deref(), sms.service), (Some("Taxify"), None));
    assert_eq!(sms.received_at.to_string(), "2012-10-05T21:28:28Z");
    let bare = messages(&json!([{"text":9999}]), Timestamp::UNIX_EPOCH).unwrap().remove(0);
    assert_eq!((bare.code.as_str(), bare.sender, bare.received_at), ("9999", None, Timestamp::UNIX_EPOCH));
    for other in [json!(1), json!(null), json!({}), json!([7]), json!([{}]), json!([{"text":null}])] {
        assert!(messages(&other, Timestamp::UNIX_EPOCH).is_err(), "{other}");
    }
}
