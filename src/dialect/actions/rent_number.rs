//! `getRentNumber`: rents a number, `{"status":"success","phone":{"id","endDate","number"}}`. Source:
//! `api/sms-activate.txt`, "Заказ номера для Аренды". Hours that nobody rents for have no word here but
//! `NO_NUMBERS` (`UPSTREAMS.md` section 6, "Common rules").

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::rent::{Part, hours, refuse};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Activation, ActivationId, Order, RentTerms, is_rent_period};
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// An order for a number to rent.
pub static ACTION: Action = Action {
    name: "getRentNumber",
    paths: &[Path::native(Capability::Rent)],
    refusal: Word::NoNumbers,
    answer,
};

#[derive(Serialize)]
struct Rented<'a> {
    status: &'static str,
    phone: Phone<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Phone<'a> {
    id: ActivationId,
    end_date: String,
    number: &'a str,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let order = order(&engine, &params).map_err(|refusal| Part::Order.reword(refusal))?;
        let rent = engine.rent(&caller, order).await.map_err(|fault| Part::Order.refusal(fault))?;
        Ok(written(&rent))
    })
}

/// The rent as it is answered when it was bought, or got more time.
pub(crate) fn written(rent: &Activation) -> Reply {
    let phone = Phone { id: rent.id, end_date: moment(rent.expires_at), number: rent.phone.digits() };
    Reply::json(&Rented { status: "success", phone })
}

/// A time as only this section writes it, in UTC: `2020-01-31T12:01:52`.
fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn order(engine: &Engine, params: &Params) -> Result<Order, Refusal> {
    let service = params.service()?;
    super::services_list::require_known(engine, Some(&service))?;
    let wrong =
        || refuse(Word::NoNumbers, "numbers are rented for 4, 12, 24, 48, 72 and so on up to 1344 hours");
    let hours = hours(params).filter(|hours| is_rent_period(*hours)).ok_or_else(wrong)?;
    let query = Part::Order.query(params, hours)?;
    Ok(Order {
        operators: query.operators,
        verification: query.incoming_call,
        rent: Some(RentTerms { hours, webhook: params.get("url").map(str::to_owned) }),
        ..Order::new(service, query.country)
    })
}
