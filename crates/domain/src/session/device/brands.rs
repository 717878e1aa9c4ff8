//! The list of brands in `Sec-CH-UA`, a list of strings with parameters (RFC 8941).

/// The most brands of a list; browsers send three.
const MAX_COUNT: usize = 16;

/// The brands of a browser with their major versions, in the order they came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::session) struct BrandList(Vec<Brand>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Brand {
    name: String,
    version: String,
}

impl BrandList {
    /// Reads a list such as `"Chromium";v="131", "Not_A Brand";v="24"`. What cannot be read ends
    /// the list.
    pub(super) fn parse(text: &str) -> Self {
        let mut brands = Vec::new();
        let mut rest = text.trim();
        while brands.len() < MAX_COUNT {
            let Some((name, after)) = string(rest) else {
                break;
            };
            let (version, after) = version(after);
            brands.push(Brand { name, version });
            let Some(next) = after.trim_start().strip_prefix(',') else {
                break;
            };
            rest = next.trim_start();
        }
        Self(brands)
    }

    /// Whether there is a brand with this name.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|brand| brand.name == name)
    }

    /// Whether there is no brand.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a brand, but for the invented one, has this major version.
    pub(super) fn has_version(&self, major: &str) -> bool {
        self.0
            .iter()
            .any(|brand| brand.version == major && !is_invented(&brand.name))
    }

    /// The brand that tells more than that the browser is built on Chromium.
    pub(super) fn distinctive(&self) -> Option<&str> {
        self.0.iter().map(|brand| brand.name.as_str()).find(|name| {
            !is_invented(name) && !matches!(*name, "Chromium" | "Google Chrome" | "HeadlessChrome")
        })
    }
}

/// Whether a brand is the invented one that every list has, so that nobody relies on knowing all
/// ("GREASE"): "Not A Brand" with changing punctuation.
fn is_invented(name: &str) -> bool {
    let letters: String = name.chars().filter(char::is_ascii_alphabetic).collect();
    letters.eq_ignore_ascii_case("notabrand") || letters.eq_ignore_ascii_case("notbrand")
}

/// The value of a header that is one string: `"Windows"`.
pub(super) fn quoted(text: &str) -> Option<String> {
    string(text).and_then(|(value, rest)| rest.is_empty().then_some(value))
}

/// A string at the beginning of a text, and what follows it.
fn string(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut chars = inside.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return inside.get(at + 1..).map(|rest| (value, rest)),
            '\\' => value.push(
                chars
                    .next()
                    .map(|(_, c)| c)
                    .filter(|c| matches!(c, '"' | '\\'))?,
            ),
            ' '..='~' => value.push(c),
            _ => return None,
        }
    }
    None
}

/// The parameter `v` that follows a brand, empty where there is none, and what follows it.
fn version(text: &str) -> (String, &str) {
    text.trim_start()
        .strip_prefix(';')
        .and_then(|rest| string(rest.trim_start().strip_prefix("v=")?))
        .unwrap_or((String::new(), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGE: &str = r#""Microsoft Edge";v="131", "Chromium";v="131", "Not_A Brand";v="24""#;

    #[test]
    fn brands_are_read_with_their_versions() {
        let list = BrandList::parse(EDGE);
        assert_eq!(list.0.len(), 3);
        assert!(list.contains("Chromium"));
        assert!(list.has_version("131"));
        assert_eq!(list.distinctive(), Some("Microsoft Edge"));
    }

    #[test]
    fn the_invented_brand_counts_for_nothing() {
        for name in [
            "Not_A Brand",
            "Not;A=Brand",
            "Not A;Brand",
            " Not A;Brand",
            "Not/A)Brand",
            "Not?A_Brand",
            "(Not(A:Brand",
            ";Not A Brand",
            "Not.A/Brand",
            "Not)A;Brand",
            "Not-A.Brand",
            "Not:A-Brand",
            "99 Not Brand",
        ] {
            let list = BrandList::parse(&format!(r#""{name}";v="8", "Chromium";v="120""#));
            assert_eq!(list.0.len(), 2, "{name}");
            assert!(!list.has_version("8"), "{name}");
            assert_eq!(list.distinctive(), None, "{name}");
        }
        // Escaped, as one of the first versions sent it.
        let list = BrandList::parse(r#""\\Not\"A;Brand";v="99", "Brave";v="120""#);
        assert_eq!(list.distinctive(), Some("Brave"));
    }

    #[test]
    fn what_cannot_be_read_ends_the_list() {
        for (text, count) in [
            ("", 0),
            ("Chromium", 0),
            (r#""Chromium"#, 0),
            (r#""Chromium";v="1" "Brave""#, 1),
            (r#""Chromium";v=1, "Brave";v="2""#, 1),
            (r#""a", "b\x""#, 1),
            ("\"a\u{7f}\"", 0),
        ] {
            assert_eq!(BrandList::parse(text).0.len(), count, "{text}");
        }
        let many = vec![r#""Chromium";v="1""#; 100].join(", ");
        assert_eq!(BrandList::parse(&many).0.len(), MAX_COUNT);
    }
}
