//! Bodies with one violation each.

use serde_json::{Value, json};

use super::schema;

/// A body in which one field is wrong.
pub(super) struct Violated {
    pub(super) field: String,
    pub(super) what: &'static str,
    pub(super) code: &'static str,
    pub(super) body: Value,
}

/// Every body that differs from the fitting one by one violation.
pub(super) fn violations(document: &Value, schema: &Value, fitting: &Value) -> Vec<Violated> {
    let mut walk = Walk {
        document,
        fitting,
        found: Vec::new(),
    };
    walk.object(schema, &[]);
    walk.found
}

struct Walk<'d> {
    document: &'d Value,
    fitting: &'d Value,
    found: Vec<Violated>,
}

impl Walk<'_> {
    fn object(&mut self, schema: &Value, path: &[&str]) {
        for (name, property) in schema::properties(self.document, schema) {
            let path: Vec<&str> = path.iter().copied().chain([name]).collect();
            if schema::is_required(schema, name) {
                self.add(&path, "missing", "REQUIRED_FIELD", None);
                self.add(&path, "null", "REQUIRED_FIELD", Some(Value::Null));
                if schema::is(property, "string") {
                    self.add(&path, "empty", "REQUIRED_FIELD", Some(json!("")));
                }
            }
            self.types(property, &path);
            if schema::is(property, "string") {
                self.text(property, &path);
            }
            if schema::is(property, "number") {
                self.number(property, &path);
            }
            if schema::is(property, "object") {
                self.object(property, &path);
                self.values(property, &path);
            }
        }
        if schema::is_closed(schema) {
            let path: Vec<&str> = path.iter().copied().chain(["unexpected"]).collect();
            self.add(&path, "unknown", "UNKNOWN_FIELD", Some(json!("x")));
        }
    }

    fn types(&mut self, property: &Value, path: &[&str]) {
        for (kind, value) in [
            ("string", json!("x")),
            ("number", json!(7)),
            ("boolean", json!(true)),
            ("array", json!([])),
            ("object", json!({})),
        ] {
            if !schema::is(property, kind) {
                self.add(path, "of a wrong type", "INVALID_TYPE", Some(value));
            }
        }
    }

    fn text(&mut self, property: &Value, path: &[&str]) {
        let length = |name| {
            property
                .get(name)
                .and_then(Value::as_u64)
                .and_then(|length| usize::try_from(length).ok())
        };
        if let Some(most) = length("maxLength") {
            let text = "a".repeat(most + 1);
            self.add(path, "too long", "INVALID_LENGTH", Some(json!(text)));
        }
        if let Some(least) = length("minLength").filter(|least| *least > 1) {
            let text = "a".repeat(least - 1);
            self.add(path, "too short", "INVALID_LENGTH", Some(json!(text)));
        }
        if property.get("enum").is_some() {
            let text = json!("no such value");
            self.add(path, "not one of them", "INVALID_ENUM_VALUE", Some(text));
        }
        if property.get("pattern").is_some() {
            // As long as the example, and of a character that no pattern here takes.
            let like = property.get("example").and_then(Value::as_str);
            let text = "<".repeat(like.map_or(1, |like| like.chars().count()));
            self.add(path, "of a wrong form", "INVALID_FORMAT", Some(json!(text)));
        }
        match property.get("format").and_then(Value::as_str) {
            Some("email") => {
                self.add(path, "no address", "INVALID_EMAIL", Some(json!("nobody")));
            }
            Some("uri") => self.add(path, "no URL", "INVALID_URL", Some(json!("nonsense"))),
            _ => {}
        }
    }

    fn number(&mut self, property: &Value, path: &[&str]) {
        if schema::is_whole(property) {
            self.add(path, "not whole", "INVALID_FORMAT", Some(json!(0.5)));
        }
        if let Some(least) = property.get("minimum").and_then(Value::as_f64) {
            self.add(path, "too small", "MIN_VALUE", Some(json!(least - 1.0)));
        }
        if let Some(most) = property.get("maximum").and_then(Value::as_f64) {
            self.add(path, "too great", "MAX_VALUE", Some(json!(most + 1.0)));
        }
    }

    /// An object of any names whose values have one type.
    fn values(&mut self, property: &Value, path: &[&str]) {
        let Some(values) = property
            .get("additionalProperties")
            .filter(|v| v.is_object())
        else {
            return;
        };
        let example = schema::example(self.document, property).unwrap_or(Value::Null);
        for name in example
            .as_object()
            .into_iter()
            .flat_map(|object| object.keys())
        {
            let path: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
            self.types(values, &path);
        }
    }

    /// The fitting body with another value at a path, or with none.
    fn add(&mut self, path: &[&str], what: &'static str, code: &'static str, to: Option<Value>) {
        let mut body = self.fitting.clone();
        let Some((last, above)) = path.split_last() else {
            return;
        };
        let object = above
            .iter()
            .try_fold(&mut body, |value, name| value.get_mut(name))
            .and_then(Value::as_object_mut);
        let Some(object) = object else { return };
        match to {
            Some(value) => object.insert((*last).to_owned(), value),
            None => object.remove(*last),
        };
        self.found.push(Violated {
            field: path.join("."),
            what,
            code,
            body,
        });
    }
}
