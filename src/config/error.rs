//! What can be wrong with the configuration, where it was said, and what would be right: every
//! wording in one place. Knows no rule and never holds the text of a key.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::SignedDuration;

use crate::domain::Currency;

/// Who said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody: it is built in.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
    /// A flag of the command line.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("built-in settings"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// Everything that is wrong with a configuration, one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// Who said it.
    pub origin: Origin,
    /// Where in the configuration, as `provider.main.api_key`; empty for all of it.
    pub key: String,
    /// What is wrong, and what would be right.
    pub problem: Problem,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, key, problem } = self;
        if key.is_empty() {
            write!(f, "{origin}: {problem}")
        } else {
            write!(f, "{origin}: {key}: {problem}")
        }
    }
}

impl std::error::Error for ConfigError {}

/// What is wrong, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A file that was asked for by name is not there.
    #[error("there is no such file; name one that exists, or none to run with the built-in settings")]
    NoSuchFile,
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// The file is not TOML.
    #[error("line {line}, column {column}: {message}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in characters.
        column: usize,
        /// The parser's words.
        message: String,
    },
    /// The layers could not be put together.
    #[error("the layers of the configuration cannot be merged: {0}")]
    Layers(String),
    /// A key that means nothing.
    #[error("there is no such setting; {}", hint(suggestion.as_deref(), known))]
    UnknownKey {
        /// What was probably meant.
        suggestion: Option<String>,
        /// What would be known here.
        known: String,
    },
    /// A setting that only other kinds of provider have.
    #[error("this is a setting of kind {owner}, and this provider is of kind \"{kind}\"; remove it")]
    ForeignSetting {
        /// The kinds that have it.
        owner: String,
        /// The kind at hand.
        kind: &'static str,
    },
    /// An environment variable with nothing before, between or after its `__`.
    #[error("the name has an empty part; write SMSBRIDGE_SECTION__KEY, as SMSBRIDGE_SERVER__LISTEN")]
    EmptyPart,
    /// Another type.
    #[error("is {found}; it must be {right}")]
    WrongType {
        /// What is there.
        found: &'static str,
        /// What would be right.
        right: String,
    },
    /// Nothing between the quotes.
    #[error("is empty; give it a value or remove it")]
    Empty,
    /// A value that does not fit.
    #[error("does not fit; it must be {0}")]
    Unsuitable(String),
    /// A duration that makes no sense here.
    #[error("is {}; it must be from {} to {}", duration(*given), duration(*least), duration(*most))]
    OutOfRange {
        /// What is there.
        given: Duration,
        /// The shortest.
        least: Duration,
        /// The longest.
        most: Duration,
    },
    /// No listener.
    #[error("is empty; name at least one address, as [\"127.0.0.1:8080\"]")]
    NoListener,
    /// Not an address to listen at.
    #[error("`{text}` is not an address to listen at; {right}")]
    BadAddress {
        /// What is there.
        text: String,
        /// What would be right.
        right: String,
    },
    /// Not an IP address.
    #[error("`{text}` is not an IP address; {right}")]
    NotAnIp {
        /// What is there.
        text: String,
        /// What would be right.
        right: &'static str,
    },
    /// The same address again.
    #[error("`{0}` is named twice; name it once")]
    SameAddress(String),
    /// The address is a listener's of clients.
    #[error(
        "clients are answered at `{0}`, and they are not to see this; choose another port, or \"\" for none"
    )]
    AdminAmongClients(SocketAddr),
    /// A word that is none of those there are.
    #[error("`{text}` is not one of them; {}", hint(suggestion.as_deref(), known))]
    UnknownWord {
        /// What is there.
        text: String,
        /// What was probably meant.
        suggestion: Option<String>,
        /// The words there are.
        known: String,
    },
    /// Only listed keys are accepted, and there are none.
    #[error(
        "is \"listed\", but no key is listed, so nobody could use it; add one: [clients.key.shop] api_key = \"a long random text\""
    )]
    NoClientKey,
    /// Anybody could use it.
    #[error(
        "\"any\" accepts every api_key, and {0} can be reached from other machines; set mode = \"listed\" and add a key ([clients.key.shop] api_key = \"a long random text\"), or listen at 127.0.0.1 only"
    )]
    OpenToOthers(String),
    /// A name that would not do in logs and environment names.
    #[error("`{0}` does not do as a name; use 1 to 32 of a-z, 0-9, _ and -")]
    BadName(String),
    /// Two clients that could not be told apart.
    #[error("is the same key as {0}; give each client its own")]
    SameKey(String),
    /// The key is given twice.
    #[error("{name} ({key}) and {name}_file ({file}) are both set; keep one")]
    KeyAndFile {
        /// What the setting is called.
        name: &'static str,
        /// Who gives the key.
        key: Origin,
        /// Who names the file.
        file: Origin,
    },
    /// The file that holds a key is of no use.
    #[error("the file {} {reason}", path.display())]
    KeyFile {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A key that holds more than a key.
    #[error("contains blanks or control characters; a key is one word")]
    BrokenKey,
    /// A client without a key.
    #[error("has no key; set api_key or api_key_file, or api_key_sha256")]
    NoKey,
    /// A hash beside what it would be the hash of.
    #[error("is set beside api_key or api_key_file; keep one of them")]
    HashAndKey,
    /// Not the hash of a key.
    #[error(
        "is not the SHA-256 of a key in 64 hexadecimal digits; `smsbridge hash-key` makes it from the key, which it reads from standard input"
    )]
    BadHash,
    /// A provider that cannot work without a key.
    #[error(
        "kind \"{kind}\" needs an account's key; set api_key, api_key_file or the environment variable {variable}"
    )]
    KeyNeeded {
        /// The kind.
        kind: &'static str,
        /// The variable.
        variable: String,
    },
    /// A provider of no kind.
    #[error("is missing; set it to one of {0}")]
    NoKind(String),
    /// The client's key can go to one upstream only.
    #[error(
        "\"passthrough\" uses the client's key at the one upstream, but there are several ({0}); keep one"
    )]
    SeveralUpstreams(String),
    /// Not the address of an upstream.
    #[error("is not the origin of an upstream; {0}")]
    BadOrigin(&'static str),
    /// The address of the upstream is nowhere.
    #[error(
        "kind \"{kind}\" has no address of its own; set base_url to the service's origin, as \"https://example.com\"{}",
        chooser.map(|name| format!(", or {name}, if the service is one of those that are known")).unwrap_or_default()
    )]
    NoOrigin {
        /// The kind.
        kind: &'static str,
        /// The setting that chooses among known addresses, where there is one.
        chooser: Option<&'static str>,
    },
    /// A path where there is not one.
    #[error("kind \"{0}\" asks at several paths that belong to it; remove `path`")]
    NoSinglePath(&'static str),
    /// Not a path.
    #[error("is not a path; write it as \"/stubs/handler_api.php\": a / first, no blanks, no ? and no #")]
    BadPath,
    /// A rate of a currency against itself.
    #[error("is the currency that clients are told amounts in (dialect.currency); remove its rate")]
    OwnRate,
    /// An account whose amounts nobody could tell.
    #[error(
        "[provider.{provider}] has its account in {account}, and clients are told amounts in {told}: say in [dialect.rates] how many {told} one {account} is, as {account} = \"92.50\""
    )]
    NoRate {
        /// The provider.
        provider: String,
        /// Its account's currency.
        account: Currency,
        /// The dialect's.
        told: Currency,
    },
    /// A flavour for an address at which nobody listens.
    #[error("is not listened at; it must be one of [server] listen: {0}")]
    NotListenedAt(String),
    /// Not a host's name.
    #[error("is not a host's name; write it as \"api.sms-man.ru\", without scheme, port and path")]
    BadHost,
    /// The same host again.
    #[error("`{0}` is named twice, for capitals make no difference; name it once")]
    SameHost(String),
    /// Not a name that could be made to lead here.
    #[error("`{text}` cannot be made to lead here; {right}")]
    NotRedirectable {
        /// What is there.
        text: String,
        /// What would be right.
        right: &'static str,
    },
    /// Not an address that messages could be sent to.
    #[error("is not an address to send messages to; {0}")]
    BadWebhook(&'static str),
    /// Not a host that clients could name.
    #[error("`{text}` is not a host; {right}")]
    BadAllowedHost {
        /// What is there.
        text: String,
        /// What would be right.
        right: &'static str,
    },
    /// A certificate without its key, or a key without its certificate.
    #[error("stands alone; set [tls] {missing} too, or neither to use the local CA")]
    HalfPair {
        /// The setting that is missing.
        missing: &'static str,
    },
    /// A certificate or key that cannot be used.
    #[error("{0}")]
    BadPair(String),
    /// Not a ledger.
    #[error("is not a ledger; {0}")]
    BadLedger(&'static str),
}

fn hint(suggestion: Option<&str>, known: &str) -> String {
    match suggestion {
        Some(suggestion) => format!("did you mean `{suggestion}`?"),
        None => format!("known here: {known}"),
    }
}

const DAY: u64 = 24 * 3600;

/// A duration as it would be written.
pub(crate) fn duration(value: Duration) -> String {
    let (days, rest) = (value.as_secs() / DAY, value.as_secs() % DAY);
    if days > 1 && rest == 0 && value.subsec_nanos() == 0 {
        return format!("{days}d");
    }
    SignedDuration::try_from(value).map_or_else(|_| format!("{value:?}"), |value| format!("{value:#}"))
}
