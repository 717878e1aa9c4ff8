//! Rule: what is in the repository is finished; what is not is not in it.

use super::finding::Finding;
use super::source::Source;

/// Words that mark something as unfinished, in code, comments and strings alike.
const WORDS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("X", "XX"),
];

/// Macros that stand for missing code.
const MACROS: &[&str] = &["todo!", "unimplemented!"];

/// Finds the marks of unfinished work.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let words = source
        .lines()
        .filter_map(|(line, text)| Some((line, *WORDS.iter().find(|word| has_word(text, word))?)));
    let macros = source.code_lines().filter_map(|(line, code)| {
        Some((line, *MACROS.iter().find(|name| code.contains(**name))?))
    });
    words
        .chain(macros)
        .map(|(line, mark)| Finding::new(source.path(), line, format!("`{mark}`: finish it")))
        .collect()
}

/// Whether a text holds this word on its own, not as a part of another.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        check(&Source::new("crates/http/src/a.rs", text))
            .iter()
            .map(Finding::line)
            .collect()
    }

    #[test]
    fn marks_are_found_in_comments_and_strings() {
        let [todo, fixme, xxx] = [WORDS[0], WORDS[1], WORDS[2]];
        assert_eq!(
            lines(&format!("// {todo}: more\n\"{fixme}\"\n/* {xxx} */\n")),
            [1, 2, 3]
        );
    }

    #[test]
    fn macros_are_found_in_code_only() {
        assert_eq!(
            lines("fn a() { todo!() }\nfn b() { unimplemented!(\"b\") }\n"),
            [1, 2]
        );
        assert!(lines("// todo! is banned\nlet a = \"todo!\";\n").is_empty());
    }

    #[test]
    fn parts_of_other_words_are_good() {
        assert!(lines("const MASTODON: u8 = 1;\nlet a = \"XXXL\";\nlet todos = 3;\n").is_empty());
    }
}
