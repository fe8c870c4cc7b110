//! Mail addresses and partner products of a service that speaks the dialect (`api/sms-activate.txt`, "API
//! Почты" and "API Партнёрский софт"). Knows neither who asks nor what becomes of the answers.

use async_trait::async_trait;
use serde_json::Value;

use super::HandlerApi;
use super::fold::{Body, malformed};
use crate::domain::{
    BoughtMail, BoughtProduct, Currency, Email, Letter, Mail, MailKind, MailOffer, MailOffers, MailOrder,
    MailProgress, Money, ProductNumber,
};
use crate::provider::http::Purpose;
use crate::provider::{Capability, Cx, Effect, Fault, FaultKind, Mailboxes, read};

/// What is said while no mail has come, where it is said by a word (GitHub, a public Python client of this part
/// of the API, which waits on it; the document is silent).
const NO_MAIL_YET: &str = "WAIT_LINK";

#[async_trait]
impl Mailboxes for HandlerApi {
    /// "Получить список предложений".
    async fn domains(&self, cx: &Cx, site: &str) -> Result<MailOffers, Fault> {
        self.quirks.require(Capability::Mail)?;
        offers(&self.read(cx, "getDomains", &[("site", site)]).await?, self.currency)
    }

    /// "Купить верификацию по почте".
    async fn buy(&self, cx: &Cx, order: &MailOrder) -> Result<BoughtMail, Fault> {
        self.quirks.require(Capability::Mail)?;
        let query = [
            ("site", order.site.as_str()),
            ("mail_type", number_of(order.kind)),
            ("mail_domain", &order.domain),
        ];
        bought(&self.ask(cx, Purpose::Act, "buyMailActivation", &query).await?)
    }

    /// "Реактивация почты".
    async fn buy_again(&self, cx: &Cx, mail: &Mail) -> Result<BoughtMail, Fault> {
        self.quirks.require(Capability::Mail)?;
        let query = [("id", mail.upstream_id.as_str())];
        bought(&self.ask(cx, Purpose::Act, "reorderMailActivation", &query).await?)
    }

    /// "Проверить, пришло ли письмо".
    async fn look(&self, cx: &Cx, mail: &Mail) -> Result<MailProgress, Fault> {
        self.quirks.require(Capability::Mail)?;
        let query = [("id", mail.upstream_id.as_str())];
        progress(self.ask(cx, Purpose::Poll, "checkMailActivation", &query).await)
    }

    /// "Отменить покупку почты".
    async fn cancel(&self, cx: &Cx, mail: &Mail) -> Result<(), Fault> {
        self.quirks.require(Capability::Mail)?;
        let query = [("id", mail.upstream_id.as_str())];
        cancelled(&self.ask(cx, Purpose::Act, "cancelMailActivation", &query).await?)
    }
}

impl HandlerApi {
    /// "Купить партнерский софт".
    pub(super) async fn product(&self, cx: &Cx, number: ProductNumber) -> Result<BoughtProduct, Fault> {
        self.quirks.require(Capability::Partner)?;
        let number = number.0.to_string();
        let answer = self.ask(cx, Purpose::Act, "buyPartnerProduct", &[("productId", &number)]).await;
        product(&answer.map_err(without_unknown_words)?)
    }
}

/// A word that nobody knows may be the key itself, which is not to be repeated.
fn without_unknown_words(fault: Fault) -> Fault {
    match fault.kind {
        FaultKind::Word(_) if fault.effect == Effect::Unknown => {
            malformed("an undocumented word instead of a partner product").in_doubt()
        }
        _ => fault,
    }
}

/// "1 – zones 2 - popular".
fn number_of(kind: MailKind) -> &'static str {
    match kind {
        MailKind::Zone => "1",
        MailKind::Popular => "2",
    }
}

/// What is in `{"status":"OK","response":…}`; anything else leaves open what was done.
fn response(body: &Body) -> Result<Value, Fault> {
    let mut value = body.json()?;
    if value.get("status").and_then(Value::as_str) != Some("OK") {
        return Err(malformed("an answer about mail has no status OK").in_doubt());
    }
    let response = value.get_mut("response").map(Value::take);
    response.ok_or_else(|| malformed("an answer about mail has no response").in_doubt())
}

