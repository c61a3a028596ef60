//! What DNS says about a domain's mail services besides addresses: SRV (RFC 2782, RFC 6186, RFC 8314), MX and
//! CNAME.

use hickory_resolver::net::NetError;
use hickory_resolver::proto::rr::{Name, RData, RecordType};

use super::resolve::{Resolver, explain};
use crate::model::{Failure, harmless};

/// Records of one kind that are looked at.
const MOST: usize = 32;

/// A service location (RFC 2782).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Srv {
    /// Lower is tried first.
    pub priority: u16,
    /// Share among those of one priority.
    pub weight: u16,
    /// The host, without its final dot. Empty where the record says that there is no such service
    /// (RFC 6186 section 3.4).
    pub target: String,
    /// Its port.
    pub port: u16,
}

impl Resolver {
    /// The SRV records of a name such as `_imaps._tcp.example.com`, most preferred first. None where there are none.
    ///
    /// # Errors
    /// A failure of the phase `resolve` where DNS did not answer.
    pub async fn srv(&self, name: &str) -> Result<Vec<Srv>, Failure> {
        let mut found: Vec<Srv> = self
            .records(name, RecordType::SRV)
            .await?
            .into_iter()
            .filter_map(|data| match data {
                RData::SRV(srv) => Some(Srv {
                    priority: srv.priority,
                    weight: srv.weight,
                    target: plain(&srv.target),
                    port: srv.port,
                }),
                _ => None,
            })
            .collect();
        found.sort_by_key(|srv| (srv.priority, std::cmp::Reverse(srv.weight)));
        Ok(found)
    }

    /// The mail exchangers of a domain, most preferred first. None where there are none.
    ///
    /// # Errors
    /// A failure of the phase `resolve` where DNS did not answer.
    pub async fn mx(&self, domain: &str) -> Result<Vec<String>, Failure> {
        let mut found: Vec<(u16, String)> = self
            .records(domain, RecordType::MX)
            .await?
            .into_iter()
            .filter_map(|data| match data {
                RData::MX(mx) => Some((mx.preference, plain(&mx.exchange))),
                _ => None,
            })
            .collect();
        found.sort();
        Ok(found.into_iter().map(|(_, host)| host).collect())
    }

    /// Where a name is only an alias: for which name.
    ///
    /// # Errors
    /// A failure of the phase `resolve` where DNS did not answer.
    pub async fn cname(&self, name: &str) -> Result<Option<String>, Failure> {
        let found = self.records(name, RecordType::CNAME).await?;
        Ok(found.into_iter().find_map(|data| match data {
            RData::CNAME(alias) => Some(plain(&alias.0)),
            _ => None,
        }))
    }

    /// Whether DNS knows the name, with records of whatever kind.
    ///
    /// # Errors
    /// A failure of the phase `resolve` where DNS did not answer.
    pub async fn exists(&self, name: &str) -> Result<bool, Failure> {
        match self.dns().await?.lookup(format!("{name}."), RecordType::SOA).await {
            Ok(_) => Ok(true),
            Err(error) if absent(&error) => Ok(!error.is_nx_domain()),
            Err(error) => Err(explain(name, &error)),
        }
    }

    async fn records(&self, name: &str, kind: RecordType) -> Result<Vec<RData>, Failure> {
        let dns = self.dns().await?;
        // The final dot keeps search lists out: the name means what it says.
        match dns.lookup(format!("{name}."), kind).await {
            Ok(found) => Ok(found.answers().iter().take(MOST).map(|record| record.data.clone()).collect()),
            Err(error) if absent(&error) => Ok(Vec::new()),
            Err(error) => Err(explain(name, &error)),
        }
    }
}

fn absent(error: &NetError) -> bool {
    error.is_nx_domain() || error.is_no_records_found()
}

/// A name as a host is written: lower case, without the final dot, harmless.
fn plain(name: &Name) -> String {
    harmless(name.to_ascii().to_ascii_lowercase().trim_end_matches('.').as_bytes())
}
