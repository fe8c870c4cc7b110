//! Every method of a provider as a value, so that one can be called again and again on spoiled answers, and
//! what came of it as another. Knows no provider.

use std::collections::BTreeMap;

use smsbridge::domain::{
    Activation, Bought, BoughtMail, BoughtProduct, Country, Held, Inbox, Mail, MailKind, MailOffers,
    MailOrder, MailProgress, Money, Offer, Operator, Order, Phone, ProductNumber, Progress, Service, Step,
};
use smsbridge::provider::calls::{IncomingCall, OutgoingCall};
use smsbridge::provider::{
    Capability, Cx, Ending, Fault, ListedCountry, ListedService, Provider, RentOffers, RentQuery,
};

/// A call of one method.
#[derive(Debug, Clone)]
pub enum Call {
    Balance,
    Cashback,
    Offers,
    Market { service: bool, country: bool },
    Counts,
    Quote,
    TopCountries { service: bool },
    Countries,
    Services,
    Operators { country: bool },
    Buy(Order),
    BuyTogether(Vec<Order>),
    BuyAgain,
    PriceAgain,
    BuyAdditional(Service),
    Poll,
    StatusV2,
    FullText,
    Verification { service: bool },
    Messages,
    Incoming,
    Outgoing,
    Ring(Phone),
    Tell(Step, Option<Phone>),
    RentOffers(u32),
    Rent(Order),
    RentMessages,
    EndRent(Ending),
    PriceOfMore(u32),
    Prolong(u32),
    Relay,
    MailDomains,
    BuyMail,
    BuyMailAgain(Mail),
    LookAtMail(Mail),
    CancelMail(Mail),
    BuyProduct,
    Held,
    HeldRents,
}

/// What a method answered.
#[derive(Debug)]
pub enum Answered {
    Money(Money),
    Offers(Vec<Offer>),
    Counts(BTreeMap<String, u64>),
    Ranking(serde_json::Value),
    Countries(Vec<ListedCountry>),
    Services(Vec<ListedService>),
    Operators(BTreeMap<Country, Vec<Operator>>),
    Rentable(RentOffers),
    Bought(Bought),
    Together(Vec<Bought>),
    Progress(Progress),
    Text(Option<String>),
    Incoming(IncomingCall),
    Outgoing(Vec<OutgoingCall>),
    Told,
    Relayed,
    MailOffers(MailOffers),
    BoughtMail(BoughtMail),
    MailProgress(MailProgress),
    Product(BoughtProduct),
    Held(Vec<Held>),
}

/// What everything here is asked about.
pub fn service() -> Service {
    Service::parse("tg").unwrap()
}

const RUSSIA: Country = Country(0);

/// An order for a number.
pub fn order() -> Order {
    Order::new(service(), RUSSIA)
}

/// An order for a mail address.
pub fn mail_order() -> MailOrder {
    MailOrder { site: SITE.into(), kind: MailKind::Popular, domain: "mail.ru".into(), again: None }
}

const SITE: &str = "apple.com";

/// The calls behind a capability that need no activation.
pub fn plain_calls(capability: Capability) -> Vec<Call> {
    match capability {
        Capability::Balance => vec![Call::Balance],
        Capability::Cashback => vec![Call::Cashback],
        Capability::Offers => vec![Call::Offers],
        Capability::Market => {
            let some = |service, country| Call::Market { service, country };
            vec![some(true, true), some(false, true), some(true, false)]
        }
        Capability::Counts => vec![Call::Counts],
        Capability::Quote => vec![Call::Quote],
        Capability::TopCountries => {
            vec![Call::TopCountries { service: true }, Call::TopCountries { service: false }]
        }
        Capability::Countries => vec![Call::Countries],
        Capability::Services => vec![Call::Services],
        Capability::Operators => vec![Call::Operators { country: true }, Call::Operators { country: false }],
        Capability::CallPrices => {
            vec![Call::Verification { service: true }, Call::Verification { service: false }]
        }
        Capability::Relay => vec![Call::Relay],
        // Each kind has numbers for one or the other time.
        Capability::RentOffers => vec![Call::RentOffers(4), Call::RentOffers(24)],
        Capability::Mail => vec![Call::MailDomains],
        Capability::Partner => vec![Call::BuyProduct],
        Capability::Holdings => vec![Call::Held],
        Capability::RentHoldings => vec![Call::HeldRents],
        Capability::Buy
        | Capability::BuyDetailed
        | Capability::Operator
        | Capability::OperatorList
        | Capability::MaxPrice
        | Capability::PhoneException
        | Capability::Forward
        | Capability::Verification
        | Capability::MultiService
        | Capability::ExtraActivation
        | Capability::AdditionalService
        | Capability::Rent
        | Capability::RentContinue
        | Capability::Calls
        | Capability::Poll
        | Capability::StatusV2
        | Capability::FullText
        | Capability::Messages
        | Capability::Tell => Vec::new(),
    }
}

