//! Ids that say what a number is going to receive, and since when it waits, so that nothing has to be remembered.
//! VAK-SMS's have 32 hexadecimal digits, those of a service that speaks the dialect are decimal.

/// What a number is going to receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Nothing.
    Waits,
    /// A code, which is there at once.
    AtOnce,
    /// A code, 5 to 15 s after the order.
    Later,
}

pub const ALL: [Behaviour; 3] = [Behaviour::Waits, Behaviour::AtOnce, Behaviour::Later];

impl Behaviour {
    /// What is ordered to get such a number, by the dialect's code.
    pub fn service(self) -> &'static str {
        match self {
            Self::Waits => "tg",
            Self::AtOnce => "go",
            Self::Later => "wa",
        }
    }

    /// What an order for a service gets, by the dialect's or VAK-SMS's code.
    pub fn of(service: &str) -> Self {
        match service {
            "go" | "gl" => Self::AtOnce,
            "wa" => Self::Later,
            _ => Self::Waits,
        }
    }

    fn digit(self) -> usize {
        match self {
            Self::Waits => 1,
            Self::AtOnce => 2,
            Self::Later => 3,
        }
    }

    fn of_digit(digit: &str) -> Option<Self> {
        ALL.into_iter().find(|one| digit.parse() == Ok(one.digit()))
    }
}

/// A number that was sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sold {
    pub behaviour: Behaviour,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The how manieth.
    pub nth: u64,
}

impl Sold {
    /// VAK-SMS's id of it.
    pub fn id_num(self) -> String {
        format!("{}{:015x}{:016x}", self.behaviour.digit(), self.at, self.nth)
    }

    pub fn of_id_num(id: &str) -> Option<Self> {
        let (behaviour, at, nth) = (id.get(..1)?, id.get(1..16)?, id.get(16..32)?);
        Some(Self {
            behaviour: Behaviour::of_digit(behaviour)?,
            at: u64::from_str_radix(at, 16).ok()?,
            nth: u64::from_str_radix(nth, 16).ok()?,
        })
    }

    /// The dialect's id of it.
    pub fn decimal(self) -> String {
        format!("{}{:013}{:05}", self.behaviour.digit(), self.at, self.nth % 100_000)
    }

    pub fn of_decimal(id: &str) -> Option<Self> {
        let (behaviour, at, nth) = (id.get(..1)?, id.get(1..14)?, id.get(14..19)?);
        Some(Self {
            behaviour: Behaviour::of_digit(behaviour)?,
            at: at.parse().ok()?,
            nth: nth.parse().ok()?,
        })
    }

    /// The code that it has received by `now`.
    pub fn code(self, now: u64) -> Option<u64> {
        let delay = match self.behaviour {
            Behaviour::Waits => return None,
            Behaviour::AtOnce => 0,
            Behaviour::Later => 5_000 + self.nth * 7_919 % 10_000,
        };
        (now >= self.at + delay).then_some(10_000 + self.nth % 90_000)
    }
}

/// An id in the dialect of a number that nobody had to order.
pub fn compatible_id(behaviour: Behaviour, nth: u64) -> String {
    Sold { behaviour, at: 0, nth }.decimal()
}
