//! How text looks: width and colour. Colour only repeats what shape and words already say.

use crate::lang::Lang;

/// How text reports are laid out, and in which language reports speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour (SGR sequences).
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether text reports hold the transcripts.
    pub verbose: bool,
    /// The language of everything that is not the server's.
    pub lang: Lang,
}

impl Style {
    /// Narrower than this nothing can be laid out.
    const NARROWEST: usize = 40;
    /// Wider than this nobody reads.
    const WIDEST: usize = 120;

    /// No colour, 80 columns, no transcript, English: for files and pipes.
    pub const PLAIN: Self = Self { color: false, width: 80, verbose: false, lang: Lang::En };

    /// A style for a terminal of this width; 80 columns where the width is not known.
    pub fn new(color: bool, columns: Option<usize>, verbose: bool, lang: Lang) -> Self {
        Self { color, width: columns.unwrap_or(80).clamp(Self::NARROWEST, Self::WIDEST), verbose, lang }
    }

    /// The text in the colour of its role.
    pub(super) fn paint(&self, role: Role, text: &str) -> String {
        match role.code() {
            Some(code) if self.color && !text.trim().is_empty() => format!("\x1b[{code}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }
}

/// What a piece of text is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Plain,
    Good,
    Bad,
    Doubt,
    Strong,
    Faint,
    Quote,
}

impl Role {
    const fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Good => Some("32"),
            Self::Bad => Some("31"),
            Self::Doubt => Some("33"),
            Self::Strong => Some("1"),
            Self::Faint => Some("2"),
            Self::Quote => Some("36"),
        }
    }
}