impl Call {
    /// The capability that a provider has if it answers this.
    pub fn capability(&self) -> Capability {
        match self {
            Self::Balance => Capability::Balance,
            Self::Cashback => Capability::Cashback,
            Self::Offers => Capability::Offers,
            Self::Market { .. } => Capability::Market,
            Self::Counts => Capability::Counts,
            Self::Quote => Capability::Quote,
            Self::TopCountries { .. } => Capability::TopCountries,
            Self::Countries => Capability::Countries,
            Self::Services => Capability::Services,
            Self::Operators { .. } => Capability::Operators,
            Self::Buy(order) if order.detailed => Capability::BuyDetailed,
            Self::Buy(order) if order.forward => Capability::Forward,
            Self::Buy(_) => Capability::Buy,
            Self::BuyTogether(_) => Capability::MultiService,
            Self::BuyAgain | Self::PriceAgain => Capability::ExtraActivation,
            Self::BuyAdditional(_) => Capability::AdditionalService,
            Self::Poll => Capability::Poll,
            Self::StatusV2 => Capability::StatusV2,
            Self::FullText => Capability::FullText,
            Self::Verification { .. } => Capability::CallPrices,
            Self::Messages => Capability::Messages,
            Self::Incoming | Self::Outgoing | Self::Ring(_) => Capability::Calls,
            Self::Tell(..) => Capability::Tell,
            Self::RentOffers(_) => Capability::RentOffers,
            Self::Rent(_) | Self::RentMessages | Self::EndRent(_) => Capability::Rent,
            Self::PriceOfMore(_) | Self::Prolong(_) => Capability::RentContinue,
            Self::Relay => Capability::Relay,
            Self::MailDomains
            | Self::BuyMail
            | Self::BuyMailAgain(_)
            | Self::LookAtMail(_)
            | Self::CancelMail(_) => Capability::Mail,
            Self::BuyProduct => Capability::Partner,
            Self::Held => Capability::Holdings,
            Self::HeldRents => Capability::RentHoldings,
        }
    }

    /// Whether it orders or changes something.
    pub fn changes(&self) -> bool {
        matches!(
            self,
            Self::Buy(_)
                | Self::BuyTogether(_)
                | Self::BuyAgain
                | Self::BuyAdditional(_)
                | Self::Ring(_)
                | Self::Tell(..)
                | Self::Rent(_)
                | Self::EndRent(_)
                | Self::Prolong(_)
                | Self::BuyMail
                | Self::BuyMailAgain(_)
                | Self::CancelMail(_)
                | Self::BuyProduct
        )
    }

