//! Mail addresses and partner products.

use serde_json::json;

use super::super::shape::like;
use super::{Row, Stage, row};

pub static ROWS: &[Row] = &[
    Row {
        refused: "BAD_ACTION",
        ..row("getDomains", "&site=apple.com", Stage::Fresh, |_, answer| {
            like(
                answer,
                json!({"status": "=OK", "response": {"zones": [{"name": "text", "cost": 0}],
                    "popular": [{"name": "text", "cost": 0, "count": 0}]}}),
            )
        })
    },
    Row {
        refused: "BAD_ACTION",
        ..row(
            "buyMailActivation",
            "&site=apple.com&mail_type=2&mail_domain=mail.ru",
            Stage::Fresh,
            |_, answer| like(answer, json!({"status": "=OK", "response": {"email": "text", "id": 0}})),
        )
    },
    Row {
        refused: "BAD_ACTION",
        ..row("reorderMailActivation", "&id=ID", Stage::Mailed, |_, answer| {
            like(answer, json!({"status": "=OK", "response": {"email": "text", "id": 0}}))
        })
    },
    Row {
        refused: "BAD_ACTION",
        ..row("getMailHistory", "&page=1&per_page=10", Stage::Mailed, |_, answer| {
            like(
                answer,
                json!({"status": "=OK", "response": {"list": [{"id": "digits", "site": "=apple.com",
                    "email": "text", "status": "digits", "value": null, "cost": "text", "date": "text",
                    "full_message": "text"}], "pages": 0, "count": 0}}),
            )
        })
    },
    Row {
        refused: "BAD_ACTION",
        ..row("cancelMailActivation", "&id=ID", Stage::Mailed, |_, answer| {
            like(answer, json!({"status": "=OK", "response": true}))
        })
    },
    Row {
        refused: "BAD_ACTION",
        ..row("checkMailActivation", "&id=ID", Stage::Mailed, |_, answer| {
            like(answer, json!({"status": "=OK", "response": {"value": null}}))
        })
    },
    Row {
        refused: "BAD_ACTION",
        ..row("buyPartnerProduct", "&productId=7", Stage::Fresh, |_, answer| {
            like(answer, json!({"status": "=success", "key": "text", "manual": "text"}))
        })
    },
];
