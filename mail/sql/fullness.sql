-- How full each mailbox is, in per cent of its quota (0: it has none), kept with its usage: so that the full ones
-- of a million are found by an index. Dovecot writes under a role that may not read mailboxes, hence DEFINER.
CREATE FUNCTION mail_weigh_usage() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.fullness := coalesce((
        SELECT greatest(0, least(floor(NEW.bytes::float8 * 100 / quota_bytes), 32767))
        FROM mail_mailbox WHERE address = NEW.username AND quota_bytes > 0
    ), 0);
    RETURN NEW;
END
$$;
REVOKE EXECUTE ON FUNCTION mail_weigh_usage FROM PUBLIC;
-- After `merge` (triggers fire by name), which has then settled what the bytes are.
CREATE TRIGGER weigh BEFORE INSERT OR UPDATE OF bytes ON mail_mailboxusage
    FOR EACH ROW EXECUTE FUNCTION mail_weigh_usage();

CREATE FUNCTION mail_weigh_again() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mail_mailboxusage SET bytes = bytes WHERE username = NEW.address;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION mail_weigh_again FROM PUBLIC;
CREATE TRIGGER weigh_again AFTER UPDATE OF quota_bytes ON mail_mailbox
    FOR EACH ROW WHEN (OLD.quota_bytes <> NEW.quota_bytes) EXECUTE FUNCTION mail_weigh_again();

SET LOCAL statement_timeout = 0;
UPDATE mail_mailboxusage SET bytes = bytes;
