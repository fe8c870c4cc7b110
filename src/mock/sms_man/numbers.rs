//! How SMS-Man sells a number.

use super::visit::Visit;
use super::{NO_BALANCE, NO_NUMBERS, Outcome, Refusal, Reply, tables};
use crate::mock::want::{BuyError, Want};

/// getNumber: `ACCESS_NUMBER:$id:$number`. There is no word for a service that it does not know, so that
/// is a service without numbers (`UPSTREAMS.md` section 8, assumed).
pub(super) fn number(visit: &Visit<'_>) -> Outcome {
    let country = visit.required("country")?;
    let service = visit.required("service")?;
    let country = visit.country(country)?;
    if !tables::is_service(service) {
        return Err(NO_NUMBERS);
    }
    let lot = visit.market().buy(Want::new(&country.id.to_string(), service)).map_err(refusal)?;
    Ok(Reply::Text(format!("ACCESS_NUMBER:{}:{}", lot.id, lot.phone)))
}

fn refusal(error: BuyError) -> Refusal {
    match error {
        BuyError::NoFunds => NO_BALANCE,
        BuyError::Unsupported | BuyError::NoStock | BuyError::TooDear(_) => NO_NUMBERS,
    }
}
