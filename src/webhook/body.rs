//! What is sent: a message as JSON. Knows no address.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::{Activation, Sms};

/// `api/sms-activate.txt`, "Webhooks": these fields in this order, and no other.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    activation_id: i64,
    service: &'a str,
    text: &'a str,
    code: &'a str,
    country: u16,
    received_at: String,
}

/// A message of an activation or a rent. Where only its code is known, that is the text.
pub fn written(activation: &Activation, sms: &Sms) -> String {
    let body = Body {
        activation_id: activation.id.get(),
        service: sms.service.as_ref().unwrap_or(&activation.service).as_str(),
        text: sms.text_or_code(),
        code: &sms.code,
        country: activation.country.0,
        received_at: time(sms.received_at),
    };
    // Texts and numbers can always be written.
    serde_json::to_string(&body).unwrap_or_default()
}

/// As the dialect writes every time.
fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ActivationId, Country, Extra, Owner, Phone, Service, State};

    #[test]
    fn it_has_the_documents_fields_types_and_order() {
        let at = "2022-06-01T17:30:57Z".parse().unwrap();
        let mut activation = Activation {
            id: ActivationId::new(635_468_024).unwrap(),
            owner: Owner("any".into()),
            provider: "main".into(),
            upstream_id: "u".into(),
            phone: Phone::parse("79991112233").unwrap(),
            service: Service::parse("go").unwrap(),
            country: Country(0),
            operator: None,
            price: None,
            bought_at: at,
            expires_at: at,
            state: State::Received,
            asked_at: 0,
            messages: Vec::new(),
            extra: Extra::new(),
            rent: None,
            unwanted: false,
        };
        let mut sms = Sms { text: Some("Your \"code\": 1234".into()), ..Sms::of_code("1234", at) };
        assert_eq!(
            written(&activation, &sms),
            r#"{"activationId":635468024,"service":"go","text":"Your \"code\": 1234","code":"1234","country":0,"receivedAt":"2022-06-01 17:30:57"}"#
        );
        (sms.text, sms.service) = (None, Some(Service::parse("tg").unwrap()));
        activation.country = Country(187);
        assert_eq!(
            written(&activation, &sms),
            r#"{"activationId":635468024,"service":"tg","text":"1234","code":"1234","country":187,"receivedAt":"2022-06-01 17:30:57"}"#
        );
    }
}
