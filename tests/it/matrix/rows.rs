//! How each action is driven: a request that must succeed, the documented form of success, and the documented
//! word of refusal.
//!
//! Source of forms and words: `api/sms-activate.txt`, the section of each action; types as in `WIRE.md`
//! section 1, items 8 to 12; `getStatusV2` and `getServicesList` as in `WIRE.md` sections 4 and 5.

use serde_json::json;

use super::shape::{amount, digits, like, text, words};

/// How far an activation has come when the action is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// There is none.
    Fresh,
    /// It waits for its message.
    Ordered,
    /// Its message is at the upstream, and nobody has asked for it.
    MessageCame,
    /// It was asked for.
    MessageSeen,
    /// It was asked for, the activation finished, and its time is over.
    Over,
    /// It was asked for, and came to a number that forwards, where such are sold.
    Forwarding,
}

/// Whether an answer of this kind of upstream has the form of success; what is wrong with it otherwise.
type Form = fn(kind: &str, answer: &str) -> Result<(), String>;

/// One action.
pub struct Row {
    pub action: &'static str,
    /// What follows the action in the request; `ID` stands for the activation's.
    pub query: &'static str,
    pub stage: Stage,
    /// Whether success costs a number.
    pub sells: bool,
    /// How many, then.
    pub numbers: u64,
    pub done: Form,
    /// The whole answer where it is refused; empty where no kind refuses it.
    pub refused: &'static str,
}

const fn row(action: &'static str, query: &'static str, stage: Stage, done: Form) -> Row {
    Row { action, query, stage, sells: false, numbers: 1, done, refused: "" }
}

const fn sale(action: &'static str, done: Form) -> Row {
    Row { sells: true, ..row(action, "&service=tg&country=0", Stage::Fresh, done) }
}

/// A line for each of `dialect::ACTIONS`.
pub static ROWS: &[Row] = &[
    row("getBalance", "", Stage::Fresh, |_, answer| words(answer, "ACCESS_BALANCE", &[amount])),
    row("getBalanceAndCashBack", "", Stage::Fresh, |_, answer| words(answer, "ACCESS_BALANCE", &[amount])),
    row("getNumbersStatus", "&country=0&operator=any", Stage::Fresh, |_, answer| {
        like(answer, json!({"*": "digits"}))
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
    Row {
        refused: r#"{"status":"error","error":"OPERATORS_NOT_FOUND"}"#,
        ..row("getOperators", "&country=0", Stage::Fresh, |_, answer| {
            like(answer, json!({"status": "=success", "countryOperators": {"*": ["text"]}}))
        })
    },
    row("getTopCountriesByService", "&service=tg", Stage::Fresh, |_, answer| {
        like(answer, json!({"*": {"country": 0, "count": 0, "price": 0, "retail_price": 0}}))
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
    row("getStatus", "&id=ID", Stage::MessageCame, |_, answer| words(answer, "STATUS_OK", &[text])),
    row("getStatusV2", "&id=ID", Stage::MessageCame, |_, answer| {
        like(
            answer,
            json!({"verificationType": 0, "sms": {"dateTime": "text", "code": "text", "text": "text"},
                "call": null}),
        )
    }),
    row("getFullSms", "&id=ID", Stage::MessageCame, |_, answer| words(answer, "FULL_SMS", &[text])),
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
