//! Services, countries and operators as data, checked when they are loaded, and the cross-walks from
//! them to each upstream's own codes. Knows no provider's API and no wire format.

mod mapping;

pub use mapping::Mapping;

/// The catalog.
pub struct Catalog {}
