//go:build tools

// Package tools names Docker Compose, so that this module's go.mod and go.sum pin what it is built from.
package tools

import _ "github.com/docker/compose/v2/cmd"
