//! Between rows and the words of the field. Every value read back is the one that was written; times
//! are kept to the millisecond. Knows no statement.

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::FromSql;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use crate::domain::{
    Activation, ActivationId, Country, Currency, Extra, Money, Operator, Order, Origin, Owner, Phone, Rent,
    RentTerms, Service, Sms, State,
};
use crate::ledger::{Delivery, Doubt, Intent};

/// An order but for its service and country, which have columns.
#[derive(Serialize, Deserialize)]
struct Wish {
    operators: Vec<String>,
    max_price: Option<String>,
    excluded: Vec<String>,
    forward: bool,
    verification: bool,
    free_price: bool,
    use_cashback: bool,
    detailed: bool,
    /// Absent for an order from the shelf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<Basis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rent: Option<Lease>,
}

/// What an order builds on.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Basis {
    Extra(i64),
    Additional(i64),
    Continued(i64),
}

impl Basis {
    fn of(origin: Origin) -> Option<Self> {
        match origin {
            Origin::Shelf => None,
            Origin::Extra(parent) => Some(Self::Extra(parent.get())),
            Origin::Additional(parent) => Some(Self::Additional(parent.get())),
            Origin::Continued(parent) => Some(Self::Continued(parent.get())),
        }
    }

    fn origin(&self) -> Option<Origin> {
        match *self {
            Self::Extra(parent) => ActivationId::new(parent).map(Origin::Extra),
            Self::Additional(parent) => ActivationId::new(parent).map(Origin::Additional),
            Self::Continued(parent) => ActivationId::new(parent).map(Origin::Continued),
        }
    }
}

/// A rent's terms; of one that was bought, also the rent that it gave more time to.
#[derive(Serialize, Deserialize)]
struct Lease {
    hours: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    webhook: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prolongs: Option<i64>,
}

/// The column `wish` for an order.
pub(super) fn wish_of(order: &Order) -> Result<String, Failure> {
    let wish = Wish {
        operators: order.operators.iter().map(|operator| operator.as_str().to_owned()).collect(),
        max_price: order.max_price.map(|price| price.to_string()),
        excluded: order.excluded.clone(),
        forward: order.forward,
        verification: order.verification,
        free_price: order.free_price,
        use_cashback: order.use_cashback,
        detailed: order.detailed,
        origin: Basis::of(order.origin),
        rent: order.rent.as_ref().map(|terms| Lease {
            hours: terms.hours,
            webhook: terms.webhook.clone(),
            prolongs: None,
        }),
    };
    serde_json::to_string(&wish).map_err(|error| Failure::Unreadable(error.to_string()))
}

/// The column `rent`.
pub(super) fn rent_of(rent: Option<&Rent>) -> Result<Option<String>, Failure> {
    let lease = |rent: &Rent| Lease {
        hours: rent.hours,
        webhook: rent.webhook.clone(),
        prolongs: rent.prolongs.map(ActivationId::get),
    };
    let text = rent.map(|rent| serde_json::to_string(&lease(rent))).transpose();
    text.map_err(|error| Failure::Unreadable(error.to_string()))
}

/// The column `extra`.
pub(super) fn extra_of(extra: &Extra) -> Result<String, Failure> {
    serde_json::to_string(extra).map_err(|error| Failure::Unreadable(error.to_string()))
}

/// A count as a column; none is ever near the limit.
pub(super) fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A row's doubt.
pub(super) fn doubt(row: &Row<'_>) -> Result<Doubt, Failure> {
    let reason: Option<String> = row.get("reason")?;
    Ok(Doubt { id: id(row)?, intent: intent(row)?, reason: reason.unwrap_or_default() })
}

/// What was intended, whatever came of it.
pub(super) fn intent(row: &Row<'_>) -> Result<Intent, Failure> {
    Ok(Intent {
        owner: Owner(row.get("owner")?),
        provider: row.get("provider")?,
        order: order(row)?,
        stake: money(row, "stake", "stake_currency")?,
        at: time(row, "intended_at")?,
    })
}

fn order(row: &Row<'_>) -> Result<Order, Failure> {
    let wish: Wish = read(row, "wish", |text: String| serde_json::from_str(&text).ok())?;
    let operators = wish.operators.iter().map(|name| Operator::parse(name));
    let max_price = wish.max_price.as_deref().map(Decimal::from_str_exact);
    Ok(Order {
        service: service(row)?,
        country: country(row)?,
        operators: operators.collect::<Result<_, _>>().map_err(|_| strange(row, "wish"))?,
        max_price: max_price.transpose().map_err(|_| strange(row, "wish"))?,
        excluded: wish.excluded,
        forward: wish.forward,
        verification: wish.verification,
        free_price: wish.free_price,
        use_cashback: wish.use_cashback,
        detailed: wish.detailed,
        origin: wish
            .origin
            .map_or(Some(Origin::Shelf), |basis| basis.origin())
            .ok_or_else(|| strange(row, "wish"))?,
        rent: wish.rent.map(|lease| RentTerms { hours: lease.hours, webhook: lease.webhook }),
    })
}

/// The columns of an activation, in the order in which [`activation`] reads them. To look each of them up by its name
/// takes longer than all the rest of reading a row, and a start may read a hundred thousand of them.
macro_rules! activation_columns {
    () => {
        "id, owner, provider, upstream_id, phone, service, country, operator, price, currency, bought_at,
         expires_at, state, asked_at, extra, rent, unwanted"
    };
}
pub(super) use activation_columns;

