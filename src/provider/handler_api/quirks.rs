//! The settings of a compatible service: in what it differs from the document where its answers do not show
//! it. Knows no service by name.

use super::words::Words;
use crate::domain::{Currency, Order, Step};
use crate::provider::{Capability, Fault, FaultKind, OptionKey, OptionKind, Options};

use super::{presets, status};

/// What a service may lack, by the name of the action, or of the parameter of an order. Each action has
/// another way to its answer, or sells in a way of its own and is refused; a parameter that would be ignored is
/// refused, or seen to here.
const PARTS: &[(&str, Capability)] = &[
    ("getBalanceAndCashBack", Capability::Cashback),
    ("getNumbersStatus", Capability::Counts),
    ("getTopCountriesByService", Capability::TopCountries),
    ("getCountries", Capability::Countries),
    ("getServicesList", Capability::Services),
    ("getOperators", Capability::Operators),
    ("getNumberV2", Capability::BuyDetailed),
    ("getStatusV2", Capability::StatusV2),
    ("getFullSms", Capability::FullText),
    ("getMultiServiceNumber", Capability::MultiService),
    ("getExtraActivation", Capability::ExtraActivation),
    ("getAdditionalService", Capability::AdditionalService),
    ("getRentNumber", Capability::Rent),
    ("getRentServicesAndCountries", Capability::RentOffers),
    ("continueRentNumber", Capability::RentContinue),
    ("operator", Capability::Operator),
    ("operators", Capability::OperatorList),
    ("maxPrice", Capability::MaxPrice),
    ("phoneException", Capability::PhoneException),
    ("forward", Capability::Forward),
    ("verification", Capability::Verification),
    ("mail", Capability::Mail),
    ("buyPartnerProduct", Capability::Partner),
    ("getActiveActivations", Capability::Holdings),
];

/// Their names.
const NAMES: [&str; PARTS.len()] = {
    let mut names = [""; PARTS.len()];
    let mut nth = 0;
    while nth < names.len() {
        names[nth] = PARTS[nth].0;
        nth += 1;
    }
    names
};

/// Actions whose answers or parameters hold amounts in a currency that can be chosen.
const PRICED: &[&str] = &[
    "getBalance",
    "getBalanceAndCashBack",
    "getPrices",
    "getPricesV2",
    "getPricesV3",
    "getPricesExtended",
    "getPricesVerification",
    "getNumbersStatusAndCostHubFree",
    "getTopCountriesByService",
    "getTopCountriesByServiceRank",
    "getNumber",
    "getNumberV2",
    "checkExtraActivation",
];

/// The settings of this kind.
pub static OPTIONS: [OptionKey; 7] = [
    OptionKey {
        name: "preset",
        kind: OptionKind::Choice(&presets::NAMES),
        default: "",
        doc: "the service, if it is one of those that are known: its address, and what is particular about it, \
              as defaults of the other settings",
    },
    OptionKey {
        name: "ref",
        kind: OptionKind::Text,
        default: "",
        doc: "your software's referral id at this service, sent as ref with every order; a client's own ref is \
              meant for another service and is not passed on",
    },
    OptionKey {
        name: "cancel_status",
        kind: OptionKind::Choice(&["8", "-1", "6"]),
        default: "8",
        doc: "the number of setStatus that cancels and refunds",
    },
    OptionKey {
        name: "ready_status",
        kind: OptionKind::Bool,
        default: "true",
        doc: "whether it knows status 1, that a message is on its way; where not, it is answered without it",
    },
    OptionKey {
        name: "send_currency",
        kind: OptionKind::Bool,
        default: "false",
        doc: "whether the account's currency, RUB or USD, is sent along by its number, so that the amounts are in it",
    },
    OptionKey {
        name: "lacks",
        kind: OptionKind::Words(&NAMES),
        default: "",
        doc: "the actions and parameters of an order that it does not have",
    },
    OptionKey {
        name: "words",
        kind: OptionKind::Text,
        default: "",
        doc: "error words that it uses in a meaning of its own: WORD=MEANING, or action:WORD=MEANING",
    },
];

/// What is particular about a service.
#[derive(Debug)]
pub struct Quirks {
    cancel: String,
    /// Whether there is a status 1.
    pub has_ready: bool,
    lacks: Vec<Capability>,
    /// The number of the currency that is sent along.
    currency: Option<&'static str>,
    /// Words in a meaning of its own.
    pub words: Words,
}

impl Quirks {
    /// Reads the settings; the amounts are in `currency`.
    ///
    /// # Errors
    /// A text that says what is wrong.
    pub fn read(options: &Options, currency: Currency) -> Result<Self, String> {
        let named: Vec<_> = options.words("lacks").collect();
        let lacks = PARTS.iter().filter(|(name, _)| named.contains(name)).map(|(_, part)| *part);
        Ok(Self {
            cancel: options.text("cancel_status").unwrap_or("8").to_owned(),
            has_ready: options.is_on("ready_status"),
            lacks: lacks.collect(),
            currency: options.is_on("send_currency").then(|| number_of(currency)).transpose()?,
            words: Words::parse(options.text("words").unwrap_or_default())?,
        })
    }

