//! How much is tested.

/// Whether this is `cargo xtask test slow`, which floods and counts at full length.
pub(crate) fn is_slow() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "how much to test is no setting of the product"
    )]
    let set = std::env::var_os("KOGENTS_SLOW").is_some();
    set
}
