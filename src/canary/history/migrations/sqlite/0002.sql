ALTER TABLE changes ADD COLUMN before_since BIGINT;
DROP INDEX visits_by_age;
CREATE INDEX visits_by_age ON visits (telling, started_at);
