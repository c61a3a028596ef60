//! `--provider`: the endpoints of a row of the provider table.

use mailprobe_probes::model::{Endpoint, Transport, harmless};

use super::Abilities;
use super::error::{PlanError, Setting, words};
use mailprobe_oauth::providers;

/// The endpoints that can be checked, implicit TLS in place of STARTTLS on the same host; and a note on the others.
pub(super) fn endpoints(
    name: &str,
    abilities: &Abilities<'_>,
) -> Result<(Vec<Endpoint>, Option<String>), PlanError> {
    let row = providers::named(name).ok_or_else(|| {
        let known: Vec<&str> = providers::PROVIDERS.iter().map(|row| row.name).collect();
        let what = words![format!("unknown provider `{}`", harmless(name.as_bytes()))];
        let remedy = words![format!("use one of {}, or ", known.join(", ")), Setting::Endpoint(0)];
        PlanError::new(Setting::Provider, what).remedy(remedy)
    })?;
    let able = |endpoint: &Endpoint| abilities.protocols.contains(&endpoint.protocol);
    let (able, unable): (Vec<Endpoint>, Vec<Endpoint>) = row.endpoints().partition(able);
    let same = |one: &Endpoint, other: &Endpoint| (one.protocol, &one.host) == (other.protocol, &other.host);
    let implicit = |one: &Endpoint| {
        able.iter().any(|other| same(one, other) && other.transport == Transport::ImplicitTls)
    };
    let chosen: Vec<Endpoint> = able
        .iter()
        .filter(|endpoint| endpoint.transport == Transport::ImplicitTls || !implicit(endpoint))
        .cloned()
        .collect();
    let unable: Vec<String> = unable.iter().map(Endpoint::url).collect();
    if chosen.is_empty() {
        let what = format!("mailprobe cannot probe what {name} has yet: {}", unable.join(", "));
        return Err(PlanError::new(Setting::Provider, words![what]));
    }
    let note = format!("not checked, for mailprobe cannot probe it yet: {}", unable.join(", "));
    Ok((chosen, (!unable.is_empty()).then_some(note)))
}

#[cfg(test)]
mod tests {
    use mailprobe_probes::model::Protocol;
    use mailprobe_probes::probe::Repertoire;
    use mailprobe_probes::sasl::Registry;
    use mailprobe_probes::scheme::Schemes;

    use super::*;

    #[test]
    fn a_row_gives_what_can_be_checked_and_names_the_rest() {
        let (mechanisms, schemes) = (Registry::standard(), Schemes::standard());
        let repertoire = Repertoire { mechanisms: &mechanisms, schemes: &schemes };
        let protocols = [Protocol::Imap, Protocol::Pop3, Protocol::Smtp];
        let abilities = Abilities { methods: &[], protocols: &protocols, repertoire };
        let (found, note) = endpoints("Exchange-Online", &abilities).unwrap();
        let urls: Vec<String> = found.iter().map(Endpoint::url).collect();
        let wanted = [
            "imaps://outlook.office365.com:993",
            "pop3s://outlook.office365.com:995",
            "smtp://smtp.office365.com:587",
        ];
        assert_eq!(urls, wanted);
        assert!(note.unwrap().contains("ews://outlook.office365.com:443/EWS/Exchange.asmx"));
        // Both have SMTP on one host: implicit TLS is enough.
        let (found, note) = endpoints("gmail", &abilities).unwrap();
        assert!(found.iter().all(|endpoint| endpoint.transport == Transport::ImplicitTls) && note.is_none());
        assert!(endpoints("hotmale", &abilities).unwrap_err().to_string().contains("outlook.com"));
        let message = endpoints("exchange-online-bleu", &abilities).unwrap_err().to_string();
        assert!(message.contains("ews://outlook.sovcloud.fr"), "{message}");
    }
}
