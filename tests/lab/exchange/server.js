// a scripted Exchange, for what no Debian server can be: EWS, ActiveSync and Autodiscover before and after the cutover
// Not Exchange, and no proof of what Exchange does: it says what public records say that Exchange has said, each with its
// source. Arguments: the lab's folder, the address to listen on. Environment: lab.env.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const https = require('https');

const [lab, address] = process.argv.slice(2);
const env = process.env;
const file = name => fs.readFileSync(`${lab}/${name}`);
const host = `exchange.${env.DOMAIN}`;

const passwords = new Map([
    [env.ALICE, file('secrets/alice.password').toString()],
    [env.QUIRKY, file('secrets/quirky.password').toString()]
]);

// Written before the answer is sent, so that whoever has the answer finds the line.
const note = (request, character, scheme, account, result) => fs.appendFileSync(`${lab}/exchange/log`,
    `${new Date().toISOString()} [${request.socket.remoteAddress}] ${character} ${request.method} ` +
    `${JSON.stringify(request.url)} ${scheme || '-'} ${JSON.stringify(account)} ${result}\n`);

// x-ms-diagnostics. Numbers and categories: OfficeDev/office-developer-exchange-docs,
// instrumenting-client-requests-for-ews-and-rest-in-exchange.md. The sentence of 2000003, and error="invalid_token" beside
// it: MicrosoftDocs/OfficeDocs-Exchange, use-hybrid-modern-auth.md, "Client synchronization issues". The answer to an empty
// Bearer: public record of a healthy server of 2024.
const NO_TOKEN = `4000000;reason="Flighting is not enabled for domain '${env.DOMAIN}'.";error_category="oauth_not_available"`;
const flaw = (code, reason, category) => ({ flaw: `${code};reason="${reason}";error_category="${category}"` });

// The same tokens as modern's, judged one thing after the other.
const readToken = token => {
    try {
        const [head, body, signature] = token.split('.');
        const key = crypto.createPublicKey(file('keys/token.key'));
        if (!signature || !crypto.verify('sha256', `${head}.${body}`, key, Buffer.from(signature, 'base64url'))) {
            return flaw(2000000, 'The token has an invalid signature.', 'invalid_signature');
        }
        const claims = JSON.parse(Buffer.from(body, 'base64url'));
        if (claims.exp <= Date.now() / 1000) return flaw(2000002, 'The token has expired.', 'token_expired');
        if (claims.aud !== env.TOKEN_AUDIENCE) {
            return flaw(2000003, 'The hostname component of the audience claim value is invalid. ' +
                `Expected '${env.TOKEN_AUDIENCE}'. Actual '${claims.aud}'.`, 'invalid_resource');
        }
        if (claims.iss !== env.TOKEN_ISSUER) return flaw(2000001, `The issuer '${claims.iss}' is not trusted.`, 'invalid_token');
        // exchangelib issue 1321: this one with status 403.
        if (claims.scope !== env.TOKEN_SCOPE) {
            return { status: 403, flaw: '2000008;reason="The token contains not enough scope to make this call."' };
        }
        if (!claims.email) {
            return flaw(2000005, 'The user specified by the user-context in the token does not exist.', 'invalid_user');
        }
        return { account: claims.email };
    } catch {
        return flaw(2000001, 'The token is not well-formed.', 'invalid_token');
    }
};

// What the Authorization field comes to: { scheme, account, accepted, flaw, status }.
const judge = (value, character) => {
    const [scheme, credentials = ''] = (value || '').trim().split(/ +/, 2);
    switch (scheme.toLowerCase()) {
        case 'basic': {
            const both = Buffer.from(credentials, 'base64').toString();
            const account = both.slice(0, both.indexOf(':'));
            const right = passwords.get(account) === both.slice(account.length + 1);
            // Blocked by policy: nobody looks at the password.
            return { scheme, account, accepted: character === 'before' && right };
        }
        case 'bearer':
            if (!credentials) return { scheme, flaw: NO_TOKEN };
            return { scheme, ...(read => ({ ...read, accepted: !read.flaw }))(readToken(credentials)) };
        default:
            return { scheme };
    }
};

