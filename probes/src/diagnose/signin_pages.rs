//! What the sign-in pages of Microsoft Entra say in place of a number, in the languages they are shown in.

use std::sync::LazyLock;

use super::advice as a;
use super::rule::{Advice, RULE, Rule};
use super::step::Over;
use super::words::sieve::Sieve;
use crate::model::Cause as C;

const PAGES: &str =
    "https://learn.microsoft.com/en-us/entra/identity/conditional-access/troubleshoot-conditional-access";
const CONSENT: &str =
    "https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/configure-admin-consent-workflow";
const IMPERSONATION: &str =
    "https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/responsecode";

const fn page(
    id: &'static str,
    says: &'static [&'static [&'static str]],
    causes: &'static [C],
    advice: Advice,
    source: &'static str,
    example: &'static str,
) -> Rule {
    // A line of a mail protocol is never a page.
    Rule { id, over: Over::ALL, says, causes, advice, source, example, ..RULE }
}

/// In order of precedence.
pub(super) const RULES: &[Rule] = &[
    page(
        "page-consent",
        &[
            &["need admin approval"],
            &["needs admin approval"],
            &["requires your admin's approval"],
            &["admin approval required"],
            &["needs permission to access resources in your organi"],
            &["only an admin can grant"],
            &["approval request sent"],
            &["administratorgenehmigung"],
            &["genehmigung*administrator"],
            &["nur ein administrator erteilen"],
            &["approbation*administrateur requise"],
            &["approbation de l'administrateur"],
            &["que seul un administrateur peut accorder"],
            &["aprobación del administrador"],
            &["que solo un administrador puede conceder"],
            &["aprovação do administrador"],
            &["approvazione dell'amministratore"],
            &["approvazione*amministratore"],
            &["goedkeuring van*beheerder"],
            &["требуется утверждение администратора"],
            &["管理者の承認が必要"],
            &["管理者の承認"],
            &["管理者のみが付与"],
            &["需要管理员批准"],
            &["需要管理員核准"],
            &["관리자 승인 필요"],
            &["관리자 승인이 필요"],
        ],
        &[C::ConsentRequired],
        a::CONSENT,
        CONSENT,
        "Need admin approval",
    ),
    page(
        "page-criteria-not-met",
        &[
            &["does not meet the criteria to access this resource"],
            &["you cannot access this right now"],
            &["you can't access this right now"],
            &["you don't have access to this", "sign-in was successful"],
            &["your sign-in was blocked"],
            &["set up your device to get access"],
            &["erfüllt aber nicht die kriterien"],
            &["erfüllt*nicht die kriterien für den zugriff"],
            &["ne remplit pas les critères"],
            &["ne répond pas aux critères"],
            &["no cumple los criterios"],
            &["não atende aos critérios"],
            &["não cumpre os critérios"],
            &["non soddisfa i criteri"],
            &["voldoet niet aan de criteria"],
            &["не соответствует условиям"],
            &["不满足访问此资源"],
            &["不符合*访问此资源"],
            &["不符合*存取此資源"],
            &["アクセスするための条件を満たしていません"],
            &["アクセスする条件を満たしていません"],
            &["アクセス条件を満たしていません"],
            &["組織のポリシーを満たしていません"],
            &["サインインに必要な*ポリシー"],
            &["現在、これにアクセスすることはできません"],
            &["액세스하기 위한 조건을 충족하지"],
        ],
        &[C::ConditionalAccess, C::DeviceBlocked],
        a::CONDITIONAL_ACCESS,
        PAGES,
        "You cannot access this right now",
    ),
    page(
        "page-second-factor",
        &[
            &["needs more information to keep your account secure"],
            &["more information required", "organi"],
            &["approve sign in request"],
            &["approve sign-in request"],
            &["help us protect your account"],
            &["benötigt weitere informationen", "konto"],
            &["weitere informationen erforderlich"],
            &["besoin d'informations supplémentaires", "compte"],
            &["necesita más información para mantener"],
            &["precisa de mais informações para manter"],
            &["servono altre informazioni"],
            &["詳細情報が必要"],
            &["アカウントを安全に保つため"],
            &["需要更多信息"],
            &["需要更多資訊"],
            &["추가 정보 필요"],
        ],
        &[C::MfaRequired, C::ConditionalAccess],
        a::MFA_REQUIRED,
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-registration-mfa-sspr-combined-troubleshoot",
        "Your organization needs more information to keep your account secure",
    ),
    page(
        "page-user-unknown",
        &[
            &["couldn't find an account with that username"],
            &["this username may be incorrect"],
            &["that microsoft account doesn't exist"],
            &["このユーザー名は正しくない可能性があります"],
            &["dieser benutzername ist möglicherweise falsch"],
            &["ce nom d'utilisateur est peut-être incorrect"],
        ],
        &[C::NoSuchUser],
        a::NO_SUCH_USER,
        PAGES,
        "This username may be incorrect. Make sure you typed it correctly.",
    ),
    page(
        "page-other-tenant",
        &[
            &["selected user account does not exist in tenant"],
            &["does not exist in tenant", "external user"],
            &["テナントに存在しません"],
        ],
        &[C::TokenWrongTenant, C::NoSuchUser],
        a::WRONG_TENANT,
        PAGES,
        "Selected user account does not exist in tenant 'Contoso' and cannot access the application",
    ),
    page(
        "page-not-assigned",
        &[
            &["block users unless they are specifically granted"],
            &["is not assigned to a role for the application"],
        ],
        &[C::ConsentRequired, C::AppBlocked],
        a::CONSENT,
        "https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50105-user-not-assigned-role",
        "Your administrator has configured the application MailClient to block users unless they are specifically granted access to the application.",
    ),
    page(
        "ews-words-impersonation",
        &[
            &["does not have permission to impersonate"],
            &["permission to impersonate the requested user"],
            &["権限を借用するためのアクセス許可がありません"],
        ],
        &[C::NoMailboxPermission],
        a::NO_PERMISSION,
        IMPERSONATION,
        "The account does not have permission to impersonate the requested user.",
    ),
    page(
        "ews-words-no-mailbox",
        &[
            &["smtp address has no mailbox associated with it"],
            &["the smtp address has no mailbox"],
            &["no mailbox with such guid"],
            &["smtp アドレスにメールボックスが関連付けられていません"],
        ],
        &[C::NoSuchMailbox],
        a::NO_MAILBOX,
        IMPERSONATION,
        "The SMTP address has no mailbox associated with it.",
    ),
    page(
        "ews-words-busy",
        &[&["the server cannot service this request right now"]],
        &[C::Throttled],
        a::THROTTLED,
        IMPERSONATION,
        "The server cannot service this request right now. Try again later.",
    ),
    page(
        "ews-words-store",
        &[&["mailbox database is temporarily unavailable"]],
        &[C::MailboxUnavailable, C::Temporary],
        a::MAILBOX_UNAVAILABLE,
        IMPERSONATION,
        "The mailbox database is temporarily unavailable., Cannot open mailbox.",
    ),
    page(
        "gmail-delegation-denied",
        &[&["delegation denied for"]],
        &[C::TokenWrongUser, C::NoMailboxPermission],
        Advice {
            means: "The token is a user's, and the request names another user's mailbox: it is not delegated to the token's user.",
            remedy: "Ask for the mailbox \"me\", or get the token for the user whose mailbox it is: a service account names that user as the subject.",
            next: "",
        },
        "https://developers.google.com/workspace/gmail/api/guides/handle-errors",
        "Delegation denied for user@example.com",
    ),
    page(
        "eas-provisioning-in-words",
        &[&["provisioningrequiredexception"]],
        &[C::ProvisioningRequired],
        a::PROVISIONING,
        "https://github.com/Z-Hub/Z-Push",
        "ProvisioningRequiredException: Retry after sending a PROVISION command - code: 0",
    ),
];

/// Whether a text, in lower case, holds the words of such a page.
pub(super) fn speaks(lower: &str) -> bool {
    static SIEVE: LazyLock<Sieve> = LazyLock::new(|| Sieve::of_rules(RULES));
    SIEVE.admits(lower) && RULES.iter().any(|rule| rule.is_said(lower))
}
