//! Counts as numbers that can be divided.

/// A count as a real number; beyond 2^53 it is rounded.
pub(crate) fn real(count: u64) -> f64 {
    const HALF: f64 = 4_294_967_296.0;
    let low = u32::try_from(count & 0xffff_ffff).unwrap_or(u32::MAX);
    let high = u32::try_from(count >> 32).unwrap_or(u32::MAX);
    f64::from(high).mul_add(HALF, f64::from(low))
}

/// Bytes as mebibytes.
pub(crate) fn mebibytes(bytes: u64) -> f64 {
    real(bytes) / 1_048_576.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_keep_their_size() {
        for (count, number) in [
            (0, 0.0),
            (7, 7.0),
            (4_294_967_296, 4_294_967_296.0),
            (6_442_450_945, 6_442_450_945.0),
        ] {
            assert!((real(count) - number).abs() < 0.5, "{count}");
        }
        assert!((mebibytes(3 << 20) - 3.0).abs() < 1e-9);
    }
}
