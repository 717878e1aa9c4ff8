//! The parts that a directory is put together of: each is found by one index, and nobody is in two.

use kogents_domain::workspace::SearchPrefix;

/// A part of a directory.
pub(super) struct Part {
    /// Whether it is of members; else it is of those invited.
    pub(super) is_member: bool,
    /// The table and the condition. `$1` is the workspace, `$2` the status and `$3` the role that is
    /// asked for, or NULL, `$4` the prefix that is looked for and `$5` where it ends.
    pub(super) rows: String,
}

/// Members, of whom the status is asked.
const MEMBERS: &str = "memberships WHERE workspace_id = $1 \
    AND ($2 IS NULL OR status = $2) AND ($3 IS NULL OR role_id = $3)";

/// Those invited, all of whom are pending.
const INVITED: &str = "invitations WHERE workspace_id = $1 \
    AND ($2 IS NULL OR $2 = 'PENDING') AND ($3 IS NULL OR role_id = $3)";

/// All parts of what is looked for. One index has the names and another the addresses, so that who
/// is found by both is left to the first.
pub(super) fn of(search: Option<&SearchPrefix>) -> Vec<Part> {
    let conditions = match search {
        None => vec![String::new()],
        Some(prefix) => {
            let begins = |column: &str| match prefix.end() {
                Some(_) => format!("{column} >= $4 AND {column} < $5"),
                None => format!("{column} >= $4"),
            };
            let (name, email) = (begins("name_key"), begins("email_key"));
            vec![
                format!(" AND {name}"),
                format!(" AND {email} AND NOT ({name})"),
            ]
        }
    };
    [(true, MEMBERS), (false, INVITED)]
        .into_iter()
        .flat_map(|(is_member, table)| {
            conditions.iter().map(move |condition| Part {
                is_member,
                rows: format!("{table}{condition}"),
            })
        })
        .collect()
}
