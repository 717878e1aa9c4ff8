//! What a parser of User-Agents reads in one.

/// The families that a parser finds in a User-Agent, in the words of upstream's `regexes.yaml`
/// (github.com/ua-parser/uap-core): "Mobile Safari", "Mac OS X". None for its "Other".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserAgentFamilies {
    /// The browser or program.
    pub browser: Option<Family>,
    /// The operating system.
    pub os: Option<Family>,
}

/// A family and a version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The family's name.
    pub name: String,
    /// The version, its known components joined by dots.
    pub version: Option<String>,
}
