//! Reads what matters of a schema.

use serde_json::{Map, Value};

/// The schema that a reference leads to; of "this or null" the first that is not null.
pub(super) fn resolve<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return reference
            .strip_prefix('#')
            .and_then(|pointer| document.pointer(pointer))
            .map_or(schema, |found| resolve(document, found));
    }
    let choices = ["oneOf", "anyOf"]
        .into_iter()
        .find_map(|name| schema.get(name))
        .and_then(Value::as_array);
    choices
        .into_iter()
        .flatten()
        .find(|choice| choice.get("type").and_then(Value::as_str) != Some("null"))
        .map_or(schema, |choice| resolve(document, choice))
}

/// Whether values of a type fit; whole numbers are numbers.
pub(super) fn is(schema: &Value, wanted: &str) -> bool {
    let is = |name: &str| name == wanted || (name == "integer" && wanted == "number");
    match schema.get("type") {
        Some(Value::String(name)) => is(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(is),
        _ => false,
    }
}

/// Whether of all numbers only whole ones fit.
pub(super) fn is_whole(schema: &Value) -> bool {
    is(schema, "integer")
}

/// The properties of an object.
pub(super) fn properties<'d>(
    document: &'d Value,
    schema: &'d Value,
) -> impl Iterator<Item = (&'d str, &'d Value)> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, property)| (name.as_str(), resolve(document, property)))
}

/// Whether an object cannot be without a property.
pub(super) fn is_required(schema: &Value, name: &str) -> bool {
    schema
        .get("required")
        .and_then(Value::as_array)
        .is_some_and(|names| names.iter().any(|required| required == name))
}

/// Whether an object takes no other members than its properties.
pub(super) fn is_closed(schema: &Value) -> bool {
    schema.get("additionalProperties") == Some(&Value::Bool(false))
}

/// A value that fits, made of the examples that the schema gives.
pub(super) fn example(document: &Value, schema: &Value) -> Option<Value> {
    let given = schema.get("example").or_else(|| {
        schema
            .get("examples")
            .and_then(Value::as_array)
            .and_then(|examples| examples.first())
    });
    if given.is_some() {
        return given.cloned();
    }
    if !is(schema, "object") {
        return None;
    }
    let members: Map<String, Value> = properties(document, schema)
        .filter_map(|(name, property)| Some((name.to_owned(), example(document, property)?)))
        .collect();
    Some(Value::Object(members))
}
