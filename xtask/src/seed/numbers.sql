-- The numbers of a batch, for either store: `first_number` to `last_number` of the run, each with
-- `r1` and so on, which look random: each step mixes the one before by a shift, a multiplication and
-- a prime, which both stores do alike. So a seed means the same rows in either.

DELETE FROM seed_number;

INSERT INTO seed_number
WITH RECURSIVE numbers (number) AS (
    SELECT first_number FROM seed_run
    UNION ALL
    SELECT number + 1 FROM numbers, seed_run AS run WHERE number < run.last_number
),
counted AS MATERIALIZED (
    SELECT number, (run.seed * 69069 + run.persons_before * 30323 + number * 48271 + run.salt)
        % 2147483647 AS x
    FROM numbers, seed_run AS run
),
stirred AS MATERIALIZED (
    SELECT number,
        (((x | (x >> 15)) - (x & (x >> 15))) * 48271 + 374761393) % 2147483647 AS x
    FROM counted
),
warm AS MATERIALIZED (
    SELECT number,
        (((x | (x >> 15)) - (x & (x >> 15))) * 48271 + 374761393) % 2147483647 AS x
    FROM stirred
),
step_1 AS MATERIALIZED (
    SELECT number,
        (((x | (x >> 15)) - (x & (x >> 15))) * 48271 + 374761393) % 2147483647 AS r1
    FROM warm
),
step_2 AS MATERIALIZED (
    SELECT number, r1,
        (((r1 | (r1 >> 15)) - (r1 & (r1 >> 15))) * 48271 + 374761393) % 2147483647 AS r2
    FROM step_1
),
step_3 AS MATERIALIZED (
    SELECT number, r1, r2,
        (((r2 | (r2 >> 15)) - (r2 & (r2 >> 15))) * 48271 + 374761393) % 2147483647 AS r3
    FROM step_2
),
step_4 AS MATERIALIZED (
    SELECT number, r1, r2, r3,
        (((r3 | (r3 >> 15)) - (r3 & (r3 >> 15))) * 48271 + 374761393) % 2147483647 AS r4
    FROM step_3
),
step_5 AS MATERIALIZED (
    SELECT number, r1, r2, r3, r4,
        (((r4 | (r4 >> 15)) - (r4 & (r4 >> 15))) * 48271 + 374761393) % 2147483647 AS r5
    FROM step_4
),
step_6 AS MATERIALIZED (
    SELECT number, r1, r2, r3, r4, r5,
        (((r5 | (r5 >> 15)) - (r5 & (r5 >> 15))) * 48271 + 374761393) % 2147483647 AS r6
    FROM step_5
),
step_7 AS MATERIALIZED (
    SELECT number, r1, r2, r3, r4, r5, r6,
        (((r6 | (r6 >> 15)) - (r6 & (r6 >> 15))) * 48271 + 374761393) % 2147483647 AS r7
    FROM step_6
)
SELECT number, r1, r2, r3, r4, r5, r6, r7 FROM step_7;