/// `{"zones":[{"name","cost"}],"popular":[{"name","cost","count"}]}`; a row without name or cost is none.
fn offers(body: &Body, currency: Currency) -> Result<MailOffers, Fault> {
    let response = response(body)?;
    let list = |name: &str| response.get(name).and_then(Value::as_array);
    if list("zones").or(list("popular")).is_none() {
        return Err(malformed("getDomains has neither zones nor popular domains"));
    }
    let row = |row: &Value| {
        let amount = read::price(row.get("cost"))?;
        let count = read::whole(row.get("count"));
        let name = row.get("name").and_then(Value::as_str).filter(|name| !name.is_empty())?;
        Some(MailOffer { name: name.to_owned(), price: Money { amount, currency }, count })
    };
    let rows = |name| list(name).map_or_else(Vec::new, |rows| rows.iter().filter_map(row).collect());
    Ok(MailOffers { zones: rows("zones"), popular: rows("popular") })
}

/// `{"email","id"}`.
fn bought(body: &Body) -> Result<BoughtMail, Fault> {
    let response = response(body)?;
    let doubt = || malformed("the answer to an order is no mail address").in_doubt();
    let email = response.get("email").and_then(Value::as_str).ok_or_else(doubt)?;
    Ok(BoughtMail {
        upstream_id: read::id(response.get("id")).ok_or_else(doubt)?,
        email: Email::parse(email).map_err(|_| doubt())?,
        price: None,
    })
}

/// `{"value"}`. The document does not say what is answered before: nothing in it is taken for no mail, as in
/// its getMailHistory.
fn progress(answer: Result<Body, Fault>) -> Result<MailProgress, Fault> {
    let body = match answer {
        Ok(body) => body,
        Err(fault) if fault.upstream_code.as_deref() == Some(NO_MAIL_YET) => {
            return Ok(MailProgress::Waiting);
        }
        Err(fault) => return Err(fault),
    };
    let response = response(&body)?;
    let odd = || malformed("checkMailActivation answered no mail and no absence of one");
    if response.is_null() {
        return Ok(MailProgress::Waiting);
    }
    let value = match response.as_object().ok_or_else(odd)?.get("value") {
        None | Some(Value::Null) => return Ok(MailProgress::Waiting),
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(MailProgress::Waiting),
        Some(Value::String(text)) => text.clone(),
        number => read::plain(number).ok_or_else(odd)?,
    };
    let full = response.get("full_message").and_then(Value::as_str).filter(|text| !text.is_empty());
    Ok(MailProgress::Received(Letter { value, full: full.map(str::to_owned) }))
}

/// `true`.
fn cancelled(body: &Body) -> Result<(), Fault> {
    match response(body)? {
        Value::Bool(true) => Ok(()),
        _ => Err(malformed("cancelMailActivation did not answer true").in_doubt()),
    }
}

