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
    /// A mail address was bought instead, where any are sold.
    Mailed,
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
    pub done: Form,
    /// The whole answer where it is refused; empty where no kind refuses it.
    pub refused: &'static str,
}

const fn row(action: &'static str, query: &'static str, stage: Stage, done: Form) -> Row {
    Row { action, query, stage, sells: false, done, refused: "" }
}

const fn sale(action: &'static str, done: Form) -> Row {
    Row { sells: true, ..row(action, "&service=tg&country=0", Stage::Fresh, done) }
}

/// What no kind can do.
const fn refused(action: &'static str, query: &'static str, stage: Stage, word: &'static str) -> Row {
    Row { refused: word, ..row(action, query, stage, never) }
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
    refused("getMultiServiceNumber", "&multiService=tg,wa&country=0", Stage::Fresh, "NO_NUMBERS"),
    refused("getExtraActivation", "&activationId=ID", Stage::MessageSeen, "RENEW_ACTIVATION_NOT_AVAILABLE"),
    refused("getAdditionalService", "&service=wa&id=ID", Stage::MessageSeen, "WRONG_ADDITIONAL_SERVICE"),
];

fn never(_: &str, _: &str) -> Result<(), String> {
    Err("no form of success is known: add it to its row".to_owned())
}
