#!/usr/bin/env bash
# Run once by the image of PostgreSQL, on an empty volume: a database and a role for each, none of them a superuser.
set -euo pipefail
create() {
  psql --username postgres --dbname postgres --set ON_ERROR_STOP=1 --set name="$1" --set password="$2" <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke all on database :"name" from public;
SQL
}
create redress "$REDRESS_POSTGRES_PASSWORD"
create inngest "$INNGEST_POSTGRES_PASSWORD"
