//! Services that speak the dialect, by name: where each is, and in what it differs from the document. Knows
//! nothing of how a difference is seen to: each is the default of a setting, and no lock.
//!
//! Not here is what an answer shows by itself: errors as words with HTTP 200 or as JSON with 4xx (`fold.rs`),
//! lists or objects, numbers or texts, prices as one number or as a map (`lists.rs`), an action that turns
//! out not to exist (`words.rs`), a refused status 1.
//!
//! Not here either are services under the dialect's paths with codes of their own, since a code that exists
//! there with another meaning would buy the wrong thing: 5sim's api1.5sim.net takes countries by names and
//! getsms.online by letters (GitHub `nguyendkn/BrowserAutomationStudio`, SMS module,
//! `SmsActivate/countries.js`).

use crate::domain::Currency;
use crate::provider::{Variant, Variants};

const USD: Currency = Currency::USD;

/// All of them; a row says what was found out about a service, and where. None of them is known to have the whole rent
/// section of the document, nor to sell mail addresses or partner products as it has them: SMSBower's actions
/// for mail have the same names, but other parameters and answers.
static PRESETS: [Variant; 8] = [
    // GitHub `solovey1/unified-sms-activate`, `providers/hero_sms.py` (live requests and the vendor's OpenAPI):
    // the address; errors as JSON; setStatus takes 3, 6 and 8, there is no 1. NOT_FOUND is an unknown
    // activation there (`sms_activate_compatible.py`). npm `hero-sms`, README: the balance is in dollars.
    // Its getRentNumber takes a `duration` in minutes and no `rent_time` (`WIRE.md` section 4), so that hours
    // would not be understood.
    Variant {
        base_urls: Some(&["https://hero-sms.com"]),
        currency: Some(USD),
        options: &[
            ("ready_status", "false"),
            ("words", "getStatus:NOT_FOUND=NO_ACTIVATION, setStatus:NOT_FOUND=NO_ACTIVATION"),
            ("lacks", "getRentNumber,getRentServicesAndCountries,continueRentNumber,mail,buyPartnerProduct"),
        ],
        ..Variant::new("hero-sms", "HeroSMS, errors as JSON, no status 1")
    },
    // The same repository, `providers/vak_sms.py` (live, 2026-08-13; `UPSTREAMS.md` section 1): the address;
    // a wrong key is BAD_ACTION, and so is getStatus of an unknown id, while setStatus says NO_ACTIVATION.
    // `api/vak-sms.txt`: the balance is in rubles; nothing there forwards, verifies by a call, excludes prefixes,
    // holds a cap or takes several operators, so that such a parameter would be ignored here. That its compatible
    // API sells numbers in another way than getNumber, nobody says.
    Variant {
        base_urls: Some(&["https://vak-sms.com"]),
        options: &[
            ("words", "BAD_ACTION=BAD_KEY, getStatus:BAD_ACTION=NO_ACTIVATION"),
            (
                "lacks",
                "getMultiServiceNumber,getExtraActivation,getAdditionalService,\
                 getRentNumber,getRentServicesAndCountries,continueRentNumber,operators,maxPrice,\
                 phoneException,forward,verification,mail,buyPartnerProduct,getActiveActivations",
            ),
        ],
        ..Variant::new("vak-sms-compat", "VAK-SMS by its compatible API, BAD_ACTION for a wrong key")
    },
    // `api/smsak.txt`, "SMS-activate API": the address; eight actions; getNumber takes service, operator, ref
    // and country; setStatus takes 1, 3 and 6, and ACCESS_CANCEL is among its answers, which on
    // sms-activate is the answer to 6 before a code (`UPSTREAMS.md` sections 2 and 8).
    Variant {
        base_urls: Some(&["https://smsak.org"]),
        options: &[
            ("cancel_status", "6"),
            (
                "lacks",
                "getBalanceAndCashBack,getTopCountriesByService,getServicesList,getOperators,getNumberV2,\
                 getStatusV2,getMultiServiceNumber,getExtraActivation,getAdditionalService,\
                 getRentNumber,getRentServicesAndCountries,continueRentNumber,operators,maxPrice,\
                 phoneException,forward,verification,mail,buyPartnerProduct,getActiveActivations",
            ),
        ],
        ..Variant::new("smsak-compat", "SMSAK by its compatible API, cancelled by 6")
    },
    // `api/sms-man.txt`: seven actions; getNumber takes service, country and ref; −1 is "отменить активацию",
    // 8 reports a used number. `UPSTREAMS.md` section 4: the host is api.sms-man.com now.
    Variant {
        base_urls: Some(&["https://api.sms-man.com"]),
        options: &[
            ("cancel_status", "-1"),
            (
                "lacks",
                "getBalanceAndCashBack,getNumbersStatus,getTopCountriesByService,getServicesList,getNumberV2,\
                 getStatusV2,getFullSms,getMultiServiceNumber,getExtraActivation,getAdditionalService,\
                 getRentNumber,getRentServicesAndCountries,continueRentNumber,\
                 operator,operators,maxPrice,phoneException,forward,verification,mail,buyPartnerProduct,getActiveActivations",
            ),
        ],
        ..Variant::new("sms-man", "SMS-Man by its compatible API, cancelled by -1")
    },
    // PyPI `Simple-SMSHub-API` 1.1.0, `api.py` and `enums.py`: the address; `currency` 643 or 840 with getBalance,
    // getPrices and getNumber. What it is without one is the account's own setting (`updateApiCurrency`), so
    // it is always sent. Most public clients send 840. No client has forwarding, verification, excluded
    // prefixes, rents, or another way to order.
    Variant {
        base_urls: Some(&["https://smshub.org"]),
        currency: Some(USD),
        options: &[
            ("send_currency", "true"),
            (
                "lacks",
                "getMultiServiceNumber,getExtraActivation,getAdditionalService,\
                 getRentNumber,getRentServicesAndCountries,continueRentNumber,phoneException,forward,\
                 verification,mail,buyPartnerProduct,getActiveActivations",
            ),
        ],
        ..Variant::new("smshub", "SMSHub, amounts in the currency that is sent along")
    },
    // grizzlysms.com/docs and PyPI `grizzly-sms-client` 0.1.1, `client.py`, which follows it: the address, the
    // actions, what getNumber takes, 8 and −1 alike for cancelling. The currency is not said there; public
    // clients take `cost` for dollars (`grizzlyCache.js`: `originalPriceUsd`).
    Variant {
        base_urls: Some(&["https://api.grizzlysms.com"]),
        currency: Some(USD),
        options: &[(
            "lacks",
            "getBalanceAndCashBack,getNumbersStatus,getTopCountriesByService,getFullSms,\
             getMultiServiceNumber,getExtraActivation,getAdditionalService,\
                 getRentNumber,getRentServicesAndCountries,continueRentNumber,operator,operators,phoneException,\
             forward,verification,mail,buyPartnerProduct",
        )],
        ..Variant::new("grizzly", "Grizzly SMS")
    },
    // A public Rust client, `tiger_sms.rs` (live answers of 2026-08-30 and the vendor's OpenAPI): the address,
    // dollars, the actions; operator and phoneException are accepted and ignored; nothing there forwards or
    // verifies by a call. BAD_ACTION is also what it says when it failed itself, so that an order answered so may
    // have been carried out, and getNumber is not to be asked in place of a getNumberV2.
    Variant {
        base_urls: Some(&["https://api.tiger-sms.com"]),
        currency: Some(USD),
        options: &[
            (
                "lacks",
                "getBalanceAndCashBack,getNumbersStatus,getTopCountriesByService,getOperators,getNumberV2,\
                 getFullSms,getMultiServiceNumber,getExtraActivation,getAdditionalService,\
                 getRentNumber,getRentServicesAndCountries,continueRentNumber,operator,operators,\
                 phoneException,forward,verification,mail,buyPartnerProduct",
            ),
            ("words", "getNumber:BAD_ACTION=ERROR_SQL"),
        ],
        ..Variant::new("tiger", "Tiger SMS")
    },
    // GitHub `s28626198-sys/otpbotv2`, README (after the vendor's page `?page=client`), and PyPI `smsbower` 0.1.0,
    // `client.py`: the address, the actions, what getNumber takes. PyPI `smsbower`, README: rubles.
    Variant {
        base_urls: Some(&["https://smsbower.page"]),
        options: &[(
            "lacks",
            "getBalanceAndCashBack,getNumbersStatus,getStatusV2,getFullSms,getMultiServiceNumber,\
             getExtraActivation,getAdditionalService,\
                 getRentNumber,getRentServicesAndCountries,continueRentNumber,operator,operators,\
                 forward,verification,mail,buyPartnerProduct,getActiveActivations",
        )],
        ..Variant::new("smsbower", "SMSBower")
    },
];

/// Their names.
pub const NAMES: [&str; 8] =
    ["hero-sms", "vak-sms-compat", "smsak-compat", "sms-man", "smshub", "grizzly", "tiger", "smsbower"];

/// The presets, and the setting that chooses one.
pub const VARIANTS: Variants = Variants { option: "preset", list: &PRESETS };
