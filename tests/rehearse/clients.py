"""Logs in with Python's own clients; the last line says `in`, `out` or `in, not connected`."""
import imaplib
import poplib
import smtplib
import ssl
import sys

kind, door, port, ca, user, secret = sys.argv[1:]
port = int(port)
context = ssl.create_default_context(cafile=ca)
bearer = f"user={user}\x01auth=Bearer {secret}\x01\x01".encode()


def answer(challenge):
    """The token, and an empty line to the error challenge."""
    if challenge:
        print(challenge)
        return b""
    return bearer


def imap():
    if door == "imaps":
        client = imaplib.IMAP4_SSL("localhost", port, ssl_context=context, timeout=20)
    else:
        client = imaplib.IMAP4("localhost", port, timeout=20)
        client.starttls(context)
    if kind == "password":
        client.login(user, secret)
    else:
        client.authenticate("XOAUTH2", answer)
    try:
        answered, told = client.select("INBOX", readonly=True)
    except imaplib.IMAP4.error as error:
        print(error)
        return "in, not connected"
    assert (answered, told) == ("OK", [b"0"]), (answered, told)
    client.logout()
    return "in"


def pop3():
    if door == "pop3s":
        client = poplib.POP3_SSL("localhost", port, context=context, timeout=20)
    else:
        client = poplib.POP3("localhost", port, timeout=20)
        client.stls(context)
    if kind == "password":
        client.user(user)
        client.pass_(secret)
    else:
        import base64

        client._putcmd("AUTH XOAUTH2")
        line, _ = client._getline()
        assert line.startswith(b"+"), line
        client._putline(base64.b64encode(bearer))
        line, _ = client._getline()
        if line.startswith(b"+ "):
            print(base64.b64decode(line[2:]))
            client._putline(b"")
            line, _ = client._getline()
        if not line.startswith(b"+OK"):
            raise poplib.error_proto(line)
    assert client.stat() == (0, 0)
    client.quit()
    return "in"


def smtp():
    if door == "smtps":
        client = smtplib.SMTP_SSL("localhost", port, context=context, timeout=20)
    else:
        client = smtplib.SMTP("localhost", port, timeout=20)
        client.starttls(context=context)
    client.ehlo()
    if kind == "password":
        client.login(user, secret)
    else:
        client.auth("XOAUTH2", lambda challenge=None: answer(challenge).decode(), initial_response_ok=False)
    refused = client.sendmail(user, ["somebody@example.com"], "Subject: test\r\n\r\n.dot\r\n")
    assert refused == {}, refused
    client.quit()
    return "in"


try:
    print({"imap": imap, "pop3": pop3, "smtp": smtp}[door.rstrip("s") if door != "pop3s" else "pop3"]())
except (imaplib.IMAP4.error, poplib.error_proto, smtplib.SMTPException) as error:
    print(error)
    print("out")
