//! The rows. An endpoint stands here only where the provider's own page, or the configuration database of
//! Thunderbird, says so; what is not known is left out. High Volume Email, Azure Communication Services and the hosts of
//! Zoho were read on 2026-11-30.

use super::Provider;

const CLOUDS: &str =
    "https://github.com/microsoft/CSS-Exchange/blob/main/Shared/AzureFunctions/Get-CloudServiceEndpoint.ps1";

/// A row with nothing in it.
const NONE: Provider = Provider {
    name: "",
    title: "",
    domains: &[],
    mx: &[],
    aliases: &[],
    endpoints: &[],
    autodiscover: &[],
    openid: None,
    source: "",
};

/// Zoho's hosts of one data centre, for accounts of organisations or for personal ones.
macro_rules! zoho {
    ($suffix:literal, $site:literal) => {
        &[
            concat!("imaps://imap", $suffix, ".", $site),
            concat!("pop3s://pop", $suffix, ".", $site),
            concat!("smtps://smtp", $suffix, ".", $site),
            concat!("smtp://smtp", $suffix, ".", $site),
        ]
    };
}

/// One data centre of Zoho as organisations use it: their own domains, by their mail exchangers.
macro_rules! zoho_organisation {
    ($name:literal, $where:literal, $site:literal) => {
        Provider {
            name: $name,
            title: concat!("Zoho Mail for organisations (", $where, ")"),
            mx: &[concat!("mx.", $site), concat!("mx2.", $site), concat!("mx3.", $site)],
            endpoints: zoho!("pro", $site),
            source: ZOHO,
            ..NONE
        }
    };
}

const ZOHO: &str = "https://www.zoho.com/mail/help/imap-access.html";

