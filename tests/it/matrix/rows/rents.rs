//! Rents, whose refusals are whole answers.

use serde_json::json;

use super::super::shape::like;
use super::{Form, Row, Stage, row};

const INVALID_PHONE: &str = r#"{"status":"error","message":"INVALID_PHONE"}"#;
const NO_NUMBERS: &str = r#"{"status":"error","message":"NO_NUMBERS"}"#;
const OUT_OF_STOCK: &str = r#"{"status":"error","message":"OUT_OF_STOCK"}"#;
const RENT_DIE: &str = r#"{"status":"error","message":"RENT_DIE"}"#;

/// What can be rented of this kind.
pub fn rentable(kind: &str) -> &'static str {
    match kind {
        "smsak" => "service=full&country=0&rent_time=24",
        _ => "service=tg&country=0&rent_time=4",
    }
}

/// About rents: the word is the whole answer's.
const fn rent(
    action: &'static str,
    query: &'static str,
    stage: Stage,
    refused: &'static str,
    done: Form,
) -> Row {
    Row { refused, ..row(action, query, stage, done) }
}

fn rented(_: &str, answer: &str) -> Result<(), String> {
    like(answer, json!({"status": "=success", "phone": {"id": 0, "endDate": "text", "number": "digits"}}))
}

pub static ROWS: &[Row] = &[
    rent("getRentServicesAndCountries", "&RENT", Stage::Fresh, OUT_OF_STOCK, |_, answer| {
        like(
            answer,
            json!({"countries": {"*": 0}, "operators": {"*": "text"},
                "services": {"*": {"cost": 0, "quant": 0}}}),
        )
    }),
    Row { sells: true, ..rent("getRentNumber", "&RENT", Stage::Fresh, NO_NUMBERS, rented) },
    rent("getRentStatus", "&id=ID", Stage::RentMessageCame, INVALID_PHONE, |_, answer| {
        like(
            answer,
            json!({"status": "=success", "quantity": "digits",
                "values": {"*": {"phoneFrom": "text", "text": "text", "service": "text", "date": "text"}}}),
        )
    }),
    rent("setRentStatus", "&id=ID&status=1", Stage::Rented, INVALID_PHONE, |_, answer| {
        like(answer, json!({"status": "=success"}))
    }),
    rent("getRentList", "", Stage::Rented, NO_NUMBERS, |_, answer| {
        like(answer, json!({"status": "=success", "values": {"*": {"id": "digits", "phone": "digits"}}}))
    }),
    Row {
        refused_else: RENT_DIE,
        ..rent("continueRentNumber", "&id=ID&rent_time=24", Stage::Rented, INVALID_PHONE, rented)
    },
    Row {
        refused_else: RENT_DIE,
        ..rent(
            "getContinueRentPriceNumber",
            "&id=ID&rent_time=24",
            Stage::Rented,
            INVALID_PHONE,
            |_, answer| like(answer, json!({"status": "=success", "price": 0})),
        )
    },
    Row {
        refused_else: RENT_DIE,
        ..rent("continueRentInfo", "&id=ID&hours=24", Stage::Rented, INVALID_PHONE, |_, answer| {
            like(answer, json!({"status": "=success", "price": 0, "currency": 0, "hours": 0}))
        })
    },
    rent(
        "getRentPrices",
        "&RENT",
        Stage::Fresh,
        r#"{"status":"error","error":"NO_NUMBERS"}"#,
        |_, answer| {
            like(answer, json!({"status": "=success", "values": {"*": {"*": {"cost": 0, "count": 0}}}}))
        },
    ),
    rent("serviceCountRent", "&RENT", Stage::Fresh, OUT_OF_STOCK, |_, answer| {
        like(answer, json!({"*": {"*": {"price": 0, "count": 0}}}))
    }),
];
