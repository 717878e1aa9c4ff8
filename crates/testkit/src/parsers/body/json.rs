//! A second reading of JSON (RFC 8259), by recursive descent over characters: slow, plain, and
//! with the contract's limits built in.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

/// How deep arrays and objects may nest, the outermost object being the first level.
const MAX_DEPTH: usize = 32;
/// A hundredth of the numbers on the edge of what a double holds: readers may round either way.
const EDGE: std::ops::Range<f64> = 1.797_693_134_86e306..1.797_693_134_87e306;

/// What a body must be taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// One object, within the limits.
    Object,
    /// Anything else.
    Refused,
    /// A number in it is too close to the greatest double to say.
    EdgeOfNumbers,
}

/// Judges a body's octets.
pub(super) fn judge(octets: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(octets) else {
        return Verdict::Refused;
    };
    let mut reading = Reading {
        rest: text.chars().peekable(),
        on_edge: false,
    };
    reading.space();
    let is_object = reading.rest.peek() == Some(&'{');
    let taken = reading.value(0).is_some() && is_object;
    reading.space();
    let taken = taken && reading.rest.next().is_none();
    if reading.on_edge {
        Verdict::EdgeOfNumbers
    } else if taken {
        Verdict::Object
    } else {
        Verdict::Refused
    }
}

struct Reading<'t> {
    rest: Peekable<Chars<'t>>,
    on_edge: bool,
}

impl Reading<'_> {
    fn space(&mut self) {
        while self
            .rest
            .next_if(|c| matches!(c, ' ' | '\t' | '\n' | '\r'))
            .is_some()
        {}
    }

    fn exactly(&mut self, text: &str) -> Option<()> {
        text.chars()
            .all(|wanted| self.rest.next() == Some(wanted))
            .then_some(())
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        self.space();
        match self.rest.peek()? {
            '{' => self.object(depth + 1),
            '[' => self.array(depth + 1),
            '"' => self.text().map(drop),
            't' => self.exactly("true"),
            'f' => self.exactly("false"),
            'n' => self.exactly("null"),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        let mut names = BTreeSet::new();
        self.exactly("{")?;
        self.space();
        if self.rest.next_if_eq(&'}').is_some() {
            return (depth <= MAX_DEPTH).then_some(());
        }
        loop {
            self.space();
            let name = self.text()?;
            self.space();
            self.exactly(":")?;
            self.value(depth)?;
            if depth > MAX_DEPTH || !names.insert(name) {
                return None;
            }
            self.space();
            match self.rest.next()? {
                ',' => {}
                '}' => return Some(()),
                _ => return None,
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.exactly("[")?;
        self.space();
        if self.rest.next_if_eq(&']').is_some() {
            return (depth <= MAX_DEPTH).then_some(());
        }
        loop {
            if depth > MAX_DEPTH {
                return None;
            }
            self.value(depth)?;
            self.space();
            match self.rest.next()? {
                ',' => {}
                ']' => return Some(()),
                _ => return None,
            }
        }
    }

    fn text(&mut self) -> Option<String> {
        self.exactly("\"")?;
        let mut text = String::new();
        loop {
            match self.rest.next()? {
                '"' => return Some(text),
                '\\' => text.push(self.escape()?),
                c if c < ' ' => return None,
                c => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let c = match self.rest.next()? {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\u{8}',
            'f' => '\u{C}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let first = self.unit()?;
                if (0xD800..0xDC00).contains(&first) {
                    self.exactly("\\u")?;
                    let second = self.unit()?;
                    char::decode_utf16([first, second]).next()?.ok()?
                } else {
                    char::from_u32(u32::from(first))?
                }
            }
            _ => return None,
        };
        (c != '\0').then_some(c)
    }

    fn unit(&mut self) -> Option<u16> {
        let digits: String = self.rest.by_ref().take(4).collect();
        let hexadecimal = digits.len() == 4 && digits.chars().all(|c| c.is_ascii_hexdigit());
        hexadecimal
            .then(|| u16::from_str_radix(&digits, 16).ok())
            .flatten()
    }

    fn number(&mut self) -> Option<()> {
        let mut number = String::new();
        number.extend(self.rest.next_if_eq(&'-'));
        let whole = self.digits(&mut number)?;
        if whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        if self.rest.next_if_eq(&'.').is_some() {
            number.push('.');
            self.digits(&mut number)?;
        }
        if self.rest.next_if(|c| matches!(c, 'e' | 'E')).is_some() {
            number.push('e');
            number.extend(self.rest.next_if(|c| matches!(c, '+' | '-')));
            self.digits(&mut number)?;
        }
        let magnitude = number.parse::<f64>().ok()?.abs();
        self.on_edge |= hundredth(&number).is_some_and(|hundredth| EDGE.contains(&hundredth));
        magnitude.is_finite().then_some(())
    }

    fn digits(&mut self, number: &mut String) -> Option<String> {
        let mut digits = String::new();
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        number.push_str(&digits);
        (!digits.is_empty()).then_some(digits)
    }
}

/// The hundredth part of a number's magnitude.
fn hundredth(number: &str) -> Option<f64> {
    let (digits, exponent) = number.split_once('e').unwrap_or((number, "0"));
    let exponent = exponent.parse::<i64>().ok()?.checked_sub(2)?;
    let number = format!("{digits}e{exponent}").parse::<f64>().ok()?;
    Some(number.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_told_from_everything_else() {
        for good in [
            "{}",
            " { } \n",
            r#"{"a":[1,-0.5e+3,true,false,null,{"b":""}]}"#,
            r#"{"\ud83d\ude00":"\n\/"}"#,
            r#"{"a":0e999999999999}"#,
        ] {
            assert_eq!(judge(good.as_bytes()), Verdict::Object, "{good}");
        }
        for bad in [
            "",
            "[]",
            "{",
            "{}{}",
            "{,}",
            r#"{"a":1,}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"a":01}"#,
            r#"{"a":1e400}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":"\u0000"}"#,
            r#"{"a":nul}"#,
            r#"{"a":+1}"#,
            r#"{"a":1.}"#,
            r#"{"a":[1,]}"#,
            "\u{FEFF}{}",
        ] {
            assert_eq!(judge(bad.as_bytes()), Verdict::Refused, "{bad}");
        }
        let edge = br#"{"a":1.7976931348623159e308}"#;
        assert_eq!(judge(edge), Verdict::EdgeOfNumbers);
    }

    #[test]
    fn levels_are_counted() {
        let nested = |levels: usize| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
        assert_eq!(judge(nested(32).as_bytes()), Verdict::Object);
        assert_eq!(judge(nested(33).as_bytes()), Verdict::Refused);
        let lists =
            |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(judge(lists(31).as_bytes()), Verdict::Object);
        assert_eq!(judge(lists(32).as_bytes()), Verdict::Refused);
    }
}
