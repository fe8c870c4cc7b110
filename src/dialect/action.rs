//! What an action is: its name, what it needs of a provider, and how it is answered. Knows no action
//! and no provider in particular.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::code::{Refusal, Word};
use super::{Params, Reply};
use crate::engine::{Caller, Engine};
use crate::provider::{Capability, Spec};

/// How an action comes about where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By calls of the upstream that are meant for it.
    Native,
    /// From other calls, the catalog or the ledger.
    Emulated,
    /// Not at all, with this word instead of the action's usual one.
    Refused(Word),
}

/// One way to answer an action: with this capability, or with none if it needs none.
#[derive(Debug, Clone, Copy)]
pub struct Path {
    /// What the provider must be able to do.
    pub needs: Option<Capability>,
    /// What that makes of it.
    pub how: How,
}

impl Path {
    /// Native, with this capability.
    pub const fn native(capability: Capability) -> Self {
        Self { needs: Some(capability), how: How::Native }
    }

    /// Emulated from this capability.
    pub const fn emulated(capability: Capability) -> Self {
        Self { needs: Some(capability), how: How::Emulated }
    }

    /// Refused with this word by what has this capability, and none of those before it.
    pub const fn refused(capability: Capability, word: Word) -> Self {
        Self { needs: Some(capability), how: How::Refused(word) }
    }

    /// Emulated without the upstream.
    pub const fn own() -> Self {
        Self { needs: None, how: How::Emulated }
    }
}

/// A cell of the matrix of actions and providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// By calls of the upstream that are meant for it.
    Native,
    /// From other calls, the catalog or the ledger.
    Emulated,
    /// Not at all: this word is answered.
    Refused(Word),
}

/// The future that an action answers with.
pub type Answering = Pin<Box<dyn Future<Output = Reply> + Send>>;

/// An action of the dialect.
pub struct Action {
    /// Its name, as it stands in the parameter `action`.
    pub name: &'static str,
    /// The ways to answer it, best first; a provider that allows none of them refuses it.
    pub paths: &'static [Path],
    /// The documented word where no path is open.
    pub refusal: Word,
    /// Answers it.
    pub answer: fn(Arc<Engine>, Caller, Params) -> Answering,
}

impl Action {
    /// The matrix's cell for a kind of provider.
    pub fn support(&self, spec: &Spec) -> Support {
        let open = |path: &&Path| path.needs.is_none_or(|capability| spec.can(capability));
        match self.paths.iter().find(open).map(|path| path.how) {
            Some(How::Native) => Support::Native,
            Some(How::Emulated) => Support::Emulated,
            Some(How::Refused(word)) => Support::Refused(word),
            None => Support::Refused(self.refusal),
        }
    }
}

/// Boxes what an action's function returns, a refusal written as the reply it is.
pub fn answering<F>(work: F) -> Answering
where
    F: Future<Output = Result<Reply, Refusal>> + Send + 'static,
{
    Box::pin(async move { work.await.unwrap_or_else(Reply::from) })
}
