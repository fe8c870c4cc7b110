//! The words of the field: values and rules that hold whoever asks and whoever sells. Knows no
//! wire format, no provider, no storage, and does no I/O.

mod activation;
mod code;
mod held;
mod id;
mod key_digest;
mod mail;
mod money;
pub mod near;
mod offer;
mod order;
mod outline;
mod phone;
mod product;
mod rent;
mod secret;
mod sms;
pub mod status;

pub use activation::{Activation, Owner, Rent, Standing};
pub use code::{Country, Operator, Service};
pub use held::Held;
pub use id::ActivationId;
pub use key_digest::KeyDigest;
pub use mail::{
    BoughtMail, Email, Letter, Mail, MailKind, MailOffer, MailOffers, MailOrder, MailProgress, MailState,
};
pub use money::{Currency, Money, amount_of_json, exact, json_number, two_decimals};
pub use offer::{Extra, Offer, TopCountry};
pub use order::{Bought, Order, Origin, RentTerms};
pub use outline::{Kind, Outline};
pub use phone::Phone;
pub use product::{BoughtProduct, Product, ProductNumber};
pub use rent::{is_rent_period, is_rent_time};
pub use secret::Secret;
pub use sms::{Inbox, Progress, Sms};
pub use status::{Command, State, Step};

/// A value that was given from outside and is not what its type allows; the text says what would be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub &'static str);
