//! The countries, operators and services that sms-service-online documents, and how numbers look where it
//! sells them. Knows no other system's codes.
//!
//! Source: `api/sms-service-online.txt`, annexes 1 and 2, printed as they are there with their errors. The
//! numbers' beginnings are those of the countries' mobile numbering plans.

const COUNTRIES: &str = include_str!("countries.tsv");
const SERVICES: &str = include_str!("services.tsv");

/// "Any operator", which every country has among its operators.
pub(super) const ANY: &str = "any";

/// A country.
#[derive(Debug)]
pub(super) struct Country {
    pub(super) id: u16,
    pub(super) name: &'static str,
    /// How its mobile numbers begin.
    pub(super) prefix: &'static str,
    /// How many digits they have.
    pub(super) length: usize,
    pub(super) operators: Vec<&'static str>,
}

impl Country {
    /// Without "any".
    pub(super) fn named_operators(&self) -> impl Iterator<Item = &'static str> {
        self.operators.iter().copied().filter(|name| *name != ANY)
    }
}

/// A service.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) id: &'static str,
    /// Empty for those whose name the annex leaves out.
    pub(super) name: &'static str,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) countries: Vec<Country>,
    pub(super) services: Vec<Service>,
}

impl Tables {
    pub(super) fn read() -> Self {
        Self {
            countries: rows(COUNTRIES).filter_map(country).collect(),
            services: rows(SERVICES).filter_map(service).collect(),
        }
    }
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn country(row: Vec<&'static str>) -> Option<Country> {
    let [id, name, prefix, length, operators] = row.try_into().ok()?;
    let (id, length) = (id.parse().ok()?, length.parse().ok()?);
    Some(Country { id, name, prefix, length, operators: operators.split(',').collect() })
}

fn service(row: Vec<&'static str>) -> Option<Service> {
    let [id, name] = row.try_into().ok()?;
    Some(Service { id, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        let tables = Tables::read();
        assert_eq!((tables.countries.len(), tables.services.len()), (110, 224));
        for country in &tables.countries {
            assert!(country.operators.contains(&ANY), "{country:?}");
            assert!(country.length >= country.prefix.len() + 5 && country.length <= 15, "{country:?}");
        }
        let nameless: Vec<_> = tables.services.iter().filter(|service| service.name.is_empty()).collect();
        assert_eq!(nameless.len(), 5);
    }
}
