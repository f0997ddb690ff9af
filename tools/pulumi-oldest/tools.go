//go:build tools

// Package tools names the Pulumi CLI, so that this module's go.mod and go.sum pin it and all it is built from.
// The CLI cannot be had by `go install`: its own go.mod has replace directives (docs/adr/0003).
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
