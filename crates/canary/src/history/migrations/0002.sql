ALTER TABLE changes ADD COLUMN before_since BIGINT;
DROP INDEX visits_by_age;
CREATE INDEX visits_by_age ON visits (telling, started_at);
DROP INDEX visits_of_target;
-- How long visits took is read from the index alone: the rows of a target are far from each other.
CREATE INDEX visits_of_target ON visits (target, started_at, elapsed_ms, status);
-- What an alert is about and whether this ends it: one that is open is kept however old it is.
ALTER TABLE alerts ADD COLUMN identity TEXT;
ALTER TABLE alerts ADD COLUMN closes BIGINT;
CREATE INDEX alerts_by_identity ON alerts (sink, identity);
