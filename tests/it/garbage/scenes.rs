//! What is recorded of a kind of provider: every method once, and the life of a few activations from the
//! order to their ends. Knows no provider; what its kind declares decides.

use std::sync::Arc;
use std::time::Duration;

use smsbridge::catalog::Catalog;
use smsbridge::clock::{Clock, MovableClock};
use smsbridge::domain::{
    Activation, ActivationId, Mail, MailState, Order, Owner, Phone, Progress, Secret, Service, State, Step,
};
use smsbridge::mock::{self, Calls, Running, Setup};
use smsbridge::provider::{Capability, Cx, Ending, Fault, Parts, Provider};

use super::calls::{Answered, Call, mail_order, order, plain_calls};
use super::tape::{Exchange, Tape};
use crate::harness::{World, parts};
use crate::providers::{Cast, TERMS, as_rent, easy, order_of};

/// The account's key, as keys look.
pub const KEY: &str = "4f1e9d5a0c7b4e31a6d2";

/// Where to a number forwards.
const FORWARD: &str = "79005550199";

/// A call that went well, and every answer that it was told.
pub struct Take {
    pub name: String,
    pub call: Call,
    pub about: Option<Activation>,
    pub truth: Answered,
    pub exchanges: Vec<Exchange>,
}

/// Lets a stand-in have a service in Russia, if it knows it.
fn stock(upstream: &Running, cast: &Cast, code: &str) {
    let codes = cast.spec.codes();
    let country = codes.country(order().country).unwrap();
    for service in codes.services(&Service::parse(code).unwrap()).iter() {
        upstream.market().set_stock(&country, service, 100);
    }
}

/// A kind of provider on a stand-in with a tape in between.
pub struct Studio {
    pub cast: Cast,
    pub tape: Tape,
    pub cx: Cx,
    parts: Parts,
    upstream: Arc<Running>,
    clock: Arc<MovableClock>,
}

impl Studio {
    /// Sets one up.
    pub async fn new(cast: Cast) -> Self {
        let clock = MovableClock::standing();
        let quirks = cast.quirks.iter().map(|quirk| (*quirk).to_owned()).collect();
        let setup =
            Setup { key: KEY.into(), clock: clock.clone(), quirks, market: easy(), ..Setup::default() };
        let upstream = mock::start(cast.stand_in, "127.0.0.1:0".parse().unwrap(), setup).await.unwrap();
        let upstream = Arc::new(upstream);
        for code in ["tg", "wa", "av", "ym"] {
            stock(&upstream, &cast, code);
        }
        let tape = Tape::before(Arc::clone(&upstream)).await;
        let toml = World::toml(cast.stand_in, &cast.quirks, &upstream, "rate_limit = \"off\"")
            .replace(&upstream.url(), &tape.url())
            .replace("mock-key", KEY);
        let parts = parts(cast.spec, &toml, clock.clone());
        Self { cast, tape, cx: Cx::new(Secret::new(KEY)), parts, upstream, clock }
    }

    /// What the upstream calls its calls.
    pub fn names(&self) -> Calls {
        self.upstream.names()
    }

    /// A provider that remembers nothing of earlier calls.
    pub fn provider(&self) -> Arc<dyn Provider> {
        let Parts { http, path, mapping, options, currency, catalog, clock } = &self.parts;
        let parts = Parts {
            http: http.clone(),
            path: path.clone(),
            mapping: mapping.clone(),
            options: options.clone(),
            currency: *currency,
            catalog,
            clock: clock.clone(),
        };
        (self.cast.spec.build)(parts).unwrap()
    }

    /// Everything there is to record.
    pub async fn record(&self) -> Vec<Take> {
        let mut takes = Vec::new();
        for capability in self.cast.spec.capabilities {
            for call in plain_calls(*capability) {
                // Some quirks are that a service lacks a call, and then there is nothing to spoil.
                takes.extend(self.try_take("", call, None).await.ok());
            }
        }
        let used = self.long_life(&mut takes).await;
        for step in [Step::Cancel, Step::Reject] {
            let mut short = self.buy(&mut takes, false).await;
            takes.extend(self.try_take("unused", Call::Tell(step, None), Some(&short)).await.ok());
            short.told(step);
            self.look(&mut takes, "after its end", &short).await;
        }
        self.second_thoughts(&mut takes).await;
        self.call(&mut takes).await;
        if self.cast.spec.can(Capability::MultiService) {
            let other = Order { service: Service::parse("wa").unwrap(), ..order() };
            takes.push(self.take("", Call::BuyTogether(vec![order(), other]), None).await);
        }
        if self.cast.spec.can(Capability::ExtraActivation) {
            // What was used is over by then, so that its number is free.
            self.clock.advance(Duration::from_secs(20 * 60));
            takes.push(self.take("price", Call::PriceAgain, Some(&used)).await);
            takes.push(self.take("", Call::BuyAgain, Some(&used)).await);
        }
        if self.cast.spec.can(Capability::AdditionalService) {
            self.added(&mut takes).await;
        }
        if self.cast.spec.can(Capability::Rent) {
            self.rented(&mut takes).await;
        }
        if self.cast.spec.can(Capability::Mail) {
            self.mails(&mut takes).await;
        }
        assert_eq!(self.upstream.violations(), Vec::<String>::new());
        if self.cast.spec.can(Capability::Forward) {
            self.forwarded(&mut takes).await;
        }
        takes
    }

