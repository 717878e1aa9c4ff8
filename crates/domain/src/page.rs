//! One page of a list by keyset.

/// How many items a page may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLimit(u16);

impl PageLimit {
    /// What a list gives when nobody asks for a number.
    pub const DEFAULT: Self = Self(20);
    /// The most that may be asked for.
    pub const MAX: u16 = 100;
    /// The limit of that many, for whoever goes through a whole list.
    pub const LARGEST: Self = Self(Self::MAX);

    /// A limit within 1..=100, or nothing.
    #[must_use]
    pub const fn new(limit: u16) -> Option<Self> {
        if limit >= 1 && limit <= Self::MAX {
            Some(Self(limit))
        } else {
            None
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

/// One page, and the key of its last item when more follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, K> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins: after this key. None at the end.
    pub next: Option<K>,
}
