//! The metrics of a server, read as Prometheus reads them.

use std::collections::BTreeMap;

use crate::harness::Bridge;

/// Every sample of one moment, by its name with its labels as they are written.
pub struct Samples {
    /// As it was answered.
    pub text: String,
    values: BTreeMap<String, f64>,
}

impl Samples {
    /// Those of a server that is watched.
    pub async fn of(bridge: &Bridge) -> Self {
        let answer = bridge.watch("/metrics").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let media = answer.header("content-type").unwrap();
        assert!(media.starts_with("application/openmetrics-text; version=1.0.0"), "{media}");
        Self::read(answer.body)
    }

    /// Reads a text; a line that is wrong fails the test.
    pub fn read(text: String) -> Self {
        assert!(text.ends_with("# EOF\n"), "it is not whole");
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let mut values = BTreeMap::new();
        for line in lines {
            let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
            let value = value.parse().unwrap_or_else(|_| panic!("{line}"));
            assert!(values.insert(name.to_owned(), value).is_none(), "twice: {name}");
        }
        Self { text, values }
    }

    /// The value of `smsbridge_` and this name, with its labels as they are written; 0 if nothing was counted.
    pub fn get(&self, name: &str) -> f64 {
        self.values.get(&format!("smsbridge_{name}")).copied().unwrap_or(0.0)
    }

    /// The sum over all labels of a name.
    pub fn sum(&self, name: &str) -> f64 {
        let begin = format!("smsbridge_{name}{{");
        self.values.iter().filter(|(name, _)| name.starts_with(&begin)).map(|(_, value)| value).sum()
    }

    /// The names of what there is, without labels.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> =
            self.values.keys().map(|name| name.split('{').next().unwrap_or_default()).collect();
        names.dedup();
        names
    }

    /// How many series there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }
}
