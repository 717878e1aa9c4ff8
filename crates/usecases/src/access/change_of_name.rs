//! What the audit log tells of a role or a permission that is another now.

use crate::audit::Deed;

/// The deed with the names it has and had, and which of its other members are another; None when
/// nothing is. What the others say is told to nobody: it is free text.
pub(super) fn change_of_name<const N: usize>(
    deed: Deed,
    (from, to): (&str, &str),
    others: [(&'static str, bool); N],
) -> Option<Deed> {
    let changed = others.into_iter().filter(|(_, is_another)| *is_another);
    let changed: Vec<_> = changed.map(|(member, _)| member.to_owned()).collect();
    if from == to && changed.is_empty() {
        return None;
    }
    let deed = if from == to {
        deed.with("name", to)
    } else {
        deed.with_change("name", from, to)
    };
    Some(if changed.is_empty() {
        deed
    } else {
        deed.with("changed", changed)
    })
}
