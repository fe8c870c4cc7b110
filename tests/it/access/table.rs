//! What each action is about: nothing of anybody's, something with an id, or all that a client has. An action
//! without a row here fails the test.

/// What an action is about.
#[derive(Debug, Clone, Copy)]
pub enum Concern {
    /// Nothing that belongs to one client: prices, countries, the balance.
    Nobodys,
    /// Something new, which will be the client's own.
    New,
    /// What an id names, and the further parameters it is asked with.
    Id(&'static [&'static str]),
    /// What the client has, and the further parameters it is asked with.
    Own(&'static [&'static str]),
    /// Both: an id or all of it.
    IdOrOwn(&'static [&'static str]),
}

use Concern::{Id, IdOrOwn, New, Nobodys, Own};

/// Nothing further.
const PLAIN: &[&str] = &[""];

/// Every action.
pub const ROWS: &[(&str, Concern)] = &[
    ("getBalance", Nobodys),
    ("getBalanceAndCashBack", Nobodys),
    ("getBalanceAndCashBackV2", Nobodys),
    ("getNumbersStatus", Nobodys),
    ("getNumbersStatus1", Nobodys),
    ("getNumbersStatusAndCostHubFree", Nobodys),
    ("getPrices", Nobodys),
    ("getPricesV2", Nobodys),
    ("getPricesV3", Nobodys),
    ("getPricesExtended", Nobodys),
    ("getPricesVerification", Nobodys),
    ("getCountries", Nobodys),
    ("getServicesList", Nobodys),
    ("getServices", Nobodys),
    ("getServicesAndCost", Nobodys),
    ("getOperators", Nobodys),
    ("getCountryAndOperators", Nobodys),
    ("getTopCountriesByService", Nobodys),
    ("getTopCountriesByServiceRank", Nobodys),
    ("getListOfTopCountriesByService", Nobodys),
    ("getNumber", New),
    ("getNumberV2", New),
    ("setStatus", Id(&["&status=1", "&status=3", "&status=6", "&status=8", "&status=-1"])),
    ("finishActivation", Id(PLAIN)),
    ("cancelActivation", Id(PLAIN)),
    ("getStatus", Id(PLAIN)),
    ("getStatusV2", Id(PLAIN)),
    ("getFullSms", Id(PLAIN)),
    ("getAllSms", Id(PLAIN)),
    ("getActiveActivations", Own(&["", "&start=0&length=100"])),
    ("getListOfActiveActivations", Own(PLAIN)),
    ("getCurrentActivations", Own(&["", "&order=id&orderBy=asc"])),
    ("getCurrentActivationsDataTables", Own(PLAIN)),
    ("getHistory", Own(&["", "&start=0&end=4000000000"])),
    ("getActivationHistory", Own(PLAIN)),
    ("getIncomingCallStatus", Id(PLAIN)),
    ("createTaskForCall", Id(&["&phone=78006007664"])),
    ("getOutgoingCalls", IdOrOwn(&["", "&date=2026-01-01"])),
    ("parseCall", Id(&["", "&newLang=en"])),
    ("setMaxPrice", Nobodys),
    ("updateApiCurrency", Nobodys),
    ("getQiwiRequisites", Nobodys),
    ("getMultiServiceNumber", New),
    ("getExtraActivation", Id(PLAIN)),
    ("checkExtraActivation", Id(PLAIN)),
    ("reactivate", Id(PLAIN)),
    ("reactivationPrice", Id(PLAIN)),
    ("getAdditionalService", Id(&["&service=vk"])),
    ("getRentServicesAndCountries", Nobodys),
    ("getRentNumber", New),
    ("getRentStatus", Id(&["", "&page=0&size=10"])),
    ("setRentStatus", Id(&["&status=1", "&status=2"])),
    ("getRentList", Own(PLAIN)),
    ("continueRentNumber", Id(&["&rent_time=4", "&rent_time=24"])),
    ("getContinueRentPriceNumber", Id(&["&rent_time=4"])),
    ("continueRentInfo", Id(&["&hours=4"])),
    ("getRentPrices", Nobodys),
    ("serviceCountRent", Nobodys),
    ("getDomains", Nobodys),
    ("buyMailActivation", New),
    ("reorderMailActivation", Id(PLAIN)),
    ("getMailHistory", Own(&["", "&page=1&per_page=10&search=mail", "&sort=asc"])),
    ("cancelMailActivation", Id(PLAIN)),
    ("checkMailActivation", Id(PLAIN)),
    ("buyPartnerProduct", New),
];

impl Concern {
    /// The ends of the questions in which an id is named.
    pub fn by_id(self) -> &'static [&'static str] {
        match self {
            Id(ends) | IdOrOwn(ends) => ends,
            Nobodys | New | Own(_) => &[],
        }
    }

    /// The ends of the questions in which none is.
    pub fn of_all(self) -> &'static [&'static str] {
        match self {
            Own(ends) | IdOrOwn(ends) => ends,
            Nobodys | New | Id(_) => &[],
        }
    }
}
