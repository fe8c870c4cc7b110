//! Reads an upstream's own lists and the rows that tie them to the catalog, and refuses rows that are
//! malformed, doubled, dangling or slipped. Knows the files of each upstream, not its API.

use std::collections::{HashMap, HashSet};

use super::Catalog;
use super::error::{CatalogError, Problem};
use super::mapping::Tables;
use super::pairs::Pairs;
use super::tsv::{Row, Source};
use crate::domain::{Country, Operator, Service};

const SERVICES: &str = "services";
const UPSTREAM_SERVICES: &str = "upstream's services";
const COUNTRIES: &str = "countries";
const UPSTREAM_COUNTRIES: &str = "upstream's countries";
const UPSTREAM_OPERATORS: &str = "upstream's operators of that country";

/// The files of an upstream.
#[derive(Clone, Copy)]
pub(super) struct Files<'a> {
    /// Its own services.
    pub(super) services: Source<'a>,
    /// Which of the dialect's services is which of them.
    pub(super) service_map: Source<'a>,
    /// Its own countries with the dialect's ids, and its own operators.
    pub(super) countries: Source<'a>,
    /// Which of the dialect's operators is which of its.
    pub(super) operators: Source<'a>,
}

/// VAK-SMS's files.
pub(super) const VAK_SMS: Files<'static> = Files {
    services: Source { name: "vak_sms_services.tsv", text: include_str!("data/vak_sms_services.tsv") },
    service_map: Source {
        name: "vak_sms_service_map.tsv",
        text: include_str!("data/vak_sms_service_map.tsv"),
    },
    countries: Source { name: "vak_sms_countries.tsv", text: include_str!("data/vak_sms_countries.tsv") },
    operators: Source { name: "vak_sms_operators.tsv", text: include_str!("data/vak_sms_operators.tsv") },
};

/// Reads and checks an upstream's files.
pub(super) fn load(files: Files<'_>, catalog: &Catalog) -> Result<Tables, CatalogError> {
    let own_services = own_services(files.services)?;
    let services = services(files.service_map, catalog, &own_services)?;
    let (countries, own_operators) = countries(files.countries, catalog)?;
    let operators = operators(files.operators, catalog, &own_operators)?;
    Ok(Tables { services, countries, operators })
}

/// Code → name.
fn own_services(source: Source<'_>) -> Result<HashMap<&str, &str>, CatalogError> {
    let mut own = HashMap::new();
    for row in source.rows(["code", "name"])? {
        let [code, name] = row.fields;
        row.filled(code)?;
        row.new_code(own.insert(code, row.filled(name)?).is_none(), code)?;
    }
    Ok(own)
}

fn services(
    source: Source<'_>,
    catalog: &Catalog,
    own: &HashMap<&str, &str>,
) -> Result<Pairs<Service>, CatalogError> {
    let mut seen = HashSet::new();
    let mut pairs = Pairs::default();
    for row in source.rows(["service", "name", "upstream", "upstream_name", "decided", "note"])? {
        let [code, name, upstream, upstream_name, decided, _] = row.fields;
        let service = row.parse(code, Service::parse)?;
        let entry = catalog.service(&service).ok_or_else(|| row.dangling(code, SERVICES))?;
        same_name(&row, code, &entry.name, name, SERVICES)?;
        let own_name = own.get(upstream).ok_or_else(|| row.dangling(upstream, UPSTREAM_SERVICES))?;
        same_name(&row, upstream, own_name, upstream_name, UPSTREAM_SERVICES)?;
        row.new_code(seen.insert((code, upstream)), format!("{code} {upstream}"))?;
        if row.either(decided, ["yes", "no"], "yes or no")? {
            pairs.add(&service, upstream);
        }
    }
    Ok(pairs)
}

/// A code alone does not show that it slipped into the wrong row; the name beside it does.
fn same_name<const N: usize>(
    row: &Row<'_, N>,
    code: &str,
    listed: &str,
    found: &str,
    list: &'static str,
) -> Result<(), CatalogError> {
    if listed == found {
        return Ok(());
    }
    let (code, listed, found) = (code.to_owned(), listed.to_owned(), found.to_owned());
    Err(row.error(Problem::Name { code, listed, found, list }))
}

/// The upstream's own operators of each country.
type OwnOperators<'a> = HashMap<Country, Vec<&'a str>>;

fn countries<'a>(
    source: Source<'a>,
    catalog: &Catalog,
) -> Result<(Pairs<Country>, OwnOperators<'a>), CatalogError> {
    let mut codes = HashSet::new();
    let mut pairs = Pairs::default();
    let mut own = HashMap::new();
    for row in source.rows(["code", "name", "country", "operators"])? {
        let [code, _, id, operators] = row.fields;
        row.new_code(codes.insert(row.filled(code)?), code)?;
        let country = row.parse(id, Country::parse)?;
        catalog.country(country).ok_or_else(|| row.dangling(id, COUNTRIES))?;
        pairs.add(&country, code);
        let operators = operators.split(',').filter(|name| !name.is_empty()).collect();
        row.new_code(own.insert(country, operators).is_none(), id)?;
    }
    Ok((pairs, own))
}

