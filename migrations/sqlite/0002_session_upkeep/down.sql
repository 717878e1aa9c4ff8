-- Undoes the second migration.
DROP TABLE leases;
DROP INDEX sessions_ended_at_traces_idx;
ALTER TABLE sessions DROP COLUMN minimised;
