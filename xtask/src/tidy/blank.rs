//! Rust text with its comments and the insides of its literals blanked out, line by line, so
//! that a rule about code is not misled by prose or by samples in strings.

use std::iter::Peekable;
use std::str::Chars;

/// The same lines, with spaces for every character of a comment or inside a literal.
pub(super) fn comments_and_literals(text: &str) -> String {
    let mut blanker = Blanker {
        rest: text.chars().peekable(),
        out: String::new(),
    };
    blanker.run();
    blanker.out
}

struct Blanker<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
}

impl Blanker<'_> {
    fn run(&mut self) {
        while let Some(&next) = self.rest.peek() {
            match next {
                '/' if self.follows("//") => self.line_comment(),
                '/' if self.follows("/*") => self.block_comment(),
                '"' => self.string(),
                '\'' => self.quote(),
                _ if next == '_' || next.is_alphanumeric() => self.word(),
                _ => self.keep(),
            }
        }
    }

    fn follows(&self, wanted: &str) -> bool {
        let mut ahead = self.rest.clone();
        wanted.chars().all(|wanted| ahead.next() == Some(wanted))
    }

    /// Copies one character.
    fn keep(&mut self) {
        self.out.extend(self.rest.next());
    }

    /// Blanks one character; a line break stays.
    fn blank(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        self.out.push(if next == '\n' { '\n' } else { ' ' });
        Some(next)
    }

    fn line_comment(&mut self) {
        while self.rest.peek().is_some_and(|&next| next != '\n') {
            self.blank();
        }
    }

    /// A block comment; Rust's nest.
    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            if self.follows("/*") {
                depth += 1;
                self.blank();
            } else if self.follows("*/") {
                depth -= 1;
                self.blank();
            }
            if self.blank().is_none() || depth == 0 {
                return;
            }
        }
    }

    /// A string with escapes, from its opening quote.
    fn string(&mut self) {
        self.keep();
        while let Some(&next) = self.rest.peek() {
            if next == '"' {
                return self.keep();
            }
            if self.blank() == Some('\\') {
                self.blank();
            }
        }
    }

    /// A word; when it is the prefix of a raw string (`r`, `br`, `cr`), that string too.
    fn word(&mut self) {
        let mut word = String::new();
        while let Some(&next) = self.rest.peek() {
            if next != '_' && !next.is_alphanumeric() {
                break;
            }
            word.push(next);
            self.keep();
        }
        if matches!(word.as_str(), "r" | "br" | "cr") {
            let hashes = self.rest.clone().take_while(|&next| next == '#').count();
            if self.rest.clone().nth(hashes) == Some('"') {
                self.raw_string(hashes);
            }
        }
    }

    /// A raw string, from its first `#` or its opening quote.
    fn raw_string(&mut self, hashes: usize) {
        for _ in 0..=hashes {
            self.keep();
        }
        let end = format!("\"{}", "#".repeat(hashes));
        while self.rest.peek().is_some() && !self.follows(&end) {
            self.blank();
        }
        for _ in end.chars() {
            self.keep();
        }
    }

    /// A quote: a character literal, or the beginning of a lifetime or label.
    fn quote(&mut self) {
        self.keep();
        let mut ahead = self.rest.clone();
        match (ahead.next(), ahead.next()) {
            (Some('\\'), _) => {
                self.blank();
                self.blank();
                while self
                    .rest
                    .peek()
                    .is_some_and(|&next| next != '\'' && next != '\n')
                {
                    self.blank();
                }
                self.keep();
            }
            (Some(_), Some('\'')) => {
                self.blank();
                self.keep();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::comments_and_literals as blanked;

    #[test]
    fn code_stays() {
        let code = "fn a<'x>(b: &'x str) -> u8 { 'l: loop { break 'l; } }\n";
        assert_eq!(blanked(code), code);
    }

    #[test]
    fn comments_go_and_nest() {
        assert_eq!(blanked("a // b\nc"), "a     \nc");
        assert_eq!(blanked("a /* b /* c */\nd */ e"), "a             \n     e");
        assert_eq!(blanked("/* never closed"), " ".repeat(15));
    }

    #[test]
    fn the_insides_of_literals_go() {
        assert_eq!(
            blanked(r#"f("a\"b", 'c', '\'', b"d");"#),
            r#"f("    ", ' ', '  ', b" ");"#
        );
        assert_eq!(blanked("r#\"a \" b\"# c"), "r#\"     \"# c");
        assert_eq!(blanked("br\"\\\" x"), "br\" \" x");
        assert_eq!(blanked("'\\u{1F600}' x"), "'         ' x");
    }

    #[test]
    fn raw_identifiers_are_code() {
        assert_eq!(blanked("r#type \"a\""), "r#type \" \"");
    }

    #[test]
    fn the_number_of_lines_never_changes() {
        let text = "\"a\nb\\\nc\" // d\n/* e\n\n*/\n";
        assert_eq!(blanked(text).lines().count(), text.lines().count());
    }
}
