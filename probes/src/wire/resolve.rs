//! Host names to addresses, with overrides.
//!
//! One address is visited at a time, on purpose: whoever runs a test wants to know what was tested. There
//! is no happy-eyeballs race; IPv4 addresses come first, and `--all-addresses` visits each.

use std::net::{IpAddr, SocketAddr};

use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ProtocolConfig, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::{Resolver as Hickory, TokioResolver};
use tokio::sync::OnceCell;

use crate::model::{Failure, Phase, Trouble, harmless};

/// Addresses of one host that are visited: more than any mail service has behind a name, and few beside the thousands
/// that fit into one answer of DNS.
const MOST_ADDRESSES: usize = 64;

/// Which addresses are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Family {
    /// Both; IPv4 first.
    #[default]
    Any,
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
}

impl Family {
    fn admits(self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::V4 => address.is_ipv4(),
            Self::V6 => address.is_ipv6(),
        }
    }
}

/// "This host is at that address", as curl's `--resolve`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Host name, compared without case.
    pub host: String,
    /// Only for this port, where one is given.
    pub port: Option<u16>,
    /// The address.
    pub address: IpAddr,
}

/// How names are resolved.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Checked before DNS; all that match count.
    pub overrides: Vec<Override>,
    /// Which addresses are wanted.
    pub family: Family,
    /// A DNS server to ask in place of the system's.
    pub server: Option<SocketAddr>,
}

/// The system's resolver settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "the system's DNS settings cannot be read ({0}): give a server with --dns-server, or addresses with --resolve"
)]
pub struct ResolverSetupError(String);

/// Resolves names. DNS is set up at the first name that needs it.
pub struct Resolver {
    settings: Settings,
    dns: OnceCell<TokioResolver>,
}

impl Resolver {
    /// A resolver with these settings.
    pub fn new(settings: Settings) -> Self {
        Self { settings, dns: OnceCell::new() }
    }

    /// Every wanted address of `host`, in the order in which they are to be visited; at most 64.
    ///
    /// # Errors
    /// A failure of the phase `resolve`.
    pub async fn addresses(&self, host: &str, port: u16) -> Result<Vec<IpAddr>, Failure> {
        let family = self.settings.family;
        if let Ok(address) = host.parse::<IpAddr>() {
            return if family.admits(address) { Ok(vec![address]) } else { Err(no_address(host, family)) };
        }
        let pinned: Vec<IpAddr> = self
            .settings
            .overrides
            .iter()
            .filter(|o| o.host.eq_ignore_ascii_case(host) && o.port.is_none_or(|p| p == port))
            .map(|o| o.address)
            .collect();
        let mut addresses = if pinned.is_empty() { self.ask(host).await? } else { pinned };
        addresses.retain(|address| family.admits(*address));
        addresses.sort_by_key(IpAddr::is_ipv6);
        addresses.dedup();
        addresses.truncate(MOST_ADDRESSES);
        if addresses.is_empty() { Err(no_address(host, family)) } else { Ok(addresses) }
    }

    pub(super) async fn dns(&self) -> Result<&TokioResolver, Failure> {
        self.dns
            .get_or_try_init(|| async { build(&self.settings) })
            .await
            .map_err(|error| Failure::new(Phase::Resolve, Trouble::ResolverFailed, error.to_string()))
    }

    async fn ask(&self, host: &str) -> Result<Vec<IpAddr>, Failure> {
        let dns = self.dns().await?;
        // The final dot keeps search lists out: the name means what it says.
        match dns.lookup_ip(format!("{host}.")).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(error) => Err(explain(host, &error)),
        }
    }
}

fn build(settings: &Settings) -> Result<TokioResolver, ResolverSetupError> {
    let fail = |error: NetError| ResolverSetupError(harmless(error.to_string().as_bytes()));
    let mut builder = match settings.server {
        None => TokioResolver::builder_tokio().map_err(fail)?,
        Some(server) => {
            let connections = [ProtocolConfig::Udp, ProtocolConfig::Tcp]
                .into_iter()
                .map(|protocol| {
                    let mut connection = ConnectionConfig::new(protocol);
                    connection.port = server.port();
                    connection
                })
                .collect();
            let server = NameServerConfig::new(server.ip(), true, connections);
            Hickory::builder_with_config(
                ResolverConfig::from_parts(None, Vec::new(), vec![server]),
                TokioRuntimeProvider::default(),
            )
        }
    };
    let options: &mut ResolverOpts = builder.options_mut();
    options.ip_strategy = match settings.family {
        Family::Any => LookupIpStrategy::Ipv4AndIpv6,
        Family::V4 => LookupIpStrategy::Ipv4Only,
        Family::V6 => LookupIpStrategy::Ipv6Only,
    };
    builder.build().map_err(fail)
}

fn no_address(host: &str, family: Family) -> Failure {
    let wanted = match family {
        Family::Any => "IP",
        Family::V4 => "IPv4",
        Family::V6 => "IPv6",
    };
    Failure::new(Phase::Resolve, Trouble::NoAddress, format!("{host} has no {wanted} address"))
}

pub(super) fn explain(host: &str, error: &NetError) -> Failure {
    if error.is_nx_domain() {
        Failure::new(Phase::Resolve, Trouble::NoSuchHost, format!("the name {host} does not exist"))
    } else if error.is_no_records_found() {
        Failure::new(Phase::Resolve, Trouble::NoAddress, format!("the name {host} exists and has no address"))
    } else {
        let detail = format!("DNS did not answer for {host}: {}", harmless(error.to_string().as_bytes()));
        Failure::new(Phase::Resolve, Trouble::ResolverFailed, detail)
    }
}
