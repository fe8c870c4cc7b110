//! What every request, or every purchase, has done with it: its parameters, its answer's bytes, a look into the catalog.

use std::hint::black_box;

use rust_decimal::Decimal;
use serde_json::json;
use smsbridge::catalog::{Catalog, Names};
use smsbridge::dialect::code::{Refusal, Word};
use smsbridge::dialect::{Params, Reply, Shape};
use smsbridge::domain::{Country, Service};
use smsbridge::provider::PROVIDERS;

use crate::Done;
use crate::counted::Counter;

/// How often each is done.
const TIMES: u64 = 100;

/// A poll's and an order's parameters, as software writes them.
const POLL: &[u8] = b"api_key=instructions-0123456789abcdef&action=getStatus&id=1234567";
const ORDER: &[u8] = b"api_key=instructions-0123456789abcdef&action=getNumber&service=tg&forward=0&operator=any&country=0&ref=12345&maxPrice=12.50";

/// Counts what is done so often that what is made once is lost in it.
fn each<T>(counter: &Counter, name: &str, mut work: impl FnMut() -> T) {
    black_box(work());
    counter.count(name, TIMES, || {
        for _ in 0..TIMES {
            black_box(work());
        }
    });
}

pub fn count(counter: &Counter) -> Done {
    params(counter)?;
    replies(counter);
    catalog(counter)
}

fn params(counter: &Counter) -> Done {
    each(counter, "params: read, of a poll", || Params::of_urlencoded(black_box(POLL)));
    each(counter, "params: read, of an order", || Params::of_urlencoded(black_box(ORDER)));
    let order = Params::of_urlencoded(ORDER);
    if order.max_price() != Ok(Some(Decimal::new(1250, 2))) {
        return Err("an order is not read".into());
    }
    each(counter, "params: looked up, of an order", || {
        (order.service().ok(), order.country().ok(), order.operators().ok(), order.max_price().ok())
    });
    Ok(())
}

fn replies(counter: &Counter) {
    let shape = Shape::default();
    each(counter, "reply: of a poll", || {
        shape.finish("getStatus", Reply::text("STATUS_OK", &[black_box("12345")]))
    });
    let bought = json!({"activationId": 1_234_567, "phoneNumber": "79991112233", "activationCost": 12.5, "countryCode": "0", "canGetAnotherSms": true, "activationTime": "2026-01-01 12:00:00", "activationOperator": "any"});
    each(counter, "reply: of a number in JSON", || {
        shape.finish("getNumberV2", Reply::json(black_box(&bought)))
    });
    each(counter, "reply: of a refusal", || {
        shape.finish("getNumber", Refusal::new(Word::NoNumbers, "there is none").into())
    });
}

fn catalog(counter: &Counter) -> Done {
    let (catalog, names) = (Catalog::builtin(), Names::builtin());
    let service = Service::parse("tg")?;
    each(counter, "catalog: a service", || catalog.service(black_box(&service)).is_some());
    each(counter, "catalog: a country", || catalog.country(black_box(Country(187))).is_some());
    each(counter, "catalog: a service by its name", || names.service(black_box("Telegram")));
    for spec in PROVIDERS.iter().filter(|spec| !spec.in_process && !spec.speaks_dialect) {
        let codes = spec.codes();
        each(counter, &format!("catalog: a service's code at {}", spec.kind), || {
            codes.services(black_box(&service)).into_owned()
        });
    }
    Ok(())
}
