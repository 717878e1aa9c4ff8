//! Changes to an input, drawn from a seed: the same seed makes the same changes everywhere.

/// Octets that parsers trip over.
const SNIPPETS: [&[u8]; 40] = [
    b"\0",
    b"\\u0000",
    b"\\ud800",
    b"\\udc00\\ud800",
    b"\r\n",
    b"\n",
    b"\t",
    b" ",
    b"\x7f",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\xe2\x80\x8b",
    b"e\xcc\x81",
    b"%00",
    b"%zz",
    b"%",
    b"%c0%af",
    b"..",
    b"/",
    b"//",
    b"://",
    b"@",
    b",",
    b".",
    b"-",
    b"--",
    b"=",
    b"&",
    b"\"",
    b"\\",
    b"{",
    b"[[[[[[[[",
    b"1e400",
    b"NaN",
    b"-1",
    b"99999999999999999999",
];

/// A source of numbers that looks random and is not: `SplitMix64` over a seed.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one; 0 below 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap();
        usize::try_from(self.roll() % bound).unwrap()
    }

    /// Whether something with a chance of one in so many happens.
    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    /// One octet.
    pub const fn octet(&mut self) -> u8 {
        self.roll().to_be_bytes()[0]
    }

    /// One of these.
    ///
    /// # Panics
    /// When there are none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.below(from.len());
        from.get(at).expect("there is something to pick from")
    }
}

/// Changes an input once: a bit, an octet, a range; or something that parsers trip over put in.
pub fn once(input: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(input.len() + 1);
    let end = (at + 1 + dice.below(16)).min(input.len());
    match dice.below(8) {
        0 => {
            let bit = dice.below(8);
            if let Some(octet) = input.get_mut(at) {
                *octet ^= 1 << bit;
            }
        }
        1 => {
            if let Some(octet) = input.get_mut(at) {
                *octet = dice.octet();
            }
        }
        2 => input.truncate(at),
        3 => drop(input.drain(at.min(end)..end)),
        4 => {
            let range = input.get(at.min(end)..end).unwrap_or_default().to_vec();
            let copies = 1 + dice.below(3);
            put_in(input, at, &range.repeat(copies));
        }
        5 => {
            let octet = dice.octet();
            put_in(input, at, &[octet]);
        }
        _ => put_in(input, at, dice.pick::<&[u8]>(&SNIPPETS)),
    }
}

fn put_in(input: &mut Vec<u8>, at: usize, octets: &[u8]) {
    input.splice(at..at, octets.iter().copied());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_changes_and_another_others() {
        let made = |seed| {
            let mut dice = Dice::new(seed);
            let mut input = b"an ordinary input".to_vec();
            for _ in 0..5 {
                once(&mut input, &mut dice);
            }
            input
        };
        assert_eq!(made(7), made(7));
        let distinct: std::collections::BTreeSet<_> = (0..100).map(made).collect();
        assert!(distinct.len() > 90, "{}", distinct.len());
    }

    #[test]
    fn nothing_can_be_changed_as_well() {
        for seed in 0..1_000 {
            let mut input = Vec::new();
            once(&mut input, &mut Dice::new(seed));
        }
    }
}
