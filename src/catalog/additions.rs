//! What a user maps beyond the built-in cross-walk, and what is said when that cannot be right. Knows
//! no configuration file, only its two tables: the dialect's code = the upstream's code.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Catalog, CountryEntry, Mapping, ServiceEntry};
use crate::domain::{Country, Service};

/// How alike a key and a name must be for the name's code to be proposed.
const ALIKE: f64 = 0.9;

/// An addition that cannot be right; the text names the key and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// The left side is no service of the dialect.
    #[error(
        "services.{key}: the left side has to be a service code of sms-activate, and `{key}` is none{}",
        proposal(near)
    )]
    Service {
        /// The left side.
        key: String,
        /// What may have been meant, as `tg (Telegram)`.
        near: Option<String>,
    },
    /// The left side is no country of the dialect.
    #[error(
        "countries.{key}: the left side has to be a country id of sms-activate, and `{key}` is none{}",
        proposal(near)
    )]
    Country {
        /// The left side.
        key: String,
        /// What may have been meant, as `16 (United Kingdom)`.
        near: Option<String>,
    },
    /// The right side is empty.
    #[error("{table}.{key}: the right side has to be the provider's own code, and it is empty")]
    Empty {
        /// `services` or `countries`.
        table: &'static str,
        /// The left side.
        key: String,
    },
}

fn proposal(near: &Option<String>) -> String {
    near.as_ref().map(|near| format!("; did you mean {near}?")).unwrap_or_default()
}

impl Mapping {
    /// Adds a user's pairs, dialect code = upstream code; each replaces what was mapped for its code.
    ///
    /// # Errors
    /// When a left side is nothing that the catalog has, or a right side is empty. An upstream that
    /// speaks the dialect itself may have codes that the catalog has not.
    pub fn with_additions(
        mut self,
        catalog: &Catalog,
        services: &BTreeMap<String, String>,
        countries: &BTreeMap<String, String>,
    ) -> Result<Self, MappingError> {
        let tables = Arc::make_mut(&mut self.tables);
        for (key, upstream) in services {
            let service = service_of(catalog, key, self.open)?;
            tables.services.replace(&service, filled("services", key, upstream)?);
        }
        for (key, upstream) in countries {
            let country = country_of(catalog, key, self.open)?;
            tables.countries.replace(&country, filled("countries", key, upstream)?);
        }
        Ok(self)
    }
}

fn filled<'a>(table: &'static str, key: &str, upstream: &'a str) -> Result<&'a str, MappingError> {
    match upstream.trim() {
        "" => Err(MappingError::Empty { table, key: key.to_owned() }),
        code => Ok(code),
    }
}

fn service_of(catalog: &Catalog, key: &str, open: bool) -> Result<Service, MappingError> {
    match Service::parse(key) {
        Ok(service) if open || catalog.service(&service).is_some() => Ok(service),
        _ => {
            let near = near_service(catalog, key).map(|entry| format!("{} ({})", entry.code, entry.name));
            Err(MappingError::Service { key: key.to_owned(), near })
        }
    }
}

fn country_of(catalog: &Catalog, key: &str, open: bool) -> Result<Country, MappingError> {
    match Country::parse(key) {
        Ok(country) if open || catalog.country(country).is_some() => Ok(country),
        _ => Err(MappingError::Country { key: key.to_owned(), near: near_countries(catalog, key) }),
    }
}

/// The service whose name is like `key`, else the first whose code is one slip away. A code of one or
/// two letters is a slip away from too many to propose one.
fn near_service<'a>(catalog: &'a Catalog, key: &str) -> Option<&'a ServiceEntry> {
    let all = || catalog.services().iter();
    let lower = key.trim().to_lowercase();
    all()
        .find(|entry| entry.code.as_str() == lower)
        .or_else(|| likest(all(), &lower, |entry| &entry.name))
        .or_else(|| {
            all().find(|entry| {
                lower.len() > 2 && strsim::damerau_levenshtein(entry.code.as_str(), &lower) == 1
            })
        })
}

