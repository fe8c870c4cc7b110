//! How mobile numbers look in each country, so that invented ones look real. Knows no dialect.

/// The table; its first lines say where it is from.
const TABLE: &str = include_str!("dialling.tsv");

/// How a country's mobile numbers begin, and how many digits follow, by its ISO letters.
pub fn of(iso2: &str) -> Option<(&'static str, usize)> {
    TABLE.lines().find_map(|line| {
        let mut fields = line.split('\t');
        (fields.next()? == iso2).then_some(())?;
        Some((fields.next()?, fields.next()?.parse().ok()?))
    })
}
