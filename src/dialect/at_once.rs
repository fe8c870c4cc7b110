//! Which actions memory can answer without waiting for anybody: those that software asks over and over. Knows nothing of
//! how they are answered.

use super::{Action, Params, Reply, actions};
use crate::engine::{Caller, Engine};

/// Answers without waiting, or leaves it to the action itself.
type AtOnce = fn(&Engine, &Caller, &Params) -> Option<Reply>;

/// Each of them, and how it is tried: one line each.
static AT_ONCE: &[(&Action, AtOnce)] = &[(&actions::status::ACTION, actions::status::at_once)];

/// Answers an authenticated request if nobody needs to be asked or waited for, nothing is refused and nothing is to be
/// said of it; else [`answer`](super::answer) is what answers it.
pub fn answer_at_once(engine: &Engine, caller: &Caller, params: &Params) -> Option<Reply> {
    let name = params.get("action")?;
    let (action, at_once) = AT_ONCE.iter().find(|(action, _)| action.name == name)?;
    let shape = params.shape();
    shape.demand(action.name, params).ok()?;
    Some(shape.finish(action.name, at_once(engine, caller, params)?))
}
