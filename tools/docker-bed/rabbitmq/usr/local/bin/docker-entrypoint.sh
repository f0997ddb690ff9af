#!/bin/sh
# The interface of the official image: RABBITMQ_DEFAULT_USER, _PASS and _VHOST for a new broker.
set -eu
if [ "$1" != rabbitmq-server ]; then exec "$@"; fi
shift

if [ "$(id -u)" = 0 ]; then
    mkdir -p /var/lib/rabbitmq /var/log/rabbitmq
    chown rabbitmq:rabbitmq /var/lib/rabbitmq /var/log/rabbitmq /etc/rabbitmq/conf.d
    exec su rabbitmq -s /bin/sh -c 'exec "$0" "$@"' -- "$0" rabbitmq-server "$@"
fi
defaults=/etc/rabbitmq/conf.d/20-defaults.conf
(umask 077 && : >"$defaults")
for name in user pass vhost; do
    upper=$(echo "$name" | tr a-z A-Z)
    eval "value=\${RABBITMQ_DEFAULT_$upper:-}"
    eval "file=\${RABBITMQ_DEFAULT_${upper}_FILE:-}"
    if [ -n "$file" ]; then value=$(cat "$file"); fi
    if [ -n "$value" ]; then echo "default_$name = $value" >>"$defaults"; fi
done
unset RABBITMQ_DEFAULT_PASS
cd /var/lib/rabbitmq
exec /usr/lib/rabbitmq/bin/rabbitmq-server "$@"
