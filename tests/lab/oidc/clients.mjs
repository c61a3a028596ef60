// Who may ask oidc-provider for tokens. README.md has them in a table.
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code';
// Any port of loopback is meant: that is what "native" says (RFC 8252 section 7.3).
const loopback = ['http://127.0.0.1/', 'http://localhost/', 'http://127.0.0.1/callback', 'http://localhost/callback'];

const application = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] };
const person = {
    application_type: 'native', token_endpoint_auth_method: 'none', response_types: ['code'], redirect_uris: loopback,
    grant_types: ['authorization_code', 'refresh_token', deviceCode],
};

export const clients = lab => {
    const secret = readFileSync(`${lab}/secrets/client.secret`).toString();
    const key = createPublicKey(readFileSync(`${lab}/keys/client.pem`)).export({ format: 'jwk' });
    return [
        { ...person, client_id: 'app' },
        { ...person, client_id: 'brief' },
        // Both ways of sending it are taken.
        { ...application, client_id: 'daemon', client_secret: secret, token_endpoint_auth_method: 'client_secret_post' },
        { ...application, client_id: 'stale', client_secret: secret, client_secret_expires_at: 1,
            token_endpoint_auth_method: 'client_secret_post' },
        { ...application, client_id: 'certified', token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key] } },
    ];
};
