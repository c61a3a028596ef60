"""An ActiveSync client that shares no code with us: its WBXML is libwbxml's (xml2wbxml, wbxml2xml of libwbxml2-utils).

Written for this suite, because the one packaged client that was found, PyPI's pyactivesync (a test of its own), has
version 16.1 and passwords alone; apt and npm have none. OPTIONS, Provision and FolderSync (MS-ASHTTP, MS-ASPROV, MS-ASCMD),
in version 14.1 and in 16.1 whatever the server offers, with the password and with the token.

Prints `offers VERSIONS` once OPTIONS is answered, and a line for each visit, `KIND VERSION VERDICT`: `in`, `out`, or
`status N` where the login is taken and the folders are not shown.
"""
import base64
import http.client
import os
import ssl
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

port, ca, user, password, token = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
logins = {
    "password": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode(),
    "token": f"Bearer {token}",
}
DOCTYPE = '<!DOCTYPE ActiveSync PUBLIC "-//MICROSOFT//DTD ActiveSync//EN" "http://www.microsoft.com/">'
POLICY = "MS-EAS-Provisioning-WBXML"


def convert(tool, options, document):
    """By files: the tools write no error where they fail into a pipe."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = os.path.join(folder, "before"), os.path.join(folder, "after")
        with open(before, "wb") as file:
            file.write(document)
        subprocess.run([tool, *options, "-o", after, before], check=True, stdout=sys.stderr)
        with open(after, "rb") as file:
            return file.read()


class Out(Exception):
    """The login is refused."""


class Visit:
    def __init__(self, kind, version):
        self.login, self.version, self.key = logins[kind], version, "0"
        self.http = http.client.HTTPSConnection("localhost", int(port), context=context, timeout=20)

    def ask(self, verb, query="", headers=(), body=None):
        headers = {"Authorization": self.login, "User-Agent": "libwbxml/0", **dict(headers)}
        self.http.request(verb, "/Microsoft-Server-ActiveSync" + query, body, headers)
        answer = self.http.getresponse()
        content = answer.read()
        if answer.status in (401, 403):
            raise Out(answer.status)
        assert answer.status == 200, (answer.status, answer.headers, content)
        return answer, content

    def offers(self):
        answer, _ = self.ask("OPTIONS")
        assert {"FolderSync", "Provision"} <= set(answer.headers["MS-ASProtocolCommands"].split(","))
        return answer.headers["MS-ASProtocolVersions"]

    def command(self, name, content):
        """The answer's elements, by their names without the page."""
        document = convert("xml2wbxml", ["-v", "1.3", "-n", "-a"], (DOCTYPE + content).encode())
        headers = {
            "Content-Type": "application/vnd.ms-sync.wbxml",
            "MS-ASProtocolVersion": self.version,
            "X-MS-PolicyKey": self.key,
        }
        query = f"?Cmd={name}&User={user}&DeviceId=libwbxml{self.version.replace('.', '')}&DeviceType=Test"
        answer, content = self.ask("POST", query, headers, document)
        assert answer.headers["Content-Type"] == "application/vnd.ms-sync.wbxml", answer.headers
        read = xml.fromstring(convert("wbxml2xml", ["-l", "ACTIVESYNC", "-m", "0"], content))
        for element in read.iter():
            element.tag = element.tag.rpartition("}")[2]
        assert read.tag == name, read.tag
        return read

    def provision(self):
        """Describes the device and takes the policy, if there is one."""
        first = self.command(
            "Provision",
            '<Provision xmlns="Provision:" xmlns:s="Settings:"><s:DeviceInformation><s:Set><s:Model>Test</s:Model>'
            "</s:Set></s:DeviceInformation><Policies><Policy>"
            f"<PolicyType>{POLICY}</PolicyType></Policy></Policies></Provision>",
        )
        if first.findtext("Status") != "1":
            return first.findtext("Status")
        if first.findtext("Policies/Policy/Status") == "2":
            return "1"  # There is no policy.
        temporary = first.findtext("Policies/Policy/PolicyKey")
        last = self.command(
            "Provision",
            f'<Provision xmlns="Provision:"><Policies><Policy><PolicyType>{POLICY}</PolicyType>'
            f"<PolicyKey>{temporary}</PolicyKey><Status>1</Status></Policy></Policies></Provision>",
        )
        self.key = last.findtext("Policies/Policy/PolicyKey")
        return last.findtext("Policies/Policy/Status")

    def folders(self):
        answer = self.command("FolderSync", '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>')
        names = [name.text for name in answer.iter("DisplayName")]
        status = answer.findtext("Status")
        assert (status == "1") == ("Inbox" in names), (status, names)
        return status


def verdict(visit):
    try:
        for step in (visit.provision, visit.folders):
            status = step()
            if status != "1":
                return f"status {status}"
        return "in"
    except Out:
        return "out"


try:
    print("offers", Visit("token", "16.1").offers())
except Out:
    pass
for kind in logins:
    for version in ("14.1", "16.1"):
        print(kind, version, verdict(Visit(kind, version)))
