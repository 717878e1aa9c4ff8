//! Moving everything from one store to another: which tables and columns there are, and their
//! values as neither store writes them.
//!
//! Each store has a type of its own for an id, a truth value or a list; here each has one, and a
//! store that gives or takes rows converts between the two by a column's [`Kind`]. Whoever adds a
//! table or a column to a store adds it to [`TABLES`] or [`NOT_MOVED`]: a test compares them with
//! what the stores have.

mod cell;
mod table;
mod tables;

pub use cell::Cell;
pub use table::{Column, Kind, Table};
pub use tables::{NOT_MOVED, TABLES};
