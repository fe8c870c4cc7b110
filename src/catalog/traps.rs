//! The codes that an upstream and the dialect both have for different services. Knows no upstream.

use std::collections::HashSet;

use super::error::CatalogError;
use super::files::{SERVICES, named, service_of};
use super::{Catalog, Files};
use crate::domain::Service;

/// A code that would buy the wrong service if it were passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trap<'a> {
    /// The code, as the dialect's service.
    pub code: Service,
    /// What the upstream sells under it.
    pub upstream_name: &'a str,
    /// What the dialect means by it.
    pub name: &'a str,
    /// The dialect's codes that do buy what the upstream sells under it.
    pub instead: Vec<Service>,
}

impl<'a> Files<'a> {
    /// The codes that must never be passed on.
    ///
    /// # Errors
    /// When a row is malformed, doubled, or about a service that one of the lists does not have under
    /// that name.
    pub fn traps(&self, catalog: &Catalog) -> Result<Vec<Trap<'a>>, CatalogError> {
        let Some(source) = self.traps else { return Ok(Vec::new()) };
        let own = self.own_services()?;
        let mut seen = HashSet::new();
        let mut traps = Vec::new();
        for row in source.rows(["code", "upstream_name", "name", "use"])? {
            let [code, upstream_name, name, instead] = row.fields;
            row.new_code(seen.insert(code), code)?;
            named(&row, &own, code, upstream_name)?;
            let service = service_of(&row, catalog, code, name)?;
            let instead = instead.split(',').filter(|code| !code.is_empty());
            let instead = instead.map(|code| {
                let service = row.parse(code, Service::parse)?;
                catalog.service(&service).ok_or_else(|| row.dangling(code, SERVICES))?;
                Ok(service)
            });
            let instead = instead.collect::<Result<_, CatalogError>>()?;
            traps.push(Trap { code: service, upstream_name, name, instead });
        }
        Ok(traps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Source, sample};

    fn read(row: &str) -> Result<usize, String> {
        let text = format!("code\tupstream_name\tname\tuse\ntk\tTiktok\tMVideo\tlf\n{row}");
        let files = Files { traps: Some(Source { name: "traps", text: &text }), ..sample::FILES };
        files.traps(Catalog::builtin()).map(|traps| traps.len()).map_err(|error| error.to_string())
    }

    #[test]
    fn rows_that_cannot_be_right_are_refused() {
        assert_eq!(read("mr\tVK - MailRu\tFastmail\t-\n"), Ok(2));
        assert_eq!(read("tk\tTiktok\tMVideo\t-\n"), Err("traps:3: `tk` is given twice".into()));
        assert_eq!(
            read("mr\tMail\tFastmail\t-\n"),
            Err("traps:3: `mr` is `VK - MailRu` in the upstream's services, not `Mail`".into())
        );
        assert_eq!(
            read("mr\tVK - MailRu\tMail\t-\n"),
            Err("traps:3: `mr` is `Fastmail` in the services, not `Mail`".into())
        );
        assert_eq!(
            read("mr\tVK - MailRu\tFastmail\tvk,zzzz\n"),
            Err("traps:3: `zzzz` is not in the services".into())
        );
    }
}
