//! What is said of each part, a line each, and at the end what is left for a person, in its order. Knows no part.

use std::process::ExitCode;

use crate::cli::say::say;

/// What came of the parts so far.
#[derive(Debug)]
pub(super) struct Account {
    is_good: bool,
    left: Vec<String>,
    print: fn(&str),
}

impl Account {
    /// Nothing was done yet.
    pub(super) fn open() -> Self {
        Self { is_good: true, left: Vec::new(), print: say }
    }

    /// Says what came of a part.
    pub(super) fn line(&self, part: &str, text: &str) {
        (self.print)(&format!("{part:<6} {text}"));
    }

    /// Says what is wrong with a part, and keeps what would help.
    pub(super) fn wrong(&mut self, part: &str, text: &str, help: &str) {
        self.line(part, text);
        self.is_good = false;
        self.leave(help);
    }

    /// Keeps what is left to do for a person, once.
    pub(super) fn leave(&mut self, help: &str) {
        if !help.is_empty() && !self.left.iter().any(|other| other == help) {
            self.left.push(help.to_owned());
        }
    }

    /// Whether nothing was wrong so far.
    pub(super) fn is_good(&self) -> bool {
        self.is_good
    }

    /// Says what is left, and is the exit code.
    pub(super) fn close(self) -> ExitCode {
        if !self.left.is_empty() {
            (self.print)(if self.is_good {
                "what only you can do:"
            } else {
                "what is left to do, in this order:"
            });
        }
        for (index, help) in self.left.iter().enumerate() {
            (self.print)(&format!("  {}. {help}", index + 1));
        }
        if self.is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_said_once_and_in_order() {
        let mut account = Account { print: |_| {}, ..Account::open() };
        account.leave("restart");
        assert!(account.is_good());
        for help in ["sudo", "", "sudo"] {
            account.wrong("hosts", "permission denied", help);
        }
        assert_eq!(account.left, ["restart", "sudo"]);
        assert_eq!(account.close(), ExitCode::FAILURE);
        assert_eq!(Account::open().close(), ExitCode::SUCCESS);
    }
}
