//! EWS in Exchange Online lets in only the applications that the tenant lists, and soon none.
//!
//! Read 2026-11-30: from October 2026 tenants go to `EWSEnabled` = False one by one, True admits only the ids of
//! `EwsAllowedAppIDs`, and on 2027-04-01 EWS ends for everyone
//! (<https://techcommunity.microsoft.com/blog/exchange/introducing-ewsallowedappids-preparing-for-the-final-phase-of-ews-retirement/4529471>).
//! The list is written as one text, with commas
//! (<https://learn.microsoft.com/en-us/exchange/client-developer/exchange-web-services/how-to-control-access-to-ews-in-exchange>).

use jiff::civil::{Date, date};
use mailprobe_probes::model::{Protocol, Severity, moment};

use super::claims::Claims;
use super::judge::{Against, Remark, is_guid, right, takes};
use crate::providers::{self, oauth};

/// The remark's id.
pub const APP_LIST: &str = "ews-app-list";
/// The row of providers whose tenants have the list. Of the national clouds no date is on record.
const EXCHANGE: &str = "exchange-online";
/// First day of the list.
const LISTED_FROM: Date = date(2026, 10, 1);
/// First day without EWS.
const ENDS: Date = date(2027, 4, 1);
/// Rights that only EWS needs.
const RIGHTS: &[&str] = &["EWS.AccessAsUser.All", "full_access_as_app"];

/// What to know of a token that goes to EWS in Exchange Online, or is for it.
pub(super) fn remark(claims: &Claims, against: &Against<'_>) -> Option<Remark> {
    let today = moment::from_unix(against.now)?.date();
    if today < LISTED_FROM || !goes_there(claims, against) {
        return None;
    }
    let id = claims.client.as_deref().unwrap_or_default();
    let (severity, title, explanation, remedy) = if today < ENDS {
        let app = if is_guid(id) {
            format!(
                "The app id of this token is {id}: Set-OrganizationConfig -EwsAllowedAppIDs \"{id}\" allows it, with the ids \
                 that are listed already, separated by commas."
            )
        } else {
            "The token names no app id.".to_owned()
        };
        (
            Severity::Info,
            "EWS in Exchange Online lets in listed apps only",
            format!(
                "Since 2026-10-01 Exchange Online switches EWS off tenant by tenant (EWSEnabled = False); where it is True, only \
                 the app ids in EwsAllowedAppIDs get in. {app} Users with F or Kiosk licences are refused all the same, and EWS \
                 ends for everyone on 2027-04-01. (Read 2026-11-30.)"
            ),
            "Read the list with Get-OrganizationConfig -RetrieveEwsOperationAccessPolicy, add the app id with \
             Set-OrganizationConfig -EwsAllowedAppIDs, then set -EwsEnabled $true. Move the app to Microsoft Graph.",
        )
    } else {
        (
            Severity::Warning,
            "EWS in Exchange Online has ended",
            "It was announced to end for everyone on 2027-04-01, tokens included; no setting of the tenant brings it back. (Read \
             2026-11-30.)"
                .to_owned(),
            "Move the app to Microsoft Graph.",
        )
    };
    Some(Remark {
        id: APP_LIST,
        severity,
        cause: None,
        protocols: vec![Protocol::Ews],
        title,
        explanation,
        remedy,
    })
}

/// Whether EWS in Exchange Online meets this token.
fn goes_there(claims: &Claims, against: &Against<'_>) -> bool {
    let exchange = providers::named(EXCHANGE).and_then(oauth::of);
    let elsewhere = against.authority.is_some_and(|authority| !authority.providers.contains(&EXCHANGE));
    if elsewhere || !exchange.is_some_and(|exchange| takes(exchange, claims)) {
        return false;
    }
    let is_asked = against.protocols.contains(&Protocol::Ews);
    let mut held = claims.scopes.iter().chain(&claims.roles);
    let is_for_it = held.any(|held| RIGHTS.iter().any(|known| right(held).eq_ignore_ascii_case(known)));
    (is_asked && against.authority.is_some()) || (is_for_it && (is_asked || against.protocols.is_empty()))
}

/// Whether a host is one at which Exchange Online serves EWS.
pub fn is_exchange_online(host: &str) -> bool {
    let row = providers::named(EXCHANGE);
    host.eq_ignore_ascii_case("outlook.office.com")
        || row.is_some_and(|row| row.endpoints().any(|known| known.host.eq_ignore_ascii_case(host)))
}
