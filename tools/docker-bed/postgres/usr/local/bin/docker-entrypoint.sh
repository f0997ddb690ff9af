#!/bin/sh
# The interface of the official image: an empty data folder becomes a database of POSTGRES_USER, then the server starts.
set -eu
[ "${1:-}" ] && [ "${1#-}" = "$1" ] || set -- postgres "$@"
if [ "$1" != postgres ]; then exec "$@"; fi

# Files of secrets may be root's alone: they are read before anything else.
for name in POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB; do
    eval "file=\${${name}_FILE:-}"
    if [ -n "$file" ]; then
        export "$name=$(cat "$file")"
        unset "${name}_FILE"
    fi
done

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA" /var/run/postgresql
    chown postgres:postgres "$PGDATA" /var/run/postgresql
    chmod 700 "$PGDATA"
    exec su postgres -s /bin/sh -c 'exec "$0" "$@"' -- "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    method=scram-sha-256
    if [ "${POSTGRES_HOST_AUTH_METHOD:-}" = trust ]; then
        method=trust
    elif [ -z "${POSTGRES_PASSWORD:-}" ]; then
        echo "Error: Database is uninitialized and superuser password is not specified." >&2
        echo "       You must specify POSTGRES_PASSWORD to a non-empty value for the superuser." >&2
        exit 1
    fi
    user=${POSTGRES_USER:-postgres}
    database=${POSTGRES_DB:-$user}
    password=$(mktemp)
    printf '%s\n' "${POSTGRES_PASSWORD:-unused}" >"$password"
    # shellcheck disable=SC2086 # arguments, as in the official image
    initdb --username="$user" --pwfile="$password" --auth-local=trust --auth-host=trust --no-instructions --no-sync \
        ${POSTGRES_INITDB_ARGS:-} >&2
    rm -f "$password"
    printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
    printf "\nlisten_addresses = '*'\n" >>"$PGDATA/postgresql.conf"
    if [ "$database" != postgres ]; then
        quoted=$(printf %s "$database" | sed 's/"/""/g')
        echo "CREATE DATABASE \"$quoted\"" | postgres --single -D "$PGDATA" postgres >/dev/null
    fi
fi
unset POSTGRES_PASSWORD
exec "$@"
