//! Seeded pseudo-randomness: the same seed gives the same market. Knows nothing of what is drawn, and
//! is no source of secrets.

/// The splitmix64 generator.
#[derive(Debug, Clone)]
pub(super) struct Draw(u64);

impl Draw {
    /// The draw that belongs to `words`, whatever was drawn before: a price does not depend on which
    /// one was asked for first.
    pub(super) fn of(seed: u64, words: &[&str]) -> Self {
        // FNV-1a with a separator, so that ("ab", "c") and ("a", "bc") differ.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
        for byte in words.iter().flat_map(|word| word.bytes().chain([0xff])) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Self(hash)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; 0 when `bound` is 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    /// `count` decimal digits.
    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap_or(0))).collect()
    }
}

/// 32 hexadecimal digits for the `nth` of something: the ids of VAK-SMS look so.
pub fn hex32(seed: u64, nth: u64) -> String {
    let mut draw = Draw::of(seed, &[&nth.to_string()]);
    format!("{:016x}{:016x}", draw.next(), draw.next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_draw_the_same() {
        assert_eq!(Draw::of(1, &["ru", "tg"]).next(), Draw::of(1, &["ru", "tg"]).next());
        assert_ne!(Draw::of(1, &["ab", "c"]).next(), Draw::of(1, &["a", "bc"]).next());
        assert_ne!(Draw::of(1, &["ru"]).next(), Draw::of(2, &["ru"]).next());
        assert_eq!(hex32(1, 2).len(), 32);
        assert_ne!(hex32(1, 2), hex32(1, 3));
    }
}
