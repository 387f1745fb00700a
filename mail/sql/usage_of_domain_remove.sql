DROP TRIGGER place ON mail_mailboxusage;
DROP FUNCTION mail_place_usage;
