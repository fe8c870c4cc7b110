//! What the price lists in their several forms have in common: how they are asked for, and where they are
//! from. No action.

use crate::dialect::code::Refusal;
use crate::dialect::{Params, Reply};
use crate::domain::{Country, Offer, Service};
use crate::engine::{Caller, Engine, OwnList, PriceList};
use crate::provider::Fault;

/// Which services and countries a list is asked of; none is all.
pub(super) type Wanted = (Option<Service>, Option<Country>);

/// Reads what is wanted.
pub(super) fn wanted(engine: &Engine, params: &Params) -> Result<Wanted, Refusal> {
    let service = params.service_if_any()?;
    super::services_list::require_known(engine, service.as_ref())?;
    Ok((service, params.country_if_any()?))
}

/// The service's own list of this name, where it has one: asked with what is wanted, and with those of the
/// client's parameters that are named, as they are.
pub(super) async fn own(
    engine: &Engine,
    caller: &Caller,
    list: OwnList,
    (service, country): &Wanted,
    params: &Params,
    names: &[&str],
) -> Result<Option<Reply>, Refusal> {
    let mut asked = Vec::new();
    asked.extend(service.as_ref().map(|service| ("service".to_owned(), service.to_string())));
    asked.extend(country.map(|country| ("country".to_owned(), country.to_string())));
    asked.extend(names.iter().filter_map(|name| Some(((*name).to_owned(), params.get(name)?.to_owned()))));
    let own = engine.own_list(caller, list, asked).await.map_err(Refusal::from)?;
    Ok(own.map(Reply::written))
}

/// The answer that `write` makes of a price list in this form, once for as long as the list is the same.
pub(super) async fn written(
    list: Result<PriceList, Fault>,
    form: &'static str,
    write: impl FnOnce(Vec<Offer>) -> Reply + Send + 'static,
) -> Result<Reply, Refusal> {
    let written = list.map_err(Refusal::from)?.written(form, |offers| write(offers).body).await;
    Ok(Reply::written(written.map_err(Refusal::from)?))
}

/// Everything on offer in a country, Russia if none is named, with what the named operators have of it.
pub(super) async fn in_country(
    engine: &Engine,
    caller: &Caller,
    params: &Params,
) -> Result<Vec<Offer>, Refusal> {
    let (country, operators) = (params.country()?, params.operators()?);
    let mut offers = engine.prices(caller, None, Some(country)).await.map_err(Refusal::from)?;
    if !operators.is_empty() {
        let counts = engine.counts(caller, country, operators).await.map_err(Refusal::from)?;
        for offer in &mut offers {
            offer.count = counts.get(&format!("{}_0", offer.service)).copied().unwrap_or_default();
        }
    }
    Ok(offers)
}
