//! The flavours: what each service's document of the dialect has otherwise than sms-activate's. Knows no
//! setting.

use super::forms::{
    ActivationId, AnotherSms, Balance, Costs, Countries, Counts, JsonType, Lang, RentValues, ServicesList,
    Shape, SmsCode, StatusV2Waiting, UnknownId, V2Currency,
};
use super::{Instead, Needs};

/// A service's variant of the dialect.
#[derive(Debug, PartialEq, Eq)]
pub struct Flavour {
    /// Its name in `proxy.toml`.
    pub name: &'static str,
    /// What is said otherwise. Actions that its document does not have are answered as sms-activate's.
    pub shape: Shape,
}

/// Every flavour: one line each.
pub static FLAVOURS: &[&Flavour] = &[&SMS_ACTIVATE, &SMS_MAN, &SMS_SERVICE_ONLINE, &SMSAK];

/// The flavour called `name`.
pub fn flavour(name: &str) -> Option<&'static Flavour> {
    FLAVOURS.iter().copied().find(|flavour| flavour.name == name)
}

/// `api/sms-activate.txt`.
pub static SMS_ACTIVATE: Flavour = Flavour { name: "sms-activate", shape: ORIGINAL };

/// `api/sms-man.txt`. A parameter that it calls mandatory is missed with the word for a malformed request;
/// a service that it does not know has no numbers (`UPSTREAMS.md` section 8).
static SMS_MAN: Flavour = Flavour {
    name: "sms-man",
    shape: Shape {
        costs: Costs::Text,
        countries: Countries::List,
        words: &[
            instead(&[], "NO_KEY", "BAD_KEY"),
            instead(&["getNumber"], "BAD_SERVICE", "NO_NUMBERS"),
            instead(&["getPrices"], "BAD_SERVICE", "BAD_ACTION"),
            instead(&["setStatus"], "EARLY_CANCEL_DENIED", "BAD_STATUS"),
        ],
        needs: &[
            Needs { action: "getNumber", parameters: &["country", "service"] },
            Needs { action: "getStatus", parameters: &["id"] },
            Needs { action: "setStatus", parameters: &["id", "status"] },
        ],
        ..ORIGINAL
    },
};

/// `api/sms-service-online.txt`, its six actions and its "Possible error". It has no word for a step that
/// is not possible but the one for a malformed request (`UPSTREAMS.md` section 6b), and none for an account
/// that is blocked but the one for a failure. Anything with a colon is a code to its clients (`WIRE.md`
/// section 3, SSO), so the last code may not be repeated while another is awaited.
static SMS_SERVICE_ONLINE: Flavour = Flavour {
    name: "sms-service-online",
    shape: Shape {
        balance: Balance::Bare,
        lang: Lang::Required,
        words: &[
            instead(&[], "NO_KEY", "BAD_KEY"),
            instead(&["getNumber"], "BAD_SERVICE", "NO_NUMBERS"),
            instead(&["setStatus"], "BAD_STATUS", "BAD_ACTION"),
            instead(&["setStatus"], "EARLY_CANCEL_DENIED", "BAD_ACTION"),
            instead(&["getStatus"], "STATUS_WAIT_RETRY", "STATUS_WAIT_CODE"),
            instead(&["getStatus"], "STATUS_WAIT_RESEND", "STATUS_WAIT_CODE"),
            instead(ITS_ACTIONS, "BANNED", "ERROR_SQL"),
            instead(ITS_ACTIONS, "CHANNELS_LIMIT", "ERROR_SQL"),
        ],
        needs: &[Needs { action: "getNumber", parameters: &["service"] }],
        ..ORIGINAL
    },
};

/// What SMS-Service-Online's document has.
pub(super) const ITS_ACTIONS: &[&str] =
    &["getBalance", "getCountryAndOperators", "getServicesAndCost", "getNumber", "setStatus", "getStatus"];

/// `api/smsak.txt`, "SMS-activate API". It names no errors of its own; of the words for a message that is
/// awaited `getStatus` has two and `getFullSms` one.
static SMSAK: Flavour = Flavour {
    name: "smsak",
    shape: Shape {
        counts: Counts::Number,
        countries: Countries::Russian,
        words: &[
            instead(&["getStatus", "getFullSms"], "STATUS_WAIT_RESEND", "STATUS_WAIT_CODE"),
            instead(&["getFullSms"], "STATUS_WAIT_RETRY", "STATUS_WAIT_CODE"),
        ],
        ..ORIGINAL
    },
};

/// The forms of the original, and where clients disagree those that most of them read (`WIRE.md`
/// section 5).
const ORIGINAL: Shape = Shape {
    json_type: JsonType::Auto,
    balance: Balance::Word,
    counts: Counts::Text,
    costs: Costs::Number,
    countries: Countries::Object,
    services_list: ServicesList::Wrapped,
    activation_id: ActivationId::Number,
    can_get_another_sms: AnotherSms::Text,
    v2_currency: V2Currency::Passed,
    status_v2_waiting: StatusV2Waiting::Json,
    sms_code: SmsCode::List,
    rent_values: RentValues::Object,
    unknown_id: UnknownId::NoActivation,
    lang: Lang::Ignored,
    words: &[],
    needs: &[],
};

const fn instead(of: &'static [&'static str], word: &'static str, say: &'static str) -> Instead {
    Instead { of, word, say }
}
