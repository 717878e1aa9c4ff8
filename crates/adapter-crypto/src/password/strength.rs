//! How easily a password is guessed, by zxcvbn.

use zxcvbn::{Score, zxcvbn};

/// Whether a password reaches score 3 ("safely unguessable"), with the words of its context among
/// the first guesses. zxcvbn looks at the first 100 characters.
pub(super) fn is_strong(password: &str, context: &[String]) -> bool {
    let words = words(context);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    zxcvbn(password, &words).score() >= Score::Three
}

/// Each text whole, its halves around an `@`, and split at spaces, `@` and dots; of a name also
/// the words put together: the parts that people build passwords from.
fn words(context: &[String]) -> Vec<String> {
    let mut words: Vec<String> = context
        .iter()
        .flat_map(|text| {
            let parts = text.split(|c: char| c.is_whitespace() || c == '@' || c == '.');
            let together = ["", ".", "-", "_"]
                .map(|glue| text.split_whitespace().collect::<Vec<_>>().join(glue));
            std::iter::once(text.as_str())
                .chain(text.split('@'))
                .chain(parts)
                .map(str::to_owned)
                .chain(together)
                .collect::<Vec<_>>()
        })
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase())
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contracts_examples_are_judged_as_it_says() {
        assert!(is_strong("SecurePassword123!", &[]));
        assert!(!is_strong("Password123!", &[]));
        assert!(!is_strong("Abcdef1!", &[]));
        assert!(is_strong("correct horse battery staple", &[]));
    }

    #[test]
    fn words_about_the_person_do_not_count() {
        let password = "zyqvorthaBramwiczk";
        assert!(is_strong(password, &[]));
        assert!(!is_strong(
            password,
            &[
                "Zyqvortha Smith".to_owned(),
                "ada@bramwiczk.example".to_owned()
            ]
        ));
    }

    #[test]
    fn the_local_part_of_an_address_is_no_password() {
        let context = ["zorblaxian.quuxley@frobozz.example".to_owned()];
        assert!(is_strong("zorblaxian.quuxley", &[]));
        assert!(!is_strong("zorblaxian.quuxley", &context));
    }

    #[test]
    fn addresses_and_names_are_taken_apart() {
        assert_eq!(
            words(&["Ada.L@Example.com".to_owned(), "Ada  Lovelace".to_owned()]),
            [
                "ada",
                "ada  lovelace",
                "ada-lovelace",
                "ada.l",
                "ada.l@example.com",
                "ada.lovelace",
                "ada_lovelace",
                "adalovelace",
                "com",
                "example",
                "example.com",
                "l",
                "lovelace"
            ]
        );
    }

    #[test]
    fn long_passwords_of_any_script_are_judged_quickly() {
        let start = std::time::Instant::now();
        assert!(!is_strong(&"a".repeat(1_024), &[]));
        is_strong(&"пароль ".repeat(18), &["пароль".to_owned()]);
        is_strong(&"\u{1F511}".repeat(128), &[]);
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }
}
