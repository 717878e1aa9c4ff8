//! User-Agents of all kinds, judged by hand: `tests/data/devices.tsv`.

use super::{describe, detector};

const DEVICES: &str = include_str!("../data/devices.tsv");

#[test]
fn devices_are_what_they_were_judged_to_be() {
    let detector = detector();
    let mut wrong = Vec::new();
    for line in DEVICES.lines() {
        let [kind, browser, os, agent] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("four columns are expected: {line}");
        };
        let device = describe(&detector, agent);
        let found = [
            device.device_type.as_str(),
            device.browser_name.as_deref().unwrap_or("-"),
            device.os_name.as_deref().unwrap_or("-"),
        ];
        if found != [kind, browser, os] || device.is_bot != (kind == "bot") {
            wrong.push(format!(
                "{agent}\n    {kind}, {browser}, {os} expected, {found:?} found"
            ));
        }
    }
    let total = DEVICES.lines().count();
    println!("devices: {} of {total} agree", total - wrong.len());
    assert!(total >= 200);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
