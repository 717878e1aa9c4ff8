//! The program `kogents`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Requests allocate little things by the hundred; this allocator keeps them to their thread.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    kogents::run().await
}
