//! Which codes of the dialect and of an upstream belong together, found from either side. Knows not
//! whether they are services, countries or operators.

use std::collections::HashMap;
use std::hash::Hash;

/// Pairs of a dialect code and an upstream code; either may be in several.
#[derive(Debug, Clone)]
pub(super) struct Pairs<K> {
    order: Vec<K>,
    upstream: HashMap<K, Vec<String>>,
    dialect: HashMap<String, Vec<K>>,
}

impl<K> Default for Pairs<K> {
    fn default() -> Self {
        Self { order: Vec::new(), upstream: HashMap::new(), dialect: HashMap::new() }
    }
}

impl<K: Clone + Eq + Hash> Pairs<K> {
    /// Adds a pair behind those that either code is in, and says whether it is new.
    pub(super) fn add(&mut self, code: &K, upstream: &str) -> bool {
        let codes = self.upstream.entry(code.clone()).or_default();
        if codes.iter().any(|known| known == upstream) {
            return false;
        }
        if codes.is_empty() {
            self.order.push(code.clone());
        }
        codes.push(upstream.to_owned());
        self.dialect.entry(upstream.to_owned()).or_default().push(code.clone());
        true
    }

    /// Makes this the only pair of the dialect's code.
    pub(super) fn replace(&mut self, code: &K, upstream: &str) {
        for old in self.upstream.get_mut(code).map(std::mem::take).unwrap_or_default() {
            if let Some(codes) = self.dialect.get_mut(&old) {
                codes.retain(|other| other != code);
            }
        }
        self.order.retain(|other| other != code);
        self.add(code, upstream);
    }

    /// The upstream's codes for one of the dialect, first choice first.
    pub(super) fn upstream(&self, code: &K) -> &[String] {
        self.upstream.get(code).map_or(&[], Vec::as_slice)
    }

    /// The dialect's codes for one of the upstream, in the order they were added.
    pub(super) fn dialect(&self, upstream: &str) -> &[K] {
        self.dialect.get(upstream).map_or(&[], Vec::as_slice)
    }

    /// Whether neither code is in any pair.
    pub(super) fn knows_neither(&self, code: &K, upstream: &str) -> bool {
        self.upstream(code).is_empty() && self.dialect(upstream).is_empty()
    }

    /// The dialect's codes, in the order they were added.
    pub(super) fn codes(&self) -> &[K] {
        &self.order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_find_each_other_in_order() {
        let mut pairs = Pairs::default();
        for (code, upstream) in [(1, "a"), (1, "b"), (2, "a")] {
            assert!(pairs.add(&code, upstream));
        }
        assert!(!pairs.add(&1, "b"));
        assert_eq!(
            (pairs.upstream(&1), pairs.upstream(&3)),
            (&["a".to_owned(), "b".to_owned()][..], &[][..])
        );
        assert_eq!((pairs.dialect("a"), pairs.dialect("b")), (&[1, 2][..], &[1][..]));
        assert_eq!(pairs.codes(), [1, 2]);
    }

    #[test]
    fn a_replaced_pair_is_forgotten_on_both_sides() {
        let mut pairs = Pairs::default();
        pairs.add(&1, "a");
        pairs.add(&1, "b");
        pairs.replace(&1, "c");
        assert_eq!(pairs.upstream(&1), ["c"]);
        assert!(pairs.dialect("a").is_empty() && pairs.dialect("b").is_empty());
        assert_eq!(pairs.codes(), [1]);
        assert!(pairs.knows_neither(&2, "a") && !pairs.knows_neither(&2, "c"));
    }
}
