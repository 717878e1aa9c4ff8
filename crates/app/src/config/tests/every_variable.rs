//! Every variable that the configuration asks for, whichever they are: a new one is walked by
//! itself, and has to be checked and listed in `.env.example`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

use super::super::reader::{Form, Reader};
use super::*;

const EXAMPLE: &str = include_str!("../../../../../.env.example");

/// The variables that any text is right for: a path, a user name, a password of another's making.
const ANY_TEXT: [&str; 4] = ["DATA_DIR", "GEOIP_DB_PATH", "SMTP_USER", "SMTP_PASS"];

/// Right for no variable that has a form.
const WRONG: &str = "canary canary{*\"<";

/// Every variable that is asked for, in either mode.
fn known() -> BTreeMap<&'static str, Form> {
    let mut known = BTreeMap::new();
    for mode in ["development", "production"] {
        let source = Source::of([("APP_ENV", mode)]);
        let mut reader = Reader::new(&source);
        Config::read_with(&mut reader);
        known.append(&mut reader.asked);
    }
    known
}

fn secrets() -> Vec<&'static str> {
    let known = known().into_iter();
    known
        .filter_map(|(name, form)| (form == Form::Secret).then_some(name))
        .collect()
}

/// A production configuration, but for these.
fn production_with(changes: Vec<(String, OsString)>) -> Result<Config, ConfigError> {
    let all = PRODUCTION.iter().chain([&SALT]);
    let all = all.map(|(name, value)| ((*name).to_owned(), OsString::from(value)));
    Config::read(&Source::of(all.chain(changes)))
}

/// What is said of one variable with this value, all others being right.
fn said_of(name: &str, value: impl Into<OsString>) -> (Vec<String>, String) {
    let read = production_with(vec![(name.to_owned(), value.into())]);
    let said = read.as_ref().err().map(ToString::to_string);
    let names = read.err().map_or(Vec::new(), |error| {
        let names = error.faults().iter().map(|fault| fault.name.clone());
        names.collect()
    });
    (names, said.unwrap_or_default())
}

/// The lines of the example file that show a variable: name and sample, by section.
fn listed() -> Vec<(&'static str, &'static str, &'static str)> {
    let mut section = "";
    let mut listed = Vec::new();
    for line in EXAMPLE.lines() {
        if let Some(title) = line.strip_prefix("# --- ") {
            section = title.trim_end_matches([' ', '-']);
        }
        let shown = line
            .strip_prefix("# ")
            .and_then(|line| line.split_once('='));
        if let Some((name, sample)) = shown.filter(|(name, _)| is_name(name)) {
            listed.push((section, name, sample));
        }
    }
    listed
}

fn is_name(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

#[test]
fn s31_every_variable_is_listed_in_the_example_file_once_and_nothing_else_is() {
    let mut listed: Vec<&str> = listed().into_iter().map(|(_, name, _)| name).collect();
    listed.sort_unstable();
    let known: Vec<&str> = known().into_keys().collect();
    assert!(known.len() > 40, "{known:?}");
    assert_eq!(listed, known);
    let set = EXAMPLE
        .lines()
        .find(|line| !line.is_empty() && !line.starts_with('#'));
    assert_eq!(set, None, "the example file sets something");
}

#[test]
fn s31_every_variable_refuses_what_it_cannot_be_by_its_name_alone() {
    for name in known().into_keys() {
        let (names, said) = said_of(name, WRONG);
        if !ANY_TEXT.contains(&name) {
            assert_eq!(names, [name], "{said}");
        }
        assert!(!said.contains("canary"), "{said}");
        let not_text = OsString::from_vec(b"canary\xFF".to_vec());
        let (names, said) = said_of(name, not_text);
        assert_eq!(names, [name], "{said}");
        assert!(!said.contains("canary"), "{said}");
    }
}

#[test]
fn s31_all_faults_are_told_at_once() {
    let wrong: Vec<&str> = known()
        .into_keys()
        .filter(|name| *name != "APP_ENV" && !ANY_TEXT.contains(name))
        .collect();
    let changes = wrong.iter().map(|name| ((*name).to_owned(), WRONG.into()));
    let error = production_with(changes.collect()).unwrap_err();
    let mut named: Vec<&str> = error.faults().iter().map(|f| f.name.as_str()).collect();
    named.sort_unstable();
    assert_eq!(named, wrong);
    let said = error.to_string();
    assert!(!said.contains("canary"), "{said}");
    assert_eq!(said.lines().count(), wrong.len() + 2, "{said}");
}

#[test]
fn s31_every_secret_comes_from_a_file_as_well_and_from_one_place_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    for name in secrets() {
        let by_file = format!("{name}_FILE");
        // A wrong one is as wrong in a file. (A password of mail makes its user wanted.)
        std::fs::write(&path, format!("{WRONG}\n")).unwrap();
        let (direct, said) = said_of(name, WRONG);
        assert!(!direct.is_empty(), "{name} can be anything");
        let read = |changes: &[(&str, &OsString)]| {
            let changes = changes.iter();
            let read = production_with(
                changes
                    .map(|(name, value)| ((*name).to_owned(), (*value).clone()))
                    .collect(),
            );
            read.unwrap_err()
        };
        let (none, file) = (OsString::new(), OsString::from(&path));
        let from_file = read(&[(name, &none), (&by_file, &file)]);
        assert_eq!(from_file.to_string(), said);

        let both = read(&[(name, &WRONG.into()), (&by_file, &file)]);
        let told = both.to_string();
        let expected = format!("{name} and {by_file} are both set");
        assert!(
            told.contains(&expected) && !told.contains("canary"),
            "{told}"
        );

        let absent = OsString::from("canary/there-is-none");
        let told = read(&[(name, &none), (&by_file, &absent)]).to_string();
        let expected = format!("{by_file} must name a file that can be read");
        assert!(
            told.contains(&expected) && !told.contains("canary"),
            "{told}"
        );
    }
}

#[test]
fn s31_what_is_named_like_a_secret_is_one_and_the_example_file_says_so() {
    const SECRET_WORDS: [&str; 6] = ["SECRET", "KEY", "SALT", "PASS", "PASSWORD", "TOKEN"];
    let secrets = secrets();
    for name in known().into_keys() {
        let last = name.trim_end_matches("_PREVIOUS").rsplit('_').next();
        let looks_so = last.is_some_and(|word| SECRET_WORDS.contains(&word));
        assert!(!looks_so || secrets.contains(&name), "{name} has no file");
    }
    let head = EXAMPLE.split("# --- ").next().unwrap();
    let told: Vec<&str> = head
        .split(|c: char| !(c.is_ascii_uppercase() || c == '_'))
        .collect();
    for (section, name, _) in listed() {
        let is_told = section == "Secrets" || told.contains(&name);
        assert_eq!(is_told, secrets.contains(&name), "{name} in {section}");
    }
}

#[test]
fn s31_no_sample_of_a_secret_starts_production() {
    let samples = listed().into_iter();
    let samples: Vec<_> = samples
        .filter(|(section, _, _)| *section == "Secrets")
        .collect();
    assert!(samples.len() >= 8, "{samples:?}");
    for (_, name, sample) in samples {
        // As it is, and made long enough.
        for value in [sample.to_owned(), format!("{sample}-{sample}")] {
            let (names, said) = said_of(name, &value);
            assert_eq!(names, [name], "{said}");
            assert!(!said.contains(sample), "{said}");
        }
    }
}
