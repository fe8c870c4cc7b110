//! `getRentList`: the client's rents, `{"status":"success","values":{"0":{"id","phone"}}}`. Source:
//! `api/sms-activate.txt`, "Вывести список текущих активаций" of the rent section. None is `NO_NUMBERS`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::Word;
use crate::dialect::rent::refuse;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::Activation;
use crate::engine::{Caller, Engine};
use crate::provider::Capability;

/// The client's rents that are not over.
pub static ACTION: Action = Action {
    name: "getRentList",
    // From the ledger; where nothing can be rented, nothing is in it.
    paths: &[Path::emulated(Capability::Rent)],
    refusal: Word::NoNumbers,
    answer,
};

#[derive(Serialize)]
struct List<'a> {
    status: &'static str,
    values: BTreeMap<usize, Row<'a>>,
}

/// Both are texts, as in the document's example.
#[derive(Serialize)]
struct Row<'a> {
    id: String,
    phone: &'a str,
}

fn answer(engine: Arc<Engine>, caller: Caller, _: Params) -> Answering {
    answering(async move {
        let rents = engine.rents(&caller);
        if rents.is_empty() {
            return Err(refuse(Word::NoNumbers, "this client has rented no number"));
        }
        let row = |rent: &Activation| rent.id.to_string();
        let values = rents.iter().map(|rent| Row { id: row(rent), phone: rent.phone.digits() });
        Ok(Reply::json(&List { status: "success", values: values.enumerate().collect() }))
    })
}
