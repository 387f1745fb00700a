-- The way back. The roles stay: another database of the cluster may use them.
DROP TRIGGER merge ON mail_mailboxusage;
DROP SCHEMA postfixadmin CASCADE;
DROP SCHEMA mta CASCADE;
