//! What can go wrong between us and an upstream: one type that says whose side failed, what the
//! matter is, whether the upstream may have acted, and so whether a retry is legal. Knows no word
//! of the dialect: `dialect::code` has the one table from faults to words.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::Capability;

/// Who failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The client asked for what cannot be.
    Client,
    /// This server, or its configuration.
    Us,
    /// The upstream, or the way to it.
    Upstream,
}

/// Whether the upstream may have done what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Certainly not.
    None,
    /// Nobody can tell from here.
    Unknown,
}

/// What the matter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// The upstream does not accept the key it was given.
    WrongKey,
    /// The account has too little money.
    NoFunds,
    /// No number in stock.
    NoStock,
    /// The service does not exist, or has no counterpart at this provider.
    UnknownService,
    /// The country does not exist, or has no counterpart at this provider.
    UnknownCountry,
    /// The operator does not exist, or has no counterpart at this provider.
    UnknownOperator,
    /// The client's cap is below the price, which is this much: in the currency of the account, and in
    /// that of the dialect once it has left the engine.
    PriceAboveCap(Decimal),
    /// A limit of `[spending]` stands against the purchase.
    SpendingLimit,
    /// The status cannot be set as things stand.
    BadStatus,
    /// Cancelling is not allowed yet.
    TooEarlyToCancel,
    /// There is no such activation.
    UnknownActivation,
    /// The account is banned, until then if the upstream says so.
    Banned(Option<Timestamp>),
    /// The number is not to be had once more.
    NotRenewable,
    /// The service cannot be added to a number.
    NotAddable,
    /// Nothing can be added to the number: it does not forward, or is not in use.
    NotForwarding,
    /// The service is on the number already.
    AlreadyAdded,
    /// The rent is over, and its number can have no more time.
    RentOver,
    /// Nobody rents for so many hours.
    WrongHours,
    /// Nobody rents for more than so many hours.
    TooManyHours(u32),
    /// The upstream answered an error word of the dialect itself; it goes to the client as it is.
    Word(String),
    /// This provider cannot do it at all.
    Unsupported(Capability),
    /// No connection could be made.
    Unreachable,
    /// The call came back to this server, which refused it.
    CameBack,
    /// No (complete) answer in time.
    TimedOut,
    /// The upstream says it was asked too often, or would be if it were asked now.
    RateLimited,
    /// The upstream says that it failed.
    UpstreamFailed,
    /// The upstream answered what its document does not allow.
    Malformed,
    /// The ledger could not be written, so nothing was bought.
    Ledger,
    /// The server is shutting down.
    Closing,
}

/// What went wrong. The message is for the log; it never holds a key, a number or a text of an SMS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Fault {
    /// What the matter is.
    pub kind: FaultKind,
    /// Who failed.
    pub side: Side,
    /// Whether the upstream may have acted.
    pub effect: Effect,
    /// The upstream's own word for it.
    pub upstream_code: Option<String>,
    /// What happened, in plain words.
    pub detail: String,
}

impl Fault {
    /// A fault that certainly changed nothing; the side follows from the kind.
    pub fn new(kind: FaultKind, detail: impl Into<String>) -> Self {
        let side = side_of(&kind);
        Self { kind, side, effect: Effect::None, upstream_code: None, detail: detail.into() }
    }

    /// The upstream's own word says what the matter is.
    ///
    /// Only a word is repeated: anything else an upstream writes may hold a key or a number.
    pub fn upstream(kind: FaultKind, code: &str) -> Self {
        let is_word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b' ' | b'-');
        // A number of some length may be a phone's, a code or part of a key.
        let digits = code.bytes().filter(u8::is_ascii_digit).count();
        let plain = code.len() <= 40 && code.bytes().all(is_word) && digits <= 3 && digits < code.len();
        let code = if plain { code } else { "an undocumented error" };
        let detail = match kind {
            // The client may think that its own key is meant.
            FaultKind::WrongKey => format!("the upstream does not accept the key it was asked with: {code}"),
            _ => format!("the upstream answered {code}"),
        };
        Self { upstream_code: Some(code.to_owned()), ..Self::new(kind, detail) }
    }

    /// The provider cannot do it at all.
    pub fn unsupported(capability: Capability) -> Self {
        let detail = format!("this provider has no {}", capability.describe());
        Self::new(FaultKind::Unsupported(capability), detail)
    }

    /// The same fault, but nobody can tell whether the upstream has acted.
    #[must_use]
    pub fn in_doubt(self) -> Self {
        Self { effect: Effect::Unknown, ..self }
    }

    /// Whether a purchase may be sent again: only if it certainly did not reach the upstream, and if
    /// the reason may pass.
    pub fn may_buy_again(&self) -> bool {
        self.effect == Effect::None && self.is_transient()
    }

    /// Whether a question that changes nothing may be asked again.
    pub fn may_ask_again(&self) -> bool {
        self.is_transient()
    }

    fn is_transient(&self) -> bool {
        matches!(
            self.kind,
            FaultKind::Unreachable
                | FaultKind::CameBack
                | FaultKind::TimedOut
                | FaultKind::RateLimited
                | FaultKind::UpstreamFailed
                | FaultKind::Malformed
        )
    }
}

