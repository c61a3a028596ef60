//! The configuration of the canary: TOML as it is written ([`file`]), and what it means. Every mistake is one message with
//! file, line and column, all are told at once before anything is visited; a secret never stands in the file, only where it is to be had.
//!
//! Reading it connects to nothing and reads no password: those are read anew for every visit.

mod file;
mod http;
mod read;
mod sinks;
mod span;
mod targets;
mod window;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::alert::{Pace, Settings};
use super::change::Confirm;
use super::history::Keep;
use super::view::Micros;
use mailprobe_judge::{self as judge, Mistakes, Policy};
use mailprobe_oauth::{Mistake, Source};
use mailprobe_run::plan::{Abilities, Limits, Network, Standing};

pub use http::Http;
pub use sinks::{SinkKind, SinkPlan};
pub use window::Window;

/// A configuration, checked in full.
#[derive(Clone)]
pub struct Config {
    /// Where the history is.
    pub history: HistoryPlan,
    /// How long things are kept.
    pub keep: Keep,
    /// The pages, where there are any.
    pub http: Option<Http>,
    /// How hosts are found and reached.
    pub network: Network,
    /// Connections at a time.
    pub connections: Limits,
    /// Visits at a time: in all, and to mailboxes of one domain.
    pub visits: (usize, usize),
    /// How soon a second look comes while something is turning.
    pub recheck: Duration,
    /// How often a change must be seen.
    pub confirm: Confirm,
    /// Who is told of what.
    pub alerts: Settings,
    /// How notices are delivered.
    pub pace: Pace,
    /// Whom notices go to.
    pub sinks: Vec<SinkPlan>,
    /// How long before its end something that expires is told.
    pub ahead: Duration,
    /// Ends of client secrets that are known by hand: name, moment, what to do.
    pub ends: Vec<(String, Micros, String)>,
    /// Times in which nobody is told.
    pub windows: Vec<Window>,
    /// What is visited: one entry for each module of each target.
    pub watched: Vec<Arc<Watched>>,
}

/// Where the history is. The URL of a server may hold a password, so it can be kept elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub enum HistoryPlan {
    /// The URL itself.
    Url(String),
    /// Where it is to be had.
    Secret(Source),
}

impl HistoryPlan {
    /// The URL.
    ///
    /// # Errors
    /// A variable or file that cannot be read.
    pub fn url(&self) -> Result<String, Mistake> {
        match self {
            Self::Url(url) => Ok(url.clone()),
            Self::Secret(source) => {
                let secret = source.secret("history URL")?;
                Ok(String::from_utf8_lossy(secret.expose()).into_owned())
            }
        }
    }
}

/// What is known of a target beside its visits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetInfo {
    /// Its name.
    pub name: String,
    /// The mailbox.
    pub mailbox: String,
    /// Groups it belongs to.
    pub groups: Vec<String>,
}

/// One module of one target.
#[derive(Clone)]
pub struct Watched {
    /// The target.
    pub target: Arc<TargetInfo>,
    /// The module's name.
    pub module: String,
    /// How often it is visited.
    pub interval: Duration,
    /// What a visit does.
    pub standing: Standing,
    /// What it is judged by beside its expectations.
    pub policies: Arc<[Policy]>,
    /// Its endpoints as URLs.
    pub endpoints: Vec<String>,
}

impl Watched {
    /// The domain of the mailbox: the tenant, as far as anybody can tell from outside.
    pub fn domain(&self) -> &str {
        self.target.mailbox.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl Config {
    /// Reads and checks a configuration.
    ///
    /// # Errors
    /// Every mistake, with its line and column.
    pub fn load(path: &Path, abilities: &Abilities<'_>) -> Result<Self, Mistake> {
        let text = judge::text(path).map_err(|error| Mistake::new(error.to_string()))?;
        let name = path.to_string_lossy();
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Self::read(&name, &folder, &text, abilities).map_err(|error| Mistake::new(error.to_string()))
    }

    /// Reads a configuration from its text; `name` is what messages call it, and paths in it begin at `folder`.
    ///
    /// # Errors
    /// Every mistake, with its line and column.
    pub fn read(name: &str, folder: &Path, text: &str, abilities: &Abilities<'_>) -> Result<Self, Mistakes> {
        read::config(name, folder, text, abilities)
    }

    /// When the maintenance window ends that a target is in now.
    pub fn quiet_until(&self, target: &TargetInfo, now: Micros) -> Option<Micros> {
        let windows = self.windows.iter().filter(|window| window.is_about(target));
        windows.filter_map(|window| window.ends(now)).max()
    }
}

/// A path of the configuration: relative ones begin where the file is, wherever the program was started.
fn path(folder: &Path, written: &str) -> PathBuf {
    folder.join(written)
}
