//! Starts the load tool, a process of its own, and reads what it says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use super::started::Started;
use crate::failure::Failure;
use crate::load::frames;
use crate::load::request::Request;
use crate::load::summary::Summary;
use crate::shell;

/// How requests are sent.
#[derive(Debug, Clone)]
pub(super) struct Way {
    /// Over how many connections, at most.
    pub(super) connections: u32,
    /// How many a second are due; nothing where the next follows each answer.
    pub(super) rate: Option<u32>,
    /// How long what comes back is counted.
    pub(super) measured: Duration,
    /// How long before that.
    pub(super) warm_up: Duration,
    /// The statuses that are right.
    pub(super) expected: Vec<u16>,
    /// Whether each request is sent once only.
    pub(super) once: bool,
    /// Whether `Retry-After` is heeded.
    pub(super) heeds_retry_after: bool,
}

/// A load tool at work; dropping it ends it.
#[derive(Debug)]
pub(super) struct Driver {
    child: Option<Child>,
    requests: PathBuf,
    what: String,
}

impl Driver {
    /// Starts one: what it sends goes into a file of this name.
    pub(super) fn start(
        (folder, name): (&Path, &str),
        what: &str,
        requests: &[Vec<u8>],
        way: Way,
        target: &Started,
    ) -> Result<Self, Failure> {
        let path = folder.join(name);
        frames::write(&path, requests.iter().map(Vec::as_slice))?;
        let request = Request {
            address: target.address(),
            requests: path.clone(),
            connections: way.connections,
            measured: way.measured,
            warm_up: way.warm_up,
            once: way.once,
            rate: way.rate,
            expected: way.expected,
            heeds_retry_after: way.heeds_retry_after,
            process: Some(target.process()),
        };
        let child = shell::ourselves()
            .arg("load")
            .args(request.to_arguments())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| shell::cannot_start("the load tool", &error))?;
        Ok(Self {
            child: Some(child),
            requests: path,
            what: what.to_owned(),
        })
    }

    /// Waits until it is over. Answers that were not what they should be are a failure.
    pub(super) fn finish(mut self) -> Result<Summary, Failure> {
        let Some(child) = self.child.take() else {
            return Err(Failure::new("the load tool is gone"));
        };
        let output = child
            .wait_with_output()
            .map_err(|error| shell::cannot_start("the load tool", &error))?;
        if !output.status.success() {
            let (what, status) = (&self.what, output.status);
            return Err(Failure::new(format!(
                "{what}: the load tool failed ({status})"
            )));
        }
        let summary = Summary::from_line(&String::from_utf8_lossy(&output.stdout))?;
        summary.judge(&self.what)?;
        Ok(summary)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // An error means that it has ended already, which is what is wanted.
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = fs::remove_file(&self.requests);
    }
}
