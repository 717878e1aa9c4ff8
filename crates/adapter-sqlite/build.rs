//! Builds the crate again when a migration is added or changed: they are compiled into it.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations/sqlite");
}