    /// Two messages come to one number.
    async fn long_life(&self, takes: &mut Vec<Take>) -> Activation {
        let detailed = self.cast.spec.can(Capability::BuyDetailed);
        let mut life = self.buy(takes, detailed).await;
        takes.push(self.take("", Call::Tell(Step::Ready, None), Some(&life)).await);
        self.look(takes, "waiting", &life).await;
        self.let_message_come(&mut life, takes, "after a message").await;
        assert_eq!(life.messages.len(), 1, "no message came");
        takes.push(self.take("", Call::Tell(Step::Another, None), Some(&life)).await);
        life.told(Step::Another);
        self.look(takes, "waiting for another", &life).await;
        self.let_message_come(&mut life, takes, "after two messages").await;
        assert_eq!(life.messages.len(), 2, "no second message came");
        takes.push(self.take("", Call::Tell(Step::Finish, None), Some(&life)).await);
        life
    }

    /// A further service on a number that forwards, which is sold after its first message.
    async fn added(&self, takes: &mut Vec<Take>) {
        let [one, other] = ["av", "ym"].map(|code| Service::parse(code).unwrap());
        let order = Order { service: one, forward: true, ..order() };
        let sold = self.take("to add to", Call::Buy(order), None).await;
        let parent = self.activation(&sold.truth);
        takes.push(sold);
        self.clock.advance(Duration::from_secs(6));
        takes.push(self.take("", Call::BuyAdditional(other), Some(&parent)).await);
    }

    /// Numbers that are rented: one gets a message and more time, another is not wanted after all.
    async fn rented(&self, takes: &mut Vec<Take>) {
        let mut rent = self.rent(takes).await;
        let hours = rent.rent.as_ref().map_or(0, |terms| terms.hours);
        takes.push(self.take("messages, waiting", Call::RentMessages, Some(&rent)).await);
        self.clock.advance(Duration::from_secs(6));
        let read = self.take("messages", Call::RentMessages, Some(&rent)).await;
        assert!(matches!(read.truth, Answered::Progress(Progress::Received(_))), "no message came");
        takes.push(read);
        if self.cast.spec.can(Capability::RentContinue) {
            takes.push(self.take("price", Call::PriceOfMore(hours), Some(&rent)).await);
            let more = self.take("", Call::Prolong(hours), Some(&rent)).await;
            if let Answered::Bought(more) = &more.truth {
                rent.expires_at = more.expires_at.unwrap_or(rent.expires_at);
            }
            takes.push(more);
        }
        takes.push(self.take("finish", Call::EndRent(Ending::Finish), Some(&rent)).await);
        takes.extend(self.try_take("messages, over", Call::RentMessages, Some(&rent)).await.ok());
        let unwanted = self.rent(takes).await;
        takes.extend(self.try_take("cancel", Call::EndRent(Ending::Cancel), Some(&unwanted)).await.ok());
    }

    async fn rent(&self, takes: &mut Vec<Take>) -> Activation {
        for (service, hours) in TERMS {
            let order = order_of(service, hours);
            let Ok(take) = self.try_take("", Call::Rent(order.clone()), None).await else { continue };
            let Answered::Bought(bought) = &take.truth else { panic!("nothing was rented") };
            let rent = as_rent(&order, bought.clone(), &self.clock);
            takes.push(take);
            return rent;
        }
        panic!("{} rents nothing", self.cast.stand_in)
    }

    /// The upstream wants the first message to be sent once more, where it has a word for that.
    async fn second_thoughts(&self, takes: &mut Vec<Take>) {
        let mut held = self.buy(takes, false).await;
        let market = self.upstream.market();
        let Some(lot) = market.lots().pop() else { return };
        if market.hold_for_resend(&lot.id).is_err() {
            return;
        }
        let looked = self.take("held", Call::Poll, Some(&held)).await;
        if let Answered::Progress(progress) = &looked.truth {
            held.observe(progress.clone(), self.clock.now());
        }
        takes.push(looked);
        if held.state == State::Resend {
            takes.push(self.take("held", Call::Tell(Step::Resent, None), Some(&held)).await);
        }
    }

    /// A number that is called and calls, where there are calls.
    async fn call(&self, takes: &mut Vec<Take>) {
        if !self.cast.spec.can(Capability::Calls) {
            return;
        }
        let order = Call::Buy(Order { verification: true, ..order() });
        let bought = self.take("to be called", order, None).await;
        let mut called = self.activation(&bought.truth);
        takes.push(bought);
        self.let_message_come(&mut called, takes, "after a call").await;
        let call = Call::Ring(Phone::parse(FORWARD).unwrap());
        takes.push(self.take("", call, Some(&called)).await);
        for about in [Some(&called), None] {
            takes.push(self.take("", Call::Outgoing, about).await);
        }
    }

