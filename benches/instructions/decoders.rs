//! What it takes to read what an upstream answers, for each kind: where a number stands, a purchase, a country's list.
//! The answers are written as the kinds' documents have them.

use smsbridge::catalog::Catalog;
use smsbridge::fuzzing::{Decoder, Question};

use crate::Done;
use crate::counted::Counter;

/// A kind, which of the ways to be set, its answers to a poll and an order, and how it lists what is sold.
struct Kind {
    name: &'static str,
    way: usize,
    poll: &'static str,
    sold: &'static str,
    asks: Question,
    list: fn(&[&str]) -> String,
}

/// What two kinds of SMS-Man's numbers are called, which is asked before the first purchase.
const DIRECTORY: &str = r#"{"1":{"id":1,"title":"Russia","code":"ru"}}
---
[{"id":"1","title":"Telegram","code":"tg"},{"id":2,"name":"Vkontakte"}]
---
"#;

const KINDS: [Kind; 6] = [
    Kind {
        name: "vak-sms",
        way: 0,
        poll: r#"{"smsCode":"12345"}"#,
        sold: r#"{"tel": 79991112233, "idNum": "3adb61376b8f4adb90d6e758cf8084fd"}"#,
        asks: Question::Offers,
        list: |codes| rows(codes, |code| format!(r#""{code}":{{"count":10,"price":20.5,"name":"A"}}"#), "{}"),
    },
    Kind {
        name: "smsak",
        way: 0,
        poll: r#"[{"number":"+79777777777","from":"VKcom","text":"VK: 93401","small":"93401","time":"2017-08-06 12:47:29"}]"#,
        sold: r#"{"id":707,"number":"+79777777777","send":0}"#,
        asks: Question::Offers,
        list: |codes| {
            let numbers: Vec<String> = (1..=codes.len()).map(|number| number.to_string()).collect();
            let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
            rows(&numbers, |id| format!(r#"{{"id":{id},"count":7,"cost":"15.5"}}"#), "[]")
        },
    },
    Kind {
        name: "sms-service-online",
        way: 0,
        poll: "STATUS_OK:12345",
        sold: "ACCESS_NUMBER:234242:79991728822",
        asks: Question::Offers,
        list: |codes| {
            rows(codes, |code| format!(r#"{{"id":"{code}","name":"A","price":29.88,"quantity":"19"}}"#), "[]")
        },
    },
    Kind {
        name: "sms-man",
        way: 0,
        poll: "STATUS_OK:12345",
        sold: "ACCESS_NUMBER:635468024:79584736282",
        asks: Question::Market,
        list: by_country,
    },
    Kind {
        name: "sms-man",
        way: 1,
        poll: r#"{"request_id":707,"country_id":1,"application_id":1,"number":"79002415539","sms_code":"1233"}"#,
        sold: r#"{"request_id":707,"country_id":1,"application_id":1,"number":"79002415539"}"#,
        asks: Question::Market,
        list: |_| r#"{"1":{"1":{"cost":"20","count":5},"2":{"cost":3.5,"count":"7"}}}"#.to_owned(),
    },
    Kind {
        name: "sms-activate",
        way: 0,
        poll: "STATUS_OK:12345",
        sold: "ACCESS_NUMBER:635468024:79584736282",
        asks: Question::Market,
        list: by_country,
    },
];

/// Prices as sms-activate writes them.
fn by_country(codes: &[&str]) -> String {
    let listed = rows(codes, |code| format!(r#""{code}":{{"cost":15.5,"count":158}}"#), "{}");
    format!(r#"{{"0":{listed}}}"#)
}

/// A list of such rows, between these brackets.
fn rows(codes: &[&str], row: impl Fn(&str) -> String, brackets: &str) -> String {
    let listed: Vec<String> = codes.iter().map(|code| row(code)).collect();
    let (open, close) = brackets.split_at(1);
    format!("{open}{}{close}", listed.join(","))
}

pub fn count(counter: &Counter) -> Done {
    let services = Catalog::builtin().services().iter().map(|entry| entry.code.as_str());
    let codes: Vec<&str> = services.take(200).collect();
    for kind in &KINDS {
        let decoder = Decoder::of(kind.name).into_iter().nth(kind.way).ok_or("no such way")?;
        of(counter, kind, &decoder, &codes)?;
    }
    Ok(())
}

fn of(counter: &Counter, kind: &Kind, decoder: &Decoder, codes: &[&str]) -> Done {
    let list = (kind.list)(codes);
    let asked = [
        ("a poll", Question::Poll, kind.poll),
        ("an order", Question::Buy, kind.sold),
        ("a list", kind.asks, list.as_str()),
    ];
    for (what, question, answer) in asked {
        let way = if kind.way == 0 { "" } else { ", its own API" };
        let name = format!("decoder: {what}, {}{way}", kind.name);
        if !counter.wants(&name) {
            continue;
        }
        // What is asked once only, beforehand, is not counted.
        decoder.play(&format!("{DIRECTORY}{answer}"));
        let _ = decoder.ask(question);
        decoder.play(answer);
        if let Err(fault) = decoder.ask(question) {
            return Err(format!("{name}: {fault}").into());
        }
        counter.count(&name, 1, || drop(decoder.ask(question)));
    }
    Ok(())
}
