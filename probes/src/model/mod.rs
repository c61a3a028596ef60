//! Plain data: what was asked, what was said on the wire, and what follows from it.
//!
//! Nothing here opens a socket, reads a clock or formats for a terminal. Everything serialises to the
//! published JSON (schema 1), and a report can be read back and rendered from a stored file.

mod advertisement;
mod attempt;
mod cause;
mod command;
mod credential;
mod endpoint;
mod evidence;
mod expectation;
mod fact;
mod finding;
mod http;
mod method;
pub mod moment;
mod phase;
mod protocol;
mod proxy;
mod reply;
mod report;
mod text;
mod tls;
mod tls_version;
mod transcript;

pub use advertisement::{Advertisement, Offer, Stage};
pub use attempt::{Attempt, Outcome, Session, Skip};
pub use cause::{Cause, Diagnosis};
pub use command::{Command, Part};
pub use credential::{Login, Secret};
pub use endpoint::{Endpoint, EndpointError, Transport};
pub use evidence::LineRange;
pub use expectation::{
    Basis, Because, Demand, Expectation, Flaw, Methods, Missing, RuleOrigin, Subject, Told, Verdict,
    VerdictStatus, Wanted, Which, Why, trouble,
};
pub use fact::Fact;
pub use finding::{Finding, Severity};
pub use http::{HttpRequest, HttpResponse};
pub use method::{Kind, Method};
pub use phase::{Failure, Phase, PhaseTimes, Trouble};
pub use protocol::Protocol;
pub use proxy::{Proxy, ProxyError, ProxyKind};
pub use reply::{Reply, Status};
pub use report::{EndpointReport, Report, SCHEMA_VERSION, Tool};
pub use text::harmless;
pub use tls::{CertFacts, TlsFacts};
pub use tls_version::{TlsAnswer, TlsProtocol, TlsVersion};
pub use transcript::{Direction, Line};
