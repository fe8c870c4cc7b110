//! `getListOfTopCountriesByService`: where a service is bought, `[{"country":0,"share":50,"rate":50}]`. Source:
//! `api/sms-activate.txt`, "Получить топ 10 стран по сервису".
//!
//! Share and rate of a whole service's customers only the service knows. Where it does not say, they are
//! reckoned from what this server's own clients bought, all together: whole per cent, and ten at most.

use std::sync::Arc;

use serde::Serialize;

use super::price_lists::own;
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Country, Service};
use crate::engine::{Caller, Engine, OwnList, Popular};
use crate::provider::Capability;

/// The countries in which a service is bought most.
pub static ACTION: Action = Action {
    name: "getListOfTopCountriesByService",
    paths: &[Path::native(Capability::Relay), Path::own()],
    refusal: Word::WrongService,
    answer,
};

const OWN: OwnList =
    OwnList { action: "getListOfTopCountriesByService", has_amounts: false, is_object: false };

/// As many as the name of the action's section says.
const MOST: usize = 10;

#[derive(Serialize)]
struct Row {
    country: Country,
    share: u64,
    rate: u64,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let service = service(&engine, &params)?;
        let wanted = (Some(service.clone()), None);
        match own(&engine, &caller, OWN, &wanted, &params, &["length", "page"]).await {
            Ok(Some(reply)) => return Ok(reply),
            Ok(None) => {}
            Err(refusal) if refusal.text == Word::BadService.as_str() => {
                return Err(Refusal::new(Word::WrongService, refusal.detail));
            }
            Err(refusal) => return Err(refusal),
        }
        let places = engine.popular(&caller, &service).await.map_err(Refusal::from)?;
        let (start, length) = params.window(MOST);
        let rows: Vec<_> = places.iter().skip(start).take(length.min(MOST)).map(row).collect();
        Ok(Reply::json(&rows))
    })
}

fn service(engine: &Engine, params: &Params) -> Result<Service, Refusal> {
    let read = params.service().and_then(|service| {
        super::services_list::require_known(engine, Some(&service))?;
        Ok(service)
    });
    read.map_err(|refusal| Refusal::new(Word::WrongService, refusal.detail))
}

fn row(place: &Popular) -> Row {
    Row { country: place.country, share: place.share, rate: place.rate }
}
