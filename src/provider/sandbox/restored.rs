//! The market is made anew at every start; what the ledger still has is put back on it, so that a rehearsal
//! goes on where it stood. Sells nothing.

use super::{Sandbox, sales};
use crate::domain::{Activation, Sms, State};
use crate::mock::{Lot, LotState, Message};

impl Sandbox {
    /// The lot of an activation.
    pub(super) fn lot(&self, activation: &Activation) -> Option<Lot> {
        let (id, forwards) = sales::read_id(&activation.upstream_id);
        self.market.lot(id).or_else(|| {
            let lot = Lot {
                id: id.to_owned(),
                country: activation.country.to_string(),
                service: activation.service.as_str().to_owned(),
                operator: activation.operator.as_ref().map(|operator| operator.as_str().to_owned()),
                phone: activation.phone.digits().to_owned(),
                forwards,
                rented: activation.rent.is_some(),
                price: activation.price.map(|price| price.amount).unwrap_or_default(),
                bought_at: activation.bought_at,
                expires_at: activation.expires_at,
                ended_at: None,
                state: match activation.state {
                    State::Retry => LotState::Another,
                    State::Received => LotState::Received,
                    _ => LotState::Waiting,
                },
                ready: false,
                messages: activation.messages.iter().map(message_of).collect(),
                seen: activation.messages.len(),
                next_at: None,
            };
            self.market.adopt(lot)
        })
    }
}

fn message_of(sms: &Sms) -> Message {
    Message {
        code: sms.code.clone(),
        text: sms.text_or_code().to_owned(),
        sender: sms.sender.clone().unwrap_or_default(),
        arrived_at: sms.received_at,
    }
}

/// A message as an activation has it.
pub(super) fn sms_of(message: Message) -> Sms {
    Sms {
        code: message.code,
        text: Some(message.text),
        sender: Some(message.sender),
        service: None,
        received_at: message.arrived_at,
    }
}
