//! The names of what an upstream can do. Knows neither actions nor providers: the matrix of both is
//! computed from these.

/// One thing an upstream can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Capability {
    /// Tell the balance.
    Balance,
    /// Tell the balance with its cash-back.
    Cashback,
    /// List prices and stock of a country.
    Offers,
    /// List prices and stock of all countries in one call.
    Market,
    /// Count stock under the dialect's own keys.
    Counts,
    /// Price one service right now.
    Quote,
    /// Rank countries.
    TopCountries,
    /// List its countries.
    Countries,
    /// List its services.
    Services,
    /// List its operators.
    Operators,
    /// Sell a number.
    Buy,
    /// Sell a number with price, operator and time in the answer.
    BuyDetailed,
    /// Take an operator in an order.
    Operator,
    /// Take several operators in one order.
    OperatorList,
    /// Take a price cap, and choose among prices below it.
    MaxPrice,
    /// Keep excluded prefixes away.
    PhoneException,
    /// Forward calls and messages.
    Forward,
    /// Sell numbers that take a call.
    Verification,
    /// Sell one number for several services.
    MultiService,
    /// Sell a used number once more.
    ExtraActivation,
    /// Sell a further service on a number with call forwarding.
    AdditionalService,
    /// Rent numbers.
    Rent,
    /// List what can be rented.
    RentOffers,
    /// Give a rent more time.
    RentContinue,
    /// Price numbers that take a call.
    CallPrices,
    /// Receive calls, and make them.
    Calls,
    /// Sell mail addresses.
    Mail,
    /// Sell partner products.
    Partner,
    /// Tell the state of an activation.
    Poll,
    /// Tell the state of an activation in its `getStatusV2` form.
    StatusV2,
    /// Give a message's full text.
    FullText,
    /// Give every message of an activation.
    Messages,
    /// Be told of an activation's steps.
    Tell,
    /// Answer any action of the dialect.
    Relay,
    /// List every activation that lives.
    Holdings,
    /// List every rent that lives.
    RentHoldings,
}

impl Capability {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Balance,
        Self::Cashback,
        Self::Offers,
        Self::Market,
        Self::Counts,
        Self::Quote,
        Self::TopCountries,
        Self::Countries,
        Self::Services,
        Self::Operators,
        Self::Buy,
        Self::BuyDetailed,
        Self::Operator,
        Self::OperatorList,
        Self::MaxPrice,
        Self::PhoneException,
        Self::Forward,
        Self::Verification,
        Self::MultiService,
        Self::ExtraActivation,
        Self::AdditionalService,
        Self::Rent,
        Self::RentOffers,
        Self::RentContinue,
        Self::CallPrices,
        Self::Calls,
        Self::Mail,
        Self::Partner,
        Self::Poll,
        Self::StatusV2,
        Self::FullText,
        Self::Messages,
        Self::Tell,
        Self::Relay,
        Self::Holdings,
        Self::RentHoldings,
    ];

    /// What it is, as the object of "this provider has no …".
    pub fn describe(self) -> &'static str {
        match self {
            Self::Balance => "balance",
            Self::Cashback => "cash-back",
            Self::Offers => "price list",
            Self::Market => "price list of all countries",
            Self::Counts => "stock list",
            Self::Quote => "price of a single service",
            Self::TopCountries => "ranking of countries",
            Self::Countries => "list of countries",
            Self::Services => "list of services",
            Self::Operators => "list of operators",
            Self::Buy => "numbers for sale",
            Self::BuyDetailed => "details of a purchase",
            Self::Operator => "choice of an operator",
            Self::OperatorList => "choice among several operators",
            Self::MaxPrice => "price cap",
            Self::PhoneException => "way to keep excluded prefixes away",
            Self::Forward => "call forwarding",
            Self::Verification => "numbers that take a verification call",
            Self::MultiService => "numbers for several services at once",
            Self::ExtraActivation => "way to use a number once more",
            Self::AdditionalService => "further services on a number",
            Self::Rent => "numbers to rent",
            Self::RentOffers => "list of numbers to rent",
            Self::RentContinue => "way to give a rent more time",
            Self::CallPrices => "price list of verification calls",
            Self::Calls => "calls",
            Self::Mail => "mail addresses",
            Self::Partner => "partner products",
            Self::Poll => "way to read messages",
            Self::StatusV2 => "second form of the state",
            Self::FullText => "full text of messages",
            Self::Messages => "list of an activation's messages",
            Self::Tell => "way to change an activation",
            Self::Relay => "way to relay this action",
            Self::Holdings => "list of the account's activations",
            Self::RentHoldings => "list of the account's rents",
        }
    }
}
