//! Reads an upstream's own lists and the rows that tie them to the catalog, and refuses rows that are
//! malformed, doubled, dangling or slipped. Knows no upstream.

use std::collections::HashMap;

use super::error::{CatalogError, Problem};
use super::files::OwnCountry;
use super::mapping::Tables;
use super::pairs::Pairs;
use super::tsv::Source;
use super::{Catalog, Files};
use crate::domain::{Country, Operator};

const UPSTREAM_COUNTRIES: &str = "upstream's countries";
const UPSTREAM_OPERATORS: &str = "upstream's operators of that country";

/// Reads and checks an upstream's files.
pub(super) fn load(files: &Files<'_>, catalog: &Catalog) -> Result<Tables, CatalogError> {
    let mut services = Pairs::default();
    for row in files.decisions(catalog)?.iter().filter(|row| row.is_same) {
        services.add(&row.service, row.upstream);
    }
    let own_countries = files.own_countries(catalog)?;
    let mut countries = Pairs::default();
    for own in &own_countries {
        countries.add(&own.country, own.code);
    }
    let operators = match files.operators {
        Some(source) => operators(source, catalog, &own_countries)?,
        None => HashMap::new(),
    };
    Ok(Tables { services, countries, operators })
}

fn operators(
    source: Source<'_>,
    catalog: &Catalog,
    own: &[OwnCountry<'_>],
) -> Result<HashMap<Country, Pairs<Operator>>, CatalogError> {
    let mut all: HashMap<Country, Pairs<Operator>> = HashMap::new();
    for row in source.rows(["country", "operator", "upstream", "kind", "note"])? {
        let [id, name, upstream, kind, _] = row.fields;
        let country = row.parse(id, Country::parse)?;
        let here = own.iter().find(|own| own.country == country);
        let here = here.ok_or_else(|| row.dangling(id, UPSTREAM_COUNTRIES))?;
        if !here.operators.contains(&upstream) {
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
    use crate::domain::Service;

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
            operators: Some(Source { name: "operators", text: operators }),
            traps: None,
        };
        load(&files, Catalog::builtin()).map_err(|error| error.to_string())
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
    fn an_upstream_need_not_have_operators() {
        let files = Files {
            services: Source { name: "services", text: GOOD[0] },
            service_map: Source { name: "map", text: GOOD[1] },
            countries: Source { name: "countries", text: GOOD[2] },
            operators: None,
            traps: None,
        };
        assert!(load(&files, Catalog::builtin()).unwrap().operators.is_empty());
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
