//! The program `kogents`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    kogents::run().await
}
