//! The languages that mails are written in.

use kogents_domain::auth::Language;
use kogents_domain::mail::Template;

use super::BrokenTemplates;
use super::catalogue::Catalogue;

/// Every language there is, English first, in which whoever speaks none of them is written to. To
/// add one, add its file in `texts/` here. It must have all texts of `common` that English has, and
/// of every letter all or none: a letter that it lacks is sent in English.
const LANGUAGES: [(&str, &str); 2] = [
    ("en", include_str!("../../texts/en.txt")),
    ("de", include_str!("../../texts/de.txt")),
];

/// The texts of every language.
pub(super) struct Catalogues {
    english: Catalogue,
    others: Vec<Catalogue>,
}

impl Catalogues {
    /// Reads the texts that are built in.
    pub(super) fn read() -> Result<Self, BrokenTemplates> {
        let [english, others @ ..] = LANGUAGES;
        Self::of(english, &others)
    }

    fn of(
        english: (&'static str, &'static str),
        others: &[(&'static str, &'static str)],
    ) -> Result<Self, BrokenTemplates> {
        let english = Catalogue::read(english.0, english.1)?;
        english.has_every_letter()?;
        let others = others
            .iter()
            .map(|(language, source)| {
                let other = Catalogue::read(language, source)?;
                other.agrees_with(&english)?;
                Ok(other)
            })
            .collect::<Result<_, BrokenTemplates>>()?;
        Ok(Self { english, others })
    }

    /// The texts of a letter in a language, else in the language without its region (RFC 4647
    /// section 3.4), else in English.
    pub(super) fn nearest(&self, language: &Language, template: Template) -> &Catalogue {
        let mut range = language.as_str();
        loop {
            let found = self
                .others
                .iter()
                .find(|other| other.language().eq_ignore_ascii_case(range) && other.has(template));
            match (found, range.rsplit_once('-')) {
                (Some(found), _) => return found,
                (None, Some((shorter, _))) => range = shorter,
                (None, None) => return &self.english,
            }
        }
    }

    /// The languages that a letter is written in.
    #[cfg(test)]
    pub(super) fn languages_of(&self, template: Template) -> impl Iterator<Item = &'static str> {
        std::iter::once(&self.english)
            .chain(&self.others)
            .filter(move |catalogue| catalogue.has(template))
            .map(Catalogue::language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = include_str!("../../texts/en.txt");
    /// Small texts of the kind.
    const COMMON: &str = "common.greeting = a\ncommon.footer = a\ncommon.help = a\n\
        common.copy = a\ncommon.when = a\ncommon.address = a\ncommon.device = a\n\
        common.place = a\ncommon.unknown = a\n";
    const TEST: &str = "test.subject = a\ntest.title = a\ntest.lead = a\n";

    fn with(others: &[(&'static str, &'static str)]) -> Result<Catalogues, BrokenTemplates> {
        Catalogues::of(("en", ENGLISH), others)
    }

    fn leaked(text: &str) -> &'static str {
        text.to_owned().leak()
    }

    #[test]
    fn the_texts_that_are_built_in_can_be_read() {
        let catalogues = Catalogues::read().unwrap();
        for template in Template::ALL {
            let mut languages = catalogues.languages_of(template);
            assert_eq!(languages.next(), Some("en"), "{template:?}");
        }
    }

    #[test]
    fn the_nearest_language_that_has_the_letter_is_found() {
        let whole = leaked(&format!("{COMMON}{TEST}"));
        let catalogues = with(&[("pt", whole), ("pt-BR", whole), ("de", COMMON)]).unwrap();
        for (wanted, template, found) in [
            ("pt-BR", Template::Test, "pt-BR"),
            ("pt-PT", Template::Test, "pt"),
            ("pt-Latn-AO", Template::Test, "pt"),
            ("pt-BR", Template::Welcome, "en"),
            ("de-AT", Template::Test, "en"),
            ("en-GB", Template::Test, "en"),
            ("ja", Template::Test, "en"),
        ] {
            let language = Language::parse(wanted).unwrap();
            let nearest = catalogues.nearest(&language, template);
            assert_eq!(nearest.language(), found, "{wanted} {template:?}");
        }
    }

    #[test]
    fn a_letter_is_there_whole_or_not_at_all() {
        for (texts, fault) in [
            (format!("{COMMON}{TEST}"), None),
            (COMMON.to_owned(), None),
            (
                format!("{COMMON}test.subject = a\ntest.title = a"),
                Some("xx: test.lead is missing"),
            ),
            (
                COMMON.replace("common.copy = a\n", ""),
                Some("xx: common.copy is missing"),
            ),
            (TEST.to_owned(), Some("xx: common.address is missing")),
            (
                format!("{COMMON}{TEST}test.more = a"),
                Some("xx: test.more is not in English"),
            ),
            (
                format!("{COMMON}no_such.subject = a"),
                Some("xx: no_such.subject is not in English"),
            ),
        ] {
            let outcome = with(&[("xx", leaked(&texts))]).err();
            let expected = fault.map(|fault| BrokenTemplates(fault.to_owned()));
            assert_eq!(outcome, expected, "{texts}");
        }
    }

    #[test]
    fn english_has_every_letter() {
        let without_one = leaked(&ENGLISH.replace("test.subject", "toast.subject"));
        assert_eq!(
            Catalogues::of(("en", without_one), &[]).err(),
            Some(BrokenTemplates("en: test.subject is missing".to_owned()))
        );
    }
}
