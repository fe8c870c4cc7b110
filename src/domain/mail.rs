//! Mail addresses that are sold to take one mail each, and what an upstream can say of them. Knows no
//! provider's words, and neither where they are kept nor how they are printed.

use std::fmt;

use jiff::Timestamp;

use super::{ActivationId, Invalid, Money, Owner};

/// A mail address. Its `Debug` form hides it, so that it cannot reach a log by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads an address: a name and a domain with one `@` between them, without blanks.
    ///
    /// # Errors
    /// When it is not one.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let plain = |c: char| !c.is_whitespace() && !c.is_control();
        match text.split_once('@') {
            Some((name, domain))
                if !name.is_empty()
                    && domain.contains('.')
                    && !domain.contains('@')
                    && text.len() <= 254
                    && text.chars().all(plain) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(Invalid("a mail address has a name, @ and a domain")),
        }
    }

    /// The address, for the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("*@*")
    }
}

/// Which of the two lists a domain is chosen from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// A zone (`info`), in which the address gets any domain.
    Zone,
    /// A popular domain (`mail.ru`).
    Popular,
}

impl MailKind {
    /// Its name where it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Popular => "popular",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Zone, Self::Popular].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Addresses of a domain or a zone that are on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailOffer {
    /// The domain or the zone.
    pub name: String,
    /// What an address costs.
    pub price: Money,
    /// How many there are; of a zone nobody counts.
    pub count: Option<u64>,
}

/// What is on offer for a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailOffers {
    /// Zones.
    pub zones: Vec<MailOffer>,
    /// Popular domains.
    pub popular: Vec<MailOffer>,
}

impl MailOffers {
    /// The list of this kind.
    pub fn of(&self, kind: MailKind) -> &[MailOffer] {
        match kind {
            MailKind::Zone => &self.zones,
            MailKind::Popular => &self.popular,
        }
    }
}

/// What a client asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailOrder {
    /// The site that the mail is to come from.
    pub site: String,
    /// From which list the domain is.
    pub kind: MailKind,
    /// The domain or the zone.
    pub domain: String,
    /// The mail whose address is ordered once more.
    pub again: Option<ActivationId>,
}

/// An address that an upstream sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoughtMail {
    /// The upstream's own id.
    pub upstream_id: String,
    /// The address.
    pub email: Email,
    /// What was charged, where the upstream says so.
    pub price: Option<Money>,
}

/// A mail that came. `Debug` hides its contents.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// What was found in it: the code, the link, or the contents.
    pub value: String,
    /// All of it, where the upstream gives more.
    pub full: Option<String>,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").finish_non_exhaustive()
    }
}

/// What an upstream says about an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailProgress {
    /// No mail yet.
    Waiting,
    /// The mail.
    Received(Letter),
}

/// Where an address stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// No mail yet.
    Waiting,
    /// It was to be cancelled, and whether it was is not known.
    Cancelling,
    /// The mail has come.
    Received,
    /// Given back.
    Cancelled,
}

impl MailState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Cancelling, Self::Received, Self::Cancelled];

    /// Its name where it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Cancelling => "cancelling",
            Self::Received => "received",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether only the upstream knows whether it still stands so.
    pub fn awaits_upstream(self) -> bool {
        matches!(self, Self::Waiting | Self::Cancelling)
    }
}

/// An address that was bought: a mail activation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The id clients know; no activation has the same.
    pub id: ActivationId,
    /// Whose it is.
    pub owner: Owner,
    /// The mark of the provider that sold it; it stays with that one.
    pub provider: String,
    /// The upstream's own id.
    pub upstream_id: String,
    /// What was ordered.
    pub order: MailOrder,
    /// The address.
    pub email: Email,
    /// What it cost, where known.
    pub price: Option<Money>,
    /// When it was bought.
    pub bought_at: Timestamp,
    /// Where it stands.
    pub state: MailState,
    /// The mail, once it has come.
    pub letter: Option<Letter>,
}

impl Mail {
    /// Takes over what the upstream says; whether anything is new.
    pub fn observe(&mut self, progress: MailProgress) -> bool {
        match progress {
            MailProgress::Received(letter) if self.state.awaits_upstream() => {
                self.state = MailState::Received;
                self.letter = Some(letter);
                true
            }
            MailProgress::Received(_) | MailProgress::Waiting => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_domain_and_stays_out_of_logs() {
        let email = Email::parse(" anna.k+1@mail.ru ").unwrap();
        assert_eq!((email.as_str(), format!("{email:?}").as_str()), ("anna.k+1@mail.ru", "*@*"));
        for bad in ["", "anna", "@mail.ru", "anna@", "anna@mail", "a b@mail.ru", "a@b@mail.ru", "a\n@mail.ru"]
        {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
        let letter = Letter { value: "1234".into(), full: Some("Code 1234".into()) };
        assert!(!format!("{letter:?}").contains("1234"));
    }

    #[test]
    fn states_and_kinds_are_read_back() {
        assert!(MailState::ALL.iter().all(|state| MailState::parse(state.as_str()) == Some(*state)));
        assert_eq!(MailKind::parse("popular"), Some(MailKind::Popular));
        assert_eq!((MailKind::parse(""), MailState::parse("gone")), (None, None));
    }
}
