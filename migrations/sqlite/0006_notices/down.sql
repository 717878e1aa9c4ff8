-- Undoes the sixth migration.
DROP TABLE notices;
