-- What Postfix and Dovecot read, live: schema `mta`.
--
-- A view here answers one question by one key, and touches each table it needs by one index probe. The
-- functions at the end are the two whole rules (where does an address lead, who may send as it) as Postfix
-- asks them: Postfix never prepares a query, and a function's inner plans are kept by the session, which
-- makes it several times as fast as planning the same joins anew for each recipient.
CREATE SCHEMA mta;

-- "Served": mail is taken and people may sign in. Suspended, closed and deleted things are not.
CREATE VIEW mta.served_domains AS
SELECT d.id, d.name, d.kind
FROM accounts_domain d
JOIN accounts_customer c ON c.id = d.customer_id
WHERE d.status = 'active' AND d.deleted_at IS NULL AND c.status = 'active';

-- Is this domain ours? A suspended one still is: Postfix then refuses its addresses one by one (550), instead
-- of taking it for a stranger's domain and sending mail of our own customers out in search of it.
CREATE VIEW mta.domains AS
SELECT name AS domain FROM accounts_domain WHERE kind = 'hosted' AND deleted_at IS NULL;

CREATE VIEW mta.relay_domains AS
SELECT name AS domain FROM mta.served_domains WHERE kind = 'relay';

-- Alias domain and the domain it stands for, where both are served.
CREATE VIEW mta.alias_domains AS
SELECT d.name AS domain, t.name AS target
FROM mail_aliasdomain a
JOIN mta.served_domains d ON d.id = a.domain_id
JOIN mta.served_domains t ON t.id = a.target_id
WHERE a.is_active;

CREATE VIEW mta.served_mailboxes AS
SELECT m.id, m.address, m.local_part, d.name AS domain, m.user_id, m.server_id, m.quota_bytes, m.keep_copy,
       m.imap, m.pop3, m.smtp, m.sieve
FROM mail_mailbox m
JOIN mta.served_domains d ON d.id = m.domain_id
WHERE m.status = 'active' AND m.deleted_at IS NULL AND d.kind = 'hosted';

CREATE VIEW mta.served_aliases AS
SELECT a.id, a.address, a.local_part
FROM mail_alias a
JOIN mta.served_domains d ON d.id = a.domain_id
WHERE a.is_active AND a.deleted_at IS NULL AND d.kind = 'hosted'
  AND (a.expires_at IS NULL OR a.expires_at > now());

CREATE VIEW mta.mailboxes AS
SELECT m.address, m.domain || '/' || replace(m.local_part, '/', '=2F') || '/' AS maildir, m.quota_bytes, s.name AS server
FROM mta.served_mailboxes m
LEFT JOIN mail_mailserver s ON s.id = m.server_id;

-- Every address that somebody has, in service or not: one that is suspended, switched off or expired is refused,
-- and neither a catch-all nor the domain's other name takes its mail. The two SELECTs have no WHERE of their own:
-- only so can PostgreSQL find an address by index that comes out of a join.
CREATE VIEW mta.addresses AS
SELECT *
FROM (
    SELECT address, domain_id, id AS mailbox_id, NULL::bigint AS alias_id, keep_copy, status = 'active' AS is_on,
           NULL::timestamptz AS expires_at, ''::varchar AS note, created_at, deleted_at
    FROM mail_mailbox
    UNION ALL
    SELECT address, domain_id, NULL, id, false, is_active, expires_at, note, created_at, deleted_at
    FROM mail_alias
) x
WHERE x.deleted_at IS NULL;

-- Address -> one row a destination. A mailbox leads to itself, unless its mail goes elsewhere without a copy;
-- without that row a catch-all would swallow it. The catch-all has the address `@domain`.
CREATE VIEW mta.aliases AS
SELECT x.address, coalesce(t.target, x.address) AS destination
FROM mta.addresses x
JOIN mta.served_domains d ON d.id = x.domain_id AND d.kind = 'hosted'
LEFT JOIN LATERAL (
    SELECT x.address AS target WHERE x.keep_copy
    UNION ALL
    SELECT f.target FROM mail_forward f WHERE f.mailbox_id = x.mailbox_id
    UNION ALL
    SELECT a.target FROM mail_aliastarget a WHERE a.alias_id = x.alias_id
) t ON true
WHERE x.is_on AND (x.expires_at IS NULL OR x.expires_at > now())
  AND (t.target IS NOT NULL OR x.mailbox_id IS NOT NULL);

