-- mta_reader: SELECT on these views and nothing else. mta_writer: usage and last sign-in, and nothing else.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA mta FROM PUBLIC;
GRANT USAGE ON SCHEMA mta, postfixadmin TO mta_reader, mta_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA mta, postfixadmin TO mta_reader;
GRANT EXECUTE ON FUNCTION mta.stands_for(text), mta.destinations(text), mta.logins(text) TO mta_reader;
GRANT SELECT, INSERT, UPDATE ON mta.usage, mta.last_logins, postfixadmin.quota2 TO mta_writer;
