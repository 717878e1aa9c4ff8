//! A number, however a database writes it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A number that a record has as a float of either width, a whole number, or digits in a text.
pub(crate) struct Number(pub(crate) f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
        Ok(Number(number))
    }

    /// By its shortest digits: 52.52 in 32 bits means 52.52, not 52.52000045776367.
    fn visit_f32<E: Error>(self, number: f32) -> Result<Number, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Number, E> {
        i32::try_from(number)
            .map(|number| Number(number.into()))
            .map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
        u32::try_from(number)
            .map(|number| Number(number.into()))
            .map_err(E::custom)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        text.trim().parse().map(Number).map_err(E::custom)
    }
}
