//! R6: eight servers that start at once on one empty database, and servers that are killed while
//! they make the tables.

use std::time::{Duration, Instant};

use kogents_adapter_crypto::SystemRandom;
use kogents_domain::random::SecureRandom as _;

use crate::support::{Folder, Launched, Private, Start, connect, is_slow};

const INSTANCES: usize = 8;
/// So that they could work together.
const SECRETS: [(&str, &str); 4] = [
    ("JWT_SECRET", "a"),
    ("JWT_REFRESH_SECRET", "b"),
    ("REDIS_ENCRYPTION_KEY", "c"),
    ("REDIS_ENCRYPTION_SALT", "d"),
];

/// Two private servers and databases on them, one after the other.
struct Place {
    postgres: Private,
    redis: Private,
}

impl Place {
    fn new() -> Option<Self> {
        Some(Self {
            postgres: Private::postgres()?,
            redis: Private::redis()?,
        })
    }

    async fn empty(&self, name: &str) -> String {
        let client = connect(&self.postgres.url()).await;
        let create = format!("CREATE DATABASE {name}");
        client.batch_execute(&create).await.unwrap();
        let url = self.postgres.url();
        let (server, _) = url.rsplit_once('/').unwrap();
        format!("{server}/{name}")
    }

    fn launch(&self, folder: &Folder, database: &str) -> Launched {
        let redis = self.redis.url();
        let mut settings = vec![
            ("DATABASE_URL", database),
            ("REDIS_URL", redis.as_str()),
            ("LOG_LEVEL", "info"),
        ];
        settings.extend(SECRETS);
        folder.launch(None, &settings)
    }
}

/// The versions that are applied, in order; each once, by the table's key.
async fn versions(database: &str) -> Vec<String> {
    let client = connect(database).await;
    let exists = "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL";
    if !client
        .query_one(exists, &[])
        .await
        .unwrap()
        .get::<_, bool>(0)
    {
        return Vec::new();
    }
    let all = "SELECT version::text FROM __diesel_schema_migrations ORDER BY version";
    let rows = client.query(all, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// The versions that there are.
fn known() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/postgres");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.split('_').next().unwrap().to_owned()
    });
    let mut known: Vec<String> = names.collect();
    known.sort();
    known
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_eight_servers_that_start_at_once_make_the_tables_once() {
    let Some(place) = Place::new() else {
        return;
    };
    let rounds = if is_slow() { 10 } else { 3 };
    for round in 0..rounds {
        let database = place.empty(&format!("start_{round}")).await;
        let folders: Vec<Folder> = (0..INSTANCES).map(|_| Folder::new()).collect();
        let begun = Instant::now();
        let launched = folders.iter().map(|folder| place.launch(folder, &database));
        let launched: Vec<Launched> = launched.collect();
        let mut programs = Vec::new();
        for starting in launched {
            match tokio::task::block_in_place(|| starting.ready()) {
                Start::Ready(program) => programs.push(program),
                Start::Ended(end) => panic!("{end:?}"),
            }
        }
        for program in &programs {
            program.client.get("/health/ready").await.expect(200);
        }
        println!("{INSTANCES} are ready after {:.1?}", begun.elapsed());
        assert_eq!(versions(&database).await, known());
        // They are one: what is begun at the first goes on at the last.
        let signup = programs[0].client.sign_up("ada@example.com").await;
        let last = &programs[INSTANCES - 1].client;
        last.choose_workspace(&signup, "engines").await;
        for program in &programs {
            program.signal("TERM");
        }
        for program in programs {
            let status = tokio::task::block_in_place(|| program.ended());
            assert_eq!(status.code(), Some(0));
        }
    }
}

/// A moment of a start, sooner or later in it.
fn a_moment(random: &SystemRandom) -> Duration {
    Duration::from_millis(u64::from(10 + random.below(350)))
}

fn kills() -> usize {
    if is_slow() { 40 } else { 6 }
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_a_server_on_postgres_that_is_killed_while_it_starts_is_in_nobodys_way() {
    let Some(place) = Place::new() else {
        return;
    };
    let random = SystemRandom::default();
    let mut found = Vec::new();
    for round in 0..kills() {
        let database = place.empty(&format!("kill_{round}")).await;
        let folder = Folder::new();
        // Two of them, so that one is killed while it waits for the other as well.
        let other = Folder::new();
        let starting = [
            place.launch(&folder, &database),
            place.launch(&other, &database),
        ];
        tokio::time::sleep(a_moment(&random)).await;
        for starting in starting {
            tokio::task::block_in_place(|| starting.end_by("KILL"));
        }
        found.push(versions(&database).await.len());
        let starting = place.launch(&folder, &database);
        match tokio::task::block_in_place(|| starting.ready()) {
            Start::Ready(program) => {
                program.client.get("/health/ready").await.expect(200);
                program.client.sign_up_and_confirm("ada@example.com").await;
            }
            Start::Ended(end) => panic!("{end:?}"),
        }
        assert_eq!(versions(&database).await, known());
    }
    println!("migrations that the kills had left: {found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_a_server_on_a_file_that_is_killed_while_it_starts_is_in_nobodys_way() {
    let random = SystemRandom::default();
    for _ in 0..kills() {
        let folder = Folder::new();
        for _ in 0..3 {
            let starting = folder.launch(None, &[]);
            tokio::time::sleep(a_moment(&random)).await;
            tokio::task::block_in_place(|| starting.end_by("KILL"));
        }
        let program = folder.start();
        program.client.get("/health/ready").await.expect(200);
        program.client.sign_up_and_confirm("ada@example.com").await;
    }
}
