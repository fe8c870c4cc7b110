//! How much of the catalog an upstream's cross-walk reaches, for people to read. Knows no upstream.

use std::fmt;

use super::{Catalog, CountryEntry, Mapping, ServiceEntry};
use crate::domain::{Country, Operator};

/// How wide the report is.
const WIDTH: usize = 100;

/// What of the catalog is mapped and what is not.
#[derive(Debug, Clone)]
pub struct Coverage<'a> {
    /// Services: how many are mapped, how many there are.
    pub services: (usize, usize),
    /// Countries: how many are mapped, how many there are.
    pub countries: (usize, usize),
    /// Operators of all countries: how many are mapped, how many there are.
    pub operators: (usize, usize),
    /// The services that are not mapped.
    pub unmapped_services: Vec<&'a ServiceEntry>,
    /// The countries that are not mapped.
    pub unmapped_countries: Vec<&'a CountryEntry>,
    /// The operators that are not mapped, those of unmapped countries included.
    pub unmapped_operators: Vec<(Country, Operator)>,
}

impl<'a> Coverage<'a> {
    /// Measures a cross-walk against the catalog.
    pub fn of(catalog: &'a Catalog, mapping: &Mapping) -> Self {
        let unmapped_services: Vec<_> =
            catalog.services().iter().filter(|entry| mapping.services(&entry.code).is_empty()).collect();
        let unmapped_countries: Vec<_> =
            catalog.countries().iter().filter(|entry| mapping.country(entry.id).is_none()).collect();
        let operators: Vec<_> = catalog
            .countries()
            .iter()
            .flat_map(|entry| catalog.operators(entry.id).iter().map(move |operator| (entry.id, operator)))
            .collect();
        let total = operators.len();
        let unmapped_operators: Vec<_> = operators
            .into_iter()
            .filter(|(country, operator)| mapping.operator(*country, operator).is_none())
            .map(|(country, operator)| (country, operator.clone()))
            .collect();
        let mapped = |total: usize, unmapped: usize| (total - unmapped, total);
        Self {
            services: mapped(catalog.services().len(), unmapped_services.len()),
            countries: mapped(catalog.countries().len(), unmapped_countries.len()),
            operators: mapped(total, unmapped_operators.len()),
            unmapped_services,
            unmapped_countries,
            unmapped_operators,
        }
    }

    /// The unmapped operators of the countries that are mapped, as `0: sber, aiva`.
    fn operators_by_country(&self) -> Vec<String> {
        let mut lines: Vec<(Country, String)> = Vec::new();
        for (country, operator) in &self.unmapped_operators {
            if self.unmapped_countries.iter().any(|entry| entry.id == *country) {
                continue;
            }
            match lines.last_mut() {
                Some((last, line)) if last == country => {
                    line.push_str(", ");
                    line.push_str(operator.as_str());
                }
                _ => lines.push((*country, format!("{country}: {operator}"))),
            }
        }
        lines.into_iter().map(|(_, line)| line).collect()
    }
}

impl fmt::Display for Coverage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, (mapped, total)) in
            [("services", self.services), ("countries", self.countries), ("operators", self.operators)]
        {
            writeln!(f, "{what:<10} {mapped:>5} of {total:>5}")?;
        }
        let services = self.unmapped_services.iter().map(|entry| format!("{} ({})", entry.code, entry.name));
        paragraph(f, "services not mapped", services)?;
        let countries = self.unmapped_countries.iter().map(|entry| format!("{} ({})", entry.id, entry.eng));
        paragraph(f, "countries not mapped", countries)?;
        let operators = self.operators_by_country();
        if !operators.is_empty() {
            writeln!(f, "\noperators not mapped, in the countries that are:")?;
        }
        operators.iter().try_for_each(|line| wrapped(f, line.split_inclusive(", ").map(str::trim_end)))
    }
}

/// A heading and its items, divided by commas; nothing where there are none.
fn paragraph(
    f: &mut fmt::Formatter<'_>,
    heading: &str,
    items: impl ExactSizeIterator<Item = String>,
) -> fmt::Result {
    let last = items.len();
    if last == 0 {
        return Ok(());
    }
    writeln!(f, "\n{heading}:")?;
    let items: Vec<String> =
        (1..).zip(items).map(|(nth, item)| if nth == last { item } else { item + "," }).collect();
    wrapped(f, items.iter().map(String::as_str))
}

/// Items on indented lines of at most [`WIDTH`] characters; an item is never broken.
fn wrapped<'a>(f: &mut fmt::Formatter<'_>, items: impl Iterator<Item = &'a str>) -> fmt::Result {
    let mut line = String::new();
    for item in items {
        if !line.is_empty() && line.chars().count() + 3 + item.chars().count() > WIDTH {
            writeln!(f, " {line}")?;
            line.clear();
        }
        line.push(' ');
        line.push_str(item);
    }
    writeln!(f, " {line}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::sample;

    #[test]
    fn identity_covers_everything_and_says_no_more() {
        let catalog = Catalog::builtin();
        let coverage = Coverage::of(catalog, &Mapping::identity(catalog));
        assert_eq!(coverage.services, (catalog.services().len(), catalog.services().len()));
        assert_eq!(coverage.countries, (catalog.countries().len(), catalog.countries().len()));
        assert_eq!(coverage.operators.0, coverage.operators.1);
        assert_eq!(coverage.to_string().lines().count(), 3);
    }

    #[test]
    fn the_report_counts_first_and_fits_its_width() {
        let catalog = Catalog::builtin();
        let coverage = Coverage::of(catalog, &sample::mapping());
        let report = coverage.to_string();
        assert!(
            report.starts_with(&format!(
                "services   {:>5} of {:>5}\n",
                coverage.services.0, coverage.services.1
            ))
        );
        assert!(report.lines().all(|line| line.chars().count() <= WIDTH), "{report}");
        assert!(report.contains("ok (ok.ru),") && report.contains("12 (USA (virtual)),"));
        assert!(report.contains("\n  1: mts, utel, intertelecom, 3mob\n"), "{report}");
        assert!(!report.contains("\n  3: "), "the operators of an unmapped country go without saying");
    }
}