    /// Whether the service lacks it.
    pub fn lacks(&self, capability: Capability) -> bool {
        // The list of rents belongs to renting.
        let named = if capability == Capability::RentHoldings { Capability::Rent } else { capability };
        self.lacks.contains(&named)
    }

    /// Whether an order can name an operator.
    pub fn takes_operator(&self) -> bool {
        !self.lacks(Capability::Operator)
    }

    /// Refuses what the service lacks.
    pub fn require(&self, capability: Capability) -> Result<(), Fault> {
        if self.lacks(capability) { Err(Fault::unsupported(capability)) } else { Ok(()) }
    }

    /// Refuses an order with anything in it that the service would ignore: a client that asked for
    /// forwarding and got an ordinary number has lost money.
    pub fn admit(&self, order: &Order) -> Result<(), Fault> {
        if !order.operators.is_empty() && !self.takes_operator() {
            return Err(Fault::new(FaultKind::UnknownOperator, "this service takes no operator"));
        }
        let wanted = [
            (order.forward, Capability::Forward),
            (order.verification, Capability::Verification),
            (!order.excluded.is_empty(), Capability::PhoneException),
        ];
        wanted.iter().filter(|(wanted, _)| *wanted).try_for_each(|(_, part)| self.require(*part))
    }

    /// The number of `setStatus` for a step, and the words of agreement.
    pub fn status_of(&self, step: Step) -> (&str, &'static [&'static str]) {
        status::of_step(step, &self.cancel)
    }

    /// The currency's number, for actions that take it.
    pub fn currency_for(&self, action: &str) -> Option<(&'static str, &'static str)> {
        self.currency.filter(|_| PRICED.contains(&action)).map(|number| ("currency", number))
    }
}

/// A currency's number in ISO 4217, as far as services are known to take one (PyPI `Simple-SMSHub-API` 1.1.0,
/// `enums.py`, and `herosms` 0.1.1, `enums.py`).
fn number_of(currency: Currency) -> Result<&'static str, String> {
    match currency.as_str() {
        "RUB" => Ok("643"),
        "USD" => Ok("840"),
        other => Err(format!("send_currency: only RUB and USD can be sent, and currency is {other}")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::{Country, Operator, Service};

    fn quirks(settings: &[(&str, &str)]) -> Quirks {
        let given = settings.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Quirks::read(&Options::new(&OPTIONS, &[], &given), Currency::RUB).unwrap()
    }

    fn order() -> Order {
        Order::new(Service::parse("tg").unwrap(), Country(0))
    }

    #[test]
    fn without_settings_it_is_as_the_document_has_it() {
        let plain = quirks(&[]);
        assert!(plain.has_ready && plain.takes_operator());
        assert!(Capability::ALL.iter().all(|part| !plain.lacks(*part)));
        assert_eq!(plain.status_of(Step::Cancel), ("8", &["ACCESS_CANCEL"][..]));
        assert_eq!(plain.currency_for("getPrices"), None);
    }

    #[test]
    fn an_order_with_what_would_be_ignored_is_refused() {
        let few = quirks(&[("lacks", "operator,forward, verification,phoneException")]);
        assert_eq!(few.admit(&order()), Ok(()));
        let operators = vec![Operator::parse("mts").unwrap()];
        let kind = |order: Order| few.admit(&order).unwrap_err().kind;
        assert_eq!(kind(Order { operators, ..order() }), FaultKind::UnknownOperator);
        let forward = FaultKind::Unsupported(Capability::Forward);
        assert_eq!(kind(Order { forward: true, ..order() }), forward);
        let verification = FaultKind::Unsupported(Capability::Verification);
        assert_eq!(kind(Order { verification: true, ..order() }), verification);
        let excluded = vec!["7918".to_owned()];
        let exception = FaultKind::Unsupported(Capability::PhoneException);
        assert_eq!(kind(Order { excluded, ..order() }), exception);
    }

    #[test]
    fn a_currency_is_sent_where_amounts_are_and_only_if_it_has_a_number() {
        let sending = quirks(&[("send_currency", "true")]);
        assert_eq!(sending.currency_for("getNumber"), Some(("currency", "643")));
        assert_eq!(sending.currency_for("getTopCountriesByService"), Some(("currency", "643")));
        assert_eq!(sending.currency_for("getStatus"), None);
        let given = BTreeMap::from([("send_currency".to_owned(), "true".to_owned())]);
        let options = Options::new(&OPTIONS, &[], &given);
        let says = Quirks::read(&options, Currency::parse("KZT").unwrap()).unwrap_err();
        assert!(says.contains("KZT"), "{says}");
    }
}
