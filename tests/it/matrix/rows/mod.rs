//! How each action is driven: a request that must succeed, the documented form of success, and the documented
//! word of refusal.
//!
//! Source of forms and words: `api/sms-activate.txt`, the section of each action; types as in `WIRE.md`
//! section 1, items 8 to 12; `getStatusV2` and `getServicesList` as in `WIRE.md` sections 4 and 5.

mod goods;
mod numbers;
mod rents;

pub use rents::rentable;

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
    /// It was asked for, the activation finished, and its time is over.
    Over,
    /// It was asked for, and came to a number that forwards, where such are sold.
    Forwarding,
    /// A rent waits for its message, where numbers can be rented; else an activation does.
    Rented,
    /// The rent's message is at the upstream, and nobody has asked for it.
    RentMessageCame,
    /// A mail address was bought instead, where any are sold.
    Mailed,
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
    /// How many, then.
    pub numbers: u64,
    pub done: Form,
    /// The whole answer where it is refused; empty where no kind refuses it.
    pub refused: &'static str,
    /// The same in the other word that the action has where something of it can be done.
    pub refused_else: &'static str,
}

const fn row(action: &'static str, query: &'static str, stage: Stage, done: Form) -> Row {
    Row { action, query, stage, sells: false, numbers: 1, done, refused: "", refused_else: "" }
}

const fn sale(action: &'static str, done: Form) -> Row {
    Row { sells: true, ..row(action, "&service=tg&country=0", Stage::Fresh, done) }
}

const fn refused(action: &'static str, query: &'static str, stage: Stage, word: &'static str) -> Row {
    Row { refused: word, ..row(action, query, stage, never) }
}

fn never(_: &str, _: &str) -> Result<(), String> {
    Err("no form of success is known: add it to its row".to_owned())
}

/// A line for each of `dialect::ACTIONS`.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    [numbers::ROWS, rents::ROWS, goods::ROWS].into_iter().flatten()
}
