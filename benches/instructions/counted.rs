//! The one place in which instructions are counted. Knows nothing of what is done there.

use std::hint::black_box;

/// Runs what is wanted there, and tells what it was.
pub struct Counter {
    only: String,
}

impl Counter {
    /// One of everything whose name has this in it.
    pub fn of(only: &str) -> Self {
        Self { only: only.to_owned() }
    }

    /// Whether something of this name is to be counted.
    pub fn wants(&self, name: &str) -> bool {
        name.contains(&self.only)
    }

    /// Counts work that does one thing so many times. What is counted includes nothing but the work, so it is to have
    /// been done before, for the sake of everything that is made once.
    pub fn count(&self, name: &str, times: u64, mut work: impl FnMut()) {
        if self.wants(name) {
            crate::say(&format!("{times}\t{name}"));
            the_counted_part(&mut work);
        }
    }
}

/// valgrind is told to count here, by this name: so it must not become a part of its caller.
#[inline(never)]
fn the_counted_part(work: &mut dyn FnMut()) {
    work();
    // Nor must the call be its end, after which it would be over too early.
    black_box(());
}

/// What to count, and after what to write down what was counted. valgrind finds each of the two by another form of the
/// name, and by none of them both.
pub const PART: &str = "*the_counted_part*";
pub const WHOLE_NAME: &str = "instructions::counted::the_counted_part*";