/// `{"status":"success","key","manual"}`.
fn product(body: &Body) -> Result<BoughtProduct, Fault> {
    let value = body.json()?;
    let doubt = || malformed("the answer to an order is no partner product").in_doubt();
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("status") != "success" || text("key").is_empty() {
        return Err(doubt());
    }
    Ok(BoughtProduct { key: text("key").to_owned(), manual: text("manual").to_owned(), price: None })
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;
    use crate::provider::http::Answer;

    fn answer(body: &str) -> Result<Body, Fault> {
        fold(&Answer { status: 200, body: body.to_owned() })
    }

    fn body(text: &str) -> Body {
        Body::Text(text.to_owned())
    }

    fn looked(text: &str) -> Result<MailProgress, FaultKind> {
        progress(answer(text)).map_err(|fault| fault.kind)
    }

    #[test]
    fn nothing_said_of_a_mail_is_no_mail() {
        for waiting in [
            r#"{"status":"OK","response":{"value":null}}"#,
            r#"{"status":"OK","response":{"value":""}}"#,
            r#"{"status":"OK","response":{}}"#,
            r#"{"status":"OK","response":null}"#,
            r#"{"status":"ERROR","error":"WAIT_LINK"}"#,
            "WAIT_LINK",
        ] {
            assert_eq!(looked(waiting), Ok(MailProgress::Waiting), "{waiting}");
        }
        for gone in ["ACTIVATION_NOT_FOUND", r#"{"status":"ERROR","error":"NO_ACTIVATION"}"#] {
            assert_eq!(looked(gone), Err(FaultKind::UnknownActivation), "{gone}");
        }
        for odd in [r#"{"status":"OK"}"#, r#"{"status":"OK","response":true}"#, r#"{"value":"1"}"#] {
            assert_eq!(looked(odd), Err(FaultKind::Malformed), "{odd}");
        }
    }

    #[test]
    fn a_mail_keeps_its_text_to_the_last_byte() {
        let letter = |text: &str| match looked(text) {
            Ok(MailProgress::Received(letter)) => letter,
            other => panic!("{other:?}"),
        };
        let plain = letter(r#"{"status":"OK","response":{"value":" Код:\n12 "}}"#);
        assert_eq!((plain.value.as_str(), plain.full), (" Код:\n12 ", None));
        let number = letter(r#"{"status":"OK","response":{"value":1234,"full_message":"Code 1234"}}"#);
        assert_eq!((number.value.as_str(), number.full.as_deref()), ("1234", Some("Code 1234")));
    }

    #[test]
    fn what_is_no_address_leaves_an_order_open() {
        let good = bought(&body(r#"{"status":"OK","response":{"email":"a@b.ru","id":241}}"#)).unwrap();
        assert_eq!((good.upstream_id.as_str(), good.email.as_str()), ("241", "a@b.ru"));
        for bad in [
            r#"{"status":"OK","response":{"email":"a@b.ru"}}"#,
            r#"{"status":"OK","response":{"email":"","id":241}}"#,
            r#"{"status":"OK","response":[]}"#,
            r#"{"status":"OK"}"#,
            r#"{"response":{"email":"a@b.ru","id":241}}"#,
            "{",
        ] {
            assert_eq!(bought(&body(bad)).unwrap_err().effect, Effect::Unknown, "{bad}");
        }
        for bad in [r#"{"status":"success","key":""}"#, r#"{"status":"ok","key":"k"}"#, "[]"] {
            assert_eq!(product(&body(bad)).unwrap_err().effect, Effect::Unknown, "{bad}");
        }
        for bad in [r#"{"status":"OK","response":false}"#, r#"{"response":true}"#, "true"] {
            assert_eq!(cancelled(&body(bad)).unwrap_err().effect, Effect::Unknown, "{bad}");
        }
    }

    #[test]
    fn documented_words_say_for_certain_that_nothing_was_sold() {
        let fault = |word: &str| answer(word).unwrap_err();
        for word in
            ["BAD_SITE", "MAIL_TYPE_ERROR", "BLOCKED_SITE", "CHANNELS_LIMIT", "BAD_DATA", "BAD_ACTION"]
        {
            assert_eq!(fault(word).kind, FaultKind::Word(word.into()));
            assert_eq!(fault(word).effect, Effect::None, "{word}");
        }
        assert_eq!(
            (fault("BAD_BALANCE").kind, fault("BAD_BALANCE").effect),
            (FaultKind::NoFunds, Effect::None)
        );
        assert_eq!(fault("ACTIVATION_NOT_FOUND").effect, Effect::None);
        // Which of these a service that speaks otherwise means is in its field `error`.
        assert_eq!(fault(r#"{"status":"ERROR","error":"BAD_BALANCE"}"#).kind, FaultKind::NoFunds);
    }

    #[test]
    fn rows_without_a_name_or_a_cost_are_not_on_offer() {
        let text = r#"{"status":"OK","response":{"zones":[{"name":"info","cost":2.5},{"name":"","cost":1}],
            "popular":[{"name":"mail.ru","cost":"6","count":"9"},{"name":"x.ru"}]}}"#;
        let read = offers(&body(text), Currency::RUB).unwrap();
        assert_eq!((read.zones.len(), read.popular.len()), (1, 1));
        assert_eq!(read.popular[0].count, Some(9));
        assert!(offers(&body(r#"{"status":"OK","response":{}}"#), Currency::RUB).is_err());
    }
}
