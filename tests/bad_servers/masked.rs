//! Firewalls that overwrite what they do not know of SMTP: the offer is masked, not missing.

use mailprobe_probes::model::{Phase, Trouble};

use crate::class::smtp;
use crate::support::{Script, Visit};

#[test]
fn a_masked_offer_is_a_box_on_the_path_and_not_a_missing_one() {
    for masked in ["XXXXXXXA", "XXXXXXXXA", "XXXA", "XXXXXXXX", "XXXX XXXXX XXXXA", "AUTH XXXXX XXXXA"] {
        let offer = format!("250-mail.example.com\r\n250-SIZE 10240000\r\n250-{masked}\r\n250 8BITMIME\r\n");
        let script = || Script::new().line("220 ready").client("EHLO *").raw(offer.clone());
        let seen = Visit::smtp(&["PLAIN"]).run(script());
        let failure = seen.assert_failed(Phase::StartTls, Trouble::OfferMasked);
        assert!(failure.detail.contains(masked), "{failure:?}");
        let finding = seen.finding("offer-masked");
        assert!(finding.explanation.contains(masked), "{finding:?}");
        assert!(seen.lines(finding.evidence.unwrap()).iter().any(|line| line.contains(masked)));
        let script = script().client("AUTH PLAIN *").line("235 in").client("MAIL FROM:*").line("250 ok");
        let seen = Visit::smtp_clear(&["PLAIN"]).run(script);
        seen.finding("offer-masked");
    }
    for quoted in ["500 5.3.3 Unrecognized command 'XXXX'", "502 5.5.1 Unimplemented: XXXX"] {
        let script = Script::new().line("220 ready").client("EHLO *").line(quoted).client("AUTH PLAIN *");
        let seen = Visit::smtp_clear(&["PLAIN"]).run(script.line("535 5.7.8 no"));
        assert!(seen.lines(seen.finding("offer-masked").evidence.unwrap()).contains(&quoted));
    }
    let stars = "220 **************************************2******200**********0*00";
    let script = Script::new().line(stars).client("EHLO *").raw("250-mail\r\n250 AUTH PLAIN\r\n");
    let seen = Visit::smtp_clear(&["PLAIN"]).run(script.client("AUTH PLAIN *").line("535 no"));
    seen.finding("offer-masked");
    let seen = Visit::smtp_clear(&["PLAIN"]).run(smtp().line("535 no"));
    assert!(!seen.finding_ids().contains(&"offer-masked"));
}
