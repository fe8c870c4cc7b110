//! SMS-Man: one account behind two APIs. The compatible one (`api/sms-man.txt`) has the dialect's own codes
//! and words; v2.0 (`UPSTREAMS.md` section 4) has JSON and numbers of its own for everything. Which of them
//! is spoken is a setting; what can be done is the same.

mod compatible;
mod v2;

use std::sync::Arc;
use std::time::Duration;

use super::{
    Capability, Counterpart, Fault, FaultKind, OptionKey, OptionKind, Options, Parts, Provider, Spec,
    Variant, Variants, read,
};
use crate::catalog::Mapping;
use crate::domain::{Country, Currency, Operator, Service};

/// The setting that says which API is spoken.
const API: &str = "api";

/// What is fixed about SMS-Man.
pub static SPEC: Spec = Spec {
    kind: "sms-man",
    summary: "SMS-Man, by its compatible API or its API v2.0",
    capabilities: &[
        Capability::Balance,
        Capability::Market,
        Capability::Quote,
        Capability::Countries,
        Capability::Services,
        Capability::Buy,
        Capability::Poll,
        Capability::Tell,
    ],
    speaks_dialect: false,
    in_process: false,
    needs_key: true,
    // The document's own address, http://api.sms-man.ru, would send the key and the codes unencrypted; the
    // service has moved to these (UPSTREAMS.md section 4).
    base_urls: &["https://api.sms-man.com", "https://api2.sms-man.com"],
    path: Some(COMPATIBLE_PATH),
    currency: Currency::RUB,
    lifetime: Duration::from_secs(20 * 60),
    expiry_refunds: false,
    options: &[
        OptionKey {
            name: API,
            kind: OptionKind::Choice(&["compatible", "v2"]),
            default: "compatible",
            doc: "which of SMS-Man's two APIs is spoken",
        },
        OptionKey {
            name: "ref",
            kind: OptionKind::Text,
            default: "",
            doc: "your software's referral id at SMS-Man, sent as ref with every order; a client's own ref is \
                  meant for another service and is not passed on",
        },
        OptionKey {
            name: "multiple_sms",
            kind: OptionKind::Bool,
            default: "false",
            doc: "with api = \"v2\": order only numbers that can get several messages (hasMultipleSms); \
                  the compatible API has no such order",
        },
    ],
    variants: Some(Variants {
        option: API,
        list: &[
            Variant {
                path: Some(COMPATIBLE_PATH),
                ..Variant::new("compatible", "/stubs/handler_api.php, with sms-activate's codes and words")
            },
            Variant {
                path: Some("/control"),
                own_ids: true,
                ..Variant::new("v2", "/control/<call>, with JSON and numbers of its own")
            },
        ],
    }),
    counterpart: Some(other_api),
    mapping: Mapping::same_codes,
    build,
};

const COMPATIBLE_PATH: &str = "/stubs/handler_api.php";

fn other_api(options: &Options) -> Counterpart {
    let options: &[_] = if speaks_v2(options) { &[(API, "compatible")] } else { &[(API, "v2")] };
    Counterpart { kind: SPEC.kind, options }
}

fn speaks_v2(options: &Options) -> bool {
    options.text(API) == Some("v2")
}

fn build(parts: Parts) -> Result<Arc<dyn Provider>, String> {
    Ok(if speaks_v2(&parts.options) {
        Arc::new(v2::V2::new(parts))
    } else {
        Arc::new(compatible::Compatible::new(parts))
    })
}

/// A fault for an answer that is not a documented one.
fn malformed(detail: &str) -> Fault {
    read::malformed("SMS-Man", detail)
}

fn no_service(service: &Service) -> Fault {
    Fault::new(FaultKind::UnknownService, format!("SMS-Man has no service for {service}"))
}

fn no_country(country: Country) -> Fault {
    Fault::new(FaultKind::UnknownCountry, format!("SMS-Man has no country for {country}"))
}

/// Neither API lets an operator be chosen, so an order for one would get any other's number.
fn refuse_operator(operator: Option<&Operator>) -> Result<(), Fault> {
    operator.map_or(Ok(()), |name| {
        let detail = format!("SMS-Man does not let an operator be chosen, and {name} was asked for");
        Err(Fault::new(FaultKind::UnknownOperator, detail))
    })
}
