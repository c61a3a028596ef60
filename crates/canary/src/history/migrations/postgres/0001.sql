CREATE TABLE visits (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    target TEXT NOT NULL,
    module TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    elapsed_ms BIGINT NOT NULL,
    status TEXT NOT NULL,
    telling BIGINT NOT NULL
);
CREATE INDEX visits_of_target ON visits (target, started_at);
CREATE INDEX visits_by_age ON visits (started_at);

CREATE TABLE reports (
    visit BIGINT PRIMARY KEY,
    target TEXT NOT NULL,
    module TEXT NOT NULL,
    telling BIGINT NOT NULL,
    report TEXT NOT NULL
);
CREATE INDEX reports_of_target ON reports (target, module, telling);

CREATE TABLE cells (
    target TEXT NOT NULL,
    module TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    method TEXT NOT NULL,
    cell TEXT NOT NULL,
    since BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    turning TEXT,
    PRIMARY KEY (target, module, endpoint, method)
);

CREATE TABLE changes (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    target TEXT NOT NULL,
    module TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    method TEXT NOT NULL,
    at BIGINT NOT NULL,
    visit BIGINT,
    before TEXT,
    after TEXT NOT NULL,
    confirmed_after BIGINT NOT NULL
);
CREATE INDEX changes_of_target ON changes (target, at);
CREATE INDEX changes_by_age ON changes (at);

CREATE TABLE alerts (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sink TEXT NOT NULL,
    notice TEXT NOT NULL,
    due BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    error TEXT,
    done_at BIGINT,
    how TEXT
);
CREATE INDEX alerts_of_sink ON alerts (sink, done_at);

CREATE TABLE secrets (
    account TEXT NOT NULL,
    digest TEXT NOT NULL,
    verdict TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account, digest)
);

CREATE TABLE notes (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
