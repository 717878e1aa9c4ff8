//! What is told: results on the output, everything else beside it.

use std::io::Write as _;

use serde::Serialize;

use crate::failure::{Failure, Outcome};

/// Tells a result, as one line of JSON.
pub(crate) fn tell(result: &impl Serialize) -> Outcome {
    write(&format!("{}\n", serde_json::to_string(result)?))
}

/// Tells a result that is for people.
pub(crate) fn write(text: &str) -> Outcome {
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}

/// Says something by the way.
pub(crate) fn remark(text: &str) {
    // Whoever has closed the stream does not want to know.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Says why the program ends, with all causes.
pub(crate) fn complain(failure: &Failure) {
    let mut text = format!("kogents-bench: {failure}");
    let mut cause = failure.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    remark(&text);
}
