//! From the errors of the use cases of the product's health to problems.

use kogents_usecases::health::ReadDatabasePerformanceError;

use super::Problem;

impl From<ReadDatabasePerformanceError> for Problem {
    fn from(error: ReadDatabasePerformanceError) -> Self {
        match error {
            ReadDatabasePerformanceError::Store(error) => error.into(),
        }
    }
}
