//! A request of each action, from its line and headers to the bytes of the answer, without a connection.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use smsbridge::clock::{MovableClock, SystemClock};
use smsbridge::dialect::ACTIONS;

use crate::Done;
use crate::bridge::{AT_ONCE, Bridge, request};
use crate::counted::Counter;

/// How often each is asked.
const TIMES: u64 = 5;

/// What a request is about, made anew for each time it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Nothing,
    /// A number that has no message yet.
    Bought,
    /// One that has its code.
    Received,
    /// One that forwards, with its code.
    Forwarding,
    /// One that is called.
    Called,
    /// One that was used, a while ago.
    Used,
    Rent,
    Mail,
    /// One that has its mail.
    Read,
}

use About::{Bought, Called, Forwarding, Mail, Nothing, Read, Received, Rent, Used};

/// An action, what else is asked, about what, and how the answer begins.
type Asked = (&'static str, &'static str, About, &'static str);

const ASKED: &[Asked] = &[
    ("getBalance", "", Nothing, "ACCESS_BALANCE:"),
    ("getBalanceAndCashBack", "", Nothing, "ACCESS_BALANCE:"),
    ("getBalanceAndCashBackV2", "", Nothing, "{"),
    ("getNumbersStatus", "country=0", Nothing, "{"),
    ("getNumbersStatus1", "country=0", Nothing, "{"),
    ("getNumbersStatusAndCostHubFree", "country=0", Nothing, "{"),
    ("getPrices", "service=tg&country=0", Nothing, "{"),
    ("getPricesV2", "service=tg&country=0", Nothing, "{"),
    ("getPricesV3", "service=tg&country=0", Nothing, "{"),
    ("getPricesExtended", "service=tg&country=0", Nothing, "{"),
    ("getPricesVerification", "service=tg", Nothing, "{"),
    ("getCountries", "", Nothing, "{"),
    ("getServicesList", "country=0", Nothing, "{"),
    ("getServices", "country=0", Nothing, "["),
    ("getServicesAndCost", "country=0&service=tg", Nothing, "["),
    ("getOperators", "country=0", Nothing, "{"),
    ("getCountryAndOperators", "lang=en", Nothing, "["),
    ("getTopCountriesByService", "service=tg", Nothing, "{"),
    ("getTopCountriesByServiceRank", "service=tg", Nothing, "{"),
    ("getListOfTopCountriesByService", "service=tg", Nothing, "["),
    ("getNumber", "service=tg&country=0", Nothing, "ACCESS_NUMBER:"),
    ("getNumberV2", "service=tg&country=0", Nothing, "{"),
    ("setStatus", "status=6", Received, "ACCESS_ACTIVATION"),
    ("finishActivation", "", Received, ""),
    ("cancelActivation", "", Bought, ""),
    ("getStatus", "", Received, "STATUS_OK:"),
    ("getStatusV2", "", Received, "{"),
    ("getFullSms", "", Received, "FULL_SMS:"),
    ("getAllSms", "", Received, "{"),
    ("getActiveActivations", "", Received, "{"),
    ("getListOfActiveActivations", "", Received, "{"),
    ("getCurrentActivations", "", Received, "{"),
    ("getCurrentActivationsDataTables", "", Received, "{"),
    ("getHistory", "", Received, "["),
    ("getActivationHistory", "", Received, "["),
    ("getIncomingCallStatus", "", Called, "{"),
    ("createTaskForCall", "phone=79991112233", Bought, "{"),
    ("getOutgoingCalls", "", Bought, "{"),
    ("parseCall", "", Called, "{"),
    ("setMaxPrice", "service=tg&country=0&maxPrice=5", Nothing, "BAD_ACTION"),
    ("updateApiCurrency", "currency=643", Nothing, "BAD_ACTION"),
    ("getQiwiRequisites", "", Nothing, "BAD_ACTION"),
    ("getMultiServiceNumber", "multiService=tg,vk&country=0", Nothing, "[{"),
    ("getExtraActivation", "", Used, "ACCESS_NUMBER:"),
    ("checkExtraActivation", "", Used, "{"),
    ("reactivate", "", Used, ""),
    ("reactivationPrice", "", Used, ""),
    ("getAdditionalService", "service=ym", Forwarding, "ADDITIONAL:"),
    ("getRentServicesAndCountries", "country=0", Nothing, "{"),
    ("getRentNumber", "service=tg&country=0&rent_time=4", Nothing, "{\"status\":\"success\""),
    ("getRentStatus", "", Rent, "{"),
    ("setRentStatus", "status=1", Rent, "{\"status\":\"success\""),
    ("getRentList", "", Rent, "{\"status\":\"success\""),
    ("continueRentNumber", "rent_time=4", Rent, "{\"status\":\"success\""),
    ("getContinueRentPriceNumber", "rent_time=4", Rent, "{\"status\":\"success\""),
    ("continueRentInfo", "hours=4", Rent, "{\"status\":\"success\""),
    ("getRentPrices", "country=0", Nothing, "{"),
    ("serviceCountRent", "country=0", Nothing, ""),
    ("getDomains", "site=apple.com", Nothing, "{\"status\":\"OK\""),
    ("buyMailActivation", ORDER_OF_MAIL, Nothing, "{\"status\":\"OK\""),
    ("reorderMailActivation", "", Read, "{\"status\":\"OK\""),
    ("getMailHistory", "", Read, "{\"status\":\"OK\""),
    ("cancelMailActivation", "", Mail, "{\"status\":\"OK\""),
    ("checkMailActivation", "", Read, "{\"status\":\"OK\""),
    ("buyPartnerProduct", "productId=3", Nothing, "{"),
];

const ORDER_OF_MAIL: &str = "site=apple.com&mail_type=2&mail_domain=mail.ru";

pub fn count(counter: &Counter) -> Done {
    if let Some(missing) = ACTIONS.iter().find(|action| ASKED.iter().all(|asked| asked.0 != action.name)) {
        return Err(format!("nobody asks {}", missing.name).into());
    }
    for asked in ASKED {
        one(counter, &format!("request: {}", asked.0), asked, None)?;
    }
    let poll = ("getStatus", "", Received, "");
    one(counter, "request: getStatus, gzip accepted", &poll, Some("gzip, deflate"))
}

/// Counts a request, on a server of its own, so that none depends on those before it.
fn one(counter: &Counter, name: &str, asked: &Asked, encoding: Option<&'static str>) -> Done {
    if !counter.wants(name) {
        return Ok(());
    }
    let (action, more, about, begins) = asked;
    let clock = MovableClock::over(SystemClock::new());
    // An address that has its mail cannot be given back.
    let delay = if *about == Mail { "" } else { AT_ONCE };
    let bridge = Bridge::start(delay, clock.clone())?;
    let mut requests = bridge.runtime.block_on(async {
        let mut requests: Vec<Request<Body>> = Vec::new();
        for _ in 0..=TIMES {
            let id = made(&bridge, &clock, *about).await?;
            requests.push(request(&format!("action={action}&id={id}&{more}"), encoding)?);
        }
        Done::Ok(requests)
    })?;
    let first = requests.pop().ok_or("no request")?;
    let first = bridge.runtime.block_on(bridge.answer(first))?;
    if !first.starts_with(begins.as_bytes()) {
        return Err(format!("{name}: {}", String::from_utf8_lossy(&first)).into());
    }
    let mut done = Ok(());
    counter.count(name, TIMES, || {
        done = bridge.runtime.block_on(async {
            for request in requests.drain(..) {
                bridge.answer(request).await?;
            }
            Ok(())
        });
    });
    done
}

/// The id of what is asked about; empty where it is about nothing.
async fn made(bridge: &Bridge, clock: &MovableClock, about: About) -> Done<String> {
    let order = match about {
        Nothing => return Ok(String::new()),
        Bought | Received | Used => "action=getNumber&service=tg&country=0".to_owned(),
        Forwarding => "action=getNumber&service=av&country=0&forward=1".to_owned(),
        Called => "action=getNumber&service=tg&country=0&verification=true".to_owned(),
        Rent => "action=getRentNumber&service=tg&country=0&rent_time=4".to_owned(),
        Mail | Read => format!("action=buyMailActivation&{ORDER_OF_MAIL}"),
    };
    let bought = bridge.ask(&order).await?;
    // In JSON the id has a name; in words it is the first number.
    let behind = bought.split_once("\"id\":").map_or(bought.as_str(), |(_, behind)| behind);
    let mut numbers = behind.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let id = numbers.next().ok_or(format!("{order}: {bought}"))?;
    match about {
        Received | Forwarding => drop(bridge.ask(&format!("action=getStatus&id={id}")).await?),
        Read => drop(bridge.ask(&format!("action=checkMailActivation&id={id}")).await?),
        Used => {
            bridge.ask(&format!("action=getStatus&id={id}")).await?;
            bridge.ask(&format!("action=setStatus&id={id}&status=6")).await?;
            clock.advance(Duration::from_secs(20 * 60));
        }
        _ => {}
    }
    Ok(id.to_owned())
}
