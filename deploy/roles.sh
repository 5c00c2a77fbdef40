#!/bin/sh
# Run once by the database container: the role that web and worker sign in as.
psql -v ON_ERROR_STOP=1 -v word="$CHEZHE_APP_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE chezhe_app LOGIN PASSWORD :'word';
GRANT chezhe_app TO CURRENT_USER;
SQL
