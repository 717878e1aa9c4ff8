-- Makes the beginning of a run, on SQLite: its persons are numbered on from those of earlier runs.

UPDATE seed_run SET persons_before = (
    SELECT coalesce(max(CAST(substr(email_normalised, 8) AS INTEGER)), 0)
    FROM users WHERE email_normalised LIKE 'person-%@seeded.example');
