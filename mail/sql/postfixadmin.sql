-- The same data under PostfixAdmin's own table and column names (its database version 1856), so that mail
-- servers configured for PostfixAdmin work by changing only the DSN. Read only, except quota2.
--
-- Where the two models differ: `active` here means in service, so it is false as well when the domain or the
-- customer is suspended, and when an alias has expired. Deleted things have no row. We keep no time of last
-- change, `modified` repeats `created`. Megabytes are PostfixAdmin's usual 1,024,000 bytes.
CREATE SCHEMA postfixadmin;

CREATE VIEW postfixadmin.config AS
SELECT 1 AS id, 'version'::varchar(20) AS name, '1856'::varchar(20) AS value;

-- Limits: 0 is "as many as you like" and -1 "none", where we say NULL and 0.
CREATE VIEW postfixadmin.domain AS
SELECT d.name AS domain, ''::varchar(255) AS description,
       CASE d.max_aliases WHEN 0 THEN -1 ELSE coalesce(d.max_aliases, 0) END AS aliases,
       CASE d.max_mailboxes WHEN 0 THEN -1 ELSE coalesce(d.max_mailboxes, 0) END AS mailboxes,
       ceil(coalesce(d.quota_mailbox_bytes, 0) / 1024000.0)::bigint AS maxquota,
       ceil(coalesce(d.quota_total_bytes, 0) / 1024000.0)::bigint AS quota,
       CASE d.kind WHEN 'relay' THEN 'relay' ELSE 'virtual' END::varchar(255) AS transport,
       d.kind = 'relay' AS backupmx, d.created_at AS created, d.created_at AS modified,
       d.status = 'active' AND c.status = 'active' AS active, 0 AS password_expiry
FROM accounts_domain d
JOIN accounts_customer c ON c.id = d.customer_id
WHERE d.deleted_at IS NULL
UNION ALL  -- stands for all domains in domain_admins; PostfixAdmin makes it at setup
SELECT 'ALL', '', 0, 0, 0, 0, NULL, false, '2000-01-01', '2000-01-01', true, 0;

CREATE VIEW postfixadmin.alias_domain AS
SELECT d.name AS alias_domain, t.name AS target_domain,
       ''::varchar(255) AS description, a.created_at AS created, a.created_at AS modified,
       a.is_active AND ds.id IS NOT NULL AND ts.id IS NOT NULL AS active
FROM mail_aliasdomain a
JOIN accounts_domain d ON d.id = a.domain_id AND d.deleted_at IS NULL
JOIN accounts_domain t ON t.id = a.target_id AND t.deleted_at IS NULL
LEFT JOIN mta.served_domains ds ON ds.id = d.id
LEFT JOIN mta.served_domains ts ON ts.id = t.id;

-- A disabled login cannot sign in, but receives: PostfixAdmin has no word for that, so its password matches none.
CREATE VIEW postfixadmin.mailbox AS
SELECT m.address AS username,
       CASE WHEN u.is_active THEN u.password ELSE '{CRYPT}*' END::varchar(512) AS password,
       m.name AS name, (d.name || '/' || replace(m.local_part, '/', '=2F') || '/')::varchar(255) AS maildir,
       m.quota_bytes AS quota, m.local_part AS local_part, d.name AS domain,
       m.created_at AS created, m.created_at AS modified,
       m.status = 'active' AND d.status = 'active' AND c.status = 'active' AS active,
       ''::varchar(30) AS phone, ''::varchar(255) AS email_other, ''::varchar(255) AS token,
       timestamptz '2000-01-01' AS token_validity, timestamptz '2000-01-01' AS password_expiry,
       NULL::varchar(255) AS totp_secret, m.smtp AS smtp_active
FROM mail_mailbox m
JOIN accounts_user u ON u.id = m.user_id
JOIN accounts_domain d ON d.id = m.domain_id
JOIN accounts_customer c ON c.id = d.customer_id
WHERE m.deleted_at IS NULL AND d.deleted_at IS NULL;

-- Every mailbox has an alias of its own name, which carries its forwards.
CREATE VIEW postfixadmin.alias AS
SELECT x.address,
       concat_ws(',', CASE WHEN x.keep_copy OR (x.alias_id IS NULL AND f.targets IS NULL) THEN x.address END,
                 f.targets, a.targets) AS goto,
       d.name AS domain, x.note AS description, x.created_at AS created, x.created_at AS modified,
       x.is_on AND (x.expires_at IS NULL OR x.expires_at > now()) AND d.status = 'active' AND c.status = 'active'
           AS active
