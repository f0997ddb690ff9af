"""Names that people give to secrets, texts with credentials in them, and what only looks like either.

Each text of `CREDENTIALS` has `{}` in the place of what must not be seen.
"""

from __future__ import annotations

from typing import Final

_SECRET_NAMES = """
password PASSWORD PASSWD PASS pwd DB_PWD DB_PW DB_PASS DB_PASSWORD DB_PASSWD dbPassword db-password DBPASS ADMINPASS
MYSQL_PASS MYSQLPASS MYSQL_ROOT_PW PGPASSWORD PGPASS SSHPASS ROOTPWD SMTP_PASS REDIS_PASS RABBITMQ_DEFAULT_PASS
KEYSTORE_PASS TRUSTSTORE_PASSWORD HTPASSWD WIFI_PSK Passwort passcode SSH_PASSPHRASE GPG_PASSPHRASE
GITHUB_PAT AZURE_PAT GITHUB_TOKEN NPM_TOKEN accessToken access-token REFRESH_TOKEN CSRF_TOKEN SAS_TOKEN BEARER
AUTHORIZATION NPM_AUTH _auth BASIC_AUTH REDISCLI_AUTH DOCKER_AUTH_CONFIG JWT JWT_KEY APP_JWT HMAC_KEY HMAC
SECRET CLIENT_SECRET OAUTH_CLIENT_SECRET COOKIE_SECRET WEBHOOK_SECRET DJANGO_SECRET_KEY SECRET_KEY_BASE
AWS_SECRET_ACCESS_KEY ACCESS_KEY accessKey API_KEY APIKEY apiKey X_API_KEY x-api-key KEY APP_KEY MASTERKEY masterkey
RAILS_MASTER_KEY FERNET_KEY SIGNING_KEY SIGNINGKEY signing_key_old ENCRYPTION_KEY ENCRYPTION_KEYS
ENCRYPTION_KEY_BASE64 PRIVATE_KEY PRIVATE_KEY_PEM privateKey TLS_KEY SSH_KEY GPG_KEY KEY_PEM DEPLOY_KEY LICENSE_KEY
ACCOUNT_KEY STORAGE_KEY STRIPE_KEY STRIPE_SK UNSEAL_KEY VAULT_UNSEAL_KEY_1 KUBECONFIG NETRC SERVICE_ACCOUNT_JSON
GOOGLE_APPLICATION_CREDENTIALS CREDENTIALS CREDS AWS_CREDS DATABASE_DSN SENTRY_DSN CONNECTION_STRING CONN_STR
ConnectionStrings__Default SLACK_WEBHOOK_URL OTP TOTP_SEED SALT PIN PEPPER SESSION_COOKIE MNEMONIC
DB_PASSWORD2 MYSQL_PASS_1 BINDPW LDAP_BIND_PW SEED_PHRASE RECOVERY_CODES AUTH_HEADER NPMRC ID_RSA SSH_ID_ED25519
Kennwort SHARED_ACCESS_SIGNATURE
"""
_HARMLESS_NAMES = """
PATH PWD OLDPWD HOST PORT NAME LOG_LEVEL PATTERN COMPASS BYPASS COMPANY PASSENGER PASSENGERS MONKEY TURKEY KEYBOARD
KEYCLOAK_URL KEY_ID KMS_KEY_ARN PUBLIC_KEY SSH_PUBLIC_KEY PARTITION_KEY SORT_KEY PRIMARY_KEY CACHE_KEY ROUTING_KEY
AUTHOR AUTH_URL AUTHORITY DATABASE_URL DATABASE_CONNECTIONS SPIN PINNED SALTED SEEDS_COUNT ASK TASK MASK hotkey
memory image TOKENIZER TOKENIZERS_PARALLELISM MAX_TOKENS LLM_MAX_TOKENS TOKEN_TTL TOKEN_ISSUER TOKEN_ENDPOINT
PASSWORD_FILE POSTGRES_PASSWORD_FILE PASSWORD_MIN_LENGTH SECRET_ARN SECRET_NAME SECRETS_PATH PRIVATE_KEY_PATH
WEBHOOK_PORT JWT_ALGORITHM SECRETS_BACKEND API_KEY_VERSION SALT_ROUNDS CLIENT_ID AUTH_PROVIDER IDLE_TIMEOUT
VALID_RSA_BITS credential_ref credentialRef secrets_provider
"""
SECRET_NAMES: Final = tuple(_SECRET_NAMES.split())
HARMLESS_NAMES: Final = tuple(_HARMLESS_NAMES.split())
CREDENTIALS: Final = (
    "postgres://u:{}@db/app",
    "POSTGRES://u:{}@db/app",
    "postgres://u%40x:{}@db:5432/app?sslmode=require",
    "postgresql+psycopg2://u:{}@db/app",
    "postgres://u:p@{}@db/app",
    "postgres://u:p/{}@db/app",
    "postgres://u:{}#@db/app",
    "mysql://u:{}@db:3306/app",
    "redis://:{}@cache:6379/0",
    "rediss://default:{}@cache:6380",
    "mongodb+srv://u:{}@cluster.example.com/app",
    "mongodb://u:{}@a:27017,b:27017/app?replicaSet=r",
    "amqp://u:{}@[::1]:5672/vhost",
    "amqps://u:{}@queue",
    "smtp://u:{}@mail:587",
    "ftp://u:{}@files/x",
    "smb://dom;u:{}@files/x",
    "//u:{}@host/x",
    "https://u:{}@proxy:3128",
    "https://{}@github.com/acme/api.git",
    "git+https://x-access-token:{}@github.com/acme/api",
    "u:{}@tcp(db:3306)/app",
    "u:{}@db:5432/app",
    "jdbc:postgresql://db/app?user=u&password={}",
    "jdbc:oracle:thin:u/{}@db:1521:x",
    "jdbc:sqlserver://db:1433;user=u;password={};",
    "Server=db;User Id=u;Password={};Database=app",
    "host=db user=u password={} dbname=app",
    "host=db user=u password='two {}' dbname=app",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey={};EndpointSuffix=x",
    "Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey={}",
    "https://x.blob.core.windows.net/c?sv=1&sig={}",
    "https://api/?access_token={}&x=1",
    "https://api/?x=1&api_key={}",
    "-Xmx1g -Ddb.password={}",
    "mysql --user=u --password={} app",
    "Authorization: Basic {}==",
    "Authorization: Bearer {}",
    "ghp_{}0123456789abcdef",
    "glpat-{}0123456789",
    "sk_live_{}0123456789",
    "xoxb-1234567890-{}",
    "eyJhbGciOiJIUzI1NiJ9.eyJ{}aaaa.abc",
    "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
)
HARMLESS_TEXTS: Final = (
    "https://host:8080/@x",
    "https://cdn/npm/@vue/x",
    "registry:5000/x/y@sha256:abc",
    "nginx:1.25@sha256:abc",
    "git@github.com:acme/api.git",
    "ssh://git@github.com/acme/api",
    "postgres://app@db/x",
    "mailto:me@example.com",
    "me@example.com",
    "me@example.com: hello",
    "https://host/path?x=1&page=2",
    "amqp://queue:5672",
    "http://[::1]:8080/@x",
    "HTTP_PROXY=http://proxy:3128",
    "10:20",
    "12:30:45",
    "arn:aws:iam::123456789012:user/x",
    "${tier2.database_endpoint}",
    "redis-cli ping | grep -q PONG",
    "mysql --password=$DB_PASSWORD app",
    "mysql --password=${DB_PASSWORD} app",
    "mysql --password=$(cat /run/secrets/db) app",
    "postgres://app:$DB_PASSWORD@db/x",
    "risk-management-department",
    "npm_config_registry",
    "--max-tokens=100 --key-id=7",
    "Give it with --set password=VALUE, or under `platform.app`.",
)
