use super::*;
use crate::provider::Effect;

fn answer(status: u16, body: &str) -> Result<Value, Fault> {
    decode(&Answer { status, body: body.to_owned() })
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn every_known_error_is_known_in_all_its_shapes() {
    let table = [
        ("wrong_token", FaultKind::WrongKey),
        ("balance", FaultKind::NoFunds),
        ("no_numbers", FaultKind::NoStock),
        ("wrong_application_id", FaultKind::UnknownService),
        ("wrong_country_id", FaultKind::UnknownCountry),
        ("wrong_request_id", FaultKind::UnknownActivation),
        ("wrong_status", FaultKind::BadStatus),
    ];
    for (code, kind) in table {
        for message in [r#""Wrong!""#, r#"{"token":"Wrong!"}"#, "null"] {
            let body = format!(r#"{{"success":false,"error_code":"{code}","error_msg":{message}}}"#);
            for status in [200, 400] {
                let fault = answer(status, &body).unwrap_err();
                assert_eq!((&fault.kind, fault.effect), (&kind, Effect::None), "{status} {body}");
                assert_eq!(fault.upstream_code.as_deref(), Some(code));
            }
        }
    }
}

#[test]
fn what_is_no_known_answer_leaves_it_open_whether_something_was_bought() {
    let huge = format!(r#"{{"number":"{}""#, "9".repeat(1_000_000));
    let bodies = [
        (200, ""),
        (200, "<html>502</html>"),
        (200, r#"{"request_id":1,"#),
        (200, &huge),
        (200, r#"{"success":false,"error_code":"something_new","error_msg":"x"}"#),
        (200, r#"{"success":false,"error_code":17,"error_msg":"x"}"#),
        (200, r#"{"success":false}"#),
        (200, r#"{"error_msg":"Wrong!"}"#),
        (400, r#"{"success":true}"#),
        (302, "{}"),
        (404, "<h1>Not Found</h1>"),
        (500, r#"{"success":false,"error_code":"no_numbers"}"#),
        (502, "<html>"),
    ];
    for (status, body) in bodies {
        assert_eq!(answer(status, body).unwrap_err().effect, Effect::Unknown, "{status} {body:.80}");
    }
    assert_eq!(answer(429, "slow down").unwrap_err().effect, Effect::None);
    let sold = [
        "[]",
        "1",
        "{}",
        r#"{"request_id":1}"#,
        r#"{"number":"79002415539"}"#,
        r#"{"request_id":1,"number":"x"}"#,
        r#"{"request_id":"","number":"79002415539"}"#,
        r#"{"request_id":null,"number":"79002415539"}"#,
        r#"{"error_code":"wait_sms"}"#,
    ];
    for body in sold {
        assert_eq!(bought(&json(body)).unwrap_err().effect, Effect::Unknown, "{body}");
    }
}

#[test]
fn what_an_upstream_writes_for_people_is_not_repeated() {
    for body in [
        r#"{"success":false,"error_code":"no_numbers","error_msg":"token secret 79002415539"}"#,
        r#"{"success":false,"error_code":"79002415539","error_msg":"token secret"}"#,
        r#"{"success":false,"error_msg":"token secret 79002415539"}"#,
    ] {
        let fault = answer(200, body).unwrap_err();
        assert!(
            !format!("{fault:?}").contains("secret") && !format!("{fault:?}").contains("7900"),
            "{fault:?}"
        );
    }
}

#[test]
fn a_number_is_read_with_ids_of_both_types() {
    for body in [
        r#"{"request_id":572295481,"country_id":1,"application_id":1,"number":"79002415539"}"#,
        r#"{"request_id":"572295481","number":"+79002415539"}"#,
        r#"{"request_id":572295481,"number":79002415539}"#,
    ] {
        let sold = bought(&answer(200, body).unwrap()).unwrap();
        assert_eq!((sold.upstream_id.as_str(), sold.phone.digits()), ("572295481", "79002415539"), "{body}");
    }
}

#[test]
fn a_code_that_has_not_come_has_several_forms() {
    let read = |body: &str| progress(&answer(200, body)?, Timestamp::UNIX_EPOCH);
    for body in [
        r#"{"request_id":1,"error_code":"wait_sms","error_msg":"Still waiting..."}"#,
        r#"{"success":false,"error_code":"wait_sms","error_msg":{"sms":"x"}}"#,
        // Whatever is shown beside it is the message before.
        r#"{"request_id":1,"sms_code":"11","error_code":"wait_sms"}"#,
        r#"{"request_id":1,"sms_code":null}"#,
        r#"{"request_id":1,"sms_code":""}"#,
    ] {
        assert_eq!(read(body), Ok(Progress::Waiting), "{body}");
    }
    for (body, code, text) in [
        (r#"{"request_id":1,"sms_code":"1234"}"#, "1234", None),
        (r#"{"sms_code":1234,"error_code":null,"error_msg":null}"#, "1234", None),
        (r#"{"sms_code":"12:34","full_sms":"code: 12:34"}"#, "12:34", Some("code: 12:34")),
    ] {
        let Ok(Progress::Received(Inbox::Last(sms))) = read(body) else { panic!("{body}") };
        assert_eq!((sms.code.as_str(), sms.text.as_deref()), (code, text), "{body}");
    }
    for body in [r#"{"request_id":1}"#, "[]", "7", r#"{"sms_code":["1"]}"#, r#"{"sms_code":{}}"#] {
        assert!(read(body).is_err(), "{body}");
    }
}

#[test]
fn agreement_is_one_word() {
    assert_eq!(agreed(&json(r#"{"request_id":1,"success":true}"#)), Ok(()));
    for body in [r#"{"request_id":1}"#, r#"{"success":"false"}"#, r#"{"success":null}"#, "[]", "true", "1"] {
        assert_eq!(agreed(&json(body)).unwrap_err().effect, Effect::Unknown, "{body}");
    }
}

#[test]
fn prices_are_read_in_every_shape() {
    let row = Listed { country: 1, application: 3, price: "15.50".parse().unwrap(), count: 7 };
    for body in [
        r#"{"1":{"3":{"cost":"15.50","count":7}}}"#,
        r#"{"1":{"3":{"cost":15.50,"count":"7"},"4":{"cost":"x","count":1}},"2":[]}"#,
        r#"{"3":{"cost":"15.50","count":7}}"#,
        r#"{"0":{"application_id":"3","country_id":"1","cost":"15.50","count":"7"}}"#,
        r#"[{"application_id":3,"country_id":1,"cost":"15.50","count":7}]"#,
    ] {
        assert_eq!(prices(&json(body), Some(1)).as_deref(), Ok([row.clone()].as_slice()), "{body}");
    }
    // Nobody knows of which country these are.
    assert!(prices(&json(r#"{"3":{"cost":"15.50","count":7}}"#), None).is_err());
    for empty in ["{}", "[]", r#"{"1":{}}"#, r#"{"1":[]}"#] {
        assert_eq!(prices(&json(empty), Some(1)), Ok(Vec::new()), "{empty}");
    }
    for bad in ["1", r#""x""#, "null", "[1]", r#"{"1":{"3":{"cost":"-1","count":7}}}"#, r#"{"1":"x"}"#] {
        assert!(prices(&json(bad), Some(1)).is_err(), "{bad}");
    }
}

#[test]
fn lists_of_ids_are_read_by_key_and_as_lists() {
    for body in [
        r#"{"3":{"id":"3","title":"Telegram","code":"tg"},"4":{"id":"4"}}"#,
        r#"{"3":{"title":"Telegram"}}"#,
        r#"{"3":{"id":3,"name":"Telegram"}}"#,
        r#"[{"id":"3","title":"Telegram","name":"tg"},{"title":"x"}]"#,
    ] {
        assert_eq!(named(&json(body)), Ok(BTreeMap::from([(3, "Telegram".to_owned())])), "{body}");
    }
    for bad in ["{}", "[]", "1", "null", r#"{"a":{"title":"x"}}"#] {
        assert!(named(&json(bad)).is_err(), "{bad}");
    }
}

#[test]
fn a_balance_is_an_amount_and_nothing_else() {
    assert_eq!(balance(&json(r#"{"balance":"799.70","hold":0}"#)), Ok("799.70".parse().unwrap()));
    for bad in ["{}", "1", r#"{"balance":null}"#, r#"{"balance":"wrong_token"}"#] {
        assert!(balance(&json(bad)).is_err(), "{bad}");
    }
}
