-- The domain of each usage row. Dovecot writes address and bytes, under a role that may not read mailboxes, hence
-- DEFINER. A mailbox never moves to another domain, so a row that has one is left alone.
CREATE FUNCTION mail_place_usage() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.domain_id := (SELECT domain_id FROM mail_mailbox WHERE address = NEW.username);
    RETURN NEW;
END
$$;
REVOKE EXECUTE ON FUNCTION mail_place_usage FROM PUBLIC;
CREATE TRIGGER place BEFORE INSERT OR UPDATE OF bytes ON mail_mailboxusage
    FOR EACH ROW WHEN (NEW.domain_id IS NULL) EXECUTE FUNCTION mail_place_usage();

UPDATE mail_mailboxusage SET bytes = bytes;
