//! Upstream's own expectations.

use super::*;

const BROWSERS: &str = include_str!("../../tests/data/upstream_browsers.tsv");
const SYSTEMS: &str = include_str!("../../tests/data/upstream_systems.tsv");

type Pick = fn(UserAgentFamilies) -> Option<Family>;

/// Compares what is found with what each line expects: how many agree, and which do not.
fn compare(lines: &'static str, pick: Pick) -> (usize, Vec<String>) {
    let regexes = Regexes::load().unwrap();
    let mut differing = Vec::new();
    let mut total = 0;
    for line in lines.lines() {
        let [agent, name, version] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("three columns are expected: {line}");
        };
        total += 1;
        let found = pick(regexes.read(agent));
        let known = |text: &str| (text != "-").then(|| text.to_owned());
        let expected = known(name).map(|name| Family {
            name,
            version: known(version),
        });
        if found != expected {
            differing.push(format!("{agent}: {expected:?} expected, {found:?} found"));
        }
    }
    (total, differing)
}

fn report(what: &str, total: usize, differing: &[String]) {
    println!("{what}: {} of {total} agree", total - differing.len());
    for line in differing {
        println!("  {line}");
    }
}

#[test]
fn browsers_are_those_that_upstream_expects() {
    let (total, differing) = compare(BROWSERS, |families| families.browser);
    report("browsers", total, &differing);
    assert_eq!((total, differing.len()), (5_115, 0));
}

#[test]
fn systems_are_those_that_upstream_expects() {
    let (total, differing) = compare(SYSTEMS, |families| families.os);
    report("systems", total, &differing);
    assert_eq!((total, differing.len()), (460, 0));
}
