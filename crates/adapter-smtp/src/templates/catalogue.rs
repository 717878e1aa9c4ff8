//! The texts of the mails in one language: one file.

use std::collections::{BTreeMap, BTreeSet};

use kogents_domain::mail::Template;
use minijinja::{Environment, UndefinedBehavior, Value};

use super::BrokenTemplates;

/// The section of the texts that every mail has.
const COMMON: &str = "common";

/// The texts of one language.
pub(super) struct Catalogue {
    language: &'static str,
    texts: Environment<'static>,
    names: BTreeSet<&'static str>,
}

impl Catalogue {
    /// Reads a file: one text a line, `section.name = text`.
    pub(super) fn read(
        language: &'static str,
        source: &'static str,
    ) -> Result<Self, BrokenTemplates> {
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

    /// Whether it has a letter.
    pub(super) fn has(&self, template: Template) -> bool {
        self.has_section(template.as_str())
    }

    fn has_section(&self, section: &str) -> bool {
        self.names.iter().any(|name| section_of(name) == section)
    }

    /// Whether no letter is missing.
    pub(super) fn has_every_letter(&self) -> Result<(), BrokenTemplates> {
        let mut subjects = Template::ALL
            .into_iter()
            .map(|template| format!("{}.subject", template.as_str()));
        match subjects.find(|subject| !self.names.contains(subject.as_str())) {
            Some(missing) => Err(self.lacks(&missing)),
            None => Ok(()),
        }
    }

    /// Whether it has what `english` has in common texts, and of each letter all or nothing.
    pub(super) fn agrees_with(&self, english: &Self) -> Result<(), BrokenTemplates> {
        let wanted = |name: &str| {
            let section = section_of(name);
            section == COMMON || self.has_section(section)
        };
        let mut missing = english.names.difference(&self.names);
        if let Some(missing) = missing.find(|name| wanted(name)) {
            return Err(self.lacks(missing));
        }
        match self.names.difference(&english.names).next() {
            Some(unknown) => Err(BrokenTemplates(format!(
                "{}: {unknown} is not in English",
                self.language
            ))),
            None => Ok(()),
        }
    }

    fn lacks(&self, name: &str) -> BrokenTemplates {
        BrokenTemplates(format!("{}: {name} is missing", self.language))
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

/// The part of a text's name before its first dot.
fn section_of(name: &str) -> &str {
    name.split_once('.').map_or(name, |(section, _)| section)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_files_are_refused() {
        for source in ["a.b", "ab = c", "a.b =", "a.b = c\na.b = d", "a.b = {{"] {
            assert!(Catalogue::read("xx", source).is_err(), "{source}");
        }
    }
}
