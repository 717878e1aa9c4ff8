//! `kogents config`: every setting as the server would run with it, secrets left out.

use std::path::Path;

use clap::Args;
use serde_json::json;

use super::output::{print_line, table};
use crate::config::{Config, Keys, Mode, Origin, Reading, Setting, SettingValue, Source};
use crate::data;
use crate::failure::Failure;

/// How to tell the configuration.
#[derive(Debug, Clone, Args)]
pub(crate) struct ShowConfig {
    /// As JSON, for scripts
    #[arg(long)]
    json: bool,
}

/// A setting as it is shown.
struct Shown {
    name: &'static str,
    /// None where there is none.
    value: Option<String>,
    /// Whether the value is left out, or stands for one that is.
    is_secret: bool,
    origin: &'static str,
    /// The file that it came from.
    file: Option<String>,
}

/// Tells every setting, and fails with every fault where there is any.
pub(crate) fn show(how: &ShowConfig) -> Result<(), Failure> {
    let reading = Config::read_on(&Source::system(Path::new(".")));
    let settings = reading.settings.iter();
    let shown: Vec<Shown> = settings.map(|setting| shown(setting, &reading)).collect();
    if how.json {
        print_line(&as_json(&shown, &reading).to_string())?;
    } else {
        let rows = shown.iter().map(|setting| {
            let value = match setting.value.as_deref() {
                None => "not set",
                Some("") => "none",
                Some(value) => value,
            };
            let value = value.to_owned();
            let origin = match &setting.file {
                Some(file) => format!("{} {file}", setting.origin),
                None => setting.origin.to_owned(),
            };
            [setting.name.to_owned(), value, origin]
        });
        for line in table(["SETTING", "VALUE", "FROM"], rows) {
            print_line(&line)?;
        }
    }
    match reading.error {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

fn as_json(shown: &[Shown], reading: &Reading) -> serde_json::Value {
    let settings: Vec<_> = shown
        .iter()
        .map(|setting| {
            json!({
                "name": setting.name,
                "value": setting.value,
                "isSecret": setting.is_secret,
                "from": setting.origin,
                "file": setting.file,
            })
        })
        .collect();
    let faults = reading.error.iter().flat_map(|error| error.faults());
    let faults: Vec<_> = faults
        .map(|fault| json!({ "name": fault.name, "message": fault.message }))
        .collect();
    json!({ "settings": settings, "faults": faults })
}

fn shown(setting: &Setting, reading: &Reading) -> Shown {
    let config = &reading.config;
    let name = setting.name;
    let (value, is_secret) = match &setting.value {
        SettingValue::Told(value) => (Some(value.clone()), false),
        SettingValue::Secret => (Some("set".to_owned()), true),
        SettingValue::Wrong => (Some("wrong".to_owned()), false),
        SettingValue::NotSet
            if config.mode == Mode::Development && Keys::NEEDED.contains(&name) =>
        {
            let path = data::GeneratedSecrets::path_in(&config.server.data_dir);
            return Shown {
                name,
                value: Some("generated".to_owned()),
                is_secret: true,
                origin: "data folder",
                file: Some(path.display().to_string()),
            };
        }
        SettingValue::NotSet => (None, false),
    };
    let (origin, file) = match &setting.origin {
        Origin::Default => ("default", None),
        Origin::Environment => ("environment", None),
        Origin::DotEnv => (".env", None),
        Origin::File(path) => ("file", Some(path.display().to_string())),
    };
    Shown {
        name,
        value,
        is_secret,
        origin,
        file,
    }
}
