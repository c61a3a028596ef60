//! Which mechanisms exist, in the order in which they are tried.

use std::sync::Arc;

use super::{Mechanism, ScramHash, ScramMechanism, cram_md5, login, oauthbearer, plain, xoauth2};
use crate::model::{Kind, Method};

/// The mechanisms a run knows. A caller may add its own.
#[derive(Clone)]
pub struct Registry {
    mechanisms: Vec<Arc<dyn Mechanism>>,
}

impl Registry {
    /// Everything this crate implements.
    pub fn standard() -> Self {
        Self {
            mechanisms: vec![
                Arc::new(plain::Plain),
                Arc::new(login::Login),
                Arc::new(cram_md5::CramMd5),
                Arc::new(ScramMechanism::new(ScramHash::Sha1, false)),
                Arc::new(ScramMechanism::new(ScramHash::Sha1, true)),
                Arc::new(ScramMechanism::new(ScramHash::Sha256, false)),
                Arc::new(ScramMechanism::new(ScramHash::Sha256, true)),
                Arc::new(xoauth2::XOAuth2),
                Arc::new(oauthbearer::OAuthBearer),
            ],
        }
    }

    /// Adds a mechanism; one of the same name is replaced.
    #[must_use]
    pub fn with(mut self, mechanism: Arc<dyn Mechanism>) -> Self {
        self.mechanisms.retain(|known| known.name() != mechanism.name());
        self.mechanisms.push(mechanism);
        self
    }

    /// A mechanism by name.
    pub fn find(&self, name: &str) -> Option<&Arc<dyn Mechanism>> {
        self.mechanisms.iter().find(|known| known.name().eq_ignore_ascii_case(name))
    }

    /// Every mechanism in order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Mechanism>> {
        self.mechanisms.iter()
    }

    /// What a method presents, where we know the method.
    pub fn kind(&self, method: &Method) -> Option<Kind> {
        match method {
            Method::Sasl(name) => self.find(name).map(|mechanism| mechanism.kind()),
            Method::LoginCommand | Method::UserPass | Method::Apop => Some(Kind::Password),
            Method::Http(_) => None,
        }
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self::standard()
    }
}
