//! Accounts, lists, and numbers with their messages and calls.

use serde_json::{Value, json};

use super::super::shape::{amount, digits, like, text, words};
use super::{Row, Stage, refused, row, sale};

pub static ROWS: &[Row] = &[
    row("getBalance", "", Stage::Fresh, |_, answer| words(answer, "ACCESS_BALANCE", &[amount])),
    row("getBalanceAndCashBack", "", Stage::Fresh, |_, answer| words(answer, "ACCESS_BALANCE", &[amount])),
    row("getBalanceAndCashBackV2", "", Stage::Fresh, |_, answer| {
        like(answer, json!({"balance": 0, "cashback": 0}))
    }),
    row("getNumbersStatus", "&country=0&operator=any", Stage::Fresh, |_, answer| {
        like(answer, json!({"*": "digits"}))
    }),
    row("getNumbersStatus1", "&country=0", Stage::Fresh, |_, answer| {
        like(answer, json!({"*": {"quant": "digits", "cost": 0}}))
    }),
    row("getNumbersStatusAndCostHubFree", "&country=0", Stage::Fresh, |_, answer| {
        // Most services are out of stock here and there, so a map of prices may be empty.
        let rows: Value = serde_json::from_str(answer).map_err(|error| error.to_string())?;
        like(&rows["tg"].to_string(), json!({"priceMap": {"*": 0}, "maxPrice": 0, "defaultPrice": 0}))
    }),
    row("getPricesV2", "&country=0", Stage::Fresh, |_, answer| like(answer, json!({"*": {"*": {"*": 0}}}))),
    row("getPricesV3", "&country=0", Stage::Fresh, |_, answer| {
        like(answer, json!({"*": {"*": {"*": {"count": 0, "price": 0, "provider_id": 0}}}}))
    }),
    row("getPricesExtended", "&country=0", Stage::Fresh, |_, answer| {
        like(answer, json!({"*": {"*": {"cost": 0, "count": 0, "physicalCount": 0}}}))
    }),
    row("getPricesVerification", "&service=tg", Stage::Fresh, |kind, answer| match kind {
        "sandbox" | "sms-activate" => like(answer, json!({"tg": {"*": {"count": 0, "price": "text"}}})),
        _ if answer == "{}" => Ok(()),
        _ => Err("there are no calls to price".to_owned()),
    }),
    row("getPrices", "&country=0", Stage::Fresh, |_, answer| {
        like(answer, json!({"*": {"*": {"cost": 0, "count": 0}}}))
    }),
    row("getCountries", "", Stage::Fresh, |_, answer| {
        like(
            answer,
            json!({"*": {"id": 0, "rus": "text", "eng": "text", "chn": "text", "visible": 0, "retry": 0,
                "rent": 0, "multiService": 0}}),
        )
    }),
    row("getServicesList", "", Stage::Fresh, |_, answer| {
        like(answer, json!({"status": "=success", "services": [{"code": "text", "name": "text"}]}))
    }),
    row("getServices", "", Stage::Fresh, |_, answer| like(answer, json!([{"id": "text", "name": "text"}]))),
    row("getServicesAndCost", "&country=0&operator=any&lang=ru", Stage::Fresh, |_, answer| {
        like(answer, json!([{"id": "text", "name": "text", "price": 0, "quantity": "digits"}]))
    }),
    row("getCountryAndOperators", "&lang=ru", Stage::Fresh, |_, answer| {
        like(answer, json!([{"id": 0, "name": "text", "operators": {"any": "=any"}}]))
    }),
    Row {
        refused: r#"{"status":"error","error":"OPERATORS_NOT_FOUND"}"#,
        ..row("getOperators", "&country=0", Stage::Fresh, |_, answer| {
            like(answer, json!({"status": "=success", "countryOperators": {"*": ["text"]}}))
        })
    },
    row("getTopCountriesByService", "&service=tg", Stage::Fresh, |_, answer| {
        like(answer, json!({"*": {"country": 0, "count": 0, "price": 0, "retail_price": 0}}))
    }),
    row("getTopCountriesByServiceRank", "&service=tg", Stage::Fresh, |_, answer| {
        like(answer, json!({"*": {"country": 0, "count": 0, "price": 0, "retail_price": 0}}))
    }),
    row("getListOfTopCountriesByService", "&service=tg", Stage::Ordered, |_, answer| {
        like(answer, json!([{"country": 0, "share": 0, "rate": 0}]))
    }),
    sale("getNumber", |_, answer| words(answer, "ACCESS_NUMBER", &[digits, digits])),
    sale("getNumberV2", |_, answer| {
        like(
            answer,
            json!({"activationId": 0, "phoneNumber": "digits", "activationCost": "text", "countryCode": "=0",
                "canGetAnotherSms": "=1", "activationTime": "text", "activationOperator": "text"}),
        )
    }),
    row("setStatus", "&id=ID&status=8", Stage::Ordered, |_, answer| words(answer, "ACCESS_CANCEL", &[])),
    row("cancelActivation", "&id=ID", Stage::Ordered, |_, answer| words(answer, "ACCESS_CANCEL", &[])),
    // Finished before its message it is cancelled, which every upstream is told.
    row("finishActivation", "&id=ID", Stage::Ordered, |_, answer| words(answer, "ACCESS_CANCEL", &[])),
    row("getStatus", "&id=ID", Stage::MessageCame, |_, answer| words(answer, "STATUS_OK", &[text])),
    row("getStatusV2", "&id=ID", Stage::MessageCame, |_, answer| {
        like(
            answer,
            json!({"verificationType": 0, "sms": {"dateTime": "text", "code": "text", "text": "text"},
                "call": null}),
        )
    }),
    row("getFullSms", "&id=ID", Stage::MessageCame, |_, answer| words(answer, "FULL_SMS", &[text])),
    row("getAllSms", "&id=ID", Stage::MessageCame, |_, answer| {
        like(
            answer,
            json!({"data": [{"id": "text", "phoneFrom": "text", "code": "text", "text": "text",
                "service": "=tg", "date": "text", "type": "=sms"}]}),
        )
    }),
    row("getListOfActiveActivations", "", Stage::MessageSeen, |_, answer| {
        like(
            &answer.replace("\"existNext\":false", "\"existNext\":null"),
            json!({"data": [{"id": 0, "forward": 0, "phone": "digits", "service": "=tg", "country": 0,
                "countryCode": "=0", "status": "=4", "code": "text", "smsText": "text",
                "moreSms": ["text"], "activationCost": 0, "canGetAnotherSms": "=1", "createDate": 0,
                "finishDate": 0}], "existNext": null, "quant": 0}),
        )
    }),
    row("getCurrentActivations", "", Stage::MessageSeen, site_table),
    row("getCurrentActivationsDataTables", "&start=0&length=10&orderBy=asc", Stage::MessageSeen, site_table),
    row("getActiveActivations", "", Stage::MessageSeen, |_, answer| {
        like(
            answer,
            json!({"status": "=success", "activeActivations": [{"activationId": "digits",
                "serviceCode": "=tg", "phoneNumber": "digits", "activationCost": "text",
                "activationStatus": "digits", "smsCode": ["text"], "smsText": "text",
                "activationTime": "text", "discount": "text", "repeated": "digits", "countryCode": "=0",
                "countryName": "=Russia", "canGetAnotherSms": "=1"}]}),
        )
    }),
    row("getHistory", "", Stage::MessageSeen, |_, answer| {
        like(
            answer,
            json!([{"id": 0, "date": "text", "phone": "digits", "sms": "text", "cost": 0,
                "status": "digits"}]),
        )
    }),
    row("getActivationHistory", "", Stage::MessageSeen, |_, answer| {
        like(
            answer,
            json!([{"id": 0, "date": "text", "phone": "digits", "sms": "text", "cost": 0,
                "status": "digits"}]),
        )
    }),
    Row {
        refused: "INVALID_ACTIVATION_ID",
        ..row("getIncomingCallStatus", "&activationId=ID", Stage::Ordered, |_, answer| match answer {
            r#"{"status":"2","phone":false}"# => Ok(()),
            _ => Err("no new activation without a call".to_owned()),
        })
    },
    Row {
        refused: "WRONG_ACTIVATION_ID",
        ..row("createTaskForCall", "&activationId=ID&phone=78006007664", Stage::Ordered, |_, answer| {
            like(answer, json!({"status": "=success", "msg": "text"}))
        })
    },
    row("getOutgoingCalls", "", Stage::Fresh, |_, answer| match answer {
        "{}" => Ok(()),
        _ => Err("nobody has ordered a call today".to_owned()),
    }),
    Row {
        refused: "WRONG_ACTIVATION_ID",
        ..row("parseCall", "&id=ID&newLang=en", Stage::Ordered, |_, answer| words(answer, "NO_CALL", &[]))
    },
    refused("setMaxPrice", "&service=tg&maxPrice=5&country=0", Stage::Fresh, "BAD_ACTION"),
    refused("updateApiCurrency", "&currency=840", Stage::Fresh, "BAD_ACTION"),
    refused("getQiwiRequisites", "", Stage::Fresh, "BAD_ACTION"),
    Row {
        sells: true,
        numbers: 2,
        refused: "NO_NUMBERS",
        ..row("getMultiServiceNumber", "&multiService=tg,wa&country=0", Stage::Fresh, |_, answer| {
            like(answer, json!([{"phone": "digits", "activation": 0, "service": "text"}]))
        })
    },
    Row {
        sells: true,
        refused: "RENEW_ACTIVATION_NOT_AVAILABLE",
        ..row("getExtraActivation", "&activationId=ID", Stage::Over, |_, answer| {
            words(answer, "ACCESS_NUMBER", &[digits, digits])
        })
    },
    Row {
        refused: "RENEW_ACTIVATION_NOT_AVAILABLE",
        ..row("checkExtraActivation", "&activationId=ID", Stage::Over, |_, answer| {
            like(answer, json!({"status": "=success", "cost": 0, "service": "=tg", "phone": 0, "country": 0}))
        })
    },
    Row {
        sells: true,
        refused: "RENEW_ACTIVATION_NOT_AVAILABLE",
        ..row("reactivate", "&id=ID", Stage::Over, |_, answer| {
            like(
                answer,
                json!({"activationId": 0, "phoneNumber": "digits", "activationCost": "text",
                    "countryCode": "=0", "canGetAnotherSms": "=1", "activationTime": "text",
                    "activationOperator": "text", "currency": 0}),
            )
        })
    },
    Row {
        refused: "RENEW_ACTIVATION_NOT_AVAILABLE",
        ..row("reactivationPrice", "&id=ID", Stage::Over, |_, answer| {
            like(answer, json!({"data": {"price": 0}}))
        })
    },
    Row {
        sells: true,
        refused: "WRONG_ADDITIONAL_SERVICE",
        ..row("getAdditionalService", "&service=ym&id=ID", Stage::Forwarding, |_, answer| {
            words(answer, "ADDITIONAL", &[digits, digits])
        })
    },
];

fn site_table(_: &str, answer: &str) -> Result<(), String> {
    like(
        answer,
        json!({"status": "=success", "array": [{"id": "digits", "phone": "digits", "service": "=tg",
            "country": "=0", "status": "=4", "code": "text", "text": "text", "createDate": "text"}]}),
    )
}