/// A row's activation, still without its messages.
pub(super) fn activation(row: &Row<'_>) -> Result<Activation, Failure> {
    let mut row = InOrder { row, next: 0 };
    Ok(Activation {
        id: row.read(ActivationId::new)?,
        owner: Owner(row.read(Some)?),
        provider: row.read(Some)?,
        upstream_id: row.read(Some)?,
        phone: row.read(|text: String| Phone::parse(&text).ok())?,
        service: row.read(|text: String| Service::parse(&text).ok())?,
        country: row.read(|number: i64| u16::try_from(number).ok().map(Country))?,
        operator: row
            .read(|text: Option<String>| text.map(|text| Operator::parse(&text)).transpose().ok())?,
        price: money_of(row.read(amount)?, row.read(currency)?),
        bought_at: row.read(|millis: i64| Timestamp::from_millisecond(millis).ok())?,
        expires_at: row.read(|millis: i64| Timestamp::from_millisecond(millis).ok())?,
        state: row.read(|text: String| State::parse(&text))?,
        asked_at: row.read(|count: i64| usize::try_from(count).ok())?,
        messages: Vec::new(),
        extra: row.read(|text: String| serde_json::from_str::<Extra>(&text).ok())?,
        rent: row.read(rent)?,
        unwanted: row.read(Some)?,
    })
}

/// A row whose columns are read one after the other.
struct InOrder<'a, 'b> {
    row: &'a Row<'b>,
    next: usize,
}

impl InOrder<'_, '_> {
    /// The next column, as what it stands for.
    fn read<S: FromSql, T>(&mut self, meaning: impl FnOnce(S) -> Option<T>) -> Result<T, Failure> {
        let column = self.next;
        self.next += 1;
        let name = || self.row.as_ref().column_name(column).unwrap_or("?").to_owned();
        meaning(self.row.get(column)?).ok_or_else(|| strange(self.row, &name()))
    }
}

fn rent(text: Option<String>) -> Option<Option<Rent>> {
    let Some(text) = text else { return Some(None) };
    let lease: Lease = serde_json::from_str(&text).ok()?;
    let prolongs = match lease.prolongs {
        None => None,
        Some(raw) => Some(ActivationId::new(raw)?),
    };
    Some(Some(Rent { hours: lease.hours, webhook: lease.webhook, prolongs }))
}

/// A row's message.
pub(super) fn sms(row: &Row<'_>) -> Result<Sms, Failure> {
    Ok(Sms {
        code: row.get("code")?,
        text: row.get("text")?,
        sender: row.get("sender")?,
        service: read(row, "service", |text: Option<String>| {
            text.map(|text| Service::parse(&text)).transpose().ok()
        })?,
        received_at: time(row, "received_at")?,
    })
}

/// A row's delivery.
pub(super) fn delivery(row: &Row<'_>) -> Result<Delivery, Failure> {
    Ok(Delivery {
        activation: read(row, "activation", ActivationId::new)?,
        seq: read(row, "seq", |seq: i64| usize::try_from(seq).ok())?,
        url: row.get("url")?,
        queued_at: time(row, "queued_at")?,
        tries: row.get("tries")?,
    })
}

/// A row's id.
pub(super) fn id(row: &Row<'_>) -> Result<ActivationId, Failure> {
    read(row, "id", ActivationId::new)
}

fn service(row: &Row<'_>) -> Result<Service, Failure> {
    read(row, "service", |text: String| Service::parse(&text).ok())
}

fn country(row: &Row<'_>) -> Result<Country, Failure> {
    read(row, "country", |number: i64| u16::try_from(number).ok().map(Country))
}

/// A time.
pub(super) fn time(row: &Row<'_>, column: &str) -> Result<Timestamp, Failure> {
    read(row, column, |millis: i64| Timestamp::from_millisecond(millis).ok())
}

/// A row's price.
pub(super) fn price(row: &Row<'_>) -> Result<Option<Money>, Failure> {
    money(row, "price", "currency")
}

/// An amount and its currency, each in a column.
pub(super) fn money(
    row: &Row<'_>,
    amount_column: &str,
    currency_column: &str,
) -> Result<Option<Money>, Failure> {
    Ok(money_of(read(row, amount_column, amount)?, read(row, currency_column, currency)?))
}

fn amount(text: Option<String>) -> Option<Option<Decimal>> {
    text.map(|text| Decimal::from_str_exact(&text)).transpose().ok()
}

fn currency(text: Option<String>) -> Option<Option<Currency>> {
    text.map(|text| Currency::parse(&text)).transpose().ok()
}

fn money_of(amount: Option<Decimal>, currency: Option<Currency>) -> Option<Money> {
    amount.zip(currency).map(|(amount, currency)| Money { amount, currency })
}

/// One column, as what it stands for.
pub(super) fn read<S: FromSql, T>(
    row: &Row<'_>,
    column: &str,
    meaning: impl FnOnce(S) -> Option<T>,
) -> Result<T, Failure> {
    meaning(row.get(column)?).ok_or_else(|| strange(row, column))
}

/// The complaint about a column. It does not repeat what is there: that may be a number or a code.
fn strange(row: &Row<'_>, column: &str) -> Failure {
    let id: i64 = row.get(0).unwrap_or_default();
    Failure::Unreadable(format!("column {column} of activation {id} holds what was never written there"))
}
