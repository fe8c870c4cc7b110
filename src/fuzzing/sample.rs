//! What upstreams are asked about: an activation, a rent, a mail address, an order. Knows no provider.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{
    Activation, ActivationId, Country, Email, Extra, Mail, MailKind, MailOrder, MailState, Operator, Order,
    Owner, Phone, Rent, RentTerms, Service, State,
};

/// The key with which upstreams are asked, distinctive enough to be found wherever it is repeated.
pub(super) const KEY: &str = "fuzz-key-5d1b";

/// The upstream's id of everything here, by which seeds can name it.
const ID: &str = "707";

const PHONE: &str = "79991112233";

/// What a constant that is right gives.
fn good<T, E: std::fmt::Debug>(made: Result<T, E>) -> T {
    made.unwrap_or_else(|error| panic!("{error:?}"))
}

/// Telegram.
pub(super) fn service() -> Service {
    good(Service::parse("tg"))
}

/// A number as seeds have it.
pub(super) fn phone() -> Phone {
    good(Phone::parse(PHONE))
}

/// An id as this server gives it.
pub(super) fn id() -> ActivationId {
    good(ActivationId::new(7).ok_or("no id"))
}

/// An order of the plainest sort.
pub(super) fn order() -> Order {
    Order::new(service(), Country(0))
}

/// One with an operator and everything else that can be wanted.
pub(super) fn demanding() -> Order {
    Order {
        operators: vec![good(Operator::parse("mts"))],
        max_price: Some(100.into()),
        excluded: vec!["7918".to_owned()],
        detailed: true,
        ..order()
    }
}

/// One for so many hours.
pub(super) fn rent_order(hours: u32) -> Order {
    Order { rent: Some(RentTerms { hours, webhook: None }), ..order() }
}

/// A number that waits for its first message.
pub(super) fn activation() -> Activation {
    let bought_at = Timestamp::UNIX_EPOCH;
    Activation {
        id: id(),
        owner: Owner("*".into()),
        provider: "main".into(),
        upstream_id: ID.into(),
        phone: phone(),
        service: service(),
        country: Country(0),
        operator: None,
        price: None,
        bought_at,
        expires_at: bought_at.saturating_add(Duration::from_secs(1200)).unwrap_or(Timestamp::MAX),
        state: State::Waiting,
        asked_at: 0,
        messages: Vec::new(),
        extra: Extra::new(),
        rent: None,
        unwanted: false,
    }
}

/// A number that is rented.
pub(super) fn rent() -> Activation {
    Activation { rent: Some(Rent { hours: 4, webhook: None, prolongs: None }), ..activation() }
}

/// An order for a mail address.
pub(super) fn mail_order() -> MailOrder {
    MailOrder { site: "apple.com".into(), kind: MailKind::Popular, domain: "mail.ru".into(), again: None }
}

/// A mail address that waits for its mail.
pub(super) fn mail() -> Mail {
    Mail {
        id: id(),
        owner: Owner("*".into()),
        provider: "main".into(),
        upstream_id: ID.into(),
        order: mail_order(),
        email: good(Email::parse("anna@mail.ru")),
        price: None,
        bought_at: Timestamp::UNIX_EPOCH,
        state: MailState::Waiting,
        letter: None,
    }
}