    /// Makes it. What is no question about an activation takes no notice of it.
    pub async fn make(
        &self,
        provider: &dyn Provider,
        cx: &Cx,
        activation: Option<&Activation>,
    ) -> Result<Answered, Fault> {
        let calls = || provider.calls().expect("a provider with calls");
        let about = || activation.expect("an activation to ask about");
        Ok(match self {
            Self::Balance => Answered::Money(provider.balance(cx).await?),
            Self::Cashback => Answered::Money(provider.balance_and_cashback(cx).await?),
            Self::Offers => Answered::Offers(provider.offers(cx, RUSSIA, None).await?),
            Self::Market { service: one, country } => {
                let service = one.then(service);
                let country = country.then_some(RUSSIA);
                Answered::Offers(provider.market(cx, service.as_ref(), country).await?)
            }
            Self::Counts => Answered::Counts(provider.counts(cx, RUSSIA, &[]).await?),
            Self::Quote => Answered::Offers(vec![provider.quote(cx, &service(), RUSSIA, None).await?]),
            Self::TopCountries { service: one } => {
                let service = one.then(service);
                Answered::Ranking(provider.top_countries(cx, service.as_ref(), false).await?)
            }
            Self::Countries => Answered::Countries(provider.countries(cx).await?),
            Self::Services => Answered::Services(provider.services(cx, None, None).await?),
            Self::Operators { country } => {
                Answered::Operators(provider.operators(cx, country.then_some(RUSSIA)).await?)
            }
            Self::Buy(order) => Answered::Bought(provider.buy(cx, order).await?),
            Self::BuyTogether(orders) => Answered::Together(provider.buy_together(cx, orders).await?),
            Self::BuyAgain => Answered::Bought(provider.buy_again(cx, about()).await?),
            Self::PriceAgain => Answered::Money(provider.price_again(cx, about()).await?),
            Self::BuyAdditional(service) => {
                Answered::Bought(provider.buy_additional(cx, about(), service).await?)
            }
            Self::Poll => Answered::Progress(provider.poll(cx, about()).await?),
            Self::StatusV2 => Answered::Progress(provider.poll_v2(cx, about()).await?.0),
            Self::FullText => Answered::Text(provider.full_text(cx, about()).await?),
            Self::Verification { service: one } => {
                let service = one.then(service);
                Answered::Offers(provider.call_prices(cx, service.as_ref()).await?)
            }
            Self::Messages => {
                let messages = provider.messages(cx, about()).await?;
                Answered::Progress(Progress::Received(Inbox::All(messages)))
            }
            Self::Incoming => Answered::Incoming(calls().incoming(cx, about()).await?),
            Self::Outgoing => Answered::Outgoing(calls().outgoing(cx, activation, None).await?),
            Self::Ring(to) => {
                calls().order(cx, about(), to).await?;
                Answered::Told
            }
            Self::Tell(step, forward) => {
                provider.tell(cx, about(), *step, forward.as_ref()).await?;
                Answered::Told
            }
            Self::RentOffers(hours) => {
                let query =
                    RentQuery { country: RUSSIA, operators: Vec::new(), hours: *hours, incoming_call: false };
                Answered::Rentable(provider.rentals().offers(cx, &query).await?)
            }
            Self::Rent(order) => Answered::Bought(provider.rentals().rent(cx, order).await?),
            Self::RentMessages => Answered::Progress(provider.rentals().messages(cx, about()).await?),
            Self::EndRent(ending) => {
                provider.rentals().end(cx, about(), *ending).await?;
                Answered::Told
            }
            Self::PriceOfMore(hours) => {
                Answered::Money(provider.rentals().price_of_more(cx, about(), *hours).await?)
            }
            Self::Prolong(hours) => Answered::Bought(provider.rentals().prolong(cx, about(), *hours).await?),
            Self::Relay => {
                let params = [("action".to_owned(), "getRentServicesAndCountries".to_owned())];
                provider.relay(cx, &params).await?;
                Answered::Relayed
            }
            Self::MailDomains => Answered::MailOffers(provider.mail().domains(cx, SITE).await?),
            Self::BuyMail => Answered::BoughtMail(provider.mail().buy(cx, &mail_order()).await?),
            Self::BuyMailAgain(mail) => Answered::BoughtMail(provider.mail().buy_again(cx, mail).await?),
            Self::LookAtMail(mail) => Answered::MailProgress(provider.mail().look(cx, mail).await?),
            Self::CancelMail(mail) => {
                provider.mail().cancel(cx, mail).await?;
                Answered::Told
            }
            Self::Held => Answered::Held(provider.held(cx).await?),
            Self::HeldRents => Answered::Held(provider.rentals().held(cx).await?),
            Self::BuyProduct => Answered::Product(provider.buy_product(cx, ProductNumber(3)).await?),
        })
    }
}
