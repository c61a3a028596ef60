//! What a command says before it ends with the status of usage and configuration errors.

use mailprobe_oauth::{Mistake, SecretError};
use mailprobe_report::publish::PublishError;
use mailprobe_report::stored::StoredError;
use mailprobe_run::config::ProfileError;
use mailprobe_run::plan::{PlanError, PlanErrors, Setting};

/// Exit status of usage and configuration errors.
pub const EXIT_USAGE: u8 = 2;

/// Something wrong with what was asked for, in one message with the remedy. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UserError(String);

impl UserError {
    /// An error from its message.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// Errors that say all there is to say.
macro_rules! said_by {
    ($($error:ty),*) => {$(
        impl From<$error> for UserError {
            fn from(error: $error) -> Self {
                Self::new(error.to_string())
            }
        }
    )*};
}

said_by!(PlanError, PlanErrors, Mistake, StoredError, PublishError);

impl From<ProfileError> for UserError {
    fn from(error: ProfileError) -> Self {
        PlanError::of_profile(&error).into()
    }
}

impl From<SecretError> for UserError {
    fn from(error: SecretError) -> Self {
        PlanError::of_secret(Setting::AnyPassword, error).into()
    }
}
