//! In which countries a service is bought, and how often a message comes there: reckoned from what this
//! server's own clients bought, since nobody else's purchases are known. Knows no wire.

use super::{Caller, Engine, ledger_fault};
use crate::domain::{Country, Service};
use crate::ledger::Tally;
use crate::provider::Fault;

/// A country's place among those in which a service is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Popular {
    /// Which country.
    pub country: Country,
    /// Which part of the service's purchases were made there, in whole per cent.
    pub share: u64,
    /// To which part of the numbers bought there a message came, in whole per cent.
    pub rate: u64,
}

impl Engine {
    /// The countries in which a service was bought, most purchases first.
    pub async fn popular(&self, caller: &Caller, service: &Service) -> Result<Vec<Popular>, Fault> {
        let upstream = self.main_upstream()?;
        caller.meter.concerns(&upstream.name);
        let fetch = async { self.ledger.tally(service.clone()).await.map_err(|error| ledger_fault(&error)) };
        let tallies = upstream.lists.tallies.get(service.clone(), upstream.list_ttl, fetch).await?;
        Ok(ranked(&tallies))
    }
}

fn ranked(tallies: &[Tally]) -> Vec<Popular> {
    let total = tallies.iter().map(|tally| tally.purchases).sum();
    let mut tallies = tallies.to_vec();
    tallies.sort_by_key(|tally| (std::cmp::Reverse(tally.purchases), tally.country));
    let place = |tally: &Tally| Popular {
        country: tally.country,
        share: per_cent(tally.purchases, total),
        rate: per_cent(tally.answered, tally.purchases),
    };
    tallies.iter().map(place).collect()
}

/// Rounded to the nearest; 0 of nothing.
fn per_cent(part: u64, whole: u64) -> u64 {
    part.saturating_mul(200).saturating_add(whole).checked_div(whole.saturating_mul(2)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_all_countries_and_rates_of_one() {
        let tally = |country, purchases, answered| Tally { country: Country(country), purchases, answered };
        let ranks = ranked(&[tally(0, 1, 0), tally(6, 2, 1), tally(187, 3, 3)]);
        let seen: Vec<_> = ranks.iter().map(|one| (one.country.0, one.share, one.rate)).collect();
        assert_eq!(seen, [(187, 50, 100), (6, 33, 50), (0, 17, 0)]);
        assert_eq!(ranked(&[]), []);
        assert_eq!(per_cent(0, 0), 0);
    }
}
