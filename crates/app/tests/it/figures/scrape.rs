//! The figures of a server, read as Prometheus reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::support::{Client, TestApp};

/// How long a figure may take to become what it is to be.
const LIMIT: Duration = Duration::from_secs(20);

/// What one scrape gave.
pub(super) struct Figures {
    pub(super) text: String,
    /// By name.
    pub(super) families: BTreeMap<String, Family>,
    samples: Vec<Sample>,
}

/// A family: what it is and what is told of it.
#[derive(Debug, Default)]
pub(super) struct Family {
    pub(super) help: String,
    pub(super) kind: String,
    /// The names of its labels, without those that every histogram has.
    pub(super) labels: BTreeSet<String>,
}

#[derive(Debug)]
struct Sample {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

impl Figures {
    /// Asks a server for its figures.
    pub(super) async fn of(app: &TestApp) -> Self {
        let metrics = Client::new(format!("http://{}", app.facts().metrics.unwrap()));
        let answer = metrics.get("/metrics").await;
        answer.expect_status(200);
        Self::read(answer.text)
    }

    /// Asks until something holds of the figures.
    pub(super) async fn until(app: &TestApp, what: &str, holds: impl Fn(&Self) -> bool) -> Self {
        let asking = async {
            loop {
                let figures = Self::of(app).await;
                if holds(&figures) {
                    return figures;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let held = tokio::time::timeout(LIMIT, asking).await;
        held.unwrap_or_else(|_| panic!("{what} is not told"))
    }

    fn read(text: String) -> Self {
        let mut families: BTreeMap<String, Family> = BTreeMap::new();
        let mut samples = Vec::new();
        for line in text.lines() {
            if let Some(help) = line.strip_prefix("# HELP ") {
                let (name, help) = help.split_once(' ').unwrap_or((help, ""));
                let family = families.entry(name.to_owned()).or_default();
                assert_eq!(family.help, "", "{name} is told twice");
                family.help = help.to_owned();
            } else if let Some(kind) = line.strip_prefix("# TYPE ") {
                let (name, kind) = kind.split_once(' ').unwrap();
                families.get_mut(name).unwrap().kind = kind.to_owned();
            } else {
                samples.push(Sample::read(line));
            }
        }
        for sample in &samples {
            let names = sample.labels.keys().filter(|name| *name != "le").cloned();
            let name = family_of(&sample.name, &families);
            families.get_mut(name).unwrap().labels.extend(names);
        }
        Self {
            text,
            families,
            samples,
        }
    }

    /// The sum of the samples of this name that have these labels; fails when there is none.
    #[track_caller]
    pub(super) fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let fits = |sample: &&Sample| {
            let has = |(name, value): &(&str, &str)| {
                sample.labels.get(*name).map(String::as_str) == Some(*value)
            };
            sample.name == name && labels.iter().all(has)
        };
        let found: Vec<f64> = self.samples.iter().filter(fits).map(|s| s.value).collect();
        assert!(!found.is_empty(), "{name}{labels:?} in {}", self.text);
        found.iter().sum()
    }

    /// Whether a figure of this name is told.
    pub(super) fn has(&self, name: &str) -> bool {
        self.families.contains_key(name)
    }
}

impl Sample {
    fn read(line: &str) -> Self {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        // No value of a label has a comma or a quotation mark here.
        let labels = labels.trim_end_matches('}').split(',');
        let labels = labels.filter(|label| !label.is_empty()).map(|label| {
            let (name, value) = label.split_once('=').unwrap();
            (name.to_owned(), value.trim_matches('"').to_owned())
        });
        Self {
            name: name.to_owned(),
            labels: labels.collect(),
            value: value.parse().unwrap(),
        }
    }
}

/// The family that a sample belongs to: of a histogram it has a suffix.
fn family_of<'a>(sample: &'a str, families: &BTreeMap<String, Family>) -> &'a str {
    let suffixes = ["_bucket", "_sum", "_count"].into_iter();
    let mut bases = suffixes.filter_map(|suffix| sample.strip_suffix(suffix));
    let base = bases.find(|base| families.get(*base).is_some_and(|f| f.kind == "histogram"));
    base.unwrap_or(sample)
}
