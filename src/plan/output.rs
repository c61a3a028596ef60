//! Where reports go: `-o FORMAT[=FILE]`, checked before anything runs.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use mailprobe_probes::model::harmless;

use super::UserError;
use crate::report::Format;

/// One report to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// How.
    pub format: Format,
    /// Where; standard output where `None`.
    pub file: Option<PathBuf>,
}

/// Reads all `-o`; text on standard output where there is none.
pub(crate) fn outputs(typed: &[String]) -> Result<Vec<Output>, UserError> {
    if typed.is_empty() {
        return Ok(vec![Output { format: Format::Text, file: None }]);
    }
    let outputs = typed.iter().map(|text| output(text)).collect::<Result<Vec<_>, _>>()?;
    let shown: Vec<_> =
        outputs.iter().filter(|output| output.file.is_none()).map(|output| output.format).collect();
    if shown.len() > 1 && (shown.iter().any(|format| format.stands_alone()) || shown.first() == shown.last())
    {
        let names = shown.iter().map(|format| format.name()).collect::<Vec<_>>().join(" and ");
        return Err(UserError::new(format!(
            "-o {names} would mix on standard output: give all but one a file (-o {}=FILE)",
            shown.last().map_or("json", |format| format.name())
        )));
    }
    let mut places = Vec::new();
    for path in outputs.iter().filter_map(|output| output.file.as_deref()) {
        let place = writable(path)?;
        if places.contains(&place) {
            return Err(UserError::new(format!("-o writes {} twice", show(path))));
        }
        places.push(place);
    }
    Ok(outputs)
}

/// Checks that a bundle can be made where nothing is yet, and that no report goes there.
pub(crate) fn bundle(path: &Path, outputs: &[Output]) -> Result<(), UserError> {
    let place =
        writable(path).map_err(|error| UserError::new(error.to_string().replacen("-o", "--bundle", 1)))?;
    if std::fs::symlink_metadata(path).is_ok() {
        return Err(UserError::new(format!(
            "--bundle does not replace {}: name a file that is not there yet",
            show(path)
        )));
    }
    let files = outputs.iter().filter_map(|output| output.file.as_deref());
    if files.filter_map(|file| writable(file).ok()).any(|file| file == place) {
        return Err(UserError::new(format!("-o and --bundle both write {}", show(path))));
    }
    Ok(())
}

/// Whether standard output is that of a Nagios plugin, so that the exit status is one too.
pub(crate) fn is_plugin(outputs: &[Output]) -> bool {
    outputs.iter().any(|output| output.format == Format::Nagios && output.file.is_none())
}

/// The same for words that nobody has understood yet.
pub(crate) fn wants_plugin(typed: &[impl AsRef<OsStr>]) -> bool {
    let is = |word: &OsStr| {
        let word = word.to_string_lossy();
        let word = word.strip_prefix("--output=").or_else(|| word.strip_prefix("-o")).unwrap_or(&word);
        matches!(word.to_ascii_lowercase().as_str(), "nagios" | "nagios=-")
    };
    typed.iter().any(|word| is(word.as_ref()))
}

fn output(text: &str) -> Result<Output, UserError> {
    let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
    let format = name.parse::<Format>().map_err(|error| UserError::new(format!("-o {error}")))?;
    match file {
        None | Some("-") => Ok(Output { format, file: None }),
        Some("") => Err(UserError::new(format!("-o {name}= names no file"))),
        Some(file) => Ok(Output { format, file: Some(PathBuf::from(file)) }),
    }
}

/// Checks that a file can be made or replaced, and returns the one name it has.
fn writable(path: &Path) -> Result<PathBuf, UserError> {
    let complain = |why: &str| UserError::new(format!("-o cannot write {}: {why}", show(path)));
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