-- Names that reach somebody at every domain of ours (RFC 2142), and whom where the domain has nobody for them.
-- A view cannot read settings: `manage.py mailconfig` writes POSTMASTER_ADDRESS here.
CREATE TABLE mta.reserved (local_part text PRIMARY KEY, destination text NOT NULL);

-- Address -> login that may send as it: the mailbox, and aliases that lead to it directly. A catch-all gives
-- no such right, or its owner could write under the name of everybody whose sending is switched off.
CREATE VIEW mta.senders AS
SELECT m.address, m.address AS login
FROM mta.served_mailboxes m
WHERE m.smtp
UNION ALL
SELECT a.address, m.address
FROM mta.served_aliases a
JOIN mail_aliastarget t ON t.alias_id = a.id
JOIN mta.served_mailboxes m ON m.address = t.target
WHERE a.local_part <> '' AND m.smtp;

-- Address -> where Postfix delivers, for installations whose Postfix picks the server itself.
CREATE VIEW mta.transports AS
SELECT m.address,
       'lmtp:inet:' || CASE WHEN s.host LIKE '%:%' THEN '[' || s.host || ']' ELSE s.host END
           || ':' || s.lmtp_port AS transport
FROM mail_mailbox m
JOIN mail_mailserver s ON s.id = m.server_id
WHERE m.deleted_at IS NULL;

