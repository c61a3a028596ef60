// SMTP submission as programs embed it: nodemailer's smtp-server, passwords and tokens; mail goes nowhere
// Arguments: the lab's folder, the address to listen on. Environment: lab.env.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const { SMTPServer } = require('smtp-server');

const [lab, address] = process.argv.slice(2);
const env = process.env;
const file = name => fs.readFileSync(`${lab}/${name}`);
// Written before the answer is sent, so that whoever has the answer finds the line.
const note = (session, text) =>
    fs.appendFileSync(`${lab}/nodemailer/log`, `${new Date().toISOString()} [${session.remoteAddress}] ${text}\n`);

const passwords = new Map([
    [env.ALICE, file('secrets/alice.password').toString()],
    [env.QUIRKY, file('secrets/quirky.password').toString()]
]);

// The same tokens as modern's: RS256 by the lab's key, in time, from that issuer, for this audience, scope and account.
const isGood = (token, account) => {
    const [head, body, signature] = token.split('.');
    const key = crypto.createPublicKey(file('keys/token.key'));
    if (!signature || !crypto.verify('sha256', `${head}.${body}`, key, Buffer.from(signature, 'base64url'))) return false;
    const claims = JSON.parse(Buffer.from(body, 'base64url'));
    return claims.exp > Date.now() / 1000 && claims.iss === env.TOKEN_ISSUER && claims.aud === env.TOKEN_AUDIENCE
        && claims.scope === env.TOKEN_SCOPE && claims.email === account;
};

const judge = auth => {
    try {
        if (auth.method === 'XOAUTH2') return isGood(auth.accessToken, auth.username);
        return passwords.get(auth.username) === auth.password;
    } catch {
        return false;
    }
};

const options = {
    name: `nodemailer.${env.DOMAIN}`,
    authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
    key: file('certs/server.key'),
    cert: file('certs/server.pem'),
    // The machine's name server is not asked.
    disableReverseLookup: true,
    // Those who wait for an answer when the lab goes down.
    closeTimeout: 100,
    onAuth(auth, session, callback) {
        const accepted = judge(auth);
        note(session, `AUTH ${auth.method} ${JSON.stringify(auth.username)} ${accepted ? 'accepted' : 'refused'}`);
        if (accepted) return callback(null, { user: auth.username });
        // What it puts into the error challenge of XOAUTH2.
        callback(null, { data: { status: '401', schemes: 'bearer', scope: env.TOKEN_SCOPE } });
    },
    onMailFrom({ address }, session, callback) {
        const owned = address === session.user;
        note(session, `MAIL ${JSON.stringify(address)} ${owned ? 'accepted' : 'refused'}`);
        callback(owned ? null : Object.assign(new Error('Sender is not who has logged in'), { responseCode: 553 }));
    },
    onData(stream, session, callback) {
        stream.on('end', callback).resume();
    }
};

for (const [port, secure] of [[env.SMTP_PORT, false], [env.SMTPS_PORT, true]]) {
    // A client that breaks off is not the end of the server.
    new SMTPServer({ ...options, secure }).on('error', () => {}).listen(port, address);
}
