//! Lists that a service which speaks the dialect may have in a form of its own, asked there first. What
//! they hold is not looked into. Knows neither their names nor their shapes.

use serde_json::{Map, Value};

use super::lists::{if_any, owner_of};
use super::{Caller, Engine};
use crate::provider::{Capability, Fault, FaultKind};

/// A list that a service may have of its own.
#[derive(Debug, Clone, Copy)]
pub struct OwnList {
    /// Its action.
    pub action: &'static str,
    /// Whether amounts are in it: they cannot be converted, since nobody here knows where they stand.
    pub has_amounts: bool,
    /// Whether it is an object; else it is a list.
    pub is_object: bool,
}

impl Engine {
    /// The service's own answer, kept as other lists are. `None` where there is none, and where clients would
    /// read its amounts in the wrong currency: it is then made from other lists.
    ///
    /// # Errors
    /// What the service refuses it with, and anything that is no such list.
    pub async fn own_list(
        &self,
        caller: &Caller,
        list: OwnList,
        params: Vec<(String, String)>,
    ) -> Result<Option<Value>, Fault> {
        let upstream = self.main_upstream()?;
        if !upstream.can(Capability::Relay) || (list.has_amounts && upstream.exchange.is_needed()) {
            return Ok(None);
        }
        let cx = self.cx(upstream, caller);
        let mut asked = vec![("action".to_owned(), list.action.to_owned())];
        asked.extend(params);
        let key = (owner_of(caller), asked.clone());
        // That there is none is kept too, so that it is not asked for each time.
        let fetch = async {
            let value = if_any(upstream.provider.relay_list(&cx, &asked).await)?;
            value.map(|value| in_form(value, list)).transpose()
        };
        let kept = upstream.lists.own.get(key, upstream.list_ttl, fetch).await?;
        Ok(kept.as_ref().clone())
    }
}

/// PHP prints an empty object as an empty list.
fn in_form(value: Value, list: OwnList) -> Result<Value, Fault> {
    match value {
        Value::Array(rows) if list.is_object && rows.is_empty() => Ok(Value::Object(Map::new())),
        Value::Object(_) if list.is_object => Ok(value),
        Value::Array(_) if !list.is_object => Ok(value),
        _ => Err(Fault::new(FaultKind::Malformed, format!("the upstream: {} is no such list", list.action))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_empty_list_stands_for_an_empty_object_and_for_nothing_else() {
        let object = OwnList { action: "getX", has_amounts: true, is_object: true };
        let list = OwnList { is_object: false, ..object };
        assert_eq!(in_form(json!([]), object), Ok(json!({})));
        assert_eq!(in_form(json!({"a": 1}), object), Ok(json!({"a": 1})));
        assert_eq!(in_form(json!([1]), list), Ok(json!([1])));
        assert!(in_form(json!([1]), object).is_err() && in_form(json!({}), list).is_err());
        assert!(in_form(json!("x"), object).is_err());
    }
}
