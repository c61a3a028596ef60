//! The third message (MS-NLMP sections 2.2.1.3 and 3.1.5.1.2): the proof.

use zeroize::Zeroizing;

use super::challenge::{Challenge, av};
use super::{SIGNATURE, VERSION, crypto, flag, negotiate};
use crate::model::Secret;

/// Who proves what.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    /// User name, or a whole user principal name.
    pub user: &'a str,
    /// Domain; empty with a user principal name.
    pub domain: &'a str,
    /// The password. It has to be UTF-8.
    pub password: &'a Secret,
}

/// What must differ each time, given by the caller so that the specification's examples are tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fresh {
    /// Eight random bytes.
    pub client_challenge: [u8; 8],
    /// The clock, in units of 100 ns since 1601-01-01 UTC; used where the server does not send its own.
    pub filetime: u64,
    /// The TLS channel ([`channel_bindings`]), which Exchange's Extended Protection demands. Zeros: none.
    pub channel_bindings: [u8; 16],
}

/// What `MsvAvChannelBindings` holds: the MD5 of a `gss_channel_bindings_struct` (RFC 2744 section 3.11) with
/// `tls-server-end-point` (RFC 5929 section 4), the hash of the server's certificate.
pub fn channel_bindings(server_end_point: &[u8]) -> [u8; 16] {
    let mut data = b"tls-server-end-point:".to_vec();
    data.extend_from_slice(server_end_point);
    // No addresses: type and length of both sides' are zero.
    let mut bindings = vec![0_u8; 16];
    bindings.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes());
    bindings.extend_from_slice(&data);
    crypto::md5(&bindings)
}

/// The answer to a challenge; `None` where the password is not UTF-8 or a name is longer than the message can say.
///
/// A guess at the password can be tested against the message, so nobody may see it. Where the server sends its time
/// it has an integrity code over all three messages, for which the first has to be that of [`negotiate`].
pub fn authenticate(challenge: &Challenge, who: Identity<'_>, fresh: Fresh) -> Option<Vec<u8>> {
    let password = std::str::from_utf8(who.password.expose()).ok()?;
    let key = crypto::ntowf_v2(who.user, who.domain, password)?;
    let with_code = challenge.timestamp.is_some();
    let info = target_info(challenge, fresh.channel_bindings);
    let filetime = challenge.timestamp.unwrap_or(fresh.filetime);
    let blob = crypto::blob(filetime, fresh.client_challenge, &info);
    let mut proof = crypto::prove(&key, challenge.server_challenge, fresh.client_challenge, &blob)?;
    if with_code {
        proof.lm = vec![0; 24];
    }
    // The server has chosen; where it left both, text is Unicode.
    let mut flags = challenge.flags & (flag::OURS | flag::TARGET_INFO) | flag::NTLM;
    let unicode = flags & flag::UNICODE != 0;
    if unicode {
        flags &= !flag::OEM;
    }
    let text =
        |text: &str| if unicode { crypto::utf16(text) } else { Zeroizing::new(text.as_bytes().to_vec()) };
    let (domain, user) = (text(who.domain), text(who.user));

    let code_at = SIGNATURE.len() + 4 + 6 * 8 + 4 + VERSION.len();
    let header = code_at + if with_code { 16 } else { 0 };
    let mut message = Vec::with_capacity(header + proof.nt.len() + 24 + domain.len() + user.len());
    message.extend_from_slice(SIGNATURE);
    message.extend_from_slice(&3_u32.to_le_bytes());
    // In the order of the header: LM, NT, domain, user, workstation, session key. The payload has names first, as
    // Windows writes it; the last two are empty.
    let mut offset = header + domain.len() + user.len();
    for (length, fixed) in [
        (proof.lm.len(), None),
        (proof.nt.len(), None),
        (domain.len(), Some(header)),
        (user.len(), Some(header + domain.len())),
        (0, Some(header)),
        (0, Some(header)),
    ] {
        let at = fixed.unwrap_or(offset);
        if fixed.is_none() {
            offset += length;
        }
        let length = u16::try_from(length).ok()?.to_le_bytes();
        message.extend_from_slice(&length);
        message.extend_from_slice(&length);
        message.extend_from_slice(&u32::try_from(at).ok()?.to_le_bytes());
    }
    message.extend_from_slice(&flags.to_le_bytes());
    message.extend_from_slice(if flags & flag::VERSION == 0 { &[0; 8] } else { &VERSION });
    message.resize(header, 0);
    for part in [domain.as_slice(), &user, &proof.lm, &proof.nt] {
        message.extend_from_slice(part);
    }
    if with_code {
        let code = crypto::hmac(&*proof.session, &[&negotiate(), &challenge.message, &message])?;
        message.get_mut(code_at..header)?.copy_from_slice(&*code);
    }
    Some(message)
}

/// The server's pairs, repeated. Where it sent its time: with the flag that says that there is an integrity code,
/// and with the channel.
fn target_info(challenge: &Challenge, channel_bindings: [u8; 16]) -> Vec<u8> {
    if challenge.pairs.is_empty() {
        return Vec::new();
    }
    let mut info = Vec::new();
    let mut push = |id: u16, value: &[u8]| {
        info.extend_from_slice(&id.to_le_bytes());
        // A value that was read from a message is no longer than 16 bits say.
        info.extend_from_slice(&u16::try_from(value.len()).unwrap_or_default().to_le_bytes());
        info.extend_from_slice(value);
    };
    let with_code = challenge.timestamp.is_some();
    let ours = [av::FLAGS, av::CHANNEL_BINDINGS, av::TARGET_NAME];
    for (id, value) in challenge.pairs.iter().filter(|(id, _)| !(with_code && ours.contains(id))) {
        push(*id, value);
    }
    if with_code {
        let said = challenge.pairs.iter().find(|(id, _)| *id == av::FLAGS);
        let said = said.and_then(|(_, value)| <[u8; 4]>::try_from(value.as_slice()).ok());
        push(av::FLAGS, &(said.map_or(0, u32::from_le_bytes) | 2).to_le_bytes());
        push(av::CHANNEL_BINDINGS, &channel_bindings);
        // No service name is claimed: the channel binds more tightly, and an alias would be refused.
        push(av::TARGET_NAME, &[]);
    }
    push(av::END, &[]);
    info
}
