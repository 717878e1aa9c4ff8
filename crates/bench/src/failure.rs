//! What goes wrong: told to whoever runs this program, and the end of it.

use std::error::Error;

/// Anything that ends the program, with what to tell.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// What a command comes to.
pub(crate) type Outcome = Result<(), Failure>;
