//! The forms there are, by the names they have in `proxy.toml`. Knows no flavour.

use super::{Instead, Needs};

macro_rules! forms {
    ($($(#[doc = $doc:literal])+ $key:ident: $Form:ident {
        $($(#[doc = $meaning:literal])+ $Choice:ident = $word:literal,)+
    })+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum $Form { $($(#[doc = $meaning])+ $Choice,)+ }

            impl $Form {
                const WORDS: &'static [&'static str] = &[$($word,)+];

                fn of(word: &str) -> Option<Self> {
                    match word { $($word => Some(Self::$Choice),)+ _ => None }
                }
            }
        )+

        /// The form of every answer that has several.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Shape {
            $($(#[doc = $doc])+ pub $key: $Form,)+
            /// The flavour's own words; the first that fits is taken.
            pub words: &'static [Instead],
            /// What is mandatory in the flavour and may be left out in sms-activate's.
            pub needs: &'static [Needs],
        }

        /// The settings by which single forms are chosen.
        pub static KEYS: &[Key] = &[$(Key {
            name: stringify!($key),
            words: $Form::WORDS,
            choose: |shape, word| if let Some(form) = $Form::of(word) { shape.$key = form },
        },)+];
    };
}

/// A setting by which a form is chosen.
pub struct Key {
    /// Its name in `[dialect.shape]`.
    pub name: &'static str,
    /// What may be chosen; the first is sms-activate's own.
    pub words: &'static [&'static str],
    /// Chooses; a word that is not one of them chooses nothing.
    pub choose: fn(&mut Shape, &str),
}

forms! {
    /// What JSON is called in `Content-Type` (`WIRE.md` section 1, item 5).
    json_type: JsonType {
        /// `application/json` to those whose `Accept` names it, else `text/html`.
        Auto = "auto",
        /// `text/html`, as the original called it.
        Html = "html",
        /// `application/json`.
        Json = "json",
    }
    /// `getBalance` (`api/sms-service-online.txt`, getBalance).
    balance: Balance {
        /// `ACCESS_BALANCE:463.02`.
        Word = "word",
        /// `463.02`.
        Bare = "bare",
    }
    /// The counts of `getNumbersStatus` (`WIRE.md` section 1, item 6; `api/smsak.txt`, getNumbersStatus).
    counts: Counts {
        /// `"vk_0":"154"`.
        Text = "text",
        /// `"vk_0":154`.
        Number = "number",
    }
    /// The costs of `getPrices` (`api/sms-man.txt`, getPrices).
    costs: Costs {
        /// `"cost":15`.
        Number = "number",
        /// `"cost":"15"`.
        Text = "text",
    }
    /// `getCountries` (`api/sms-man.txt` and `api/smsak.txt`, getCountries).
    countries: Countries {
        /// An object by number, with names in three languages.
        Object = "object",
        /// `[{"id":0,"name":"Россия","name_en":"Russia"}]`.
        List = "list",
        /// An object by number, with `id` as a text and the Russian name alone.
        Russian = "russian",
    }
    /// `getServicesList`.
    services_list: ServicesList {
        /// `{"status":"success","services":[…]}`.
        Wrapped = "wrapped",
        /// `[…]`.
        Bare = "bare",
    }
    /// `activationId` of `getNumberV2`.
    activation_id: ActivationId {
        /// `635468024`.
        Number = "number",
        /// `"635468024"`.
        Text = "text",
    }
    /// `canGetAnotherSms` of `getNumberV2`.
    can_get_another_sms: AnotherSms {
        /// `"1"`.
        Text = "text",
        /// `true`.
        Bool = "bool",
        /// `1`.
        Number = "number",
    }
    /// `currency` of `getNumberV2`, without which HeroSMS's clients cannot read it (`WIRE.md` section 3, HERO, RS).
    v2_currency: V2Currency {
        /// Only where the service says it.
        Passed = "passed",
        /// Always, by its number in ISO 4217: `643`.
        Number = "number",
    }
    /// `getStatusV2` while a message is awaited.
    status_v2_waiting: StatusV2Waiting {
        /// `{"verificationType":0,"sms":null,"call":null}`.
        Json = "json",
        /// As `getStatus`, `STATUS_WAIT_CODE`.
        Text = "text",
    }
    /// `smsCode` of `getActiveActivations`.
    sms_code: SmsCode {
        /// Every code, in a list.
        List = "list",
        /// The last code, or an empty text.
        Text = "text",
    }
    /// `values` of `getRentStatus`.
    rent_values: RentValues {
        /// `{"0":{…},"1":{…}}`.
        Object = "object",
        /// `[{…},{…}]`.
        List = "list",
    }
    /// The word for an id that is no activation's.
    unknown_id: UnknownId {
        /// As documented.
        NoActivation = "NO_ACTIVATION",
        /// As the original had it later.
        WrongActivationId = "WRONG_ACTIVATION_ID",
    }
    /// The parameter `lang` (`api/sms-service-online.txt`, the first paragraph).
    lang: Lang {
        /// It may stand there.
        Ignored = "ignored",
        /// It must be `ru` or `en`, and chooses between rubles and dollars.
        Required = "required",
    }
}
