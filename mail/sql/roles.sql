-- The two roles under which the mail servers connect. Roles belong to the whole cluster, not to one
-- database: another database may have made them already, or be making them at this moment.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['mta_reader', 'mta_writer'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            BEGIN
                -- No password yet, so nobody can sign in as it: `manage.py mailconfig` sets one.
                EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', role_name);
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN
                    NULL;  -- another database was quicker
                WHEN insufficient_privilege THEN
                    RAISE EXCEPTION 'The role % does not exist and % may not create it.', role_name, current_user
                        USING ERRCODE = 'insufficient_privilege',
                        HINT = 'As a superuser run: CREATE ROLE mta_reader LOGIN; CREATE ROLE mta_writer LOGIN; '
                            || format('GRANT mta_reader, mta_writer TO %I WITH ADMIN OPTION; ', current_user)
                            || 'and then run manage.py migrate again.';
            END;
        END IF;
        BEGIN
            -- So that a server configured for PostfixAdmin finds `alias` and `mailbox` by changing its DSN alone.
            EXECUTE format('ALTER ROLE %I IN DATABASE %I SET search_path = mta, postfixadmin',
                           role_name, current_database());
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE EXCEPTION '% may not change the role %.', current_user, role_name
                USING ERRCODE = 'insufficient_privilege',
                HINT = format('As a superuser run: GRANT mta_reader, mta_writer TO %I WITH ADMIN OPTION; ', current_user)
                    || format('ALTER ROLE %I CREATEROLE; and then run manage.py migrate again.', current_user);
        END;
    END LOOP;
END
$$;
