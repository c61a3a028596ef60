//! Comparison with the files in `tests/golden`. `UPDATE_GOLDEN=1` rewrites them.

use std::path::Path;

/// Panics with both texts where they differ.
pub(super) fn check(name: &str, actual: &str) {
    // CSV ends its lines as RFC 4180 says; a checkout may have changed those of the files.
    let actual = actual.replace("\r\n", "\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        expected == actual,
        "{} differs (UPDATE_GOLDEN=1 rewrites it).\n--- expected\n{expected}\n--- actual\n{actual}",
        path.display()
    );
}
