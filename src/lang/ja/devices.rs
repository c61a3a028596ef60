pub(super) const ROWS: &[(&str, &str)] = &[];
