//! In which of several forms answers are written, where the documents of services that speak the
//! dialect differ, or real client software does (`WIRE.md` section 5). A table of differences over the same
//! outcomes: knows neither an action's work nor any provider.
//!
//! Adding a flavour is a constant and a line in [`FLAVOURS`]; adding a difference is a key in `forms`.

mod demands;
mod flavours;
mod forms;
mod rents;
#[cfg(test)]
mod tests;

pub use flavours::{FLAVOURS, Flavour, SMS_ACTIVATE, flavour};
pub use forms::{
    ActivationId, AnotherSms, Balance, Costs, Countries, Counts, JsonType, KEYS, Key, Lang, RentValues,
    ServicesList, Shape, SmsCode, StatusV2Waiting, UnknownId, V2Currency,
};

use super::Reply;

/// A word that another one stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instead {
    /// In answers to these actions; in all of them where none is named.
    pub of: &'static [&'static str],
    /// The answer's first word.
    pub word: &'static str,
    /// The whole answer that is given for it.
    pub say: &'static str,
}

/// What an action cannot do without in a flavour; without it the request is malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// The action.
    pub action: &'static str,
    /// Its parameters.
    pub parameters: &'static [&'static str],
}

impl Default for Shape {
    fn default() -> Self {
        SMS_ACTIVATE.shape
    }
}

impl Shape {
    /// The same with the form `word` of the setting `key`; without a change where there is none such.
    #[must_use]
    pub fn with(mut self, key: &str, word: &str) -> Self {
        if let Some(key) = KEYS.iter().find(|known| known.name == key) {
            (key.choose)(&mut self, word);
        }
        self
    }

    /// The answer to `action` in this flavour's words. It is what the log gets as well.
    #[must_use]
    pub fn finish(&self, action: &str, mut reply: Reply) -> Reply {
        if !reply.json
            && let Some(word) = self.other_word(action, &reply.outcome)
        {
            word.clone_into(&mut reply.body);
            word.clone_into(&mut reply.outcome);
        }
        reply
    }

    fn other_word(&self, action: &str, word: &str) -> Option<&'static str> {
        let meant = |instead: &&Instead| {
            instead.word == word && (instead.of.is_empty() || instead.of.contains(&action))
        };
        match self.unknown_id {
            UnknownId::WrongActivationId if word == "NO_ACTIVATION" => Some("WRONG_ACTIVATION_ID"),
            _ => self.words.iter().find(meant).map(|instead| instead.say),
        }
    }
}
