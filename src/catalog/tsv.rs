//! Reads the data files: comment lines, a line with the columns' names, rows of tab-separated fields.
//! Knows the form only; what a field means is its reader's.

use super::error::{CatalogError, Problem};
use crate::domain::Invalid;

/// How an empty field is written, so that no line ends in a tab that an editor may strip.
const NOTHING: &str = "-";

/// A data file.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The file's name, for complaints.
    pub name: &'static str,
    /// What is in it.
    pub text: &'a str,
}

/// A row of `N` fields.
#[derive(Debug)]
pub(super) struct Row<'a, const N: usize> {
    file: &'static str,
    line: usize,
    pub(super) fields: [&'a str; N],
}

impl<'a> Source<'a> {
    /// The rows below a line that names exactly these columns.
    pub(super) fn rows<const N: usize>(self, columns: [&str; N]) -> Result<Vec<Row<'a, N>>, CatalogError> {
        let mut lines = (1..).zip(self.text.lines()).filter(|(_, line)| !line.starts_with('#'));
        let header = lines.next();
        if header.is_none_or(|(_, line)| !line.split('\t').eq(columns)) {
            let line = header.map_or(1, |(line, _)| line);
            let problem = Problem::Columns(columns.join(", "));
            return Err(CatalogError { file: self.name, line, problem });
        }
        lines.map(|(line, text)| self.row(line, text)).collect()
    }

    fn row<const N: usize>(self, line: usize, text: &'a str) -> Result<Row<'a, N>, CatalogError> {
        let fields: Vec<&str> =
            text.split('\t').map(|field| if field == NOTHING { "" } else { field }).collect();
        match fields.try_into() {
            Ok(fields) => Ok(Row { file: self.name, line, fields }),
            Err(fields) => {
                let problem = Problem::Fields { expected: N, found: Vec::len(&fields) };
                Err(CatalogError { file: self.name, line, problem })
            }
        }
    }
}

impl<const N: usize> Row<'_, N> {
    /// The error that this row has a problem.
    pub(super) fn error(&self, problem: Problem) -> CatalogError {
        CatalogError { file: self.file, line: self.line, problem }
    }

    /// A field read by its type's own reader.
    pub(super) fn parse<T>(
        &self,
        field: &str,
        read: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Result<T, CatalogError> {
        read(field).map_err(|why| self.error(Problem::Invalid { text: field.to_owned(), why }))
    }

    /// A field that must not be empty.
    pub(super) fn filled<'f>(&self, field: &'f str) -> Result<&'f str, CatalogError> {
        if field.is_empty() {
            return Err(self.error(Problem::Choice { text: String::new(), allowed: "filled" }));
        }
        Ok(field)
    }

    /// A field that is one of two words: whether it is the first.
    pub(super) fn either(
        &self,
        field: &str,
        [yes, no]: [&str; 2],
        allowed: &'static str,
    ) -> Result<bool, CatalogError> {
        if field == yes {
            Ok(true)
        } else if field == no {
            Ok(false)
        } else {
            Err(self.error(Problem::Choice { text: field.to_owned(), allowed }))
        }
    }

    /// An error unless the row's code is new (`fresh`).
    pub(super) fn new_code(&self, fresh: bool, code: impl ToString) -> Result<(), CatalogError> {
        if fresh { Ok(()) } else { Err(self.error(Problem::Duplicate(code.to_string()))) }
    }

    /// The error that a code is not in a list.
    pub(super) fn dangling(&self, code: impl ToString, list: &'static str) -> CatalogError {
        self.error(Problem::Dangling { code: code.to_string(), list })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<[&str; 2]>, String> {
        let rows = Source { name: "test.tsv", text }.rows(["code", "name"]);
        rows.map(|rows| rows.into_iter().map(|row| row.fields).collect()).map_err(|error| error.to_string())
    }

    #[test]
    fn comments_are_skipped_and_a_dash_is_nothing() {
        assert_eq!(read("# why\ncode\tname\na\tA\n# more\nb\t-\n"), Ok(vec![["a", "A"], ["b", ""]]));
    }

    #[test]
    fn an_error_names_the_file_and_the_line() {
        assert_eq!(read(""), Err("test.tsv:1: the columns should be: code, name".into()));
        assert_eq!(read("# why\nname\tcode\n"), Err("test.tsv:2: the columns should be: code, name".into()));
        assert_eq!(read("code\tname\na\tA\nb\n"), Err("test.tsv:3: 1 fields instead of 2".into()));
        assert_eq!(read("code\tname\na\tA\tx\n"), Err("test.tsv:2: 3 fields instead of 2".into()));
    }
}