    /// A mail address that is given back, and one that gets its mail and is ordered again.
    async fn mails(&self, takes: &mut Vec<Take>) {
        let unused = self.mail(takes, Call::BuyMail).await;
        takes.push(self.take("unused", Call::CancelMail(unused), None).await);
        let used = self.mail(takes, Call::BuyMail).await;
        takes.push(self.take("without a mail", Call::LookAtMail(used.clone()), None).await);
        self.clock.advance(Duration::from_secs(6));
        takes.push(self.take("with a mail", Call::LookAtMail(used.clone()), None).await);
        self.mail(takes, Call::BuyMailAgain(used)).await;
    }

    async fn mail(&self, takes: &mut Vec<Take>, call: Call) -> Mail {
        let when = if matches!(call, Call::BuyMail) { "ordered" } else { "ordered again" };
        let take = self.take(when, call, None).await;
        let Answered::BoughtMail(sold) = &take.truth else { panic!("nothing was sold") };
        let mail = Mail {
            id: ActivationId::new(7).unwrap(),
            owner: Owner("*".into()),
            provider: "main".into(),
            upstream_id: sold.upstream_id.clone(),
            order: mail_order(),
            email: sold.email.clone(),
            price: None,
            bought_at: self.clock.now(),
            state: MailState::Waiting,
            letter: None,
        };
        takes.push(take);
        mail
    }

    /// A number that forwards to another one, which some upstreams are told after the first message only.
    async fn forwarded(&self, takes: &mut Vec<Take>) {
        let can = |code: &Service| {
            let known = Catalog::builtin().service(code).is_some_and(|entry| entry.forwardable);
            known && !self.parts.mapping.services(code).is_empty()
        };
        let codes = Catalog::builtin().services().iter().map(|entry| entry.code.clone());
        for service in codes.filter(can) {
            let order = Order { service, forward: true, ..order() };
            let provider = self.provider();
            self.tape.record();
            if provider.buy(&self.cx, &order).await.is_err() {
                continue;
            }
            let before = takes.len();
            let bought = self.take("", Call::Buy(order), None).await;
            let mut forwarding = self.activation(&bought.truth);
            takes.push(bought);
            self.let_message_come(&mut forwarding, takes, "forwarding").await;
            let call = Call::Tell(Step::Ready, Some(Phone::parse(FORWARD).unwrap()));
            // Which numbers can forward is known when one is told to.
            if let Ok(told) = self.try_take("forwarding", call, Some(&forwarding)).await {
                takes.push(told);
                return;
            }
            takes.truncate(before);
        }
    }

    async fn let_message_come(&self, activation: &mut Activation, takes: &mut Vec<Take>, when: &str) {
        self.clock.advance(Duration::from_secs(6));
        let before = takes.len();
        self.look(takes, when, activation).await;
        for take in &takes[before..] {
            if let (Call::Poll, Answered::Progress(progress)) = (&take.call, &take.truth) {
                activation.observe(progress.clone(), self.clock.now());
            }
        }
    }

    /// Asks everything that can be asked about an activation.
    async fn look(&self, takes: &mut Vec<Take>, when: &str, activation: &Activation) {
        for call in [Call::Poll, Call::StatusV2, Call::FullText, Call::Messages, Call::Incoming] {
            if self.cast.spec.can(call.capability()) {
                takes.extend(self.try_take(when, call, Some(activation)).await.ok());
            }
        }
    }

    async fn buy(&self, takes: &mut Vec<Take>, detailed: bool) -> Activation {
        let order = Order { detailed, ..order() };
        let take = self.take("", Call::Buy(order), None).await;
        let activation = self.activation(&take.truth);
        takes.push(take);
        activation
    }

    fn activation(&self, answered: &Answered) -> Activation {
        let Answered::Bought(sold) = answered else { panic!("nothing was sold") };
        let now = self.clock.now();
        Activation {
            id: ActivationId::new(7).unwrap(),
            owner: Owner("*".into()),
            provider: "main".into(),
            upstream_id: sold.upstream_id.clone(),
            phone: sold.phone.clone(),
            service: order().service,
            country: order().country,
            operator: None,
            price: sold.price,
            bought_at: now,
            expires_at: now.saturating_add(Duration::from_secs(1200)).unwrap(),
            state: State::Waiting,
            asked_at: 0,
            messages: Vec::new(),
            extra: sold.extra.clone(),
            rent: None,
            unwanted: false,
        }
    }

    async fn take(&self, when: &str, call: Call, about: Option<&Activation>) -> Take {
        let name = format!("{call:?} {when}");
        self.try_take(when, call, about).await.unwrap_or_else(|fault| panic!("{name}: {fault}"))
    }

    async fn try_take(&self, when: &str, call: Call, about: Option<&Activation>) -> Result<Take, Fault> {
        self.tape.record();
        let truth = call.make(self.provider().as_ref(), &self.cx, about).await?;
        let name = format!("{:?} {when}", call.capability());
        Ok(Take { name, call, about: about.cloned(), truth, exchanges: self.tape.recorded() })
    }
}
