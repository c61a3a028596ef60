//! Who may reach the pages. They show server answers and mailbox names, so beyond this machine they need a key, and a
//! wire that nobody reads.

use std::net::IpAddr;

/// How the pages are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exposure {
    /// The address listened on.
    pub address: IpAddr,
    /// Whether we speak TLS ourselves.
    pub tls: bool,
    /// Whether somebody in front does (`behind_proxy = true`).
    pub behind_proxy: bool,
    /// Whether a password or a token is asked for.
    pub access: bool,
}

impl Exposure {
    /// Whether that is responsible; otherwise what is wrong, with the remedy.
    ///
    /// # Errors
    /// One sentence for the user.
    pub fn check(self) -> Result<(), String> {
        if self.address.is_loopback() {
            return Ok(());
        }
        let address = self.address;
        if !self.tls && !self.behind_proxy {
            return Err(format!(
                "listening on {address} sends passwords and mailbox names in the clear: give `cert` and `key`, or set \
                 `behind_proxy = true` where a reverse proxy speaks TLS, or listen on 127.0.0.1"
            ));
        }
        if !self.access {
            return Err(format!(
                "listening on {address} without a password: give `basic_auth_file` or `bearer_file`, or listen on \
                 127.0.0.1"
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_this_machine_there_is_tls_and_a_password_or_nothing() {
        let open = |address: &str, tls, behind_proxy, access| {
            Exposure { address: address.parse().unwrap(), tls, behind_proxy, access }.check()
        };
        for loopback in ["127.0.0.1", "127.9.9.9", "::1"] {
            assert_eq!(open(loopback, false, false, false), Ok(()));
        }
        for address in ["0.0.0.0", "::", "192.0.2.1"] {
            assert!(open(address, false, false, true).unwrap_err().contains("`cert` and `key`"));
            assert!(open(address, true, false, false).unwrap_err().contains("basic_auth_file"));
            assert!(open(address, false, true, false).unwrap_err().contains("bearer_file"));
            assert_eq!(open(address, true, false, true), Ok(()));
            assert_eq!(open(address, false, true, true), Ok(()));
        }
    }
}
