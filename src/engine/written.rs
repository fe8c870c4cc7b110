//! What somebody wrote of a list, kept for as long as the list is the same: it is written once however many ask for it,
//! and packed once. Knows neither what is written nor how it is packed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::OnceCell;

use crate::aside::{LONG, aside};

/// A text that many are answered with.
#[derive(Debug)]
pub struct Written {
    text: Bytes,
    packed: OnceCell<Bytes>,
}

impl PartialEq for Written {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Written {}

impl Written {
    /// This text.
    pub fn new(text: String) -> Self {
        Self { text: Bytes::from(text), packed: OnceCell::new() }
    }

    /// Its bytes, which are not copied.
    pub fn bytes(&self) -> Bytes {
        self.text.clone()
    }

    /// The text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// The bytes as `pack` makes them smaller, which is done once.
    pub async fn packed(&self, pack: fn(&[u8]) -> Vec<u8>) -> Bytes {
        let made = self.packed.get_or_init(|| async {
            let text = self.text.clone();
            let long = text.len() >= LONG;
            Bytes::from(aside(long, move || pack(&text)).await.unwrap_or_default())
        });
        made.await.clone()
    }

    fn size(&self) -> usize {
        self.text.len() + self.packed.get().map_or(0, Bytes::len)
    }
}

type Slot = Arc<OnceCell<Arc<Written>>>;

/// Everything that was written of one list, by its form.
#[derive(Debug, Default)]
pub(super) struct Writings(Mutex<HashMap<&'static str, Slot>>);

impl Writings {
    /// Where what is written in this form has its place.
    pub(super) fn slot(&self, form: &'static str) -> Slot {
        Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(form).or_default())
    }

    /// How many bytes all of it takes.
    pub(super) fn size(&self) -> usize {
        let slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.values().filter_map(|slot| Some(slot.get()?.size())).sum()
    }
}
