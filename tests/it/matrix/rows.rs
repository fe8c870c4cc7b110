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
    /// A rent waits for its message, where numbers can be rented; else an activation does.
    Rented,
    /// The rent's message is at the upstream, and nobody has asked for it.
    RentMessageCame,
}

/// Whether an answer of this kind of upstream has the form of success; what is wrong with it otherwise.
type Form = fn(kind: &str, answer: &str) -> Result<(), String>;

/// One action.
pub struct Row {
    pub action: &'static str,
    /// What follows the action in the request; `ID` stands for the activation's or the rent's, `RENT` for what can be
    /// rented there.
    pub query: &'static str,
    pub stage: Stage,
    /// Whether success costs a number.
    pub sells: bool,
    pub done: Form,
    /// The whole answer where it is refused; empty where no kind refuses it.
    pub refused: &'static str,
    /// The same in the other word that the action has where something of it can be done.
    pub refused_else: &'static str,
}

const fn row(action: &'static str, query: &'static str, stage: Stage, done: Form) -> Row {
    Row { action, query, stage, sells: false, done, refused: "", refused_else: "" }
}

const fn sale(action: &'static str, done: Form) -> Row {
    Row { sells: true, ..row(action, "&service=tg&country=0", Stage::Fresh, done) }
}

/// What no kind can do.
const fn refused(action: &'static str, query: &'static str, stage: Stage, word: &'static str) -> Row {
    Row { refused: word, ..row(action, query, stage, never) }
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

fn rented(_: &str, answer: &str) -> Result<(), String> {
    like(answer, json!({"status": "=success", "phone": {"id": 0, "endDate": "text", "number": "digits"}}))
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
    refused("getMultiServiceNumber", "&multiService=tg,wa&country=0", Stage::Fresh, "NO_NUMBERS"),
    refused("getExtraActivation", "&activationId=ID", Stage::MessageSeen, "RENEW_ACTIVATION_NOT_AVAILABLE"),
    refused("getAdditionalService", "&service=wa&id=ID", Stage::MessageSeen, "WRONG_ADDITIONAL_SERVICE"),
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

fn never(_: &str, _: &str) -> Result<(), String> {
    Err("no form of success is known: add it to its row".to_owned())
}
