//! What was bought, and the balance it is bought with. Knows neither states nor lists.

use super::{Bytes, Reader};
use crate::dialect::Reply;
use crate::dialect::actions::{balance, mail_orders, number, number_v2};
use crate::dialect::shape::{Balance, FLAVOURS};
use crate::domain::{Activation, Email, Mail, Money, two_decimals};
use crate::fuzzing::sample;

/// A number with all that can be told of it.
fn bought(bytes: &mut Bytes<'_>) -> Activation {
    Activation {
        id: bytes.id(),
        phone: bytes.phone(),
        country: bytes.country(),
        operator: bytes.operator(),
        price: bytes.flip().then(|| Money::rub(bytes.amount())),
        bought_at: bytes.time(),
        ..sample::activation()
    }
}

pub(super) fn plain(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let activation = bought(bytes);
    let reply = number::written(&activation);
    let read = reader.read(&reply, async |provider, cx| provider.buy(cx, &sample::order()).await);
    let Ok(read) = read else { panic!("{}: {read:?}", reply.body) };
    assert_eq!((read.upstream_id, read.phone), (activation.id.to_string(), activation.phone));
}

pub(super) fn detailed(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let activation = bought(bytes);
    let shape = bytes.one_of(FLAVOURS).shape;
    let reply = Reply::json(&number_v2::written(activation.clone(), shape));
    let read = reader.read(&reply, async |provider, cx| provider.buy(cx, &sample::demanding()).await);
    let Ok(read) = read else { panic!("{}: {read:?}", reply.body) };
    assert_eq!((read.upstream_id, read.phone), (activation.id.to_string(), activation.phone));
    assert_eq!(read.operator, activation.operator, "{}", reply.body);
    let told = activation.price.map(|price| price.amount).unwrap_or_default();
    assert_eq!(read.price.map(|price| price.amount), two_decimals(told).parse().ok(), "{}", reply.body);
}

pub(super) fn mail(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let id = bytes.id();
    let Ok(email) = Email::parse(&format!("{}@mail.ru", bytes.text())) else { return };
    let reply = mail_orders::sold(&Mail { id, email: email.clone(), ..sample::mail() });
    let order = sample::mail_order();
    let read = reader.read(&reply, async |provider, cx| provider.mail().buy(cx, &order).await);
    let Ok(read) = read else { panic!("{}: {read:?}", reply.body) };
    assert_eq!((read.upstream_id, read.email), (id.to_string(), email));
}

pub(super) fn balance(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let amount = if bytes.flip() { -bytes.amount() } else { bytes.amount() };
    let reply = balance::written(amount, Balance::Word);
    let read = reader.read(&reply, async |provider, cx| provider.balance(cx).await);
    let Ok(read) = read else { panic!("{}: {read:?}", reply.body) };
    assert_eq!(Ok(read.amount), two_decimals(amount).parse(), "{}", reply.body);
}
