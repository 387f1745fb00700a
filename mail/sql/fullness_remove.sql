DROP TRIGGER weigh ON mail_mailboxusage;
DROP TRIGGER weigh_again ON mail_mailbox;
DROP FUNCTION mail_weigh_usage;
DROP FUNCTION mail_weigh_again;
