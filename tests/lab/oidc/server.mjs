// OAuth: panva's oidc-provider; codes with PKCE, device codes, client credentials, rotated refresh tokens, JWTs
// Arguments: the lab's folder, the address to listen on. Environment: lab.env.
import * as crypto from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';

// Version 8: the newer ones want a Node.js that Debian 12 does not have.
import Provider from 'oidc-provider';

import { clients } from './clients.mjs';
import { devicePages, interaction } from './pages.mjs';

const [lab, address] = process.argv.slice(2);
const env = process.env;
const file = name => readFileSync(`${lab}/${name}`);
const issuer = `https://${address}:${env.HTTPS_PORT}`;
const mailboxes = [env.ALICE, env.QUIRKY];

// Written before the answer is sent, so that whoever has the answer finds the line. No secret is in it: no query, no
// form, no token.
const note = text => appendFileSync(`${lab}/oidc/log`, `${new Date().toISOString()} ${text}\n`);
const source = ctx => ctx.req.socket.remoteAddress;

const signing = crypto.createPrivateKey(file('keys/oidc.key')).export({ format: 'jwk' });

const provider = new Provider(issuer, {
    clients: clients(lab),
    jwks: { keys: [{ ...signing, kid: env.OIDC_KEY_ID, alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [crypto.randomBytes(16).toString('hex')] },
    scopes: ['openid', 'offline_access', 'email'],
    claims: { openid: ['sub'], email: ['email'] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
    findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ sub, email: sub }) }),
    // By the account's address Dovecot knows whose token it is. An application has one mailbox, alice's.
    extraTokenClaims: (ctx, token) => ({ email: token.accountId ?? env.ALICE }),
    // Dovecot 2.3 wants "JWT" there, not RFC 9068's "at+jwt".
    formats: { customizers: { jwt: (ctx, token, jwt) => { jwt.header = { typ: 'JWT' }; } } },
    // What a person agrees to is all that there is.
    async loadExistingGrant(ctx) {
        const { client, session, provider: { Grant } } = ctx.oidc;
        const known = session.grantIdFor(client.clientId);
        const grant = (known && await Grant.find(known)) || new Grant({ clientId: client.clientId, accountId: session.accountId });
        grant.addOIDCScope('openid offline_access email');
        grant.addResourceScope(env.OIDC_RESOURCE, env.OIDC_SCOPES.replaceAll(',', ' '));
        await grant.save();
        return grant;
    },
    interactions: { url: (ctx, { uid }) => `/interaction/${uid}` },
    // RFC 7523 names the token endpoint for the audience, its successor the issuer; Microsoft wants the first.
    assertJwtClientAuthClaimsAndHeader(ctx, claims) {
        if (![issuer, `${issuer}/token`].includes(claims.aud)) throw new Error('aud is neither the issuer nor the token endpoint');
    },
    enabledJWA: { clientAuthSigningAlgValues: ['RS256', 'PS256'] },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    ttl: { RefreshToken: 86400, DeviceCode: 600, Session: 3600, Grant: 86400, Interaction: 600 },
    features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        deviceFlow: { enabled: true, ...devicePages },
        introspection: { enabled: true },
        revocation: { enabled: true },
        resourceIndicators: {
            enabled: true,
            // Who names no resource means the mail.
            defaultResource: () => env.OIDC_RESOURCE,
            useGrantedResource: () => true,
            getResourceServerInfo: (ctx, resource, client) => ({
                audience: resource === env.OIDC_RESOURCE ? env.TOKEN_AUDIENCE : resource,
                scope: env.OIDC_SCOPES.replaceAll(',', ' '),
                // So short that a client which keeps its tokens refreshes at every use.
                accessTokenTTL: client.clientId === 'brief' ? 20 : 3600,
                accessTokenFormat: 'jwt',
                jwt: { sign: { alg: 'RS256' } },
            }),
        },
    },
});

provider.use(async (ctx, next) => {
    await next();
    const { params, client } = ctx.oidc ?? {};
    // It names no interval, for which a client would have to wait five seconds (RFC 8628 section 3.2).
    if (ctx.body?.device_code) ctx.body = { ...ctx.body, interval: 1 };
    const words = [params?.grant_type, client?.clientId, ctx.status, ctx.body?.error];
    note(`[${source(ctx)}] ${ctx.method} ${JSON.stringify(ctx.path)} ${words.map(word => word ?? '-').join(' ')}`);
});
provider.use(interaction(provider, (login, password) => mailboxes.includes(login)
    && password === file(`secrets/${login.split('@')[0]}.password`).toString()));
provider.on('server_error', (ctx, error) => console.error(error));

createServer({ key: file('certs/server.key'), cert: file('certs/server.pem') }, provider.callback())
    .listen(env.HTTPS_PORT, address);
