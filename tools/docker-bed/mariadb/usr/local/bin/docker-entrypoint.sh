#!/bin/sh
# The interface of the official mysql and mariadb images; each variable is known by its MARIADB_ and its MYSQL_ name.
set -eu
[ "${1:-}" ] && [ "${1#-}" = "$1" ] || set -- mariadbd "$@"
case $1 in mariadbd | mysqld) ;; *) exec "$@" ;; esac

# Files of secrets may be root's alone: they are read before anything else.
for prefix in MARIADB MYSQL; do
    for name in ROOT_PASSWORD USER PASSWORD DATABASE; do
        eval "file=\${${prefix}_${name}_FILE:-}"
        if [ -n "$file" ]; then
            export "${prefix}_$name=$(cat "$file")"
            unset "${prefix}_${name}_FILE"
        fi
    done
done

data=/var/lib/mysql
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$data" /run/mysqld
    chown mysql:mysql "$data" /run/mysqld
    exec su mysql -s /bin/sh -c 'exec "$0" "$@"' -- "$0" "$@"
fi

# The value of a setting, under either name.
setting() {
    for prefix in MARIADB MYSQL; do
        eval "value=\${${prefix}_$1:-}"
        if [ -n "$value" ]; then break; fi
    done
    printf %s "$value"
}
# A value within '...' of SQL.
quoted() { printf %s "$1" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g"; }

if [ ! -d "$data/mysql" ]; then
    root=$(setting ROOT_PASSWORD)
    if [ -n "$(setting RANDOM_ROOT_PASSWORD)" ]; then
        root=$(head -c 24 /dev/urandom | base64 | tr +/ Aa)
        echo "[Entrypoint]: GENERATED ROOT PASSWORD: $root"
    elif [ -z "$root$(setting ALLOW_EMPTY_PASSWORD)$(setting ALLOW_EMPTY_ROOT_PASSWORD)" ]; then
        echo "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified" >&2
        echo "    You need to specify one of ROOT_PASSWORD, ALLOW_EMPTY_PASSWORD and RANDOM_ROOT_PASSWORD" >&2
        exit 1
    fi
    mariadb-install-db --datadir="$data" --skip-test-db --auth-root-authentication-method=normal >/dev/null
    user=$(quoted "$(setting USER)")
    database=$(setting DATABASE | sed 's/`/``/g')
    {
        echo "FLUSH PRIVILEGES;"
        echo "ALTER USER 'root'@'localhost' IDENTIFIED BY '$(quoted "$root")';"
        echo "CREATE USER IF NOT EXISTS 'root'@'%' IDENTIFIED BY '$(quoted "$root")';"
        echo "GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;"
        if [ -n "$database" ]; then echo "CREATE DATABASE IF NOT EXISTS \`$database\`;"; fi
        if [ -n "$user" ]; then
            echo "CREATE USER '$user'@'%' IDENTIFIED BY '$(quoted "$(setting PASSWORD)")';"
            if [ -n "$database" ]; then echo "GRANT ALL ON \`$database\`.* TO '$user'@'%';"; fi
        fi
    } | mariadbd --bootstrap --datadir="$data"
fi
unset MYSQL_ROOT_PASSWORD MARIADB_ROOT_PASSWORD MYSQL_PASSWORD MARIADB_PASSWORD
exec "$@"
