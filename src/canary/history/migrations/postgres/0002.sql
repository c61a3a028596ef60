ALTER TABLE changes ADD COLUMN before_since BIGINT;
