//! Panels of scanners, printers and controllers. They show a code or a sentence of their own, seldom the server's.

use super::ClientSaying as S;
use super::faults as f;

const RICOH: &str = "https://thetoolstrunk.com/authentication-with-the-destination-has-failed/";
const RICOH_CLOUD: &str = "https://www.manualshelf.com/manual/cloud/cx133/user-s-guide-english/page-107.html";
const KYOCERA: &str = "https://github.com/msgwing/ZeroSMTP/blob/main/docs/PRINTERS.md";
const BECKHOFF: &str = "https://infosys.beckhoff.com/content/1033/tf6350_tc3_sms_smtp/373312395.html";
const SCHNEIDER: &str =
    "https://filedn.eu/l6oFb0aAwOAyRLLaUMiUmzz/CE_HELP/eng/BMENOC0321/BMENOC0321_D-SE-0021343.htm";
/// What stands beside one of Beckhoff's short numbers.
const CONTROLLER: &[&str] = &["smtp", "twincat", "beckhoff", "mail"];

pub(super) const SAYINGS: &[S] = &[
    S::said(
        "client-ricoh-login",
        "Ricoh panel",
        f::LOGIN,
        &[&["authentication with the destination has failed"]],
        RICOH,
        "Authentication with the destination has failed. Check settings. To check the current status, press [Scanned Files Status].",
    ),
    S::said(
        "client-ricoh-connect",
        "Ricoh panel",
        f::CONNECT,
        &[&["connection with the destination has failed"]],
        RICOH,
        "Connection with the destination has failed. Check the status and connection.",
    ),
    S::said(
        "client-ricoh-cloud-connect",
        "Ricoh panel",
        f::SERVICE_UNREACHED,
        &[&["cannot connect to office365 service"], &["cannot connect to", "service."]],
        RICOH_CLOUD,
        "Cannot Connect to Office365 Service.",
    )
    .beside(&["office365 service", "google drive service", "print cloud service", "sharepoint service"]),
    S::said(
        "client-ricoh-cloud-login",
        "Ricoh panel",
        f::LOGIN,
        &[&["authentication failed: incorrect user name or password"]],
        RICOH_CLOUD,
        "Authentication Failed: Incorrect User Name or Password.",
    ),
    S::coded(
        "client-kyocera-login",
        "Kyocera panel",
        f::LOGIN,
        &["1102", "0x1102"],
        KYOCERA,
        "Kyocera send error 1102",
    )
    .beside(&["kyocera", "taskalfa", "ecosys", "send error", "sendefehler", "送信エラー", "0x1102"]),
    S::said(
        "client-sharp-token",
        "Sharp panel",
        f::TOKEN_GONE,
        &[&["token update failed"], &["please delete the token and obtain it again"]],
        "http://global.sharp/restricted/products/copier/downloads/manuals/bp70c65/en/contents_08-03_004.html",
        "[Token update failed. Please delete the token and obtain it again.]",
    ),
    S::said(
        "client-panel-connect",
        "scanner panel",
        f::CONNECT,
        &[
            &["server connection failed"],
            &["server connection error"],
            &["サーバー接続エラー"],
            &["サーバー未接続"],
        ],
        "https://gist.github.com/TannerFilip/699bef0a06e556ff4570702e86f30a88",
        "Server connection failed",
    ),
    S::coded(
        "client-schneider-connect",
        "Schneider controller",
        f::CONNECT,
        &["16#5104"],
        SCHNEIDER,
        "16#5104 Cannot connect to SMTP server",
    ),
    S::coded(
        "client-schneider-needs-login",
        "Schneider controller",
        f::NOT_LOGGED_IN,
        &["16#5108"],
        SCHNEIDER,
        "16#5108 SMTP MAIL request unsuccessful - SMTP server may require authentication",
    )
    .and_says(&[&["server may require authentication"]]),
    S::coded(
        "client-schneider-login",
        "Schneider controller",
        f::LOGIN,
        &["16#510d"],
        SCHNEIDER,
        "16#510D Authentication unsuccessful",
    ),
    S::coded(
        "client-schneider-recipient",
        "Schneider controller",
        f::RECIPIENT_REFUSED,
        &["16#5109", "16#510a"],
        SCHNEIDER,
        "16#510A No recipient accepted by the SMTP server",
    ),
    S::coded(
        "client-schneider-protocol",
        "Schneider controller",
        f::GARBLED,
        &["16#5107"],
        SCHNEIDER,
        "16#5107 SMTP HELO request unsuccessful",
    ),
    S::coded(
        "client-beckhoff-mechanism",
        "Beckhoff TwinCAT",
        f::MECHANISM,
        &["0x8016", "0x8023"],
        BECKHOFF,
        "0x8016 Authentication type not supported by smtp server",
    )
    .beside(CONTROLLER),
    S::coded(
        "client-beckhoff-login",
        "Beckhoff TwinCAT",
        f::LOGIN,
        &["0x8017"],
        BECKHOFF,
        "TwinCAT SMTP Server 0x8017 Wrong username or password",
    )
    .beside(CONTROLLER),
    S::coded(
        "client-beckhoff-name",
        "Beckhoff TwinCAT",
        f::NAME,
        &["0x8019", "0x8020"],
        BECKHOFF,
        "TwinCAT SMTP 0x8019 Invalid hostname",
    )
    .beside(CONTROLLER),
    S::coded(
        "client-beckhoff-connect",
        "Beckhoff TwinCAT",
        f::CONNECT,
        &["0x8015", "0x801d", "0x801e"],
        BECKHOFF,
        "SMTP 0x801D Unable to connect (Connection error => sometimes wrong port or wrong server)",
    )
    .beside(CONTROLLER),
    S::coded(
        "client-beckhoff-tls",
        "Beckhoff TwinCAT",
        f::HANDSHAKE,
        &["0x80a5"],
        BECKHOFF,
        "TwinCAT SMTP 0x80A5 SSL-handshake failed",
    )
    .beside(CONTROLLER),
    S::coded(
        "client-beckhoff-certificate",
        "Beckhoff TwinCAT",
        f::CERTIFICATE,
        &["0x80a6", "0x80a7"],
        BECKHOFF,
        "TwinCAT SMTP 0x80A7 Unable to verify server",
    )
    .beside(CONTROLLER),
];
