-- mta_reader: SELECT on these views and nothing else. mta_writer: usage and last sign-in, and nothing else.
-- Nobody who connects may put tables of his own before ours: what runs under the owner's rights names its schemas,
-- pg_temp last, and this is the second bolt.
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA mta FROM PUBLIC;
GRANT USAGE ON SCHEMA mta, postfixadmin TO mta_reader, mta_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA mta, postfixadmin TO mta_reader;
GRANT EXECUTE ON FUNCTION mta.stands_for(text), mta.destinations(text), mta.logins(text) TO mta_reader;
GRANT SELECT, INSERT, UPDATE ON mta.usage, mta.last_logins, postfixadmin.quota2 TO mta_writer;
