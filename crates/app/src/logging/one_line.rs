//! One line of harmless text for each event, whatever its values hold.
//!
//! The library writes most values as they show: with a line break in one, an answer of some server
//! for example, whoever chose it could forge events, and with others direct the terminal of whoever
//! reads them.

use std::borrow::Cow;
use std::io::{self, Write};

use kogents_domain::text::is_control_or_bidi;
use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;

/// Makes writers of text that keep each event on one line.
pub(super) struct OneLine<M> {
    pub(super) writer: M,
    /// Whether the library's own colours are to be let through.
    pub(super) has_colours: bool,
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for OneLine<M> {
    type Writer = Line<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Line {
            writer: self.writer.make_writer(),
            has_colours: self.has_colours,
        }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Self::Writer {
        Line {
            writer: self.writer.make_writer_for(metadata),
            has_colours: self.has_colours,
        }
    }
}

/// A writer that is handed each event in one piece, its own line break at the end.
pub(super) struct Line<W> {
    writer: W,
    has_colours: bool,
}

impl<W: Write> Write for Line<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let (line, end) = match text.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (text.as_ref(), ""),
        };
        match tamed(line, self.has_colours) {
            Cow::Borrowed(_) => self.writer.write_all(event)?,
            Cow::Owned(line) => self.writer.write_all((line + end).as_bytes())?,
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// A text whose control characters, and what reorders text, are written out: `\n`, `\u{1b}`.
fn tamed(text: &str, has_colours: bool) -> Cow<'_, str> {
    if !text.contains(is_control_or_bidi) {
        return Cow::Borrowed(text);
    }
    let mut tame = String::with_capacity(text.len() + 16);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1B}' && has_colours && begins_colour(rest.as_str()) {
            tame.push(c);
        } else if is_control_or_bidi(c) {
            tame.extend(c.escape_default());
        } else {
            tame.push(c);
        }
    }
    Cow::Owned(tame)
}

/// Whether what follows an ESC makes it a change of colour (ECMA-48, SGR), which moves nothing.
fn begins_colour(rest: &str) -> bool {
    let parameters = rest.strip_prefix('[');
    let end = parameters.map(|rest| {
        rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ';' | ':'))
    });
    end.is_some_and(|end| end.starts_with('m'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s30_only_colours_come_through_and_only_where_they_are_wanted() {
        let red = "\u{1B}[1;31mred\u{1B}[0m";
        assert_eq!(tamed(red, true), red);
        assert_eq!(tamed(red, false), "\\u{1b}[1;31mred\\u{1b}[0m");
        for other in [
            "\u{1B}[2J",
            "\u{1B}]0;title\u{7}",
            "\u{1B}[1",
            "\u{1B}",
            "\u{9B}2J",
        ] {
            let tame = tamed(other, true);
            assert!(!tame.contains(is_control_or_bidi), "{tame:?}");
        }
        assert_eq!(
            tamed("a\r\nb\u{202E}\u{2028}", true),
            "a\\r\\nb\\u{202e}\\u{2028}"
        );
        assert!(matches!(tamed("as it stands: é", false), Cow::Borrowed(_)));
    }
}
