//! Where reports go: `FORMAT[=FILE]`, checked before anything runs.

use std::path::{Path, PathBuf};

use mailprobe_probes::model::harmless;

use mailprobe_report::Format;
use mailprobe_run::plan::{PlanError, Setting};
use mailprobe_run::words;

/// One report to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// How.
    pub format: Format,
    /// Where; standard output where `None`.
    pub file: Option<PathBuf>,
}

/// What is printed where.
#[derive(Debug, Clone)]
pub struct Printed {
    /// Reports; never empty.
    pub reports: Vec<Output>,
    /// Where the evidence goes as one file.
    pub bundle: Option<PathBuf>,
    /// When text is coloured.
    pub color: Color,
    /// How much is said.
    pub verbosity: Verbosity,
}

/// When text reports are coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Whether to colour what goes to one place. `NO_COLOR` counts where it is set and not empty
    /// (no-color.org); an explicit `--color always` stands above it.
    pub fn on(self, is_terminal: bool, no_color: Option<&std::ffi::OsStr>) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => is_terminal && no_color.is_none_or(std::ffi::OsStr::is_empty),
        }
    }
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verbosity {
    /// Transcripts in text reports (`-v`).
    pub transcript: bool,
    /// A log of what happens on standard error (`-vv`).
    pub log: bool,
    /// Progress on standard error.
    pub progress: bool,
}

/// Reads every `FORMAT[=FILE]`.
fn read(typed: &[String]) -> Result<Vec<Output>, PlanError> {
    typed.iter().enumerate().map(|(number, text)| output(number, text)).collect()
}

/// Reads them and checks them, all at once.
pub fn outputs(typed: &[String]) -> Result<Vec<Output>, PlanError> {
    checked(&read(typed)?)
}

/// Reads and checks those of a discovery, which is told in two forms.
pub fn of_discovery(typed: &[String]) -> Result<Vec<Output>, PlanError> {
    let outputs = outputs(typed)?;
    let other = |output: &Output| !matches!(output.format, Format::Text | Format::Json);
    match outputs.iter().position(other) {
        None => Ok(outputs),
        Some(number) => {
            let name = outputs.get(number).map_or("", |output| output.format.name());
            let what = words![Setting::Output(number), format!(" {name}"), ": discover writes text and json"];
            Err(PlanError::new(Setting::Output(number), what))
        }
    }
}

/// Checks that reports do not mix and can be written; text on standard output where there are none.
fn checked(outputs: &[Output]) -> Result<Vec<Output>, PlanError> {
    if outputs.is_empty() {
        return Ok(vec![Output { format: Format::Text, file: None }]);
    }
    let shown: Vec<_> =
        outputs.iter().filter(|output| output.file.is_none()).map(|output| output.format).collect();
    if shown.len() > 1 && (shown.iter().any(|format| format.stands_alone()) || shown.first() == shown.last())
    {
        let names = shown.iter().map(|format| format.name()).collect::<Vec<_>>().join(" and ");
        let what = words![Setting::Output(0), format!(" {names} would mix on standard output")];
        let last = shown.last().map_or("json", |format| format.name());
        let remedy = words!["give all but one a file (", Setting::Output(0), format!(" {last}=FILE)")];
        return Err(PlanError::new(Setting::Output(0), what).remedy(remedy));
    }
    let mut places = Vec::new();
    for (number, output) in outputs.iter().enumerate() {
        let Some(path) = output.file.as_deref() else { continue };
        let place = writable(&Setting::Output(number), path)?;
        if places.contains(&place) {
            let what = words![Setting::Output(number), format!(" writes {} twice", show(path))];
            return Err(PlanError::new(Setting::Output(number), what));
        }
        places.push(place);
    }
    Ok(outputs.to_vec())
}

/// Checks that a bundle can be made where nothing is yet, and that no report goes there.
pub fn bundle(path: &Path, outputs: &[Output]) -> Result<(), PlanError> {
    let place = writable(&Setting::Bundle, path)?;
    if std::fs::symlink_metadata(path).is_ok() {
        let what = words![Setting::Bundle, format!(" does not replace {}", show(path))];
        let remedy = words!["name a file that is not there yet"];
        return Err(PlanError::new(Setting::Bundle, what).remedy(remedy));
    }
    let is_it = |file: &Path| writable(&Setting::Bundle, file).is_ok_and(|file| file == place);
    if let Some(number) = outputs.iter().position(|output| output.file.as_deref().is_some_and(is_it)) {
        let words = format!(" both write {}", show(path));
        let what = words![Setting::Output(number), " and ", Setting::Bundle, words];
        return Err(PlanError::new(Setting::Bundle, what));
    }
    Ok(())
}

/// Whether standard output is that of a Nagios plugin, so that the exit status is one too.
pub fn is_plugin(outputs: &[Output]) -> bool {
    outputs.iter().any(|output| output.format == Format::Nagios && output.file.is_none())
}

