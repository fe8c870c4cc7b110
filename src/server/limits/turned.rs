//! Why somebody is turned away, in words. Knows nobody.

/// Why somebody is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// Too many connections.
    Full,
    /// Too many connections from one address.
    AddressFull,
    /// Too many requests at once.
    Busy,
    /// Too many requests with one key.
    TooFast,
    /// Too many wrong keys from one address.
    WrongKeys,
    /// A web page of another site.
    Page,
    /// Another host's name.
    Host,
    /// A request or an answer that took too long on its way.
    Slow,
}

impl Turned {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Full,
        Self::AddressFull,
        Self::Busy,
        Self::TooFast,
        Self::WrongKeys,
        Self::Page,
        Self::Host,
        Self::Slow,
    ];

    /// In one word, for the log and for metrics.
    pub fn word(self) -> &'static str {
        match self {
            Self::Full => "connections",
            Self::AddressFull => "connections_per_address",
            Self::Busy => "requests",
            Self::TooFast => "requests_per_second",
            Self::WrongKeys => "wrong_keys",
            Self::Page => "origin",
            Self::Host => "host",
            Self::Slow => "slow",
        }
    }

    /// In plain words, for the log and for who is turned away.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Full => "too many connections are open ([limits] connections); nothing was done, try again",
            Self::AddressFull => {
                "too many connections from this address ([limits] connections_per_address); nothing was done, try again"
            }
            Self::Busy => {
                "too many requests are being answered ([limits] requests); nothing was done, try again"
            }
            Self::TooFast => {
                "too many requests with this api_key ([limits] requests_per_second); nothing was done, try again in a second"
            }
            Self::WrongKeys => {
                "too many wrong keys from this address ([limits] wrong_keys_per_minute); nothing was done, try again in a minute"
            }
            Self::Page => {
                "a web page may not use this server, unless [server] allow_origins names its origin"
            }
            Self::Host => {
                "this server does not answer under this name, unless [server] allow_hosts or [dialect.hosts] has it, or the hosts file leads a name of [redirect] here"
            }
            Self::Slow => {
                "a request did not come in time, or its answer was not taken ([limits] header_timeout, body_timeout, idle_timeout)"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_at_its_own_place() {
        for (index, turned) in Turned::ALL.into_iter().enumerate() {
            assert_eq!(turned as usize, index);
        }
    }
}