FROM mta.addresses x
JOIN accounts_domain d ON d.id = x.domain_id AND d.deleted_at IS NULL
JOIN accounts_customer c ON c.id = d.customer_id
CROSS JOIN LATERAL (
    SELECT string_agg(target, ',' ORDER BY target) AS targets FROM mail_forward WHERE mailbox_id = x.mailbox_id
) f
CROSS JOIN LATERAL (
    SELECT string_agg(target, ',' ORDER BY target) AS targets FROM mail_aliastarget WHERE alias_id = x.alias_id
) a;

-- The people at the desk and the domain administrators. No mail server checks their passwords, so none is shown.
CREATE VIEW postfixadmin.admin AS
SELECT u.email AS username, '{CRYPT}*'::varchar(255) AS password, u.is_staff AS superadmin,
       u.date_joined AS created, u.date_joined AS modified, u.is_active AS active,
       ''::varchar(30) AS phone, ''::varchar(255) AS email_other, ''::varchar(255) AS token,
       timestamptz '2000-01-01' AS token_validity, NULL::varchar(255) AS totp_secret
FROM accounts_user u
WHERE u.is_staff OR EXISTS (SELECT FROM accounts_domainadmin g WHERE g.user_id = u.id);

CREATE VIEW postfixadmin.domain_admins AS
SELECT u.email AS username, d.name AS domain, g.created_at AS created,
       u.is_active AS active, g.id
FROM accounts_domainadmin g
JOIN accounts_user u ON u.id = g.user_id
JOIN accounts_domain d ON d.id = g.domain_id
WHERE d.deleted_at IS NULL
UNION ALL
SELECT email, 'ALL', date_joined, is_active, -id FROM accounts_user WHERE is_staff;

CREATE VIEW postfixadmin.quota2 AS SELECT username, bytes, messages FROM mail_mailboxusage;
ALTER VIEW postfixadmin.quota2 ALTER COLUMN bytes SET DEFAULT (-9223372036854775808)::bigint,
    ALTER COLUMN messages SET DEFAULT (-9223372036854775808)::bigint;

-- Tables for which the portal has nothing: empty, but of the right types.
CREATE VIEW postfixadmin.quota AS
SELECT ''::varchar(255) AS username, ''::varchar(100) AS path, 0::bigint AS current WHERE false;

CREATE VIEW postfixadmin.vacation AS
SELECT ''::varchar(255) AS email, ''::varchar(255) AS subject, ''::text AS body, now() AS activefrom,
       now() AS activeuntil, ''::varchar(255) AS domain, 0 AS interval_time, now() AS created,
       now() AS modified, false AS active
WHERE false;

CREATE VIEW postfixadmin.vacation_notification AS
SELECT ''::varchar(255) AS on_vacation, ''::varchar(255) AS notified, now() AS notified_at WHERE false;

CREATE VIEW postfixadmin.fetchmail AS
SELECT 0 AS id, ''::varchar(255) AS domain, ''::varchar(255) AS mailbox, ''::varchar(255) AS src_server,
       0 AS src_port, ''::varchar(15) AS src_auth, ''::varchar(255) AS src_user, ''::varchar(255) AS src_password,
       ''::varchar(255) AS src_folder, 0 AS poll_time, false AS fetchall, false AS keep,
       ''::varchar(15) AS protocol, false AS usessl, false AS sslcertck, ''::varchar(255) AS sslcertpath,
       ''::varchar(255) AS sslfingerprint, ''::text AS extra_options, ''::text AS returned_text,
       ''::varchar(255) AS mda, now() AS date, now() AS created, now() AS modified, false AS active
WHERE false;

CREATE VIEW postfixadmin.log AS
SELECT 0 AS id, now() AS timestamp, ''::varchar(255) AS username, ''::varchar(255) AS domain,
       ''::varchar(255) AS action, ''::text AS data
WHERE false;

CREATE VIEW postfixadmin.dkim AS
SELECT 0 AS id, ''::varchar(255) AS domain_name, ''::varchar(255) AS description, ''::varchar(63) AS selector,
       ''::text AS private_key, ''::text AS public_key, now() AS created, now() AS modified
WHERE false;

CREATE VIEW postfixadmin.dkim_signing AS
SELECT 0 AS id, ''::varchar(255) AS author, 0 AS dkim_id, now() AS created, now() AS modified WHERE false;

CREATE VIEW postfixadmin.totp_exception_address AS
SELECT 0 AS id, ''::varchar(46) AS ip, ''::varchar(255) AS username, ''::varchar(255) AS description,
       now() AS created, now() AS modified
WHERE false;

CREATE VIEW postfixadmin.mailbox_app_password AS
SELECT 0 AS id, ''::varchar(255) AS username, ''::varchar(255) AS description, ''::varchar(255) AS password_hash
WHERE false;

CREATE VIEW postfixadmin.admin_preferences AS
SELECT ''::varchar(255) AS username, ''::varchar(64) AS pref_key, ''::varchar(2048) AS pref_value WHERE false;