// What is offered. Bearer is told to who comes with it (use-hybrid-modern-auth.md, "AutoDiscover and ActiveSync"). After
// the cutover Basic stands there all the same, without a realm and twice: MicrosoftDocs/OfficeDocs-Exchange,
// disable-basic-authentication-in-exchange-online.md, "No additional information is returned".
const challenges = (character, login) => {
    const list = [];
    if ((login.scheme || '').toLowerCase() === 'bearer') {
        const error = login.flaw && login.flaw !== NO_TOKEN ? ', error="invalid_token"' : '';
        list.push('Bearer client_id="00000002-0000-0ff1-ce00-000000000000", ' +
            `trusted_issuers="00000001-0000-0000-c000-000000000000@${env.DOMAIN}", ` +
            'token_types="app_asserted_user_v1 service_asserted_app_v1", ' +
            `authorization_uri="${env.TOKEN_ISSUER}common/oauth2/authorize"${error}`);
    }
    list.push(character === 'before' ? `Basic realm="${host}"` : 'Basic Realm="",Basic Realm=""');
    return list;
};

const EWS = 'http://schemas.microsoft.com/exchange/services/2006/';

// GetFolder: learn.microsoft.com, getfolder-operation; who has no mailbox: responsecode, ErrorNonExistentMailbox.
const ews = ({ account }, request) => {
    if (request.method !== 'POST') return { status: 405, headers: { Allow: 'POST' } };
    const message = passwords.has(account)
        ? '<m:GetFolderResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:Folders>' +
          '<t:Folder><t:FolderId Id="AAMkAGxhYg==" ChangeKey="AQAAAA=="/></t:Folder></m:Folders></m:GetFolderResponseMessage>'
        : '<m:GetFolderResponseMessage ResponseClass="Error"><m:MessageText>The SMTP address has no mailbox associated with it.' +
          '</m:MessageText><m:ResponseCode>ErrorNonExistentMailbox</m:ResponseCode></m:GetFolderResponseMessage>';
    return {
        type: 'text/xml; charset=utf-8',
        body: '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>' +
            '<h:ServerVersionInfo MajorVersion="15" MinorVersion="20" MajorBuildNumber="8158" MinorBuildNumber="17" ' +
            `Version="V2018_01_08" xmlns:h="${EWS}types"/></s:Header><s:Body><m:GetFolderResponse xmlns:m="${EWS}messages" ` +
            `xmlns:t="${EWS}types"><m:ResponseMessages>${message}</m:ResponseMessages></m:GetFolderResponse></s:Body></s:Envelope>`
    };
};

// OPTIONS of a mailbox in Exchange Online names 16.1 alone, and Find among the commands: jobisoft/EAS-4-TbSync issue 312.
// A POST is a FolderSync for this one: status 1, a key, no folders (MS-ASCMD section 2.2.1.5).
const activesync = (login, request) => {
    const versions = { 'MS-Server-ActiveSync': '15.20', 'MS-ASProtocolVersions': '16.1' };
    if (request.method === 'OPTIONS') {
        const commands = 'Sync,SendMail,SmartForward,SmartReply,GetAttachment,GetHierarchy,CreateCollection,DeleteCollection,' +
            'MoveCollection,FolderSync,FolderCreate,FolderDelete,FolderUpdate,MoveItems,GetItemEstimate,MeetingResponse,Search,' +
            'Settings,Ping,ItemOperations,Provision,ResolveRecipients,ValidateCert,Find';
        return { headers: { ...versions, 'MS-ASProtocolCommands': commands, Allow: 'OPTIONS,POST', Public: 'OPTIONS,POST' } };
    }
    if (request.headers['ms-asprotocolversion'] !== '16.1') return { status: 400, headers: versions };
    return {
        headers: versions,
        type: 'application/vnd.ms-sync.wbxml',
        body: Buffer.from('03016a000007564c033100015203310001' + '4e570330000101' + '0101', 'hex')
    };
};

const urls = port => ({
    EWS: `https://${host}:${port}/EWS/Exchange.asmx`,
    ACTIVESYNC: `https://${host}:${port}/Microsoft-Server-ActiveSync`,
    AUTODISCOVERV1: `https://${host}:${port}/autodiscover/autodiscover.xml`
});

