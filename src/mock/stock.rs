//! What the market has on its shelves and at which price, drawn from the seed when it is first looked
//! at. Knows nothing of buyers; which codes exist is the owner's business.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::seed::Draw;

/// What the owner knows of a country.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// How its mobile numbers begin, in international form without the plus sign: `79`.
    pub prefix: String,
    /// How many digits its numbers have; 0 for eleven.
    pub length: usize,
    /// Its operators; none if the upstream does not tell them apart.
    pub operators: Vec<String>,
}

/// Looks up a country by its code.
pub type Places = Box<dyn Fn(&str) -> Place + Send + Sync>;

/// What is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// For one number.
    pub price: Decimal,
    /// How many numbers there are.
    pub count: u64,
}

impl Quote {
    /// What a shelf holds, all operators together, before anybody has bought from it.
    fn draw(seed: u64, country: &str, service: &str) -> Self {
        let mut draw = Draw::of(seed, &["shelf", country, service]);
        let kopecks = 200 + i64::try_from(draw.below(11_801)).unwrap_or(0);
        // A few are sold out.
        let count = if draw.below(16) == 0 { 0 } else { 1 + draw.below(5000) };
        Self { price: Decimal::new(kopecks, 2), count }
    }
}

/// The numbers of one country for one service.
#[derive(Debug, Clone)]
struct Shelf {
    price: Decimal,
    /// How many numbers each operator has; one nameless bin where operators are not told apart.
    bins: Vec<(Option<String>, u64)>,
}

impl Shelf {
    fn draw(seed: u64, country: &str, service: &str, operators: Vec<String>) -> Self {
        let Quote { price, count } = Quote::draw(seed, country, service);
        let mut bins: Vec<_> = operators.into_iter().map(|name| (Some(name), 0)).collect();
        if bins.is_empty() {
            bins.push((None, 0));
        }
        let mut shelf = Self { price, bins };
        shelf.fill(count);
        shelf
    }

    /// Spreads `count` numbers evenly over the operators.
    fn fill(&mut self, count: u64) {
        let bins = u64::try_from(self.bins.len()).unwrap_or(1).max(1);
        for (nth, (_, held)) in (0..).zip(&mut self.bins) {
            *held = count / bins + u64::from(nth < count % bins);
        }
    }

    fn count(&self, operators: &[String]) -> u64 {
        self.bins.iter().filter(|(name, _)| matches(name.as_ref(), operators)).map(|(_, held)| held).sum()
    }

    fn held(&self, operator: Option<&str>) -> u64 {
        self.bins.iter().find(|(name, _)| name.as_deref() == operator).map_or(0, |(_, held)| *held)
    }

    fn take(&mut self, operator: Option<&str>) {
        if let Some((_, held)) = self.bins.iter_mut().find(|(name, _)| name.as_deref() == operator) {
            *held = held.saturating_sub(1);
        }
    }
}

fn matches(name: Option<&String>, operators: &[String]) -> bool {
    operators.is_empty() || name.is_some_and(|name| operators.contains(name))
}

/// All shelves.
pub(super) struct Stock {
    seed: u64,
    places: Places,
    shelves: HashMap<(String, String), Shelf>,
}

impl Stock {
    pub(super) fn new(seed: u64, places: Places) -> Self {
        Self { seed, places, shelves: HashMap::new() }
    }

    pub(super) fn place(&self, country: &str) -> Place {
        (self.places)(country)
    }

    fn shelf(&mut self, country: &str, service: &str) -> &mut Shelf {
        let (seed, places) = (self.seed, &self.places);
        self.shelves
            .entry((country.to_owned(), service.to_owned()))
            .or_insert_with(|| Shelf::draw(seed, country, service, places(country).operators))
    }

