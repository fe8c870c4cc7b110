//! How sms-service-online sells a number.

use super::visit::{BAD_ACTION, NO_BALANCE, NO_NUMBERS, Outcome, Refusal, Visit};
use crate::mock::want::{BuyError, Want};

/// getNumber: `ACCESS_NUMBER:234242:79991728822`. There is no word for a service that does not exist or is
/// not served (UPSTREAMS.md section 8, assumed).
pub(super) fn get(visit: &Visit<'_>) -> Outcome {
    let service = visit.required("service", BAD_ACTION)?;
    if !visit.house.tables.services.iter().any(|known| known.id == service) {
        return visit.blamed(NO_NUMBERS, &format!("service {service:?} does not exist"));
    }
    let country = visit.country()?;
    let operators = visit.operators(country)?;
    let want = Want { operators, ..Want::new(&country.id.to_string(), service) };
    let lot = visit.market().buy(want)?;
    Ok(format!("ACCESS_NUMBER:{}:{}", lot.id, lot.phone))
}

impl From<BuyError> for Refusal {
    fn from(error: BuyError) -> Self {
        match error {
            BuyError::Unsupported | BuyError::NoStock | BuyError::TooDear(_) => NO_NUMBERS,
            BuyError::NoFunds => NO_BALANCE,
        }
    }
}
