//! One of everything that a client can have, and how it all stands.

use serde_json::Value;
use smsbridge::mock::Running;

use super::ask;
use crate::harness::World;

/// What a client has.
pub struct Belongings {
    /// Its key.
    pub owner: String,
    /// The ids it was given: of activations in several states, and of a rent and a mail where they are sold.
    pub ids: Vec<i64>,
    /// What the upstream calls them.
    pub upstream_ids: Vec<String>,
    /// What nobody else is to see: numbers, codes, an address.
    secrets: Vec<String>,
}

impl Belongings {
    /// Buys one of everything.
    pub async fn buy(world: &World, owner: &str) -> Self {
        let mut mine =
            Self { owner: owner.to_owned(), ids: Vec::new(), upstream_ids: Vec::new(), secrets: Vec::new() };
        let received = mine.order(world).await;
        let finished = mine.order(world).await;
        world.let_message_come();
        for id in [&received, &finished] {
            let status = ask(&world.bridge, owner, &format!("action=getStatus&id={id}")).await.body;
            mine.secrets.push(status.strip_prefix("STATUS_OK:").unwrap().to_owned());
        }
        let finish = format!("action=setStatus&id={finished}&status=6");
        assert_eq!(ask(&world.bridge, owner, &finish).await.body, "ACCESS_ACTIVATION");
        mine.order(world).await;
        mine.rent(world).await;
        mine.mail(world).await;
        if let Some(upstream) = &world.upstream {
            mine.upstream_ids = upstream.market().lots().into_iter().map(|lot| lot.id).collect();
        }
        mine
    }

    async fn order(&mut self, world: &World) -> String {
        let answer = ask(&world.bridge, &self.owner, "action=getNumber&service=tg&country=0").await.body;
        let fields: Vec<_> = answer.split(':').collect();
        let ["ACCESS_NUMBER", id, phone] = fields[..] else { panic!("{}: {answer}", world.kind) };
        self.ids.push(id.parse().unwrap());
        self.secrets.push(phone.to_owned());
        id.to_owned()
    }

    async fn rent(&mut self, world: &World) {
        // Terms of which each kind that rents has at least one.
        for terms in ["service=tg&rent_time=4", "service=full&rent_time=24"] {
            let query = format!("action=getRentNumber&{terms}");
            let answer = ask(&world.bridge, &self.owner, &query).await.body;
            let sold: Value = serde_json::from_str(&answer).unwrap_or_default();
            if let Some(id) = sold["phone"]["id"].as_i64() {
                self.ids.push(id);
                self.secrets.push(sold["phone"]["number"].as_str().unwrap().to_owned());
                return;
            }
        }
        let rents = ["sandbox", "vak-sms", "smsak", "sms-activate"];
        assert!(!rents.contains(&world.kind), "{} rents nothing", world.kind);
    }

    async fn mail(&mut self, world: &World) {
        let order = "action=buyMailActivation&site=apple.com&mail_type=2&mail_domain=mail.ru";
        let answer = ask(&world.bridge, &self.owner, order).await.body;
        let sold: Value = serde_json::from_str(&answer).unwrap_or_default();
        match sold["response"]["id"].as_i64() {
            Some(id) => {
                self.ids.push(id);
                self.secrets.push(sold["response"]["email"].as_str().unwrap().to_owned());
            }
            None => assert!(!["sandbox", "sms-activate"].contains(&world.kind), "{answer}"),
        }
    }

    /// How everything stands for its owner and at the upstream.
    pub async fn state(&self, world: &World) -> Vec<String> {
        let mut state = Vec::new();
        for query in ["getBalance", "getHistory", "getActiveActivations", "getRentList", "getMailHistory"] {
            state.push(ask(&world.bridge, &self.owner, &format!("action={query}")).await.body);
        }
        for id in &self.ids {
            for action in ["getStatus", "getRentStatus", "checkMailActivation"] {
                let query = format!("action={action}&id={id}");
                state.push(ask(&world.bridge, &self.owner, &query).await.body);
            }
        }
        state.extend(world.upstream.as_ref().map(at_upstream));
        state
    }

    /// Makes sure that an answer shows none of it.
    pub fn are_not_in(&self, answer: &str, query: &str) {
        let ids = self.ids.iter().map(ToString::to_string);
        for secret in ids.chain(self.secrets.iter().cloned()) {
            assert!(!answer.contains(&secret), "{query}: {answer}");
        }
    }
}

fn at_upstream(upstream: &Running) -> String {
    let market = upstream.market();
    let mails: Vec<_> = market.mailboxes();
    let lots: Vec<_> = market.lots().into_iter().map(|lot| (lot.id, lot.state)).collect();
    format!("{:?} {lots:?} {mails:?}", market.totals())
}
