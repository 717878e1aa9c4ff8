//! The texts of the mails, one file a language.

use std::collections::{BTreeMap, BTreeSet};

use kogents_domain::auth::Language;
use kogents_domain::mail::Template;
use minijinja::{Environment, UndefinedBehavior, Value};

use super::BrokenTemplates;

/// Every language there is, English first, in which whoever speaks none of them is written to.
/// To add one, add its file here; it must have the texts that English has.
const LANGUAGES: [(&str, &str); 1] = [("en", include_str!("../../texts/en.txt"))];

/// The texts that every mail has.
const COMMON: &str = "common";

/// The texts of every language.
pub(super) struct Catalogues {
    english: Catalogue,
    others: Vec<Catalogue>,
}

impl Catalogues {
    /// Reads the texts that are built in.
    pub(super) fn read() -> Result<Self, BrokenTemplates> {
        let [english, others @ ..] = LANGUAGES;
        let english = Catalogue::read(english.0, english.1)?;
        let others = others
            .into_iter()
            .map(|(language, source)| Catalogue::read(language, source))
            .collect::<Result<Vec<_>, _>>()?;
        if let Some(other) = others.iter().find(|other| other.names != english.names) {
            return Err(BrokenTemplates(format!(
                "the texts in {} are not those in English",
                other.language
            )));
        }
        Ok(Self { english, others })
    }

    /// The texts in a language, else in the language without its region (RFC 4647 section 3.4),
    /// else in English.
    pub(super) fn nearest(&self, language: &Language) -> &Catalogue {
        let mut range = language.as_str();
        loop {
            let found = self
                .others
                .iter()
                .find(|other| other.language.eq_ignore_ascii_case(range));
            match (found, range.rsplit_once('-')) {
                (Some(found), _) => return found,
                (None, Some((shorter, _))) => range = shorter,
                (None, None) => return &self.english,
            }
        }
    }
}

/// The texts of one language.
pub(super) struct Catalogue {
    language: &'static str,
    texts: Environment<'static>,
    names: BTreeSet<&'static str>,
}

impl Catalogue {
    fn read(language: &'static str, source: &'static str) -> Result<Self, BrokenTemplates> {
        let mut texts = Environment::new();
        texts.set_undefined_behavior(UndefinedBehavior::Strict);
        // Escaping is the body's business; a text that goes into HTML is escaped there, once.
        texts.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        let mut names = BTreeSet::new();
        for line in source.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, text) = line
                .split_once('=')
                .map(|(name, text)| (name.trim(), text.trim()))
                .filter(|(name, text)| name.contains('.') && !text.is_empty())
                .ok_or_else(|| BrokenTemplates(format!("{language}: not a text: {line}")))?;
            if !names.insert(name) {
                return Err(BrokenTemplates(format!(
                    "{language}: {name} is there twice"
                )));
            }
            texts.add_template(name, text)?;
        }
        Ok(Self {
            language,
            texts,
            names,
        })
    }

    /// The language's tag.
    pub(super) const fn language(&self) -> &'static str {
        self.language
    }

    /// The texts of a template and those of every mail, by the last part of their names.
    pub(super) fn render(
        &self,
        template: Template,
        parameters: &Value,
    ) -> Result<BTreeMap<&'static str, String>, minijinja::Error> {
        let of = |name: &&'static str| -> Option<(&'static str, &'static str)> {
            let (section, last) = name.split_once('.')?;
            (section == COMMON || section == template.as_str()).then_some((*name, last))
        };
        self.names
            .iter()
            .filter_map(of)
            .map(|(name, last)| {
                let text = self.texts.get_template(name)?.render(parameters.clone())?;
                Ok((last, text))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_that_are_built_in_can_be_read() {
        let catalogues = Catalogues::read().unwrap();
        for template in Template::ALL {
            let subject = format!("{}.subject", template.as_str());
            assert!(
                catalogues.english.names.contains(subject.as_str()),
                "{subject}"
            );
        }
    }

    #[test]
    fn the_nearest_language_is_found() {
        let mut catalogues = Catalogues::read().unwrap();
        catalogues.others = vec![
            Catalogue::read("pt", "a.b = c").unwrap(),
            Catalogue::read("pt-BR", "a.b = c").unwrap(),
        ];
        for (wanted, found) in [
            ("pt-BR", "pt-BR"),
            ("pt-PT", "pt"),
            ("pt-Latn-AO", "pt"),
            ("en-GB", "en"),
            ("ja", "en"),
        ] {
            let language = Language::parse(wanted).unwrap();
            assert_eq!(catalogues.nearest(&language).language(), found, "{wanted}");
        }
    }

    #[test]
    fn malformed_files_are_refused() {
        for source in ["a.b", "ab = c", "a.b =", "a.b = c\na.b = d", "a.b = {{"] {
            assert!(Catalogue::read("xx", source).is_err(), "{source}");
        }
    }
}
