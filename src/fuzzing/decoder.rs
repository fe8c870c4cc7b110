//! A provider whose upstream has answered: what is left to do is to read that, which is what is to be counted. Knows no
//! kind.

use std::sync::Arc;

use super::sample;
use super::stage::{Stage, answers, stages_of};
use crate::domain::Country;
use crate::provider::{Fault, Provider};

/// What a provider is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Where a number stands.
    Poll,
    /// For a number.
    Buy,
    /// For what is sold in a country.
    Offers,
    /// For what is sold at all, where that is one question.
    Market,
}

/// A provider that remembers what it was told, as one that runs does.
pub struct Decoder {
    stage: Stage,
    provider: Arc<dyn Provider>,
}

impl Decoder {
    /// One for each way in which a kind is tried.
    pub fn of(kind: &str) -> Vec<Self> {
        let with_provider = |stage: Stage| Self { provider: stage.provider(), stage };
        stages_of(kind).into_iter().map(with_provider).collect()
    }

    /// Has these answered from now on, parted as the seeds are; the last one again and again.
    pub fn play(&self, data: &str) {
        self.stage.script.play(&answers(data.as_bytes()));
    }

    /// How many things the answer tells of.
    ///
    /// # Errors
    /// What the provider makes of an answer that it cannot use.
    pub fn ask(&self, question: Question) -> Result<usize, Fault> {
        let (provider, cx) = (self.provider.as_ref(), &self.stage.cx);
        self.stage.wait(async {
            match question {
                Question::Poll => provider.poll(cx, &sample::activation()).await.map(|_| 1),
                Question::Buy => provider.buy(cx, &sample::order()).await.map(|_| 1),
                Question::Market => provider.market(cx, None, None).await.map(|offers| offers.len()),
                Question::Offers => provider.offers(cx, Country(0), None).await.map(|offers| offers.len()),
            }
        })
    }
}
