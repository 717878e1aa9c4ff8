//! Functions of the database that the session statements use.

use diesel::define_sql_function;
use diesel::sql_types::{Array, BigInt};

define_sql_function! {
    /// Times of spent generations that lie within the grace.
    fn kogents_spent_within(spent: Array<BigInt>, now_millis: BigInt, grace_millis: BigInt) -> Array<BigInt>;
}
define_sql_function! {
    /// The same with one more generation spent now.
    fn kogents_spend(spent: Array<BigInt>, now_millis: BigInt, grace_millis: BigInt) -> Array<BigInt>;
}
define_sql_function! {
    /// How many elements an array has.
    fn cardinality(array: Array<BigInt>) -> Integer;
}
define_sql_function! {
    /// The lesser of two.
    fn least(one: BigInt, other: BigInt) -> BigInt;
}
define_sql_function! {
    /// The greater of two.
    fn greatest(one: BigInt, other: BigInt) -> BigInt;
}
