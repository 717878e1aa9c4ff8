-- What the audit log needs to be written, read and trusted, and what leaving for good needs: who did
-- what is forgotten, and no mail goes out any more.
--
-- Nothing has written to the audit log before: its indexes are made anew at no cost.
-- Growth of the log: a row per deed that is worth telling, which the limits on requests bound; the
-- sweep removes those older than 13 months, and nobody else can.

-- Lists come by moment and id, the newest first: a workspace's whole log, what was done of one kind,
-- what one person did there, and what one person did anywhere. The last also finds what is forgotten
-- when a person goes; audit_at_idx what the sweep removes.
DROP INDEX audit_workspace_id_id_idx;
DROP INDEX audit_actor_id_id_idx;
CREATE INDEX audit_workspace_id_at_idx ON audit (workspace_id, at, id);
CREATE INDEX audit_workspace_id_action_at_idx ON audit (workspace_id, action, at, id);
CREATE INDEX audit_workspace_id_actor_id_at_idx ON audit (workspace_id, actor_id, at, id);
CREATE INDEX audit_actor_id_at_idx ON audit (actor_id, at, id);
-- Where somebody, whom nobody knows, failed to sign in as a person: forgotten with that person.
CREATE INDEX audit_unproven_target_idx ON audit (target)
    WHERE actor_id IS NULL AND ip_address IS NOT NULL;

-- Append-only. What may be changed is that a person who is gone is forgotten: that it was they, and
-- from where it was or was tried in their name; nothing else of the entry, which stays in its row.
-- What may be removed is what is past keeping: older than 13 months of 31 days, by the clock
-- of the database. A moment that cannot be told is not past.
CREATE TRIGGER audit_update_refused BEFORE UPDATE ON audit
    WHEN NOT (NEW.actor_id IS NULL AND NEW.ip_address IS NULL AND NEW.session_id IS NULL
        AND NEW.rowid = OLD.rowid AND NEW.id = OLD.id AND NEW.workspace_id IS OLD.workspace_id AND NEW.at = OLD.at
        AND NEW.action = OLD.action AND NEW.target IS OLD.target AND NEW.details = OLD.details
        AND CASE
            WHEN OLD.actor_id IS NOT NULL
            THEN NOT EXISTS (SELECT 1 FROM users WHERE users.id = OLD.actor_id)
            WHEN OLD.target GLOB 'person:*'
            THEN NOT EXISTS (SELECT 1 FROM users
                WHERE users.id = unhex(replace(substr(OLD.target, 8), '-', '')))
            ELSE FALSE END)
    BEGIN
        SELECT RAISE(ABORT, 'the audit log is append-only');
    END;
CREATE TRIGGER audit_delete_refused BEFORE DELETE ON audit
    WHEN (OLD.at < CAST(unixepoch('subsec') * 1000 AS INTEGER) - 13 * 31 * 24 * 3600 * 1000)
        IS NOT TRUE
    BEGIN
        SELECT RAISE(ABORT, 'the audit log is append-only');
    END;
-- INSERT OR REPLACE puts one entry in another's place, of the same id or row, and asks no other
-- trigger. Rows that no statement names are -1 here; those that have been given are positive.
CREATE TRIGGER audit_replace_refused BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE audit.id = NEW.id)
        OR NEW.rowid > 0 AND EXISTS (SELECT 1 FROM audit WHERE audit.rowid = NEW.rowid)
    BEGIN
        SELECT RAISE(ABORT, 'the audit log is append-only');
    END;

-- Mail that waits for somebody who goes is found by the mailbox: addresses in ASCII in lower case;
-- whatever else there is, which the server compares, all in one place.
-- Growth: as that of the mail that waits.
CREATE INDEX outbox_recipient_unsent_idx ON outbox (
        iif(length(CAST(recipient AS BLOB)) = length(recipient), lower(recipient), ''))
    WHERE state IN ('queued', 'dead');
