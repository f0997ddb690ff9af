#!/bin/sh
# The interface of the official images: options alone are the server's; data lies in /data.
set -eu
server=${SERVER:-redis-server}
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then set -- "$server" "$@"; fi
case $1 in redis-server | valkey-server) ;; *) exec "$@" ;; esac

if [ "$#" = 1 ] || [ "${2#-}" != "$2" ]; then
    # No configuration file is named: other containers may connect, as with the official images.
    command=$1
    shift
    set -- "$command" --protected-mode no "$@"
fi
if [ "$(id -u)" = 0 ]; then
    chown redis:redis .
    exec su redis -s /bin/sh -c 'exec "$0" "$@"' -- "$@"
fi
exec "$@"
