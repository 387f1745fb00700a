-- PostfixAdmin's own tables (database version 1856), as far as its published queries read or write them.
CREATE SCHEMA stock;
SET LOCAL search_path = stock;

CREATE TABLE domain (
    domain varchar(255) PRIMARY KEY, description varchar(255) NOT NULL DEFAULT '', aliases integer NOT NULL DEFAULT 0,
    mailboxes integer NOT NULL DEFAULT 0, maxquota bigint NOT NULL DEFAULT 0, quota bigint NOT NULL DEFAULT 0,
    transport varchar(255), backupmx boolean NOT NULL DEFAULT false, created timestamptz DEFAULT now(),
    modified timestamptz DEFAULT now(), active boolean NOT NULL DEFAULT false, password_expiry integer DEFAULT 0
);
CREATE TABLE mailbox (
    username varchar(255) PRIMARY KEY, password varchar(255) NOT NULL DEFAULT '', name varchar(255) NOT NULL DEFAULT '',
    maildir varchar(255) NOT NULL DEFAULT '', quota bigint NOT NULL DEFAULT 0, local_part varchar(255) NOT NULL,
    domain varchar(255) NOT NULL REFERENCES domain, created timestamptz DEFAULT now(),
    modified timestamptz DEFAULT now(), active boolean NOT NULL DEFAULT false, phone varchar(30) NOT NULL DEFAULT '',
    email_other varchar(255) NOT NULL DEFAULT '', token varchar(255) NOT NULL DEFAULT '',
    token_validity timestamptz DEFAULT '2000-01-01', password_expiry timestamptz DEFAULT '2000-01-01',
    totp_secret varchar(255), smtp_active boolean NOT NULL DEFAULT true
);
CREATE TABLE alias (
    address varchar(255) PRIMARY KEY, goto text NOT NULL, domain varchar(255) NOT NULL REFERENCES domain,
    description varchar(255) NOT NULL DEFAULT '', created timestamptz DEFAULT now(),
    modified timestamptz DEFAULT now(), active boolean NOT NULL DEFAULT false
);
CREATE TABLE alias_domain (
    alias_domain varchar(255) PRIMARY KEY REFERENCES domain ON DELETE CASCADE,
    target_domain varchar(255) NOT NULL REFERENCES domain ON DELETE CASCADE,
    description varchar(255) NOT NULL DEFAULT '', created timestamptz DEFAULT now(),
    modified timestamptz DEFAULT now(), active boolean NOT NULL DEFAULT false
);
CREATE TABLE quota2 (
    username varchar(100) PRIMARY KEY, bytes bigint NOT NULL DEFAULT 0, messages integer NOT NULL DEFAULT 0
);
