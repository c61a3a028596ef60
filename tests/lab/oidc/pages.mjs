// The pages on which a person logs in and agrees: forms without a script, so that a test can be the person with any
// HTTP client. To a native client one has to agree each time (RFC 8252 section 8.6).
const fields = '<input name="login"><input name="password" type="password">';

const page = (ctx, status, words, asked) => {
    ctx.status = status;
    ctx.type = 'html';
    ctx.body = `<!doctype html><title>Lab login</title><p>${words}</p><form method="post" action="${ctx.path}">${asked}
<button name="answer" value="allow">Go on</button><button name="answer" value="deny">Cancel</button></form>`;
};

// Its own pages would fetch a font from another host.
export const devicePages = {
    userCodeInputSource(ctx, form, out, error) {
        // Who has said no is at an end; oidc-provider would go on to the next device.
        const over = error?.name === 'AbortedError';
        ctx.body = over ? '<!doctype html><p>As you like.</p>' : `<!doctype html><title>Lab device</title><p>${error ? 'That is not right.' : 'Which code does it show?'}</p>${form}
<button form="op.deviceInputForm" type="submit">Go on</button>`;
    },
    userCodeConfirmSource(ctx, form) {
        ctx.body = `<!doctype html><title>Lab device</title><p>Is that your device?</p>${form}
<button form="op.deviceConfirmForm" type="submit">Yes</button>`;
    },
    successSource(ctx) {
        ctx.body = '<!doctype html><title>Lab device</title><p>Thank you. Go back to your device.</p>';
    },
};

const form = async request => {
    let text = '';
    for await (const piece of request) {
        text += piece;
        if (text.length > 10000) throw new Error('a form of that size is none of ours');
    }
    return new URLSearchParams(text);
};

// interaction(PROVIDER, KNOWS): Koa's middleware; KNOWS(login, password) tells whether that is right
export const interaction = (provider, knows) => async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    const { prompt } = await provider.interactionDetails(ctx.req, ctx.res);
    if (ctx.method !== 'POST') {
        return prompt.name === 'login' ? page(ctx, 200, 'Who are you?', fields) : page(ctx, 200, 'May it read your mail?', '');
    }
    const said = await form(ctx.req);
    let result = { consent: {} };
    if (said.get('answer') !== 'allow') {
        result = { error: 'access_denied', error_description: 'The user said no' };
    } else if (prompt.name === 'login') {
        if (!knows(said.get('login'), said.get('password'))) return page(ctx, 403, 'That is not right.', fields);
        result = { login: { accountId: said.get('login') } };
    }
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
    ctx.status = 303;
};