/// Every provider.
pub const PROVIDERS: &[Provider] = &[
    Provider {
        name: "exchange-online",
        title: "Exchange Online (worldwide, GCC)",
        mx: &["mail.protection.outlook.com", "mx.microsoft"],
        aliases: &["autodiscover.outlook.com", "autodiscover-s.outlook.com"],
        endpoints: &[
            "imaps://outlook.office365.com",
            "pop3s://outlook.office365.com",
            "smtp://smtp.office365.com",
            "ews://outlook.office365.com",
            "eas://outlook.office365.com",
            "autodiscover://autodiscover-s.outlook.com",
        ],
        autodiscover: &["outlook.office365.com"],
        openid: Some("https://login.microsoftonline.com/{domain}/v2.0/.well-known/openid-configuration"),
        source: "https://support.microsoft.com/office/pop-imap-and-smtp-settings-8361e398-8af4-4e97-b147-6c6c4ac95353",
        ..NONE
    },
    Provider {
        name: "exchange-online-gcc-high",
        title: "Exchange Online (US Government, GCC High)",
        mx: &["mail.protection.office365.us"],
        aliases: &["autodiscover.office365.us", "autodiscover-s.office365.us"],
        endpoints: &[
            "imaps://outlook.office365.us",
            "pop3s://outlook.office365.us",
            "smtp://smtp.office365.us",
            "ews://outlook.office365.us",
            "eas://outlook.office365.us",
            "autodiscover://autodiscover-s.office365.us",
        ],
        autodiscover: &["outlook.office365.us"],
        openid: Some("https://login.microsoftonline.us/{domain}/v2.0/.well-known/openid-configuration"),
        source: "https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-u-s-government-gcc-high-endpoints",
        ..NONE
    },
    Provider {
        name: "exchange-online-dod",
        title: "Exchange Online (US Government, DoD)",
        mx: &["mail.protection.office365.us"],
        aliases: &["autodiscover-dod.office365.us", "autodiscover-s-dod.office365.us"],
        endpoints: &[
            "imaps://outlook-dod.office365.us",
            "pop3s://outlook-dod.office365.us",
            "smtp://outlook-dod.office365.us",
            "ews://outlook-dod.office365.us",
            "eas://outlook-dod.office365.us",
            "autodiscover://autodiscover-s-dod.office365.us",
        ],
        autodiscover: &["outlook-dod.office365.us"],
        openid: Some("https://login.microsoftonline.us/{domain}/v2.0/.well-known/openid-configuration"),
        source: "https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-u-s-government-dod-endpoints",
        ..NONE
    },
    Provider {
        name: "exchange-online-china",
        title: "Exchange Online (China, 21Vianet)",
        mx: &["mail.protection.partner.outlook.cn"],
        aliases: &["autodiscover.partner.outlook.cn", "autodiscover-s.partner.outlook.cn"],
        endpoints: &[
            "imaps://partner.outlook.cn",
            "pop3s://partner.outlook.cn",
            "smtp://smtp.partner.outlook.cn",
            "ews://partner.outlook.cn",
            "eas://partner.outlook.cn",
            "autodiscover://autodiscover-s.partner.outlook.cn",
        ],
        autodiscover: &["partner.outlook.cn"],
        openid: Some(
            "https://login.partner.microsoftonline.cn/{domain}/v2.0/.well-known/openid-configuration",
        ),
        source: CLOUDS,
        ..NONE
    },
    Provider {
        name: "exchange-online-bleu",
        title: "Exchange Online (France, Bleu)",
        aliases: &["autodiscover-s.outlook.sovcloud.fr"],
        endpoints: &[
            "ews://outlook.sovcloud.fr",
            "eas://outlook.sovcloud.fr",
            "autodiscover://autodiscover-s.outlook.sovcloud.fr",
        ],
        autodiscover: &["outlook.sovcloud.fr"],
        openid: Some("https://login.sovcloud-identity.fr/{domain}/v2.0/.well-known/openid-configuration"),
        source: CLOUDS,
        ..NONE
    },
    Provider {
        name: "exchange-online-delos",
        title: "Exchange Online (Germany, Delos)",
        aliases: &["autodiscover-s.outlook.sovcloud.de"],
        endpoints: &[
            "ews://outlook.sovcloud.de",
            "eas://outlook.sovcloud.de",
            "autodiscover://autodiscover-s.outlook.sovcloud.de",
        ],
        autodiscover: &["outlook.sovcloud.de"],
        openid: Some("https://login.sovcloud-identity.de/{domain}/v2.0/.well-known/openid-configuration"),
        source: CLOUDS,
        ..NONE
    },
    // For recipients in the organisation, and since June 2025 for no others. Takes passwords until September 2028; a token is
    // an application's own, and the application is named with Add-HVEAppAccess. The first host is the newer one
    // (https://petri.com/high-volume-email-delivery-internal-recipients/).
    Provider {
        name: "exchange-online-hve",
        title: "High Volume Email of Exchange Online (to recipients in the organisation; passwords until September 2028)",
        endpoints: &["smtp://smtp.hve.mx.microsoft", "smtp://smtp-hve.office365.com"],
        source: "https://learn.microsoft.com/en-us/exchange/mail-flow-best-practices/oauth-high-volume-mails-m365",
        ..NONE
    },
    // Basic by design: the user name is that of an SMTP username resource, and the password a client secret of Entra.
    Provider {
        name: "azure-communication-services",
        title: "Azure Communication Services Email (SMTP username and client secret)",
        endpoints: &["smtp://smtp.azurecomm.net"],
        source: "https://learn.microsoft.com/azure/communication-services/quickstarts/email/send-email-smtp/send-email-smtp",
        ..NONE
    },
    Provider {
        name: "outlook.com",
        title: "Outlook.com, Hotmail, Live, MSN",
        domains: &[
            "outlook.com",
            "outlook.de",
            "outlook.fr",
            "outlook.jp",
            "outlook.es",
            "outlook.it",
            "hotmail.com",
            "hotmail.co.jp",
            "hotmail.co.uk",
            "hotmail.fr",
            "hotmail.de",
            "hotmail.it",
            "live.com",
            "live.jp",
            "live.co.uk",
            "live.fr",
            "msn.com",
        ],
        mx: &["olc.protection.outlook.com"],
        endpoints: &[
            "imaps://outlook.office365.com",
            "pop3s://outlook.office365.com",
            "smtp://smtp-mail.outlook.com",
            "eas://eas.outlook.com",
        ],
        openid: Some("https://login.microsoftonline.com/consumers/v2.0/.well-known/openid-configuration"),
        source: "https://support.microsoft.com/office/pop-imap-and-smtp-settings-for-outlook-com-d088b986-291d-42b8-9564-9c414e2aa040",
        ..NONE
    },
    Provider {
        name: "gmail",
        title: "Gmail",
        domains: &["gmail.com", "googlemail.com"],
        mx: &["gmail-smtp-in.l.google.com"],
        endpoints: GOOGLE,
        openid: Some("https://accounts.google.com/.well-known/openid-configuration"),
        source: "https://developers.google.com/workspace/gmail/imap/imap-smtp",
        ..NONE
    },
    Provider {
        name: "google-workspace",
        title: "Google Workspace",
        mx: &["aspmx.l.google.com", "smtp.google.com", "googlemail.com"],
        endpoints: GOOGLE,
        openid: Some("https://accounts.google.com/.well-known/openid-configuration"),
        source: "https://support.google.com/a/answer/174125",
        ..NONE
    },
    Provider {
        name: "yahoo",
        title: "Yahoo Mail",
        domains: &[
            "yahoo.com",
            "yahoo.co.uk",
            "yahoo.de",
            "yahoo.fr",
            "yahoo.it",
            "yahoo.es",
            "yahoo.ca",
            "yahoo.co.in",
            "yahoo.com.br",
            "ymail.com",
            "rocketmail.com",
        ],
        mx: &["yahoodns.net"],
        endpoints: &[
            "imaps://imap.mail.yahoo.com",
            "pop3s://pop.mail.yahoo.com",
            "smtps://smtp.mail.yahoo.com",
            "smtp://smtp.mail.yahoo.com",
        ],
        openid: Some("https://api.login.yahoo.com/.well-known/openid-configuration"),
        source: "https://help.yahoo.com/kb/SLN4075.html",
        ..NONE
    },
    Provider {
        name: "aol",
        title: "AOL Mail",
        domains: &["aol.com", "aol.de", "aol.co.uk", "aim.com"],
        mx: &["mx-aol.mail.gm0.yahoodns.net"],
        endpoints: &[
            "imaps://imap.aol.com",
            "pop3s://pop.aol.com",
            "smtps://smtp.aol.com",
            "smtp://smtp.aol.com",
        ],
        openid: Some("https://api.login.aol.com/.well-known/openid-configuration"),
        source: "https://help.aol.com/articles/how-do-i-use-other-email-applications-to-send-and-receive-my-aol-mail",
        ..NONE
    },
    Provider {
        name: "icloud",
        title: "iCloud Mail",
        domains: &["icloud.com", "me.com", "mac.com"],
        mx: &["mail.icloud.com"],
        endpoints: &["imaps://imap.mail.me.com", "smtp://smtp.mail.me.com"],
        source: "https://support.apple.com/102525",
        ..NONE
    },
    Provider {
        name: "gmx",
        title: "GMX",
        domains: &["gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.eu", "gmx.org"],
        mx: &["gmx.net"],
        endpoints: &[
            "imaps://imap.gmx.net",
            "pop3s://pop.gmx.net",
            "smtps://mail.gmx.net",
            "smtp://mail.gmx.net",
        ],
        source: "https://autoconfig.thunderbird.net/v1.1/gmx.net",
        ..NONE
    },
    Provider {
        name: "gmx.com",
        title: "GMX (international)",
        domains: &["gmx.com", "gmx.us", "gmx.co.uk"],
        mx: &["gmx.com"],
        endpoints: &[
            "imaps://imap.gmx.com",
            "pop3s://pop.gmx.com",
            "smtps://mail.gmx.com",
            "smtp://mail.gmx.com",
        ],
        source: "https://autoconfig.thunderbird.net/v1.1/gmx.com",
        ..NONE
    },
    Provider {
        name: "web.de",
        title: "WEB.DE",
        domains: &["web.de"],
        mx: &["web.de"],
        endpoints: &[
            "imaps://imap.web.de",
            "pop3s://pop3.web.de",
            "smtps://smtp.web.de",
            "smtp://smtp.web.de",
        ],
        source: "https://autoconfig.thunderbird.net/v1.1/web.de",
        ..NONE
    },
    Provider {
        name: "fastmail",
        title: "Fastmail",
        domains: &["fastmail.com", "fastmail.fm"],
        mx: &["messagingengine.com"],
        endpoints: &[
            "imaps://imap.fastmail.com",
            "pop3s://pop.fastmail.com",
            "smtps://smtp.fastmail.com",
            "smtp://smtp.fastmail.com",
        ],
        source: "https://www.fastmail.help/hc/en-us/articles/1500000278342",
        ..NONE
    },
    // A domain of one's own is an organisation's at Zoho: its plans with IMAP and POP use these hosts.
    Provider {
        name: "zoho",
        title: "Zoho Mail (personal, zoho.com data centre)",
        domains: &["zoho.com", "zohomail.com"],
        endpoints: zoho!("", "zoho.com"),
        source: ZOHO,
        ..NONE
    },
    Provider {
        name: "zoho-eu",
        title: "Zoho Mail (personal, zoho.eu data centre)",
        domains: &["zohomail.eu"],
        endpoints: zoho!("", "zoho.eu"),
        source: ZOHO,
        ..NONE
    },
    Provider {
        name: "zoho-in",
        title: "Zoho Mail (personal, zoho.in data centre)",
        domains: &["zohomail.in"],
        endpoints: zoho!("", "zoho.in"),
        source: ZOHO,
        ..NONE
    },
    zoho_organisation!("zoho-organization", "United States", "zoho.com"),
    zoho_organisation!("zoho-organization-eu", "Europe", "zoho.eu"),
    zoho_organisation!("zoho-organization-in", "India", "zoho.in"),
    zoho_organisation!("zoho-organization-au", "Australia", "zoho.com.au"),
    zoho_organisation!("zoho-organization-jp", "Japan", "zoho.jp"),
    zoho_organisation!("zoho-organization-sa", "Saudi Arabia", "zoho.sa"),
    zoho_organisation!("zoho-organization-ca", "Canada", "zohocloud.ca"),
    Provider {
        name: "yandex",
        title: "Yandex Mail",
        domains: &["yandex.com", "yandex.ru", "ya.ru", "yandex.by", "yandex.kz"],
        mx: &["mx.yandex.net", "mx.yandex.ru"],
        endpoints: &["imaps://imap.yandex.com", "pop3s://pop.yandex.com", "smtps://smtp.yandex.com"],
        source: "https://yandex.com/support/mail/mail-clients/others.html",
        ..NONE
    },
    Provider {
        name: "mail.ru",
        title: "Mail.ru",
        domains: &["mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru"],
        mx: &["mxs.mail.ru", "emx.mail.ru"],
        endpoints: &["imaps://imap.mail.ru", "pop3s://pop.mail.ru", "smtps://smtp.mail.ru"],
        source: "https://help.mail.ru/mail/mailer/popsmtp/",
        ..NONE
    },
    Provider {
        name: "qq",
        title: "QQ Mail",
        domains: &["qq.com", "foxmail.com"],
        mx: &["mx1.qq.com", "mx2.qq.com", "mx3.qq.com"],
        endpoints: &[
            "imaps://imap.qq.com",
            "pop3s://pop.qq.com",
            "smtps://smtp.qq.com",
            "smtp://smtp.qq.com",
        ],
        source: "https://service.mail.qq.com/detail/0/427",
        ..NONE
    },
    Provider {
        name: "163",
        title: "NetEase 163",
        domains: &["163.com"],
        mx: &["mxmail.netease.com"],
        endpoints: &["imaps://imap.163.com", "pop3s://pop.163.com", "smtps://smtp.163.com"],
        source: "https://help.mail.163.com/faqDetail.do?code=d7a5dc8471cd0c0e8b4b8f4f8e49998b374173cfe9171305fa1ce630d7f67ac2",
        ..NONE
    },
    Provider {
        name: "126",
        title: "NetEase 126",
        domains: &["126.com"],
        endpoints: &["imaps://imap.126.com", "pop3s://pop.126.com", "smtps://smtp.126.com"],
        source: "https://help.mail.163.com/",
        ..NONE
    },
    Provider {
        name: "yahoo-japan",
        title: "Yahoo! JAPAN Mail",
        domains: &["yahoo.co.jp", "ymail.ne.jp"],
        endpoints: &[
            "imaps://imap.mail.yahoo.co.jp",
            "pop3s://pop.mail.yahoo.co.jp",
            "smtps://smtp.mail.yahoo.co.jp",
        ],
        source: "https://support.yahoo-net.jp/PccMail/s/article/H000007321",
        ..NONE
    },
    Provider {
        name: "ocn",
        title: "OCN",
        domains: &["ocn.ne.jp"],
        endpoints: &["imaps://imap.ocn.ne.jp", "pop3s://pop.ocn.ne.jp", "smtps://smtp.ocn.ne.jp"],
        source: "https://autoconfig.thunderbird.net/v1.1/ocn.ne.jp",
        ..NONE
    },
    Provider {
        name: "docomo",
        title: "docomo mail",
        domains: &["docomo.ne.jp"],
        endpoints: &["imaps://imap.spmode.ne.jp", "smtps://smtp.spmode.ne.jp"],
        source: "https://www.docomo.ne.jp/service/docomo_mail/other/",
        ..NONE
    },
    Provider {
        name: "softbank",
        title: "SoftBank (i.softbank.jp)",
        domains: &["i.softbank.jp"],
        endpoints: &["imaps://imap.softbank.jp", "smtps://smtp.softbank.jp"],
        source: "https://www.softbank.jp/mobile/support/mail/email_i/",
        ..NONE
    },
];

const GOOGLE: &[&str] =
    &["imaps://imap.gmail.com", "pop3s://pop.gmail.com", "smtps://smtp.gmail.com", "smtp://smtp.gmail.com"];