fn output(number: usize, text: &str) -> Result<Output, PlanError> {
    let refused = |words: String| {
        let setting = Setting::Output(number);
        PlanError::new(setting.clone(), words![setting, " ", words])
    };
    let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
    let format = name.parse::<Format>().map_err(|error| refused(error.to_string()))?;
    match file {
        None | Some("-") => Ok(Output { format, file: None }),
        Some("") => Err(refused(format!("{name}= names no file"))),
        Some(file) => Ok(Output { format, file: Some(PathBuf::from(file)) }),
    }
}

/// Checks that a file can be made or replaced, and returns the one name it has.
fn writable(setting: &Setting, path: &Path) -> Result<PathBuf, PlanError> {
    let complain = |why: &str| {
        let words = format!(" cannot write {}: {why}", show(path));
        PlanError::new(setting.clone(), words![setting.clone(), words])
    };
    let name = path.file_name().ok_or_else(|| complain("it is a directory"))?;
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let parent = parent
        .canonicalize()
        .ok()
        .filter(|parent| parent.is_dir())
        .ok_or_else(|| complain(&format!("the directory {} does not exist", show(parent))))?;
    match std::fs::metadata(path) {
        Ok(facts) if facts.is_dir() => Err(complain("it is a directory")),
        Ok(facts) if facts.permissions().readonly() => Err(complain("it is read-only")),
        // A link is followed, so that two names of one file count as one.
        Ok(_) => path.canonicalize().map_err(|error| complain(&error.to_string())),
        Err(_) => Ok(parent.join(name)),
    }
}

fn show(path: &Path) -> String {
    harmless(path.as_os_str().as_encoded_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(list: &[&str]) -> Result<Vec<Output>, String> {
        outputs(&list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn text_on_standard_output_is_what_comes_by_itself() {
        assert_eq!(typed(&[]).unwrap(), [Output { format: Format::Text, file: None }]);
        assert_eq!(typed(&["json=-"]).unwrap(), [Output { format: Format::Json, file: None }]);
        assert_eq!(typed(&["text", "wide"]).unwrap().len(), 2);
    }

    #[test]
    fn what_would_mix_on_standard_output_is_refused() {
        let message = typed(&["text", "json"]).unwrap_err();
        assert_eq!(
            message,
            "-o text and json would mix on standard output: give all but one a file (-o json=FILE)"
        );
        assert!(typed(&["jsonl", "jsonl=-"]).unwrap_err().contains("would mix"));
        assert!(typed(&["text", "text"]).unwrap_err().contains("would mix"));
        for alone in ["junit", "nagios", "prometheus", "html", "markdown", "csv"] {
            assert!(typed(&["text", alone]).unwrap_err().contains("would mix"), "{alone}");
        }
    }

    #[test]
    fn an_unknown_format_and_an_empty_name_are_named() {
        assert_eq!(
            typed(&["xml"]).unwrap_err(),
            "-o unknown format `xml`: use text, wide, json, jsonl, junit, nagios, prometheus, html, markdown or csv"
        );
        assert_eq!(typed(&["json="]).unwrap_err(), "-o json= names no file");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_refused_before_anything_runs() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| format!("json={}", dir.path().join(name).display());
        assert!(typed(&[&at("none/run.json")]).unwrap_err().contains("none does not exist"));
        assert!(typed(&[&at("")]).unwrap_err().contains("it is a directory"));
        std::fs::write(dir.path().join("old.json"), "").unwrap();
        let mut rights = std::fs::metadata(dir.path().join("old.json")).unwrap().permissions();
        rights.set_readonly(true);
        std::fs::set_permissions(dir.path().join("old.json"), rights).unwrap();
        assert!(typed(&[&at("old.json")]).unwrap_err().contains("read-only"));
        assert_eq!(typed(&[&at("run.json"), "text"]).unwrap().len(), 2);
    }

    #[test]
    fn one_file_is_not_written_twice_under_two_names() {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().display();
        std::fs::create_dir(dir.path().join("sub")).unwrap();
        let message = typed(&[&format!("json={base}/run"), &format!("jsonl={base}/sub/../run")]).unwrap_err();
        assert!(message.contains("run twice"), "{message}");
    }

    #[test]
    fn a_bundle_goes_where_nothing_is_and_nothing_else_goes() {
        let dir = tempfile::tempdir().unwrap();
        let case = dir.path().join("case.zip");
        let both = typed(&[&format!("json={}", case.display())]).unwrap();
        assert!(bundle(&case, &both).unwrap_err().to_string().contains("both write"));
        bundle(&case, &[]).unwrap();
        std::fs::write(&case, "").unwrap();
        assert!(bundle(&case, &[]).unwrap_err().to_string().contains("does not replace"));
        let nowhere = bundle(&dir.path().join("none/case.zip"), &[]).unwrap_err().to_string();
        assert!(nowhere.starts_with("--bundle cannot write") && nowhere.contains("none does not exist"));
    }
}
