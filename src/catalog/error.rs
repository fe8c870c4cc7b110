//! What can be wrong with a data file, and where. Knows no file's contents.

use crate::domain::Invalid;

/// A data file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub struct CatalogError {
    /// The file's name.
    pub file: &'static str,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The first line that is no comment does not name the columns.
    #[error("the columns should be: {0}")]
    Columns(String),
    /// A row with too few or too many fields.
    #[error("{found} fields instead of {expected}")]
    Fields {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A field that is none of the words allowed there.
    #[error("`{text}` should be {allowed}")]
    Choice {
        /// The field.
        text: String,
        /// The words.
        allowed: &'static str,
    },
    /// A code that has not the shape of one.
    #[error("`{text}`: {why}")]
    Invalid {
        /// The field.
        text: String,
        /// What a code looks like.
        why: Invalid,
    },
    /// A code, id or pair that another row has given already.
    #[error("`{0}` is given twice")]
    Duplicate(String),
    /// A code that the list it should come from does not have.
    #[error("`{code}` is not in the {list}")]
    Dangling {
        /// The code.
        code: String,
        /// The list.
        list: &'static str,
    },
    /// A name that is not the one its code has in the list: the row has probably slipped.
    #[error("`{code}` is `{listed}` in the {list}, not `{found}`")]
    Name {
        /// The code.
        code: String,
        /// Its name in the list.
        listed: String,
        /// Its name in this row.
        found: String,
        /// The list.
        list: &'static str,
    },
}
