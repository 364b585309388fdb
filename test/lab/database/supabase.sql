-- What tells a Supabase database from a plain one, and what must never be touched in it.
CREATE SCHEMA auth AUTHORIZATION supabase_admin;
CREATE SCHEMA storage AUTHORIZATION supabase_admin;
CREATE SCHEMA supabase_migrations;
CREATE TABLE auth.users (id uuid PRIMARY KEY, email text);
CREATE TABLE storage.objects (id uuid PRIMARY KEY, name text);
CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY, name text, statements text[]);
ALTER TABLE auth.users OWNER TO supabase_admin;
INSERT INTO auth.users VALUES ('00000000-0000-0000-0000-000000000001', 'one@example.test');
INSERT INTO supabase_migrations.schema_migrations VALUES ('20260101000000', 'first', NULL);
CREATE TABLE public.markets (id bigint PRIMARY KEY, title text, created_at timestamptz DEFAULT now());
