//! `getMultiServiceNumber`: one number for several services, all or none, each with an activation of its own,
//! `[{"phone":"7…","activation":ID,"service":"vk"},…]`.
//!
//! Source: `api/sms-activate.txt`, "Заказ номера для нескольких сервисов"; what is the number and what the id
//! is as in its Python example, since the legend has them the other way round (`UPSTREAMS.md` section 5). Names
//! of parameters: `WIRE.md` section 4.

use std::sync::Arc;

use serde::Serialize;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Activation, Order, Service};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// One number for several services.
pub static ACTION: Action = Action {
    name: "getMultiServiceNumber",
    paths: &[Path::native(Capability::MultiService)],
    refusal: Word::NoNumbers,
    answer,
};

#[derive(Serialize)]
struct Row<'a> {
    phone: &'a str,
    activation: i64,
    service: &'a str,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let orders = orders(&engine, &params)?;
        let bought = engine.purchase_together(&caller, orders).await.map_err(Refusal::from)?;
        Ok(Reply::json(&bought.iter().map(row).collect::<Vec<_>>()))
    })
}

fn row(part: &Activation) -> Row<'_> {
    Row { phone: part.phone.digits(), activation: part.id.get(), service: part.service.as_str() }
}

/// An order for each service, alike but for that and its forwarding.
fn orders(engine: &Engine, params: &Params) -> Result<Vec<Order>, Refusal> {
    let services = services(params)?;
    services.iter().try_for_each(|service| super::services_list::require_sold(engine, service))?;
    let forwarded = forwarded(params, services.len())?;
    let (country, operators) = (params.country()?, params.operators()?);
    let order =
        |(service, forward)| Order { operators: operators.clone(), forward, ..Order::new(service, country) };
    Ok(services.into_iter().zip(forwarded).map(order).collect())
}

/// The services, each named once: whoever names one twice would pay twice for the same messages.
fn services(params: &Params) -> Result<Vec<Service>, Refusal> {
    let bad = |detail: &str| Refusal::new(Word::BadService, detail);
    let names = params.get_any(&["multiService", "service"]);
    let names = names.ok_or_else(|| bad("the parameter multiService is missing"))?;
    let mut services = Vec::new();
    for name in names.split(',') {
        let service = Service::parse(name.trim()).map_err(|error| bad(&error.to_string()))?;
        if services.contains(&service) {
            return Err(bad("multiService names a service twice"));
        }
        services.push(service);
    }
    Ok(services)
}

/// Which of them are to be forwarded: a flag for each, one of which may be 1. A single 0 for all of them is what
/// the official PHP class sends.
fn forwarded(params: &Params, services: usize) -> Result<Vec<bool>, Refusal> {
    let none = vec![false; services];
    let Some(text) = params.get_any(&["multiForward", "forward"]) else { return Ok(none) };
    match text.split(',').map(flag).collect::<Option<Vec<_>>>() {
        Some(flags) if flags == [false] => Ok(none),
        Some(flags) if flags.len() == services && flags.iter().filter(|on| **on).count() <= 1 => Ok(flags),
        _ => {
            let detail = "multiForward has a 0 or 1 for each service, and one 1 at most";
            Err(Refusal::new(Word::BadAction, detail))
        }
    }
}

fn flag(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "0" | "false" => Some(false),
        "1" | "true" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> Params {
        Params::of_pairs(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    #[test]
    fn services_are_a_list_without_gaps_and_repetitions() {
        let read = |text| services(&params(&[("multiService", text)]));
        let names = |found: Vec<Service>| found.iter().map(Service::to_string).collect::<Vec<_>>();
        assert_eq!(names(read("vk, tg").unwrap()), ["vk", "tg"]);
        assert_eq!(names(services(&params(&[("service", "vk,tg")])).unwrap()), ["vk", "tg"]);
        for bad in ["", "vk,", "vk,,tg", "vk,vk", "vk, VK ,vk", "v k"] {
            assert_eq!(read(bad).unwrap_err().text, "BAD_SERVICE", "{bad}");
        }
    }

    #[test]
    fn forwarding_has_as_many_flags_as_there_are_services() {
        let read = |text| forwarded(&params(&[("multiForward", text)]), 3);
        let one = vec![false, true, false];
        assert_eq!(read("0,1,0"), Ok(one.clone()));
        assert_eq!(forwarded(&params(&[("forward", "0,True,0")]), 3), Ok(one));
        for none in ["", "0", "0,0,0", "false"] {
            assert_eq!(read(none), Ok(vec![false; 3]), "{none}");
        }
        for bad in ["1", "0,0", "0,1,1", "0,0,0,0", "0,2,0", "0,,0", "a"] {
            assert_eq!(read(bad).unwrap_err().text, "BAD_ACTION", "{bad}");
        }
    }
}
