//! From bytes to a tree of JSON values, by a visitor of our own.
//!
//! serde's own `Value` takes the last of duplicate members and any depth up to 128; here
//! duplicates, NUL characters and more than 32 levels are refused on the way.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, MapAccess, SeqAccess, Visitor};

/// How deep arrays and objects may nest, the outermost object being the first level.
const MAX_DEPTH: u8 = 32;

/// The members of one object.
pub(super) type Members = BTreeMap<String, Node>;

/// One JSON value.
#[derive(Debug)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    Array(Vec<Node>),
    Object(Members),
}

/// Reads one object.
///
/// # Errors
/// What is wrong with the bytes, for a person. It never repeats them.
pub(super) fn parse_object(bytes: &[u8]) -> Result<Members, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "The body is not UTF-8.".to_owned())?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let node = NodeSeed { depth: 0 }
        .deserialize(&mut deserializer)
        .and_then(|node| deserializer.end().map(|()| node))
        .map_err(|error| describe(&error))?;
    match node {
        Node::Object(members) => Ok(members),
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) | Node::Array(_) => {
            Err("The body must be a JSON object.".to_owned())
        }
    }
}

fn describe(error: &serde_json::Error) -> String {
    let place = format!("line {}, column {}", error.line(), error.column());
    let reason = error.to_string();
    // Only this file's own refusals are data errors; their texts are constants.
    let own = [DUPLICATE, NUL, TOO_DEEP]
        .into_iter()
        .find(|own| error.is_data() && reason.starts_with(own));
    format!(
        "The body is refused at {place}: {}.",
        own.unwrap_or("it is not well-formed JSON")
    )
}

const DUPLICATE: &str = "a member appears twice";
const NUL: &str = "a text contains a NUL character";
const TOO_DEEP: &str = "it nests deeper than 32 levels";

struct NodeSeed {
    /// Levels above this value.
    depth: u8,
}

impl NodeSeed {
    fn deeper<E: de::Error>(&self) -> Result<Self, E> {
        if self.depth < MAX_DEPTH {
            Ok(Self {
                depth: self.depth + 1,
            })
        } else {
            Err(E::custom(TOO_DEEP))
        }
    }
}

impl<'de> DeserializeSeed<'de> for NodeSeed {
    type Value = Node;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "JSON numbers are doubles (RFC 8259 section 6); the nearest one is meant"
    )]
    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Number(number as f64))
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "JSON numbers are doubles (RFC 8259 section 6); the nearest one is meant"
    )]
    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Number(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node, E> {
        checked(text).map(|text| Node::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element_seed(self.deeper()?)? {
            nodes.push(node);
        }
        Ok(Node::Array(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut members = Members::new();
        while let Some(Name(name)) = entries.next_key()? {
            let value = entries.next_value_seed(self.deeper()?)?;
            if members.insert(name, value).is_some() {
                return Err(de::Error::custom(DUPLICATE));
            }
        }
        Ok(Node::Object(members))
    }
}

/// A member's name.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        checked(&name)?;
        Ok(Self(name))
    }
}

fn checked<E: de::Error>(text: &str) -> Result<&str, E> {
    if text.contains('\0') {
        Err(E::custom(NUL))
    } else {
        Ok(text)
    }
}