// The second version asks nobody who he is; "activesync" in small letters: use-hybrid-modern-auth.md.
const json = (path, port) => {
    const asked = new URL(path, `https://${host}`).searchParams.get('Protocol') || '';
    const url = urls(port)[asked.toUpperCase()];
    const answer = url ? { Protocol: asked.toLowerCase() === 'activesync' ? 'activesync' : asked, Url: url } : {
        ErrorCode: 'InvalidProtocol',
        ErrorMessage: `The given protocol value '${asked}' is invalid. Supported values are 'ActiveSync,AutodiscoverV1,Ews'`
    };
    return { status: url ? 200 : 400, type: 'application/json; charset=utf-8', body: JSON.stringify(answer) };
};

// MS-OXDSCLI section 4.1 and MS-ASCMD section 4.2.1.2 are the models.
const pox = ({ account }, body, port) => {
    const schemas = 'http://schemas.microsoft.com/exchange/autodiscover/';
    const mailbox = (/<EMailAddress>([^<>&]*)<\/EMailAddress>/.exec(body) || [])[1];
    const mobile = body.includes('mobilesync/responseschema');
    const schema = `${schemas}${mobile ? 'mobilesync/responseschema/2006' : 'outlook/responseschema/2006a'}`;
    let inside;
    if (!passwords.has(mailbox)) {
        const message = mobile ? '' : '<Message>The email address can\'t be found.</Message>';
        inside = `<Error Time="00:00:00.0000000" Id="1"><ErrorCode>500</ErrorCode>${message}</Error>`;
    } else if (mobile) {
        inside = `<Culture>en:us</Culture><User><EMailAddress>${mailbox}</EMailAddress></User><Action><Settings><Server>` +
            `<Type>MobileSync</Type><Url>${urls(port).ACTIVESYNC}</Url></Server></Settings></Action>`;
    } else {
        inside = `<User><AutoDiscoverSMTPAddress>${mailbox}</AutoDiscoverSMTPAddress></User><Account><AccountType>email` +
            `</AccountType><Action>settings</Action><Protocol><Type>EXCH</Type><Server>${host}</Server><ASUrl>${urls(port).EWS}` +
            `</ASUrl><EwsUrl>${urls(port).EWS}</EwsUrl></Protocol></Account>`;
    }
    return {
        type: 'text/xml; charset=utf-8',
        body: `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="${schemas}responseschema/2006">` +
            `<Response xmlns="${schema}">${inside}</Response></Autodiscover>`
    };
};

// Paths come in any case.
const answer = (request, body, login, port) => {
    const path = request.url.split('?')[0].toLowerCase();
    if (path.startsWith('/autodiscover/autodiscover.json')) return json(request.url, port);
    const services = {
        '/ews/exchange.asmx': ews,
        '/microsoft-server-activesync': activesync,
        '/autodiscover/autodiscover.xml': login => pox(login, body, port)
    };
    const service = services[path];
    if (!service) return { status: 404 };
    if (login.accepted) return service(login, request);
    return { status: login.status || 401, refused: true };
};

const serve = (character, port) => (request, response) => {
    let body = '';
    request.on('data', part => { if (body.length < 100000) body += part; });
    request.on('end', () => {
        const login = judge(request.headers.authorization, character);
        const said = answer(request, body, login, port);
        const status = said.status || 200;
        note(request, character, login.scheme, login.account || '', status);
        const headers = { ...said.headers };
        if (said.refused && status === 401) headers['WWW-Authenticate'] = challenges(character, login);
        if (said.refused && login.flaw) headers['x-ms-diagnostics'] = login.flaw;
        if (said.type) headers['Content-Type'] = said.type;
        const id = request.headers['client-request-id'];
        if (id && request.headers['return-client-request-id'] === 'true') headers['client-request-id'] = id;
        const content = said.body || '';
        response.writeHead(status, {
            Server: 'Microsoft-IIS/10.0', 'request-id': crypto.randomUUID(), 'X-FEServer': `LAB-FE-${character.toUpperCase()}`,
            'X-Powered-By': 'ASP.NET', ...headers, 'Content-Length': Buffer.byteLength(content)
        });
        response.end(content);
    });
};

const tls = { key: file('certs/server.key'), cert: file('certs/server.pem') };
for (const [character, port] of [['before', env.HTTPS_PORT], ['after', env.HTTPS_CUTOVER_PORT]]) {
    // Those who break off are not the end of the server.
    https.createServer(tls, serve(character, port)).on('clientError', (_, socket) => socket.destroy()).listen(port, address);
}
