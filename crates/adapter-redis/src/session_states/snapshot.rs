//! A snapshot as text: until when it is believed, its session's idle and absolute ends, its
//! workspace or `-`, and what its person may do there, in hexadecimal. Whose it is, and of which
//! session, its name says.

use kogents_domain::access::PermissionSet;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::session::SessionSnapshot;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

pub(super) fn write(snapshot: &SessionSnapshot, believed_until: Timestamp) -> String {
    let workspace = match snapshot.workspace_id {
        Some(id) => id.to_string(),
        None => "-".to_owned(),
    };
    format!(
        "{} {} {} {workspace} {:x}",
        believed_until.as_millis(),
        snapshot.idle_expires_at.as_millis(),
        snapshot.absolute_expires_at.as_millis(),
        snapshot.held.bits()
    )
}

pub(super) fn read(user: UserId, session: SessionId, text: &str) -> Option<SessionSnapshot> {
    let mut words = text.split(' ');
    let _believed_until = words.next()?;
    let mut moment = || words.next()?.parse().ok().map(Timestamp::from_millis);
    let (idle_expires_at, absolute_expires_at) = (moment()?, moment()?);
    let workspace_id = match words.next()? {
        "-" => None,
        id => Some(WorkspaceId::from_uuid(Uuid::try_parse(id).ok()?)),
    };
    // A release that knew no permissions wrote none: what it wrote is no snapshot.
    let held = u128::from_str_radix(words.next()?, 16).ok()?;
    Some(SessionSnapshot {
        session_id: session,
        user_id: user,
        workspace_id,
        idle_expires_at,
        absolute_expires_at,
        held: PermissionSet::from_bits(held),
    })
}

#[cfg(test)]
mod tests {
    use kogents_domain::access::SystemRole;

    use super::*;

    fn ids() -> (UserId, SessionId) {
        let user = UserId::parse("0192f3c0-1111-7abc-8def-0123456789ab").unwrap();
        let session = SessionId::parse("0192f3c0-2222-7abc-8def-0123456789ab").unwrap();
        (user, session)
    }

    #[test]
    fn a_snapshot_is_read_as_it_was_written() {
        let (user_id, session_id) = ids();
        let workspace = WorkspaceId::parse("0192f3c0-3333-7abc-8def-0123456789ab").unwrap();
        let manager = SystemRole::Manager.permissions().into_iter().collect();
        for (workspace_id, held) in [(None, PermissionSet::EMPTY), (Some(workspace), manager)] {
            let snapshot = SessionSnapshot {
                session_id,
                user_id,
                workspace_id,
                idle_expires_at: Timestamp::from_millis(1_767_225_600_123),
                absolute_expires_at: Timestamp::from_millis(1_767_225_700_789),
                held,
            };
            let text = write(&snapshot, Timestamp::from_millis(1_767_225_500_456));
            assert!(text.starts_with("1767225500456 "), "{text}");
            assert_eq!(read(user_id, session_id, &text), Some(snapshot));
        }
    }

    #[test]
    fn other_text_is_no_snapshot() {
        let (user, session) = ids();
        for text in [
            "",
            "1",
            "1 2",
            "1 2 -",
            "1 x 3 - 0",
            "1 2 x - 0",
            "1 2 3",
            "1 2 3 x 0",
            "1 2 3 -",
            "1 2 3 - x",
            "1 2 3 - -1",
        ] {
            assert_eq!(read(user, session, text), None, "{text}");
        }
    }
}
