//! Lists that a service which speaks the dialect may have in a form of its own, asked there first. What
//! they hold is not looked into. Knows neither their names nor their shapes.

use std::sync::Arc;

use serde_json::Value;

use super::lists::{if_any, owner_of};
use super::{Caller, Engine, Written};
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
    /// The service's own answer as it is written, kept as other lists are. `None` where there is none, and where clients would
    /// read its amounts in the wrong currency: it is then made from other lists.
    ///
    /// # Errors
    /// What the service refuses it with, and anything that is no such list.
    pub async fn own_list(
        &self,
        caller: &Caller,
        list: OwnList,
        params: Vec<(String, String)>,
    ) -> Result<Option<Arc<Written>>, Fault> {
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
            let Some(value) = value.map(|value| in_form(value, list)).transpose()? else { return Ok(None) };
            Ok(Some(Arc::new(Written::new(value.to_string()))))
        };
        let kept = upstream.listed(&upstream.lists.own, key, &cx, fetch).await?;
        Ok(kept.as_ref().clone())
    }
}

/// PHP prints an object as a list where its keys count from 0, and where it is empty; and a list as an object where
/// they do not.
fn in_form(value: Value, list: OwnList) -> Result<Value, Fault> {
    match value {
        Value::Object(_) if list.is_object => Ok(value),
        Value::Array(_) if !list.is_object => Ok(value),
        Value::Array(rows) if rows.iter().all(Value::is_object) => Ok(keyed(rows)),
        Value::Object(rows) if rows.values().all(Value::is_object) => {
            Ok(rows.into_iter().map(|(_, row)| row).collect())
        }
        _ => Err(Fault::new(FaultKind::Malformed, format!("the upstream: {} is no such list", list.action))),
    }
}

fn keyed(rows: Vec<Value>) -> Value {
    Value::Object(rows.into_iter().enumerate().map(|(place, row)| (place.to_string(), row)).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_and_lists_stand_for_one_another_where_they_hold_rows() {
        let object = OwnList { action: "getX", has_amounts: true, is_object: true };
        let list = OwnList { is_object: false, ..object };
        let rows = json!({"0": {"tg": 1}, "1": {"wa": 2}});
        assert_eq!(in_form(json!([]), object), Ok(json!({})));
        assert_eq!(in_form(json!([{"tg": 1}, {"wa": 2}]), object), Ok(rows.clone()));
        assert_eq!(in_form(rows.clone(), object), Ok(rows.clone()));
        assert_eq!(in_form(rows, list), Ok(json!([{"tg": 1}, {"wa": 2}])));
        assert_eq!(in_form(json!([{"a": 1}]), list), Ok(json!([{"a": 1}])));
        for none in [json!([1]), json!("x"), json!(null)] {
            assert!(in_form(none, object).is_err());
        }
        assert!(in_form(json!({"a": 1}), list).is_err());
    }
}
