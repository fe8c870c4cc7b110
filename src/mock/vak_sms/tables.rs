//! The codes that VAK-SMS documents, and how numbers look where it sells them. Knows no other system's
//! codes.
//!
//! Source: `api/vak-sms.txt`, "Количество доступных номеров" (services, countries, operators). The
//! numbers' beginnings are those of the countries' mobile numbering plans.

/// A country.
pub(super) struct Country {
    pub(super) code: &'static str,
    /// How its mobile numbers begin.
    pub(super) prefix: &'static str,
    /// How many digits they have.
    pub(super) length: usize,
    pub(super) operators: &'static [&'static str],
}

const fn country(
    code: &'static str,
    prefix: &'static str,
    length: usize,
    operators: &'static [&'static str],
) -> Country {
    Country { code, prefix, length, operators }
}

/// Every country.
pub(super) static COUNTRIES: &[Country] = &[
    country("at", "43660", 12, &["a1", "lycamobile", "orange", "telering"]),
    country("bg", "35988", 12, &["a1", "bulsatcom", "max telecom", "telenor", "vivacom"]),
    country("cz", "42077", 12, &["nordic telecom", "o2", "szdc", "tmobile", "vodafone"]),
    country("dk", "4550", 10, &["lycamobile"]),
    country("ee", "37255", 11, &["elisa", "tele2", "telia"]),
    country("fi", "35840", 12, &["dna", "elisa"]),
    country("fr", "336", 11, &["lebara", "lycamobile", "sfr"]),
    country("ge", "99555", 12, &["beeline", "geocell", "magticom", "silknet"]),
    country("de", "49151", 13, &["lebara", "lycamobile", "vodafone"]),
    country("hk", "8526", 11, &["china mobile", "csl", "smartone", "three"]),
    country("id", "62812", 13, &["axis", "indosat", "smartfren", "telkomsel", "three"]),
    country("kz", "7701", 11, &["activ", "altel", "beeline", "forte mobile", "tele2"]),
    country("ke", "2547", 12, &["airtel", "econet", "orange", "safaricom", "telkom"]),
    country("la", "85620", 13, &["beeline", "etl", "laotel", "unitel"]),
    country("lv", "3712", 11, &["lmt", "tele2"]),
    country("lt", "3706", 11, &["labas", "pylduk", "tele2"]),
    country(
        "my",
        "6011",
        12,
        &["celcom", "digi", "electcoms", "indosat", "maxis", "telekom", "tune talk", "u mobile", "yes"],
    ),
    country("mx", "521", 12, &["telcel"]),
    country("md", "37369", 11, &["moldcell", "orange"]),
    country("ma", "2126", 12, &["inwi", "maroc telecom", "orange"]),
    country("nl", "316", 11, &["kpn", "lebara", "lmobiel", "lycamobile"]),
    country("ph", "639", 12, &["globe telecom", "smart", "sun cellular"]),
    country("pl", "4851", 11, &["nju", "orange", "play", "plus", "tmobile"]),
    country("pt", "3519", 12, &["lycamobile", "vodafone"]),
    country("ro", "407", 11, &["vodafone"]),
    country(
        "ru",
        "79",
        11,
        &[
            "beeline",
            "lycamobile",
            "megafon",
            "mts",
            "mtt",
            "patriot",
            "rostelecom",
            "tele2",
            "tinkoff",
            "vtbmobile",
            "yota",
        ],
    ),
    country("es", "346", 11, &["lycamobile", "yoigo"]),
    country("se", "467", 11, &["comviq", "lycamobile", "telenor"]),
    country("th", "668", 11, &["ais", "dtac", "truemove"]),
    country("ua", "38067", 12, &["kyivstar", "lifecell", "lycamobile", "vodafone"]),
    country(
        "gb",
        "447",
        12,
        &["ee", "giffgaff", "lycamobile", "o2", "orange", "three", "tmobile", "vodafone"],
    ),
    country("us", "1415", 11, &["tmobile"]),
    country("vn", "8492", 11, &["vietnamobile"]),
];

/// Every service: there is neither `vk` nor `ok` among them, whatever the examples show.
#[rustfmt::skip]
pub(super) static SERVICES: &[&str] = &[
    "dr", "tf", "cp", "qw", "mr", "nf", "td", "ig", "tg", "tw", "yh", "ai", "pp", "vi", "nk", "tk", "ub",
    "dc", "qq", "lm", "ym", "ll", "ab", "ao", "st", "pm", "wm", "md", "wa", "fb", "ms", "wc", "gl", "ya",
    "cf", "cks", "lt", "us", "ss", "ar", "kf", "dd", "dk", "ep", "rk", "pf", "wer", "als", "bf", "gp", "rd",
    "ste", "am", "bb", "vv", "ge", "rl", "eb", "nv", "gal", "me", "mrf", "bt", "fr", "fc", "wt", "bm", "pv",
    "rv", "ho", "xi", "ci", "bk", "pbk", "rt", "bz", "fkhk", "al", "hy", "ef", "ec", "chs", "eg", "hi",
    "gd", "ox", "sn", "hn", "pd", "kb", "rc", "ag", "gap", "cl", "wn", "le", "tpk", "co", "hld", "mz", "pw",
    "nc", "va", "tm", "tz", "fp", "cdp", "inp", "mkz", "rmi", "str", "dl", "hh", "bth", "vt", "smm", "fml",
    "spr", "ktn", "mrs", "klh", "svb", "io", "bxn", "sb", "fx", "jd", "th", "vn", "sar", "sk", "dro", "rx",
    "sh", "24u", "wcd", "cv", "pc", "fm", "ld", "fa", "wo", "atl", "vd", "my", "af", "scd", "tv", "oc",
    "at", "yb", "fk", "sfs", "gc", "zk", "ap", "crg", "wi", "zu", "kc", "yu", "gj", "ae", "cm", "coh", "dn",
    "oo", "tn", "lv", "lkl", "rr", "og", "tb", "strh", "ph", "txt", "rdf", "ti", "rtb", "nlt", "ak", "ba",
    "cb", "do", "chg", "ty", "xc", "sig", "sm", "mv", "bg", "sl", "be", "ks", "gm", "rf", "xf", "or", "au",
    "uo", "xn", "jz", "fu", "prf", "zm", "ol", "ac", "tot", "nx", "shc", "kt", "jt", "bc", "ta", "iqs",
    "tst", "vr", "bgp", "bl", "on", "sa", "ln", "mlg", "ke", "br", "dv", "oz", "kn", "hz", "dp", "qz", "ry",
    "av", "re", "fi", "wb", "x5", "il", "b24", "mrl", "mb", "je", "mg", "yd", "fl", "im", "kg", "mn", "um",
    "zn", "sy", "dom", "dx", "az", "se", "xa", "wp", "rb", "ed", "pi", "kp", "vsi", "ud", "et", "sv", "ik",
    "rn", "nl", "cg", "lg", "vs", "vf", "yam", "ov", "qx", "kj", "zj", "ca", "yr", "blp",
];
