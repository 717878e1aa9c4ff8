//! The program `kogents`.

use std::io::Write as _;
use std::num::NonZero;
use std::process::ExitCode;

use mimalloc::MiMalloc;
use tokio::runtime::Builder;

/// Requests allocate little things by the hundred; this allocator has a heap for each thread.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // The main runtime, which carries use cases and what runs beside them, has half as many threads
    // as there are processors: others read requests, write answers and hash. The fewer there are, the
    // more often an answer of a store finds one awake.
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    let runtime = Builder::new_multi_thread()
        .worker_threads(processors.div_ceil(2))
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(kogents::run()),
        Err(error) => {
            // Where even this cannot be written, the exit code has to do.
            let _ = writeln!(std::io::stderr(), "kogents: no runtime: {error}");
            ExitCode::FAILURE
        }
    }
}
