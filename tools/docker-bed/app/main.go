// The sample application of the examples: says what it reaches, and fails in the ways that tests ask for.
//
// Where things are: PORT, DATABASE_URL (host:port or postgresql://...), DATABASE_USER, DATABASE_NAME, DATABASE_PASSWORD,
// DATABASE_CONNECTIONS, QUEUE_URL, CACHE_URL. Faults: EXIT_AT_START=code, UNHEALTHY=1, START_DELAY=seconds.
// VERSION is shown. No secret is ever printed.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	amqp "github.com/rabbitmq/amqp091-go"
)

// A look at a dependency takes no longer.
const patience = 2 * time.Second

// dependency is what `/` says of one: null where none is configured.
type dependency struct {
	Reached bool   `json:"reached"`
	User    string `json:"user,omitempty"`
	Error   string `json:"error,omitempty"`
}

func main() {
	if code := env("EXIT_AT_START", ""); code != "" {
		number, err := strconv.Atoi(code)
		if err != nil {
			number = 1
		}
		fmt.Fprintf(os.Stderr, "starting %s\nfatal: told to exit at start\nexit status %d\n", env("VERSION", "dev"), number)
		os.Exit(number)
	}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	if seconds, err := strconv.ParseFloat(env("START_DELAY", "0"), 64); err == nil {
		select {
		case <-time.After(time.Duration(seconds * float64(time.Second))):
		case <-stop.Done():
			return
		}
	}
	database, err := openDatabase(stop)
	if err != nil {
		fmt.Fprintln(os.Stderr, "fatal: the database's settings cannot be used:", words(err))
		os.Exit(1)
	}
	http.HandleFunc("GET /health", func(answer http.ResponseWriter, request *http.Request) {
		if env("UNHEALTHY", "") == "1" {
			http.Error(answer, "told to be unhealthy", http.StatusServiceUnavailable)
		} else if seen := lookAtDatabase(request.Context(), database); seen != nil && !seen.Reached {
			http.Error(answer, "database: "+seen.Error, http.StatusServiceUnavailable)
		} else {
			fmt.Fprintln(answer, "ok")
		}
	})
	http.HandleFunc("GET /{$}", func(answer http.ResponseWriter, request *http.Request) {
		hostname, _ := os.Hostname()
		answer.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(answer).Encode(map[string]any{
			"version":  env("VERSION", "dev"),
			"hostname": hostname,
			"database": lookAtDatabase(request.Context(), database),
			"queue":    lookAt(env("QUEUE_URL", ""), "5672"),
			"cache":    lookAt(env("CACHE_URL", ""), "6379"),
		})
	})
	server := &http.Server{Addr: ":" + env("PORT", "8080"), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-stop.Done()
		_ = server.Close()
	}()
	fmt.Printf("%s serves on %s\n", env("VERSION", "dev"), server.Addr)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		fmt.Fprintln(os.Stderr, "fatal:", err)
		os.Exit(1)
	}
}

// openDatabase makes a pool that connects when it is needed, so again after a restart; nil where none is configured.
func openDatabase(ctx context.Context) (*pgxpool.Pool, error) {
	address, password := env("DATABASE_URL", ""), env("DATABASE_PASSWORD", "")
	if address == "" && password == "" {
		return nil, nil
	}
	if !strings.Contains(address, "://") {
		host := address
		if host == "" {
			host = net.JoinHostPort(env("DATABASE_HOST", "localhost"), env("DATABASE_PORT", "5432"))
		}
		location := url.URL{Scheme: "postgresql", Host: host, Path: env("DATABASE_NAME", "app")}
		location.User = url.User(env("DATABASE_USER", "platform"))
		address = location.String()
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	if password != "" {
		config.ConnConfig.Password = password
	}
	if limit, err := strconv.Atoi(env("DATABASE_CONNECTIONS", "")); err == nil && limit > 0 {
		config.MaxConns = int32(limit)
	}
	config.ConnConfig.ConnectTimeout = patience
	return pgxpool.NewWithConfig(ctx, config)
}

func lookAtDatabase(ctx context.Context, pool *pgxpool.Pool) *dependency {
	if pool == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var user string
	var err error
	// The first connection of the pool may be one that a restart has cut.
	for range 2 {
		if err = pool.QueryRow(ctx, "SELECT current_user").Scan(&user); err == nil {
			return &dependency{Reached: true, User: user}
		}
		pool.Reset()
	}
	return &dependency{User: pool.Config().ConnConfig.User, Error: words(err)}
}

// lookAt reaches a queue or a cache: by a login where the URL has one for a queue, else by TCP.
func lookAt(address, port string) *dependency {
	if address == "" {
		return nil
	}
	if !strings.Contains(address, "://") {
		address = "tcp://" + address
	}
	location, err := url.Parse(address)
	if err != nil {
		return &dependency{Error: "not a URL"}
	}
	if location.Port() != "" {
		port = location.Port()
	}
	if location.User != nil && strings.HasPrefix(location.Scheme, "amqp") {
		connection, err := amqp.DialConfig(address, amqp.Config{Dial: amqp.DefaultDial(patience)})
		if err != nil {
			return &dependency{User: location.User.Username(), Error: words(err)}
		}
		_ = connection.Close()
		return &dependency{Reached: true, User: location.User.Username()}
	}
	connection, err := net.DialTimeout("tcp", net.JoinHostPort(location.Hostname(), port), patience)
	if err != nil {
		return &dependency{Error: words(err)}
	}
	_ = connection.Close()
	return &dependency{Reached: true}
}

// words says what went wrong without what was configured: a URL with a password never shows.
func words(err error) string {
	var server *pgconn.PgError
	var network *net.OpError
	var name *net.DNSError
	var broker *amqp.Error
	switch {
	case errors.As(err, &server):
		return server.Message
	case errors.As(err, &name):
		return "no such host: " + name.Name
	case errors.As(err, &network):
		return network.Error()
	case errors.As(err, &broker):
		return broker.Reason
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	}
	return "failed"
}

func env(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