fn side_of(kind: &FaultKind) -> Side {
    match kind {
        FaultKind::UnknownService
        | FaultKind::UnknownCountry
        | FaultKind::UnknownOperator
        | FaultKind::PriceAboveCap(_)
        | FaultKind::BadStatus
        | FaultKind::TooEarlyToCancel
        | FaultKind::UnknownActivation
        | FaultKind::NotRenewable
        | FaultKind::NotAddable
        | FaultKind::NotForwarding
        | FaultKind::AlreadyAdded
        | FaultKind::RentOver
        | FaultKind::WrongHours
        | FaultKind::TooManyHours(_)
        | FaultKind::Unsupported(_) => Side::Client,
        FaultKind::WrongKey
        | FaultKind::NoFunds
        | FaultKind::SpendingLimit
        | FaultKind::CameBack
        | FaultKind::Ledger
        | FaultKind::Closing => Side::Us,
        FaultKind::NoStock
        | FaultKind::Banned(_)
        | FaultKind::Word(_)
        | FaultKind::Unreachable
        | FaultKind::TimedOut
        | FaultKind::RateLimited
        | FaultKind::UpstreamFailed
        | FaultKind::Malformed => Side::Upstream,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purchase_in_doubt_is_never_sent_again() {
        let timed_out = Fault::new(FaultKind::TimedOut, "no answer");
        assert!(timed_out.may_buy_again());
        assert!(!timed_out.clone().in_doubt().may_buy_again());
        assert!(timed_out.in_doubt().may_ask_again());
        assert!(!Fault::upstream(FaultKind::NoStock, "noNumber").may_buy_again());
    }

    #[test]
    fn of_every_fault_it_is_known_whose_it_is_and_whether_a_retry_is_legal() {
        use FaultKind::*;
        let (client, us, upstream) = (Side::Client, Side::Us, Side::Upstream);
        let table = [
            (WrongKey, us, false),
            (NoFunds, us, false),
            (NoStock, upstream, false),
            (UnknownService, client, false),
            (UnknownCountry, client, false),
            (UnknownOperator, client, false),
            (PriceAboveCap(Decimal::ONE), client, false),
            (BadStatus, client, false),
            (TooEarlyToCancel, client, false),
            (UnknownActivation, client, false),
            (Banned(None), upstream, false),
            (NotRenewable, client, false),
            (NotAddable, client, false),
            (NotForwarding, client, false),
            (AlreadyAdded, client, false),
            (RentOver, client, false),
            (WrongHours, client, false),
            (TooManyHours(4), client, false),
            (Word("NO_CALL".to_owned()), upstream, false),
            (Unsupported(Capability::Balance), client, false),
            (Unreachable, upstream, true),
            (CameBack, us, true),
            (TimedOut, upstream, true),
            (RateLimited, upstream, true),
            (UpstreamFailed, upstream, true),
            (Malformed, upstream, true),
            (Ledger, us, false),
            (Closing, us, false),
        ];
        for (kind, side, passes) in table {
            let fault = Fault::new(kind, "why");
            let kind = &fault.kind;
            assert_eq!((fault.side, fault.effect), (side, Effect::None), "{kind:?}");
            assert_eq!((fault.may_buy_again(), fault.may_ask_again()), (passes, passes), "{kind:?}");
            let in_doubt = fault.clone().in_doubt();
            assert_eq!((in_doubt.side, in_doubt.effect), (side, Effect::Unknown), "{kind:?}");
            assert_eq!((in_doubt.may_buy_again(), in_doubt.may_ask_again()), (false, passes), "{kind:?}");
        }
    }

    #[test]
    fn only_words_of_an_upstream_are_repeated() {
        for word in ["noNumber", "BAD_KEY", "HTTP 502"] {
            assert!(Fault::upstream(FaultKind::NoStock, word).detail.contains(word), "{word}");
        }
        for other in ["key=abc", "a key: abc", "+79991112233", "79991112233", "<b>"] {
            let fault = Fault::upstream(FaultKind::Malformed, other);
            assert!(
                !fault.detail.contains(other) && fault.upstream_code.as_deref() != Some(other),
                "{other}"
            );
        }
    }
}
