//! What is written at a time: a workspace and its members.

use kogents_domain::store::{Scope, Store};

use super::copying::Copier;
use super::line::Line;
use super::person::Person;
use super::place::Place;
use crate::failure::{Failure, Outcome};

/// A workspace, its members, and their lines.
pub(super) struct Batch {
    pub(super) place: Place,
    pub(super) first: Person,
    pub(super) others: Vec<Person>,
    pub(super) lines: Vec<Line>,
}

impl Batch {
    /// Writes all of it: as a unit of work of the product, or only the first person so, and the
    /// others as copies.
    pub(super) async fn write(&self, store: &dyn Store, copier: Option<&mut Copier>) -> Outcome {
        let mut unit = store.begin(Scope::System).await?;
        self.place.insert(unit.as_mut()).await?;
        self.first.insert(unit.as_mut()).await?;
        if let Some(copier) = copier {
            unit.commit().await?;
            return copier.copy(&self.first, &self.others).await;
        }
        for person in &self.others {
            person.insert(unit.as_mut()).await?;
        }
        Ok(unit.commit().await?)
    }

    /// The lines as they stand in the file.
    pub(super) fn lines(&self) -> Result<Vec<u8>, Failure> {
        let mut text = Vec::new();
        for line in &self.lines {
            serde_json::to_writer(&mut text, line)?;
            text.push(b'\n');
        }
        Ok(text)
    }
}
