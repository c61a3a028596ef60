//! A document that is written piece by piece, in one language.

use std::fmt;

use crate::lang::Lang;

/// Markup or Markdown that grows, and the language of its own words.
pub(super) struct Document {
    text: String,
    pub(super) lang: Lang,
}

impl Document {
    pub(super) const fn new(lang: Lang) -> Self {
        Self { text: String::new(), lang }
    }

    pub(super) fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn done(self) -> String {
        self.text
    }
}

impl fmt::Write for Document {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.push_str(text);
        Ok(())
    }
}
