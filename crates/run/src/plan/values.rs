//! Values of single settings: durations, name servers, pinned addresses. The messages name the form wanted; who reads the
//! setting adds its name and the value.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use jiff::civil::Date;
use mailprobe_probes::model::Endpoint;
use mailprobe_probes::wire::Override;

/// Seconds, decimals allowed.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let value: f64 =
        text.parse().map_err(|_| "write seconds as a number, for example 30 or 2.5".to_owned())?;
    if !(0.1..=86_400.0).contains(&value) {
        return Err("write between 0.1 and 86400 seconds".to_owned());
    }
    Duration::try_from_secs_f64(value).map_err(|error| error.to_string())
}

/// The recipient of a message: what every server can be asked to send to, without comments or quotes.
pub fn recipient(text: &str) -> Result<String, String> {
    let plain = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| !c.is_control() && !c.is_whitespace() && !"\"(),:;<>@[\\]".contains(c))
    };
    match text.rsplit_once('@') {
        Some((local, domain)) if plain(local) && plain(domain) && text.len() <= 254 => Ok(text.to_owned()),
        _ => Err("write one address: name@example.com".to_owned()),
    }
}

/// What may stand behind EHLO (RFC 5321 section 4.1.1.1): a domain, or an address literal.
pub fn ehlo_name(text: &str) -> Result<String, String> {
    let literal = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let name = literal.unwrap_or(text);
    let allowed = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') || (literal.is_some() && c == ':')
    };
    if (1..=253).contains(&name.len()) && name.chars().all(allowed) {
        return Ok(text.to_owned());
    }
    Err("write a host name (scanner.example.com), or an address in brackets ([192.0.2.1])".to_owned())
}

/// What may stand in a header field (RFC 9110 section 5.5), in ASCII.
pub fn user_agent(text: &str) -> Result<String, String> {
    if !text.trim().is_empty() && text.len() <= 200 && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
    {
        return Ok(text.to_owned());
    }
    Err("write up to 200 printable ASCII characters".to_owned())
}

/// A day: `2026-12-31`.
pub fn day(text: &str) -> Result<Date, String> {
    // jiff reads other forms of a date, too (20261231, or with a time behind it), which the message does not promise.
    let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    day.ok_or_else(|| "write a day as YEAR-MONTH-DAY: 2026-12-31".to_owned())
}

/// The name of a policy.
pub fn policy_name(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    if (1..=80).contains(&text.len()) && text.chars().all(fits) {
        return Ok(text.to_owned());
    }
    Err("use up to 80 lower-case letters, digits, hyphens and dots".to_owned())
}

/// An address with a port, 53 where it has none.
pub fn dns_server(text: &str) -> Result<SocketAddr, String> {
    if let Some(address) = address(text) {
        return Ok(SocketAddr::new(address, 53));
    }
    match text.parse::<SocketAddr>() {
        Ok(server) if server.port() != 0 => Ok(server),
        _ => Err(
            "write an IP address with or without a port: 192.0.2.53, 192.0.2.53:5353, [2001:db8::53]:5353"
                .into(),
        ),
    }
}

/// `HOST:ADDR` or `HOST:PORT:ADDR`, as curl writes it.
pub fn address_override(text: &str) -> Result<Override, String> {
    let form = || "write HOST:ADDR or HOST:PORT:ADDR, an IPv6 address in brackets".to_owned();
    let (host, rest) = text.split_once(':').ok_or_else(form)?;
    // The host goes through the endpoint parser so that both spell it alike (case, IDNA, final dot).
    let endpoint: Endpoint = format!("imaps://{host}")
        .parse()
        .ok()
        .filter(|endpoint: &Endpoint| !endpoint.host.contains('*'))
        .ok_or_else(|| format!("`{host}` is not a host name"))?;
    if let Some(address) = bracketed_or_v4(rest) {
        return Ok(Override { host: endpoint.host, port: None, address });
    }
    let (port, address) = rest.split_once(':').ok_or_else(form)?;
    let port = match port.parse::<u16>() {
        Ok(number) if number != 0 => number,
        _ => return Err(form()),
    };
    let address = bracketed_or_v4(address).ok_or_else(form)?;
    Ok(Override { host: endpoint.host, port: Some(port), address })
}

/// An IPv6 address without brackets cannot be told from a port and an address, so it is not taken.
fn bracketed_or_v4(text: &str) -> Option<IpAddr> {
    text.parse::<std::net::Ipv4Addr>().ok().map(IpAddr::V4).or_else(|| in_brackets(text).map(IpAddr::V6))
}

fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| in_brackets(text).map(IpAddr::V6))
}

fn in_brackets(text: &str) -> Option<Ipv6Addr> {
    text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_take_decimals_and_refuse_what_no_clock_can_wait_for() {
        assert_eq!(seconds("2.5"), Ok(Duration::from_millis(2500)));
        for bad in ["", "ten", "0", "-1", "NaN", "inf", "1e9"] {
            assert!(seconds(bad).unwrap_err().starts_with("write "), "{bad}");
        }
    }

    #[test]
    fn a_name_server_has_port_53_unless_it_says_otherwise() {
        assert_eq!(dns_server("192.0.2.53"), Ok("192.0.2.53:53".parse().unwrap()));
        assert_eq!(dns_server("2001:db8::53"), Ok("[2001:db8::53]:53".parse().unwrap()));
        assert_eq!(dns_server("[2001:db8::53]:5353"), Ok("[2001:db8::53]:5353".parse().unwrap()));
        assert!(dns_server("dns.example").unwrap_err().contains("write an IP address"));
        assert!(dns_server("192.0.2.53:0").unwrap_err().contains("write an IP address"));
    }

    #[test]
    fn a_day_is_written_in_one_way_and_exists() {
        assert_eq!(day("2026-12-31").unwrap().to_string(), "2026-12-31");
        for bad in ["", "31.12.2026", "2026-12", "2026-02-30", "2026-12-31T00:00:00Z", "2026-1-1"] {
            assert!(day(bad).unwrap_err().contains("2026-12-31"), "{bad}");
        }
        assert!(
            policy_name("as-it-is-2").is_ok()
                && policy_name("no\"quotes").is_err()
                && policy_name("").is_err()
        );
    }

    #[test]
    fn a_pinned_address_reads_as_in_curl() {
        let all = address_override("IMAP.example.com.:192.0.2.1").unwrap();
        assert_eq!((all.host.as_str(), all.port), ("imap.example.com", None));
        let one = address_override("imap.example.com:993:[2001:db8::1]").unwrap();
        assert_eq!((one.port, one.address.to_string()), (Some(993), "2001:db8::1".to_owned()));
    }

    #[test]
    fn a_pinned_address_that_can_be_read_two_ways_is_refused() {
        for bad in ["imap.example.com", "h:2001:db8::1", "h:0:192.0.2.1", "h:993", "h:993:other.example"] {
            assert!(address_override(bad).unwrap_err().contains("IPv6 address in brackets"), "{bad}");
        }
        assert!(address_override("*:192.0.2.1").unwrap_err().contains("is not a host name"));
    }
}
