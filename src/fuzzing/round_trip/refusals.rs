//! Error words: each is read as a fault that has the same word again, or the one that stands for it. Knows no
//! answer but those that refuse.

use super::{Bytes, Reader};
use crate::dialect::Reply;
use crate::dialect::code::{Refusal, Word, refusal_of};
use crate::provider::{Fault, FaultKind};

/// Words that mean the same to whoever asks, and the one that is given for them.
const SAME: &[(Word, Word)] = &[
    (Word::NoKey, Word::BadKey),
    (Word::WrongService, Word::BadService),
    (Word::WrongActivationId, Word::NoActivation),
    (Word::InvalidActivationId, Word::NoActivation),
    (Word::ActivationNotFound, Word::NoActivation),
    (Word::BadBalance, Word::NoBalance),
    (Word::SqlError, Word::ErrorSql),
    (Word::ServerError, Word::ErrorSql),
];

fn refused(reader: &Reader<'_>, reply: &Reply) -> Fault {
    match reader.read(reply, async |provider, cx| provider.balance(cx).await) {
        Ok(money) => panic!("{} is taken for {money}", reply.body),
        Err(fault) => fault,
    }
}

pub(super) fn words(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let word = bytes.one_of(Word::ALL);
    let reply = Reply::from(Refusal::new(word, "why"));
    let fault = refused(reader, &reply);
    // A rent's state is told only to who asks about a rent; a price is missing here.
    if word.as_str().starts_with("STATUS_") || word == Word::WrongMaxPrice {
        return;
    }
    let expected = SAME.iter().find(|(one, _)| *one == word).map_or(word, |(_, other)| *other);
    // Where a service has words in a meaning of its own, they are not the dialect's.
    let own = [Word::BadAction, Word::NoKey].contains(&word) && fault.kind == FaultKind::WrongKey;
    assert!(own || refusal_of(&fault).text == expected.as_str(), "{}: {fault:?}", reply.body);
}

pub(super) fn lowest_price(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let min = bytes.amount();
    let reply = Reply::from(Refusal::max_price(min, "why"));
    assert_eq!(refused(reader, &reply).kind, FaultKind::PriceAboveCap(min), "{}", reply.body);
}
