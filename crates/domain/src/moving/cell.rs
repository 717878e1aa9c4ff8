//! One value of one row.

use uuid::Uuid;

/// One value of one row, as no store in particular has it.
#[derive(Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A truth value.
    Flag(bool),
    /// A whole number, or a moment in milliseconds.
    Integer(i64),
    /// A number with a fraction.
    Real(f64),
    /// A text, or a document as text.
    Text(String),
    /// An id.
    Id(Uuid),
    /// A digest, or something sealed.
    Bytes(Vec<u8>),
    /// Whole numbers in their order.
    Integers(Vec<i64>),
}

/// Says of what kind it is and never what it holds: password hashes and addresses are among them.
impl std::fmt::Debug for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Flag(_) => "Flag(…)",
            Self::Integer(_) => "Integer(…)",
            Self::Real(_) => "Real(…)",
            Self::Text(_) => "Text(…)",
            Self::Id(_) => "Id(…)",
            Self::Bytes(_) => "Bytes(…)",
            Self::Integers(_) => "Integers(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cell_holds_is_not_shown() {
        let cells = [
            Cell::Text("canary".to_owned()),
            Cell::Bytes(b"canary".to_vec()),
            Cell::Id(Uuid::nil()),
        ];
        assert_eq!(format!("{cells:?}"), "[Text(…), Bytes(…), Id(…)]");
    }
}
