//! A table and its columns.

/// A table that is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name in every store.
    pub name: &'static str,
    /// The columns of its primary key, by which rows are ordered: ids and bytes by their octets,
    /// text by its octets in UTF-8.
    pub key: &'static [&'static str],
    /// All of its columns, in the order in which a row is told.
    pub columns: &'static [Column],
}

impl Table {
    /// The column of a name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in every store.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Whether a row may have none.
    pub is_optional: bool,
}

impl Column {
    pub(super) const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            is_optional: false,
        }
    }

    /// The same where a row may have none.
    pub(super) const fn or_none(self) -> Self {
        Self {
            is_optional: true,
            ..self
        }
    }
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Truth values.
    Flag,
    /// Whole numbers, moments in milliseconds among them.
    Integer,
    /// Numbers with a fraction.
    Real,
    /// Texts, documents among them.
    Text,
    /// Ids.
    Id,
    /// Digests, and what is sealed.
    Bytes,
    /// Lists of whole numbers.
    Integers,
}

impl Kind {
    /// Its name in exports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Integer => "integer",
            Self::Real => "real",
            Self::Text => "text",
            Self::Id => "id",
            Self::Bytes => "bytes",
            Self::Integers => "integers",
        }
    }
}
