#!/bin/sh
# Two roles: one owns the tables and migrates, the other runs the site and owns nothing. `guatu hub migrate` grants it its rights.
# Passwords come from the files that OWNER_FILE and APP_FILE name (in the compose file: its secrets).
set -eu
owner=$(cat "${OWNER_FILE:-/run/secrets/owner}")
app=$(cat "${APP_FILE:-/run/secrets/app}")
psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<SQL
CREATE ROLE guatu_owner LOGIN PASSWORD '$owner';
CREATE ROLE guatu_app LOGIN PASSWORD '$app';
CREATE DATABASE guatu OWNER guatu_owner;
REVOKE ALL ON DATABASE guatu FROM PUBLIC;
GRANT CONNECT ON DATABASE guatu TO guatu_app;
SQL