    /// What is offered, at these operators or at any.
    ///
    /// A shelf that nobody has touched is drawn anew each time: a list of everything would else fill the
    /// memory with shelves. Where nobody asks for operators, none are looked up.
    pub(super) fn quote(&self, country: &str, service: &str, operators: &[String]) -> Quote {
        let quote = |shelf: &Shelf| Quote { price: shelf.price, count: shelf.count(operators) };
        let touched = match self.shelves.is_empty() {
            true => None,
            false => self.shelves.get(&(country.to_owned(), service.to_owned())),
        };
        match touched {
            Some(shelf) => quote(shelf),
            None if operators.is_empty() => Quote::draw(self.seed, country, service),
            None => quote(&Shelf::draw(self.seed, country, service, (self.places)(country).operators)),
        }
    }

    /// An operator of whom every one of `services` has a number; `None` if there is none. Which one, the
    /// draw decides.
    pub(super) fn operator_for(
        &mut self,
        country: &str,
        services: &[&str],
        operators: &[String],
        draw: &mut Draw,
    ) -> Option<Option<String>> {
        let mut names: Vec<Option<String>> = {
            let first = self.shelf(country, services.first()?);
            let fitting = first.bins.iter().filter(|(name, _)| matches(name.as_ref(), operators));
            fitting.map(|(name, _)| name.clone()).collect()
        };
        names.retain(|name| {
            services.iter().all(|service| self.shelf(country, service).held(name.as_deref()) > 0)
        });
        if names.is_empty() {
            return None;
        }
        let chosen = draw.below(u64::try_from(names.len()).unwrap_or(1));
        Some(names.swap_remove(usize::try_from(chosen).unwrap_or(0)))
    }

    pub(super) fn take(&mut self, country: &str, service: &str, operator: Option<&str>) {
        self.shelf(country, service).take(operator);
    }

    pub(super) fn set_count(&mut self, country: &str, service: &str, count: u64) {
        self.shelf(country, service).fill(count);
    }

    pub(super) fn set_price(&mut self, country: &str, service: &str, price: Decimal) {
        self.shelf(country, service).price = price;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stock(seed: u64) -> Stock {
        let operators = vec!["mts".to_owned(), "yota".to_owned(), "tele2".to_owned()];
        Stock::new(seed, Box::new(move |_| Place { operators: operators.clone(), ..Place::default() }))
    }

    #[test]
    fn prices_and_counts_come_from_the_seed_and_stay_within_bounds() {
        let (one, two) = (stock(7), stock(7));
        let mut sold_out = 0;
        for service in 0..400 {
            let service = service.to_string();
            let quote = one.quote("ru", &service, &[]);
            assert_eq!(quote, two.quote("ru", &service, &[]));
            assert!(quote.price >= Decimal::from(2) && quote.price <= Decimal::from(120));
            assert!(quote.count <= 5000);
            sold_out += u32::from(quote.count == 0);
        }
        assert!((5..80).contains(&sold_out), "{sold_out}");
        assert_ne!(one.quote("ru", "1", &[]), stock(8).quote("ru", "1", &[]));
    }

    #[test]
    fn a_shelf_that_nobody_touched_is_quoted_as_one_that_somebody_did() {
        let mut stock = stock(7);
        for service in 0..50 {
            let service = service.to_string();
            let before = stock.quote("ru", &service, &[]);
            stock.take("ru", &service, None);
            assert_eq!(stock.quote("ru", &service, &[]), before);
        }
    }

    #[test]
    fn operators_share_what_the_country_has() {
        let mut stock = stock(7);
        stock.set_count("ru", "tg", 7);
        let of = |stock: &mut Stock, names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            stock.quote("ru", "tg", &names).count
        };
        assert_eq!(of(&mut stock, &["mts"]), 3);
        assert_eq!(of(&mut stock, &["yota", "tele2"]), 4);
        assert_eq!(of(&mut stock, &["none"]), 0);
        stock.take("ru", "tg", Some("mts"));
        assert_eq!(of(&mut stock, &[]), 6);
    }
}