/// The countries of these two letters of ISO 3166, else the one whose name is like `key`.
fn near_countries(catalog: &Catalog, key: &str) -> Option<String> {
    let all = || catalog.countries().iter();
    let lower = key.trim().to_lowercase();
    let mut near: Vec<&CountryEntry> = all().filter(|entry| entry.iso2.to_lowercase() == lower).collect();
    if near.is_empty() {
        near.extend(likest(all(), &lower, |entry| &entry.eng));
    }
    let texts: Vec<_> = near.iter().map(|entry| format!("{} ({})", entry.id, entry.eng)).collect();
    (!texts.is_empty()).then(|| texts.join(" or "))
}

/// The entry whose name is likest to `key`, the first of several, if it is like enough.
fn likest<'a, T>(
    entries: impl Iterator<Item = &'a T>,
    key: &str,
    name: impl Fn(&T) -> &str,
) -> Option<&'a T> {
    let mut best = (ALIKE, None);
    for entry in entries {
        let likeness = strsim::jaro_winkler(&name(entry).to_lowercase(), key);
        if likeness > best.0 {
            best = (likeness, Some(entry));
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::sample;

    fn add(from: Mapping, services: &[(&str, &str)], countries: &[(&str, &str)]) -> Result<Mapping, String> {
        let table =
            |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        from.with_additions(Catalog::builtin(), &table(services), &table(countries))
            .map_err(|error| error.to_string())
    }

    fn vak() -> Mapping {
        sample::mapping()
    }

    #[test]
    fn additions_override_and_extend_the_built_in_rows() {
        let before = vak();
        let after =
            add(before.clone(), &[("co", "rdf"), ("ok", " okr ")], &[("12", "us"), ("3", "cn")]).unwrap();
        let codes = |mapping: &Mapping, code| mapping.services(&Service::parse(code).unwrap()).into_owned();
        assert_eq!(
            (codes(&before, "co"), codes(&after, "co")),
            (vec!["mrf".into(), "rdf".into()], vec!["rdf".to_owned()])
        );
        assert!(after.services_of("mrf").is_empty());
        assert_eq!((codes(&before, "ok"), codes(&after, "ok")), (vec![], vec!["okr".to_owned()]));
        assert_eq!(
            (after.country(Country(12)).as_deref(), after.country_of("cn")),
            (Some("us"), Some(Country(3)))
        );
        assert_eq!(after.country_of("us"), Some(Country(187)), "the built-in row comes first");
        assert_eq!(before.country(Country(12)), None, "the clone it was made from is untouched");
    }

    #[test]
    fn a_wrong_left_side_is_answered_with_what_may_be_meant() {
        let says = |key| add(vak(), &[(key, "x")], &[]).unwrap_err();
        assert!(
            says("telegram").ends_with("`telegram` is none; did you mean tg (Telegram)?"),
            "{}",
            says("telegram")
        );
        assert!(says("TG").ends_with("did you mean tg (Telegram)?"));
        assert!(says("tgg").ends_with("did you mean tg (Telegram)?"));
        assert!(says("x9").ends_with("`x9` is none"));
        let says = |key| add(vak(), &[], &[(key, "x")]).unwrap_err();
        assert!(
            says("us").ends_with("`us` is none; did you mean 12 (USA (virtual)) or 187 (USA)?"),
            "{}",
            says("us")
        );
        assert!(says("Germany").ends_with("did you mean 43 (Germany)?"));
        assert!(says("999").ends_with("`999` is none"));
    }

    #[test]
    fn an_empty_right_side_is_refused() {
        assert!(add(vak(), &[("tg", " ")], &[]).unwrap_err().starts_with("services.tg: the right side"));
        assert!(add(vak(), &[], &[("0", "")]).unwrap_err().starts_with("countries.0: the right side"));
    }

    #[test]
    fn an_upstream_that_speaks_the_dialect_may_have_codes_of_its_own() {
        let open = || Mapping::open(Catalog::builtin());
        let after = add(open(), &[("zzzz", "q")], &[("999", "5")]).unwrap();
        assert_eq!(after.services(&Service::parse("zzzz").unwrap()).as_ref(), ["q"]);
        assert_eq!(after.country(Country(999)).as_deref(), Some("5"));
        assert!(add(open(), &[("t g", "q")], &[]).is_err());
    }
}
