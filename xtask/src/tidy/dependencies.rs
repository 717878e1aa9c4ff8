//! Rule: dependencies point inward, as in the table of `docs/ARCHITECTURE.md`.

use cargo_metadata::{DependencyKind, Metadata};

use super::finding::Finding;

/// What the domain may not use, so that it stays free of input, output, clocks and randomness.
const IMPURE: &[&str] = &[
    "tokio",
    "actix-web",
    "diesel",
    "ring",
    "reqwest",
    "time",
    "rand",
];

/// The part of the design a package plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Domain,
    UseCases,
    Adapter,
    Http,
    App,
    Testkit,
    Bench,
    Xtask,
}

impl Part {
    /// The part of a package of ours; nothing for a name that the design does not know.
    fn of(name: &str) -> Option<Self> {
        match name {
            "kogents-domain" => Some(Self::Domain),
            "kogents-usecases" => Some(Self::UseCases),
            "kogents-http" => Some(Self::Http),
            "kogents" => Some(Self::App),
            "kogents-testkit" => Some(Self::Testkit),
            "kogents-bench" => Some(Self::Bench),
            "xtask" => Some(Self::Xtask),
            _ => name.strip_prefix("kogents-adapter-").map(|_| Self::Adapter),
        }
    }

    /// The table: whether a package of this part may depend on one of that part.
    fn may_use(self, other: Self) -> bool {
        match self {
            Self::Domain | Self::Xtask => false,
            Self::UseCases | Self::Adapter | Self::Testkit => other == Self::Domain,
            Self::Http => matches!(other, Self::Domain | Self::UseCases),
            Self::App => !matches!(other, Self::App | Self::Testkit | Self::Bench | Self::Xtask),
            // It puts parts to work without what is around them, wired as the server has them.
            Self::Bench => !matches!(other, Self::Bench | Self::Testkit | Self::Xtask),
        }
    }
}

/// A package of ours: its name, the path of its manifest, what it depends on outside tests.
#[derive(Debug)]
pub(super) struct Package {
    name: String,
    manifest: String,
    dependencies: Vec<String>,
}

/// The packages of the workspace.
pub(super) fn packages(metadata: &Metadata) -> Vec<Package> {
    let root = metadata.workspace_root.as_path();
    metadata
        .workspace_packages()
        .into_iter()
        .map(|package| Package {
            name: package.name.to_string(),
            manifest: package
                .manifest_path
                .strip_prefix(root)
                .unwrap_or(&package.manifest_path)
                .to_string(),
            dependencies: package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind != DependencyKind::Development)
                .map(|dependency| dependency.name.clone())
                .collect(),
        })
        .collect()
}

/// Finds dependencies that the table does not have.
pub(super) fn check(packages: &[Package]) -> Vec<Finding> {
    packages.iter().flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<Finding> {
    let find = |message| Finding::new(&package.manifest, 1, message);
    let Some(part) = Part::of(&package.name) else {
        let message = format!(
            "the design has no crate `{}`: give it a place in it",
            package.name
        );
        return vec![find(message)];
    };
    package
        .dependencies
        .iter()
        .filter_map(|dependency| judge(part, &package.name, dependency))
        .map(find)
        .collect()
}

/// What is wrong with one dependency, if anything.
fn judge(part: Part, name: &str, dependency: &str) -> Option<String> {
    match Part::of(dependency) {
        Some(Part::Testkit) => Some(format!(
            "`{name}` has `{dependency}` in [dependencies]: only tests may use it"
        )),
        Some(other) if !part.may_use(other) => Some(format!(
            "`{name}` may not depend on `{dependency}`: dependencies point inward"
        )),
        None if part == Part::Domain && IMPURE.contains(&dependency) => Some(format!(
            "`{name}` may not depend on `{dependency}`: the domain is pure"
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(name: &str, dependencies: &[&str]) -> usize {
        let package = Package {
            name: name.to_owned(),
            manifest: "crates/some/Cargo.toml".to_owned(),
            dependencies: dependencies.iter().map(|&name| name.to_owned()).collect(),
        };
        check(&[package]).len()
    }

    #[test]
    fn the_table_of_the_design_is_good() {
        assert_eq!(count("kogents-domain", &["serde", "uuid"]), 0);
        assert_eq!(count("kogents-usecases", &["kogents-domain", "tracing"]), 0);
        assert_eq!(
            count("kogents-adapter-sqlite", &["kogents-domain", "diesel"]),
            0
        );
        assert_eq!(
            count(
                "kogents-http",
                &["kogents-domain", "kogents-usecases", "time"]
            ),
            0
        );
        assert_eq!(
            count(
                "kogents",
                &["kogents-http", "kogents-adapter-smtp", "kogents-domain"]
            ),
            0
        );
        assert_eq!(count("kogents-testkit", &["kogents-domain", "tokio"]), 0);
        assert_eq!(
            count(
                "kogents-bench",
                &["kogents-domain", "kogents-adapter-redis", "actix-web"]
            ),
            0
        );
        assert_eq!(count("xtask", &["cargo_metadata"]), 0);
    }

    #[test]
    fn outward_and_sideways_dependencies_are_found() {
        assert_eq!(count("kogents-domain", &["kogents-usecases"]), 1);
        assert_eq!(
            count(
                "kogents-usecases",
                &["kogents-adapter-sqlite", "kogents-http"]
            ),
            2
        );
        assert_eq!(
            count("kogents-adapter-sqlite", &["kogents-adapter-memory"]),
            1
        );
        assert_eq!(
            count("kogents-http", &["kogents-adapter-crypto", "kogents"]),
            2
        );
        assert_eq!(count("kogents-testkit", &["kogents-usecases"]), 1);
        assert_eq!(count("xtask", &["kogents-domain"]), 1);
        assert_eq!(count("kogents", &["kogents-bench"]), 1);
    }

    #[test]
    fn the_testkit_is_for_tests_only() {
        assert_eq!(count("kogents", &["kogents-testkit"]), 1);
        assert_eq!(count("kogents-adapter-sqlite", &["kogents-testkit"]), 1);
    }

    #[test]
    fn the_domain_is_pure() {
        assert_eq!(count("kogents-domain", IMPURE), IMPURE.len());
    }

    #[test]
    fn a_crate_without_a_place_is_found() {
        assert_eq!(count("kogents-helpers", &[]), 1);
    }
}
