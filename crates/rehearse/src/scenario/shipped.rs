//! The scenarios that come with the program.

/// One of them: name and TOML text.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// What `rehearse` calls it.
    pub name: &'static str,
    /// The file.
    pub text: &'static str,
}

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        &[$(Shipped { name: $name, text: include_str!(concat!("../scenarios/", $name, ".toml")) }),*]
    };
}

/// All of them, in the order of `--list`.
pub const SHIPPED: &[Shipped] = shipped!(
    "before-cutover",
    "exchange-online-today",
    "smtp-auth-off-2027",
    "smtp-auth-off-mailbox",
    "security-defaults",
    "authenticated-but-not-connected",
    "ews-retired",
    "eas-16-1-only",
    "throttled",
    "gmail",
    "on-premises-hybrid",
);

/// Words that every scenario falls back on.
pub(super) const WORDS: Shipped = Shipped { name: "words", text: include_str!("../scenarios/words.toml") };

impl Shipped {
    /// The shipped scenario of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SHIPPED.iter().find(|shipped| shipped.name == name)
    }

    /// All names, for messages.
    pub fn names() -> String {
        SHIPPED.iter().map(|shipped| shipped.name).collect::<Vec<_>>().join(", ")
    }
}