fn operators(
    source: Source<'_>,
    catalog: &Catalog,
    own: &OwnOperators<'_>,
) -> Result<HashMap<Country, Pairs<Operator>>, CatalogError> {
    let mut all: HashMap<Country, Pairs<Operator>> = HashMap::new();
    for row in source.rows(["country", "operator", "upstream", "kind", "note"])? {
        let [id, name, upstream, kind, _] = row.fields;
        let country = row.parse(id, Country::parse)?;
        let own_here = own.get(&country).ok_or_else(|| row.dangling(id, UPSTREAM_COUNTRIES))?;
        if !own_here.contains(&upstream) {
            return Err(row.dangling(upstream, UPSTREAM_OPERATORS));
        }
        let operator = row.parse(name, Operator::parse)?;
        let listed = row.either(kind, ["listed", "own"], "listed or own")?;
        if listed != catalog.operators(country).contains(&operator) {
            let allowed = if listed { "own" } else { "listed" };
            return Err(row.error(Problem::Choice { text: kind.to_owned(), allowed }));
        }
        let pairs = all.entry(country).or_default();
        row.new_code(pairs.upstream(&operator).is_empty(), format!("{id} {name}"))?;
        pairs.add(&operator, upstream);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [&str; 4] = [
        "code\tname\nmr\tVK - MailRu\ntk\tTiktok\n",
        "service\tname\tupstream\tupstream_name\tdecided\tnote\nvk\tvk.com\tmr\tVK - MailRu\tyes\t-\n",
        "code\tname\tcountry\toperators\nua\tUkraine\t1\tlifecell,vodafone\n",
        "country\toperator\tupstream\tkind\tnote\n1\tlife\tlifecell\tlisted\t-\n",
    ];

    fn try_load([services, service_map, countries, operators]: [&str; 4]) -> Result<Tables, String> {
        let files = Files {
            services: Source { name: "services", text: services },
            service_map: Source { name: "map", text: service_map },
            countries: Source { name: "countries", text: countries },
            operators: Source { name: "operators", text: operators },
        };
        load(files, Catalog::builtin()).map_err(|error| error.to_string())
    }

    /// The complaint about the good files with one row more in the file `at`.
    fn complaint(at: usize, row: &str) -> String {
        let longer = format!("{}{row}\n", GOOD[at]);
        let mut files = GOOD;
        files[at] = &longer;
        try_load(files).unwrap_err()
    }

    #[test]
    fn a_row_decided_no_maps_nothing() {
        let longer = format!("{}lf\tTikTok/Douyin\ttk\tTiktok\tno\twhy\n", GOOD[1]);
        let tables = try_load([GOOD[0], &longer, GOOD[2], GOOD[3]]).unwrap();
        assert_eq!(tables.services.codes(), [Service::parse("vk").unwrap()]);
        assert!(tables.services.dialect("tk").is_empty());
    }

    #[test]
    fn doubled_rows_are_refused() {
        assert_eq!(complaint(0, "mr\tOther"), "services:4: `mr` is given twice");
        assert_eq!(complaint(1, "vk\tvk.com\tmr\tVK - MailRu\tno\t-"), "map:3: `vk mr` is given twice");
        assert_eq!(complaint(2, "ua\tX\t2\t-"), "countries:3: `ua` is given twice");
        assert_eq!(complaint(2, "xx\tX\t1\t-"), "countries:3: `1` is given twice");
        assert_eq!(complaint(3, "1\tlife\tvodafone\tlisted\t-"), "operators:3: `1 life` is given twice");
    }

    #[test]
    fn dangling_and_slipped_rows_are_refused() {
        assert_eq!(complaint(1, "zzzz\tX\tmr\tVK - MailRu\tyes\t-"), "map:3: `zzzz` is not in the services");
        assert_eq!(
            complaint(1, "ma\tMail.ru\txx\tX\tyes\t-"),
            "map:3: `xx` is not in the upstream's services"
        );
        assert_eq!(
            complaint(1, "ma\tFastmail\tmr\tVK - MailRu\tyes\t-"),
            "map:3: `ma` is `Mail.ru` in the services, not `Fastmail`"
        );
        assert_eq!(
            complaint(1, "ma\tMail.ru\tmr\tFastmail\tyes\t-"),
            "map:3: `mr` is `VK - MailRu` in the upstream's services, not `Fastmail`"
        );
        assert_eq!(complaint(1, "ma\tMail.ru\tmr\tVK - MailRu\t-\t-"), "map:3: `` should be yes or no");
        assert_eq!(complaint(2, "xx\tX\t999\t-"), "countries:3: `999` is not in the countries");
        assert_eq!(
            complaint(3, "2\tbeeline\tbeeline\tlisted\t-"),
            "operators:3: `2` is not in the upstream's countries"
        );
        assert_eq!(
            complaint(3, "1\tmts\tmts\tlisted\t-"),
            "operators:3: `mts` is not in the upstream's operators of that country"
        );
        assert_eq!(complaint(3, "1\tlifecell\tlifecell\tlisted\t-"), "operators:3: `listed` should be own");
        assert_eq!(complaint(3, "1\tvodafone\tvodafone\town\t-"), "operators:3: `own` should be listed");
    }
}
