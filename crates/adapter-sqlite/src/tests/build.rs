//! How the bundled SQLite was built, of which `.cargo/config.toml` tells why.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};

#[derive(QueryableByName)]
struct Used {
    #[diesel(sql_type = Bool)]
    used: bool,
}

#[test]
fn sqlite_is_built_so_that_kept_statements_stay_planned_and_nobody_waits_for_a_lock_of_all() {
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    for (option, expected) in [
        ("ENABLE_QPSG", true),
        ("DEFAULT_MEMSTATUS=0", true),
        ("ENABLE_MEMORY_MANAGEMENT", false),
    ] {
        let asked = sql_query("SELECT sqlite_compileoption_used(?) AS used");
        let Used { used } = asked.bind::<Text, _>(option).get_result(&mut conn).unwrap();
        assert_eq!(used, expected, "{option}");
    }
}
