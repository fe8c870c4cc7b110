//! Makes the catalog from its three files and refuses what is malformed, doubled or dangling. Knows
//! no upstream.

use std::collections::{HashMap, HashSet};

use super::error::CatalogError;
use super::tsv::{Row, Source};
use super::{Catalog, CountryEntry, ServiceEntry};
use crate::domain::{Country, Operator, Service};

/// The files of the catalog itself.
#[derive(Clone, Copy)]
pub(super) struct OwnFiles<'a> {
    pub(super) services: Source<'a>,
    pub(super) countries: Source<'a>,
    pub(super) operators: Source<'a>,
}

/// The files that are built in.
pub(super) const FILES: OwnFiles<'static> = OwnFiles {
    services: Source { name: "services.tsv", text: include_str!("data/services.tsv") },
    countries: Source { name: "countries.tsv", text: include_str!("data/countries.tsv") },
    operators: Source { name: "operators.tsv", text: include_str!("data/operators.tsv") },
};

/// Reads and checks the files.
pub(super) fn load(files: OwnFiles<'_>) -> Result<Catalog, CatalogError> {
    let services = services(files.services)?;
    let mut countries = countries(files.countries)?;
    countries.sort_by_key(|entry| entry.id);
    let mut catalog = Catalog {
        service_at: services.iter().zip(0..).map(|(entry, at)| (entry.code.clone(), at)).collect(),
        services,
        country_at: countries.iter().zip(0..).map(|(entry, at)| (entry.id, at)).collect(),
        countries,
        operators: HashMap::new(),
    };
    catalog.operators = operators(files.operators, &catalog)?;
    Ok(catalog)
}

fn services(source: Source<'_>) -> Result<Vec<ServiceEntry>, CatalogError> {
    let mut seen = HashSet::new();
    let mut services = Vec::new();
    for row in source.rows(["code", "name", "forwardable"])? {
        let [code, name, forwardable] = row.fields;
        let code = row.parse(code, Service::parse)?;
        row.new_code(seen.insert(code.clone()), &code)?;
        let name = row.filled(name)?.to_owned();
        let forwardable = row.either(forwardable, ["1", "0"], "1 or 0")?;
        services.push(ServiceEntry { code, name, forwardable });
    }
    Ok(services)
}

fn countries(source: Source<'_>) -> Result<Vec<CountryEntry>, CatalogError> {
    let mut seen = HashSet::new();
    let mut countries = Vec::new();
    for row in source.rows(["id", "iso2", "eng", "rus", "chn"])? {
        let [id, iso2, eng, rus, chn] = row.fields;
        let id = row.parse(id, Country::parse)?;
        row.new_code(seen.insert(id), id)?;
        let text = |field| row.filled(field).map(str::to_owned);
        countries.push(CountryEntry {
            id,
            iso2: text(iso2)?,
            rus: text(rus)?,
            eng: text(eng)?,
            chn: text(chn)?,
        });
    }
    Ok(countries)
}

fn operators(source: Source<'_>, catalog: &Catalog) -> Result<HashMap<Country, Vec<Operator>>, CatalogError> {
    let mut all = HashMap::new();
    for row in source.rows(["country", "operators"])? {
        let [country, names] = row.fields;
        let country = row.parse(country, Country::parse)?;
        if catalog.country(country).is_none() {
            return Err(row.dangling(country, "countries"));
        }
        let fresh = all.insert(country, names_of(&row, names)?).is_none();
        row.new_code(fresh, country)?;
    }
    Ok(all)
}

fn names_of<const N: usize>(row: &Row<'_, N>, names: &str) -> Result<Vec<Operator>, CatalogError> {
    let mut operators = Vec::new();
    for name in names.split(',') {
        let operator = row.parse(name, Operator::parse)?;
        row.new_code(!operators.contains(&operator), &operator)?;
        operators.push(operator);
    }
    Ok(operators)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICES: &str = "code\tname\tforwardable\ntg\tTelegram\t0\n";
    const COUNTRIES: &str =
        "id\tiso2\teng\trus\tchn\n1\tUA\tUkraine\tУкраина\t乌克兰\n0\tRU\tRussia\tРоссия\t俄罗斯\n";
    const OPERATORS: &str = "country\toperators\n0\tmts,tele2\n";

    fn try_load(services: &str, countries: &str, operators: &str) -> Result<Catalog, String> {
        let source = |name, text| Source { name, text };
        load(OwnFiles {
            services: source("services.tsv", services),
            countries: source("countries.tsv", countries),
            operators: source("operators.tsv", operators),
        })
        .map_err(|error| error.to_string())
    }

    /// The complaint about the good files with one row more.
    fn complaint(service: &str, country: &str, operator: &str) -> String {
        let with = |file: &str, row| format!("{file}{row}");
        try_load(&with(SERVICES, service), &with(COUNTRIES, country), &with(OPERATORS, operator)).unwrap_err()
    }

    #[test]
    fn countries_stand_by_id_whatever_the_order_of_the_file() {
        let catalog = try_load(SERVICES, COUNTRIES, OPERATORS).unwrap();
        let ids: Vec<_> = catalog.countries().iter().map(|entry| entry.id.0).collect();
        assert_eq!(ids, [0, 1]);
        assert_eq!(catalog.country(Country(1)).unwrap().eng, "Ukraine");
        assert!(catalog.operators(Country(1)).is_empty());
    }

    #[test]
    fn doubled_codes_are_refused() {
        assert_eq!(complaint("tg\tOther\t0", "", ""), "services.tsv:3: `tg` is given twice");
        assert_eq!(complaint("", "0\tXX\tX\tX\tX", ""), "countries.tsv:4: `0` is given twice");
        assert_eq!(complaint("", "", "0\tmts"), "operators.tsv:3: `0` is given twice");
        assert_eq!(complaint("", "", "1\tmts,mts"), "operators.tsv:3: `mts` is given twice");
    }

    #[test]
    fn dangling_and_malformed_rows_are_refused() {
        assert_eq!(complaint("", "", "7\tmts"), "operators.tsv:3: `7` is not in the countries");
        assert_eq!(
            complaint("", "", "1\tmts,"),
            "operators.tsv:3: ``: an operator's name has 1 to 40 characters"
        );
        assert_eq!(
            complaint("t g\tX\t0", "", ""),
            "services.tsv:3: `t g`: a service code has 1 to 16 letters and digits"
        );
        assert_eq!(complaint("vk\tX\tyes", "", ""), "services.tsv:3: `yes` should be 1 or 0");
        assert_eq!(complaint("vk\t-\t0", "", ""), "services.tsv:3: `` should be filled");
        assert_eq!(
            complaint("", "x\tXX\tX\tX\tX", ""),
            "countries.tsv:4: `x`: a country is a decimal number"
        );
        assert_eq!(complaint("", "5\tXX\tX\tX", ""), "countries.tsv:4: 4 fields instead of 5");
    }
}
