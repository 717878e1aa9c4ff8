//! The committed inputs of the parsers: hostile ones and ordinary ones, each a file whose name
//! says what it is.

use std::path::Path;

use crate::mutate::{self, Dice};

/// The inputs of one parser, from the folder `corpus/<parser>` of this crate.
#[derive(Debug, Clone)]
pub struct Corpus {
    files: Vec<(String, Vec<u8>)>,
}

impl Corpus {
    /// Reads the folder.
    ///
    /// # Panics
    /// When it cannot be read, or is empty.
    #[must_use]
    pub fn of(parser: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(parser);
        let entries = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{} cannot be read: {error}", folder.display()));
        let mut files: Vec<(String, Vec<u8>)> = entries
            .map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, std::fs::read(&path).unwrap())
            })
            .collect();
        files.sort();
        assert!(!files.is_empty(), "{} is empty", folder.display());
        Self { files }
    }

    /// The inputs by their names, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(name, input)| (name.as_str(), input.as_slice()))
    }

    /// One of the inputs, changed one to four times. The same seed gives the same.
    #[must_use]
    pub fn mutated(&self, seed: u64) -> Vec<u8> {
        let mut dice = Dice::new(seed);
        let mut input = dice.pick(&self.files).1.clone();
        for _ in 0..=dice.below(4) {
            mutate::once(&mut input, &mut dice);
        }
        input
    }
}
