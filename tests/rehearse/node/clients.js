// imapflow reads and nodemailer sends, at every door with the password and with the token (XOAUTH2).
// Arguments: the CA's file, the account, its password, its token, and DOOR=PORT of each of imap, imaps, smtp, smtps.
// Prints a line for each login, `DOOR KIND VERDICT`, the verdict being `in`, `out` or `in, not connected`; what else
// goes wrong ends it with status 1.
'use strict';

const fs = require('fs');
const { ImapFlow } = require('imapflow');
const nodemailer = require('nodemailer');

const [caFile, user, password, token, ...doors] = process.argv.slice(2);
const ca = fs.readFileSync(caFile);

async function read(port, secure, auth) {
    const client = new ImapFlow({ host: 'localhost', port, secure, doSTARTTLS: !secure, auth, tls: { ca }, logger: false });
    // What happens to the connection after an answer is no news; the answer is.
    client.on('error', () => {});
    try {
        await client.connect();
    } catch (error) {
        if (!error.authenticationFailed) throw error;
        const answer = String(error.response || error.message);
        console.error(answer);
        // imapflow knows these words of Exchange's, in the answer to its first command after the login.
        return /User is authenticated but not connected/.test(answer) ? 'in, not connected' : 'out';
    }
    const { exists } = await client.mailboxOpen('INBOX', { readOnly: true });
    if (exists !== 0) throw new Error(`${exists} messages in a new mailbox`);
    await client.logout();
    return 'in';
}

async function send(port, secure, auth) {
    const transport = nodemailer.createTransport({ host: 'localhost', port, secure, requireTLS: !secure, auth, tls: { ca } });
    try {
        const sent = await transport.sendMail({ from: user, to: 'somebody@example.com', subject: 'test', text: '.dot' });
        if (sent.rejected.length) throw new Error(sent.response);
        return 'in';
    } catch (error) {
        if (error.code !== 'EAUTH') throw error;
        console.error(error.response);
        return 'out';
    } finally {
        transport.close();
    }
}

async function visit() {
    for (const [door, port] of doors.map(door => door.split('='))) {
        const use = door.startsWith('imap') ? read : send;
        // nodemailer wants to be told that it is a token; imapflow sees it.
        const kind = use === send ? { type: 'OAuth2' } : {};
        const secure = door.endsWith('s');
        console.log(`${door} password ${await use(Number(port), secure, { user, pass: password })}`);
        console.log(`${door} token ${await use(Number(port), secure, { ...kind, user, accessToken: token })}`);
    }
}

// imapflow leaves a timer of a minute behind after a refusal.
visit().then(() => process.exit(0), error => {
    console.error(error);
    process.exit(1);
});