-- Address and protocol (Dovecot's name of it) -> password, and where to pass the person on to while the
-- mailbox still lives on the old server. No row: wrong protocol, suspended, disabled or unknown.
CREATE VIEW mta.passdb AS
SELECT m.address AS "user", p.protocol, u.password,
       CASE WHEN s.kind = 'old' AND p.port IS NOT NULL THEN 'y' END AS proxy,
       CASE WHEN s.kind = 'old' AND p.port IS NOT NULL THEN s.host END AS host,
       CASE WHEN s.kind = 'old' THEN p.port END AS port
FROM mta.served_mailboxes m
JOIN accounts_user u ON u.id = m.user_id
JOIN mail_mailserver s ON s.id = m.server_id
CROSS JOIN LATERAL (
    VALUES ('imap', m.imap AND u.is_active, s.imap_port),
           ('pop3', m.pop3 AND u.is_active, s.pop3_port),
           ('sieve', m.sieve AND u.is_active, s.sieve_port),
           ('smtp', m.smtp AND u.is_active, NULL),
           ('submission', m.smtp AND u.is_active, NULL),
           ('doveadm', u.is_active, NULL),
           ('lmtp', true, s.lmtp_port)  -- a delivery, not a person: a disabled login still receives
) AS p (protocol, allowed, port)
WHERE p.allowed;

-- Address -> home (below the mail directory) and quota. Suspended mailboxes stay, so that doveadm can work on
-- them; `served` says whether mail may be put in. A slash in a local part must not lead out of the home.
CREATE VIEW mta.userdb AS
SELECT m.address AS "user",
       split_part(m.address, '@', 2) || '/' || replace(m.local_part, '/', '=2F') AS home,
       m.quota_bytes,
       s.kind = 'ours' AS is_ours,
       v.id IS NOT NULL AS served
FROM mail_mailbox m
LEFT JOIN mail_mailserver s ON s.id = m.server_id
LEFT JOIN mta.served_mailboxes v ON v.id = m.id
WHERE m.deleted_at IS NULL;

-- What Dovecot writes: how full a mailbox is, and its last sign-in by each protocol.
CREATE VIEW mta.usage AS SELECT username, bytes, messages FROM mail_mailboxusage;
CREATE VIEW mta.last_logins AS SELECT username, service, at FROM mail_lastlogin;

-- The address of the same name in the domain that an alias domain stands for; NULL where there is none, or
-- where the alias domain has that name itself.
CREATE FUNCTION mta.stands_for(wanted text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    target_domain text := (SELECT target FROM mta.alias_domains WHERE domain = split_part(wanted, '@', 2));
BEGIN
    IF target_domain IS NULL OR EXISTS (SELECT FROM mta.addresses WHERE address = wanted) THEN
        RETURN NULL;
    END IF;
    RETURN split_part(wanted, '@', 1) || '@' || target_domain;
END
$$;

-- Where mail to an address goes, with commas between destinations; NULL: nobody has it. Answers plus-addresses
-- and the catch-all at the whole address, because only there it is known who was meant.
CREATE FUNCTION mta.destinations(wanted text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    wanted_domain text := split_part(wanted, '@', 2);
    wanted_name text := split_part(split_part(wanted, '@', 1), '+', 1);
    plain text := wanted_name || '@' || wanted_domain;
    twin text;
    answer text;
BEGIN
    IF wanted_name = '' OR wanted_domain = '' THEN
        RETURN NULL;  -- Postfix's own search for `@domain` and for a bare name: answered below
    END IF;
    SELECT string_agg(CASE destination WHEN plain THEN wanted ELSE destination END, ',') INTO answer
    FROM mta.aliases WHERE address = plain;
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;

    IF NOT EXISTS (SELECT FROM mta.addresses WHERE address = plain) THEN
        twin := mta.stands_for(plain);
        IF EXISTS (SELECT FROM mta.aliases WHERE address = twin) THEN
            RETURN split_part(wanted, '@', 1) || '@' || split_part(twin, '@', 2);
        END IF;
        IF NOT EXISTS (SELECT FROM mta.addresses WHERE address = twin) THEN
            SELECT string_agg(destination, ',') INTO answer
            FROM mta.aliases WHERE address = '@' || wanted_domain;
            IF answer IS NULL AND twin IS NOT NULL THEN
                SELECT string_agg(destination, ',') INTO answer
                FROM mta.aliases WHERE address = '@' || split_part(twin, '@', 2);
            END IF;
        END IF;
    END IF;
    RETURN coalesce(answer, (
        SELECT r.destination FROM mta.reserved r, mta.domains d
        WHERE r.local_part = wanted_name AND d.domain = wanted_domain
    ));
END
$$;

-- The logins that may send as an address, with commas between them; NULL: nobody may.
CREATE FUNCTION mta.logins(wanted text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    plain text := split_part(split_part(wanted, '@', 1), '+', 1) || '@' || split_part(wanted, '@', 2);
    answer text;
BEGIN
    SELECT string_agg(login, ',') INTO answer FROM mta.senders WHERE address = plain;
    IF answer IS NULL THEN
        SELECT string_agg(login, ',') INTO answer FROM mta.senders WHERE address = mta.stands_for(plain);
    END IF;
    RETURN answer;
END
$$;

-- Dovecot's quota_clone says INSERT ... ON CONFLICT, older ones and PostfixAdmin's trigger a plain INSERT for a
-- row that is there already. Both must end in one row. A column that the statement does not name (the views'
-- default for it is the lowest bigint) keeps its value.
ALTER VIEW mta.usage ALTER COLUMN bytes SET DEFAULT (-9223372036854775808)::bigint,
    ALTER COLUMN messages SET DEFAULT (-9223372036854775808)::bigint;

CREATE FUNCTION mta.merge_usage() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    unsaid CONSTANT bigint := -9223372036854775808;
BEGIN
    FOR attempt IN 1..2 LOOP
        UPDATE mail_mailboxusage
        SET bytes = coalesce(nullif(NEW.bytes, unsaid), bytes),
            messages = coalesce(nullif(NEW.messages, unsaid), messages)
        WHERE username = NEW.username;
        IF FOUND THEN
            RETURN NULL;
        END IF;
        -- Of two first writers of one mailbox the second waits here, and then finds the row to update.
        PERFORM pg_advisory_xact_lock(hashtextextended('usage of ' || NEW.username, 0));
    END LOOP;
    NEW.bytes := coalesce(nullif(NEW.bytes, unsaid), 0);
    NEW.messages := coalesce(nullif(NEW.messages, unsaid), 0);
    RETURN NEW;
END
$$;
CREATE TRIGGER merge BEFORE INSERT ON mail_mailboxusage FOR EACH ROW EXECUTE FUNCTION mta.merge_usage();
